package terraform

// Type is one row of the table: how the resources of a Terraform type are called
// in CloudFormation, and where their names stand. The first row of a type whose
// conditions hold is the one that counts.
//
// Patterns name attributes in braces: {name}; {arn/} and {arn:} are what follows
// the last slash or colon of one. Of several patterns, separated by spaces, the
// first that can be filled in counts.
type Type struct {
	Terraform string
	// When are conditions, all of which must hold: "type=ingress", "type!=ingress",
	// "subnet_id" (it is set), "!subnet_id".
	When string
	// CloudFormation is the type; for a row with By, that of the owner.
	CloudFormation string
	// ID are patterns of the physical id, in the form that Ref returns.
	ID string
	// Names are further texts that name the resource, by CloudFormation's
	// attribute: "Arn=arn QueueName=name".
	Names string
	// Resolved are properties that the reader needs to find a resource that has
	// no address of its own: "Queues[]=queue_url".
	Resolved string
	// By is set for what is no resource of its own in CloudFormation but a part
	// of another: patterns of the owner's id, name or ARN. Property is the
	// owner's property that shows it; empty when any may.
	By, Property string
	// Each says that one resource is a part of several others: By is an attribute
	// that lists them. All rows of such a type count.
	Each bool
}

// Types is the table, every row of it. Sources: the "Attribute reference" of
// the Terraform AWS provider's documentation for the attributes, and the "Return
// values" of the CloudFormation resource reference for what Ref returns.
func Types() []Type {
	var all []Type
	for _, area := range [][]Type{
		networkTypes(), computeTypes(), functionTypes(), containerTypes(), databaseTypes(), storageTypes(),
		messagingTypes(), securityTypes(), apiTypes(), watchTypes(), globalTypes(), moreTypes(),
	} {
		all = append(all, area...)
	}
	return all
}

// Inline is a row of the second table: what Terraform lets one write inside
// another resource, and CloudFormation makes a resource of its own.
type Inline struct {
	// Terraform and Attribute are where it is written; Blocks says that the
	// attribute is a list of blocks, each of which is one resource.
	Terraform, Attribute string
	Blocks               bool
	When                 string
	CloudFormation       string
	// ID and Resolved are as in Type; {.name} is an attribute of the block, and
	// "Name:=text" is the text itself.
	ID, Resolved string
	// Label tells the blocks apart in keys; Loose is a second one that may be
	// alike in both Regions where Label, a range of addresses, is not.
	Label, Loose string
	// Unless is a type that says the same as a resource of its own, and the
	// attribute in which it names the owner. Then that counts.
	Unless, UnlessBy string
}

// Inlines is the second table.
func Inlines() []Inline {
	const target = "{.gateway_id?gateway} {.nat_gateway_id?nat} {.transit_gateway_id?transit} {.vpc_peering_connection_id?peering} " +
		"{.vpc_endpoint_id?endpoint} {.network_interface_id?interface} {.egress_only_gateway_id?egress} {.core_network_arn?core} " +
		"{.carrier_gateway_id?carrier} {.local_gateway_id?local}"
	route := Inline{
		Attribute: "route", Blocks: true, CloudFormation: "AWS::EC2::Route",
		ID: "{id}|{.cidr_block} {id}|{.ipv6_cidr_block} {id}|{.destination_prefix_list_id}",
		Resolved: "RouteTableId={id} DestinationCidrBlock={.cidr_block} DestinationIpv6CidrBlock={.ipv6_cidr_block} " +
			"DestinationPrefixListId={.destination_prefix_list_id}",
		Label: "{.cidr_block} {.ipv6_cidr_block} {.destination_prefix_list_id}", Loose: target,
	}
	var list []Inline
	for _, table := range []string{"aws_route_table", "aws_default_route_table"} {
		route.Terraform = table
		list = append(list, route)
	}
	for _, acl := range []string{"aws_network_acl", "aws_default_network_acl"} {
		for _, side := range []struct{ attribute, egress string }{{"ingress", "false"}, {"egress", "true"}} {
			list = append(list, Inline{
				Terraform: acl, Attribute: side.attribute, Blocks: true, CloudFormation: "AWS::EC2::NetworkAclEntry",
				ID: "{id}|{.rule_no}|" + side.egress, Resolved: "NetworkAclId={id} RuleNumber={.rule_no} Egress:=" + side.egress,
				Label: "{.rule_no}", Loose: "{.rule_no}",
			})
		}
	}
	return append(list, []Inline{
		{
			Terraform: "aws_internet_gateway", Attribute: "vpc_id", CloudFormation: "AWS::EC2::VPCGatewayAttachment",
			ID: "IGW|{vpc_id}", Resolved: "VpcId={vpc_id} InternetGatewayId={id}",
			Unless: "aws_internet_gateway_attachment", UnlessBy: "internet_gateway_id",
		},
		{
			Terraform: "aws_sqs_queue", Attribute: "policy", CloudFormation: "AWS::SQS::QueuePolicy",
			ID: "{url} {id}", Resolved: "Queues[]={url}", Unless: "aws_sqs_queue_policy", UnlessBy: "queue_url",
		},
		{
			Terraform: "aws_sns_topic", Attribute: "policy", CloudFormation: "AWS::SNS::TopicPolicy",
			ID: "{arn}", Resolved: "Topics[]={arn}", Unless: "aws_sns_topic_policy", UnlessBy: "arn",
		},
		{
			Terraform: "aws_s3_bucket", Attribute: "policy", CloudFormation: "AWS::S3::BucketPolicy",
			ID: "{id}", Resolved: "Bucket={id}", Unless: "aws_s3_bucket_policy", UnlessBy: "bucket",
		},
	}...)
}
