package drift

import (
	"slices"
	"strings"
	"testing"
)

// shop is a second sample: what runs on a network of its own, with servers,
// containers, a database and a cache, as read from one Region. The zones have
// other letters in each.
func shop(p testPlace) *Snapshot {
	p.stack = "shop"
	s := region(p, slices.Concat(p.network(), p.balancing(), p.servers(), p.stores())...)
	for i := range s.Resources {
		s.Resources[i].Declared = nil
	}
	return s
}

func (p testPlace) zone(n int) string {
	letters := map[string]string{"us-east-1": "abd", "us-west-2": "cab"}[p.region]
	return p.region + letters[n:n+1]
}

func (p testPlace) block(n string) string {
	return map[string]string{"us-east-1": "10.1", "us-west-2": "10.2"}[p.region] + n
}

// aws is a resource whose id AWS made up.
func (p testPlace) aws(logical, typeName, prefix string, properties props) Resource {
	return Resource{Key: "shop/" + logical, Type: "AWS::" + typeName, ID: p.hex(prefix, logical), Properties: properties}
}

func (p testPlace) network() []Resource {
	id := func(prefix, logical string) string { return p.hex(prefix, logical) }
	address := map[string]string{"us-east-1": "52.1.2.3", "us-west-2": "54.5.6.7"}[p.region]
	eip := p.aws("Address", "EC2::EIP", "", props{"Domain": "vpc", "NetworkBorderGroup": p.region})
	eip.ID, eip.Identities = address, map[string]string{"AllocationId": id("eipalloc-0", "Address"), "PublicIp": address}
	subnet := func(logical, block string, zone int, public bool) Resource {
		return p.aws(logical, "EC2::Subnet", "subnet-0", props{"VpcId": id("vpc-0", "Vpc"), "CidrBlock": p.block(block), "AvailabilityZone": p.zone(zone),
			"AvailabilityZoneId": shortZonePrefix(p.region) + "-az" + string('1'+p.zone(zone)[len(p.region)]-'a'), "MapPublicIpOnLaunch": public})
	}
	return []Resource{
		p.aws("Vpc", "EC2::VPC", "vpc-0", props{"CidrBlock": p.block(".0.0/16"), "EnableDnsSupport": true, "EnableDnsHostnames": true, "InstanceTenancy": "default"}),
		subnet("PublicA", ".0.0/20", 0, true), subnet("PublicB", ".16.0/20", 1, true), subnet("PrivateA", ".32.0/20", 0, false), subnet("PrivateB", ".48.0/20", 1, false),
		p.aws("Gateway", "EC2::InternetGateway", "igw-0", props{}),
		p.aws("Attachment", "EC2::VPCGatewayAttachment", "x-", props{"VpcId": id("vpc-0", "Vpc"), "InternetGatewayId": id("igw-0", "Gateway")}),
		eip,
		p.aws("Nat", "EC2::NatGateway", "nat-0", props{"SubnetId": id("subnet-0", "PublicA"), "ConnectivityType": "public", "AllocationId": id("eipalloc-0", "Address"), "PrivateIpAddress": p.block(".0.9")}),
		p.aws("Table", "EC2::RouteTable", "rtb-0", props{"VpcId": id("vpc-0", "Vpc")}),
		p.aws("Out", "EC2::Route", "r-", props{"RouteTableId": id("rtb-0", "Table"), "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": id("nat-0", "Nat"), "State": "active"}),
		p.aws("Uses", "EC2::SubnetRouteTableAssociation", "rtbassoc-0", props{"RouteTableId": id("rtb-0", "Table"), "SubnetId": id("subnet-0", "PrivateA")}),
		p.aws("Web", "EC2::SecurityGroup", "sg-0", props{"GroupDescription": "web", "VpcId": id("vpc-0", "Vpc"),
			"SecurityGroupIngress": list(props{"IpProtocol": "tcp", "FromPort": 443.0, "ToPort": 443.0, "CidrIp": p.block(".0.0/16")})}),
		p.aws("Endpoint", "EC2::VPCEndpoint", "vpce-0", props{"VpcId": id("vpc-0", "Vpc"), "ServiceName": "com.amazonaws." + p.region + ".ecr.api", "VpcEndpointType": "Interface", "PrivateDnsEnabled": true,
			"SubnetIds": shuffled(p, id("subnet-0", "PrivateA"), id("subnet-0", "PrivateB")), "SecurityGroupIds": list(id("sg-0", "Web"))}),
	}
}

func (p testPlace) balancing() []Resource {
	id := func(prefix, logical string) string { return p.hex(prefix, logical) }
	lb := p.arn("elasticloadbalancing", "loadbalancer/app/shop-Lb-"+p.salt+"/"+id("5", "Lb"))
	tg := p.arn("elasticloadbalancing", "targetgroup/shop-Tg-"+p.salt+"/"+id("7", "Tg"))
	listener := p.arn("elasticloadbalancing", "listener/app/shop-Lb-"+p.salt+"/"+id("5", "Lb")+"/"+id("9", "Https"))
	dns := "shop-Lb-" + p.salt + "-" + id("1", "dns") + "." + p.region + ".elb.amazonaws.com"
	full := "app/shop-Lb-" + p.salt + "/" + id("5", "Lb")
	return []Resource{
		{Key: "shop/Lb", Type: "AWS::ElasticLoadBalancingV2::LoadBalancer", ID: lb, Identities: map[string]string{"LoadBalancerArn": lb, "DNSName": dns, "LoadBalancerFullName": full, "LoadBalancerName": "shop-Lb-" + p.salt},
			Properties: props{"Name": "shop-Lb-" + p.salt, "Scheme": "internet-facing", "Type": "application", "IpAddressType": "ipv4", "SecurityGroups": list(id("sg-0", "Web")),
				"Subnets": shuffled(p, id("subnet-0", "PublicA"), id("subnet-0", "PublicB")), "LoadBalancerAttributes": shuffled(p, props{"Key": "idle_timeout.timeout_seconds", "Value": "60"}, props{"Key": "deletion_protection.enabled", "Value": "true"})}},
		{Key: "shop/Tg", Type: "AWS::ElasticLoadBalancingV2::TargetGroup", ID: tg, Identities: map[string]string{"TargetGroupArn": tg, "TargetGroupName": "shop-Tg-" + p.salt, "TargetGroupFullName": "targetgroup/shop-Tg-" + p.salt + "/" + id("7", "Tg")},
			Properties: props{"Name": "shop-Tg-" + p.salt, "Port": 8080.0, "Protocol": "HTTP", "VpcId": id("vpc-0", "Vpc"), "TargetType": "ip", "HealthCheckPath": "/health", "Matcher": props{"HttpCode": "200"}}},
		{Key: "shop/Https", Type: "AWS::ElasticLoadBalancingV2::Listener", ID: listener, Properties: props{"LoadBalancerArn": lb, "Port": 443.0, "Protocol": "HTTPS", "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
			"DefaultActions": list(props{"Type": "forward", "TargetGroupArn": tg})}},
		{Key: "shop/Rule", Type: "AWS::ElasticLoadBalancingV2::ListenerRule", ID: listener + "/" + id("3", "Rule"), Properties: props{"ListenerArn": listener, "Priority": 10.0,
			"Conditions": shuffled(p, props{"Field": "path-pattern", "PathPatternConfig": props{"Values": shuffled(p, "/api/*", "/v2/*")}}, props{"Field": "host-header", "HostHeaderConfig": props{"Values": list("shop.example.com")}}),
			"Actions":    list(props{"Type": "forward", "TargetGroupArn": tg, "Order": 1.0})}},
		{Key: "shop/Alarm", Type: "AWS::CloudWatch::Alarm", ID: "shop-Alarm-" + p.salt, Properties: props{"AlarmName": "shop-Alarm-" + p.salt, "MetricName": "HTTPCode_ELB_5XX_Count",
			"Dimensions": list(props{"Name": "LoadBalancer", "Value": full})}},
	}
}

func (p testPlace) servers() []Resource {
	id := func(prefix, logical string) string { return p.hex(prefix, logical) }
	tg := p.arn("elasticloadbalancing", "targetgroup/shop-Tg-"+p.salt+"/"+id("7", "Tg"))
	group := "shop-Fleet-" + p.salt
	cluster, service := "shop-Cluster-"+p.salt, p.arn("ecs", "service/shop-Cluster-"+p.salt+"/shop-Service-"+p.salt)
	task := p.arn("ecs", "task-definition/shop-web:"+map[string]string{"us-east-1": "41", "us-west-2": "17"}[p.region])
	repository := p.account + ".dkr.ecr." + p.region + ".amazonaws.com/shop/web"
	return []Resource{
		{Key: "shop/Template", Type: "AWS::EC2::LaunchTemplate", ID: id("lt-0", "Template"), Properties: props{"LaunchTemplateName": "shop-" + p.salt, "LaunchTemplateData": props{
			"InstanceType": "m7g.large", "ImageId": "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64", "SecurityGroupIds": list(id("sg-0", "Web")),
			"MetadataOptions": props{"HttpTokens": "required"}, "UserData": "IyEvYmluL3No"}}},
		{Key: "shop/Fleet", Type: "AWS::AutoScaling::AutoScalingGroup", ID: group, Properties: props{"AutoScalingGroupName": group, "MinSize": "2", "MaxSize": "8", "DesiredCapacity": "2", "HealthCheckType": "ELB",
			"VPCZoneIdentifier": shuffled(p, id("subnet-0", "PrivateA"), id("subnet-0", "PrivateB")), "AvailabilityZones": shuffled(p, p.zone(0), p.zone(1)),
			"LaunchTemplate": props{"LaunchTemplateId": id("lt-0", "Template"), "Version": "$Default", "LaunchTemplateData": props{"InstanceType": "m7g.large"}}, "TargetGroupARNs": list(tg)}},
		{Key: "shop/Hook", Type: "AWS::AutoScaling::LifecycleHook", ID: "shop-Hook-" + p.salt, Properties: props{"AutoScalingGroupName": group, "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING", "DefaultResult": "CONTINUE"}},
		{Key: "shop/Repository", Type: "AWS::ECR::Repository", ID: "shop/web", Identities: map[string]string{"RepositoryUri": repository, "Arn": p.arn("ecr", "repository/shop/web")}, Properties: props{"RepositoryName": "shop/web", "ImageTagMutability": "IMMUTABLE"}},
		{Key: "shop/Cluster", Type: "AWS::ECS::Cluster", ID: cluster, Identities: props2("Arn", p.arn("ecs", "cluster/"+cluster)), Properties: props{"ClusterName": cluster, "CapacityProviders": list("FARGATE", "FARGATE_SPOT")}},
		{Key: "shop/Task", Type: "AWS::ECS::TaskDefinition", ID: task, Properties: props{"Family": "shop-web", "Cpu": "512", "Memory": "1024", "ContainerDefinitions": list(props{"Name": "web", "Image": repository + "@sha256:aa",
			"Environment": list(props{"Name": "DB", "Value": p.endpoint()}), "PortMappings": list(props{"ContainerPort": 8080.0})})}},
		{Key: "shop/Service", Type: "AWS::ECS::Service", ID: service, Identities: props2("Name", "shop-Service-"+p.salt), Properties: props{"Cluster": cluster, "TaskDefinition": task, "DesiredCount": 2.0, "LaunchType": "FARGATE", "SchedulingStrategy": "REPLICA",
			"LoadBalancers":        list(props{"ContainerName": "web", "ContainerPort": 8080.0, "TargetGroupArn": tg}),
			"NetworkConfiguration": props{"AwsvpcConfiguration": props{"Subnets": shuffled(p, id("subnet-0", "PrivateA"), id("subnet-0", "PrivateB")), "SecurityGroups": list(id("sg-0", "Web"))}}}},
		{Key: "shop/Target", Type: "AWS::ApplicationAutoScaling::ScalableTarget", ID: "service/" + cluster + "/shop-Service-" + p.salt + "|ecs:service:DesiredCount|ecs", Properties: props{
			"ResourceId": "service/" + cluster + "/shop-Service-" + p.salt, "ScalableDimension": "ecs:service:DesiredCount", "ServiceNamespace": "ecs", "MinCapacity": 2.0, "MaxCapacity": 20.0,
			"RoleARN": "arn:aws:iam::" + p.account + ":role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService"}},
	}
}

func (p testPlace) endpoint() string {
	return "shop-db-" + strings.ToLower(p.salt) + ".c" + p.hex("", "db")[:8] + "." + p.region + ".rds.amazonaws.com"
}

func (p testPlace) stores() []Resource {
	id := func(prefix, logical string) string { return p.hex(prefix, logical) }
	subnets := "shop-subnets-" + strings.ToLower(p.salt)
	return []Resource{
		{Key: "shop/Subnets", Type: "AWS::RDS::DBSubnetGroup", ID: subnets, Properties: props{"DBSubnetGroupName": subnets, "DBSubnetGroupDescription": "shop", "SubnetIds": shuffled(p, id("subnet-0", "PrivateA"), id("subnet-0", "PrivateB"))}},
		{Key: "shop/Parameters", Type: "AWS::RDS::DBParameterGroup", ID: "shop-pg-" + strings.ToLower(p.salt), Properties: props{"DBParameterGroupName": "shop-pg-" + strings.ToLower(p.salt), "Family": "postgres16", "Parameters": props{"log_statement": "ddl", "rds.force_ssl": "1"}}},
		{Key: "shop/Db", Type: "AWS::RDS::DBInstance", ID: "shop-db-" + strings.ToLower(p.salt), Identities: map[string]string{"Endpoint.Address": p.endpoint(), "DBInstanceArn": p.arn("rds", "db:shop-db-"+strings.ToLower(p.salt))},
			Properties: props{"DBInstanceIdentifier": "shop-db-" + strings.ToLower(p.salt), "DBInstanceClass": "db.r6g.large", "Engine": "postgres", "EngineVersion": "16.4", "AllocatedStorage": "100", "MultiAZ": true, "StorageEncrypted": true,
				"DBParameterGroupName": "shop-pg-" + strings.ToLower(p.salt), "DBSubnetGroupName": subnets, "VPCSecurityGroups": list(id("sg-0", "Web")), "AvailabilityZone": p.zone(1), "Port": "5432", "MasterUsername": "shop", "DeletionProtection": true}},
		{Key: "shop/Cache", Type: "AWS::ElastiCache::ReplicationGroup", ID: "shop-cache-" + strings.ToLower(p.salt), Properties: props{"ReplicationGroupId": "shop-cache-" + strings.ToLower(p.salt), "CacheNodeType": "cache.r7g.large", "Engine": "valkey",
			"EngineVersion": "8.0", "NumNodeGroups": 1.0, "ReplicasPerNodeGroup": 1.0, "AtRestEncryptionEnabled": true, "TransitEncryptionEnabled": true, "SecurityGroupIds": list(id("sg-0", "Web")), "MultiAZEnabled": true, "AutomaticFailoverEnabled": true}},
		{Key: "shop/Files", Type: "AWS::EFS::FileSystem", ID: id("fs-0", "Files"), Properties: props{"Encrypted": true, "PerformanceMode": "generalPurpose", "ThroughputMode": "elastic"}},
		{Key: "shop/Mount", Type: "AWS::EFS::MountTarget", ID: id("fsmt-0", "Mount"), Properties: props{"FileSystemId": id("fs-0", "Files"), "SubnetId": id("subnet-0", "PrivateA"), "SecurityGroups": list(id("sg-0", "Web")), "IpAddress": p.block(".32.7")}},
		{Key: "shop/Stream", Type: "AWS::Kinesis::Stream", ID: "shop-Stream-" + p.salt, Properties: props{"Name": "shop-Stream-" + p.salt, "ShardCount": 4.0, "RetentionPeriodHours": 24.0, "StreamModeDetails": props{"StreamMode": "PROVISIONED"}}},
		{Key: "shop/Flow", Type: "AWS::StepFunctions::StateMachine", ID: p.arn("states", "stateMachine:shop-Flow-"+p.salt), Properties: props{"StateMachineName": "shop-Flow-" + p.salt, "StateMachineType": "STANDARD",
			"DefinitionString": `{"StartAt":"Put","States":{"Put":{"Type":"Task","Resource":"arn:aws:states:::kinesis:putRecord","Parameters":{"StreamName":"shop-Stream-` + p.salt + `"},"End":true}}}`}},
		{Key: "shop/Acl", Type: "AWS::WAFv2::WebACL", ID: "shop|" + id("", "acl") + "|REGIONAL", Identities: props2("Arn", p.arn("wafv2", "regional/webacl/shop/"+id("", "acl"))), Properties: props{"Name": "shop", "Scope": "REGIONAL", "DefaultAction": props{"Allow": props{}},
			"Rules": shuffled(p, props{"Name": "rate", "Priority": 0.0, "Action": props{"Block": props{}}, "Statement": props{"RateBasedStatement": props{"Limit": 2000.0, "AggregateKeyType": "IP"}}},
				props{"Name": "common", "Priority": 1.0, "OverrideAction": props{"None": props{}}, "Statement": props{"ManagedRuleGroupStatement": props{"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet"}}})}},
	}
}

// quietInTheShop are the values of the shop that may differ between Regions,
// each with the reason. Everything else must not.
var quietInTheShop = map[string]string{
	"Nat.PrivateIpAddress": "each network has its own",
	"Mount.IpAddress":      "each network has its own",
	"Db.AvailabilityZone":  "zones are shuffled",
	"Fleet.MinSize":        "may be larger", "Fleet.MaxSize": "may be larger", "Fleet.DesiredCapacity": "may be larger",
	"Service.DesiredCount": "may be larger", "Target.MinCapacity": "may be larger", "Target.MaxCapacity": "may be larger",
	"Task.Cpu": "may be larger", "Task.Memory": "may be larger", "Db.AllocatedStorage": "may be larger",
	"Cache.NumNodeGroups": "may be larger", "Cache.ReplicasPerNodeGroup": "may be larger",
	"Stream.ShardCount": "may be larger", "Stream.RetentionPeriodHours": "may be larger",
	"Fleet.AvailabilityZones.0": "only their number counts", "Fleet.AvailabilityZones.1": "only their number counts",
	"Fleet.LaunchTemplate.Version": "its content stands beside it",
}

func TestAShopDeployedFromOneSourceShowsNothing(t *testing.T) {
	for _, both := range [][2]testPlace{{east, west}, {west, east}} {
		c := Compare(shop(both[0]), shop(both[1]), options)
		if len(c.Findings)+len(c.Gaps) > 0 || c.Coverage.Compared != len(shop(east).Resources) {
			t.Errorf("%+v %+v%s", c.Coverage, c.Gaps, show(c.Findings))
		}
	}
}

func TestNoValueOfTheShopCanChangeUnnoticed(t *testing.T) {
	for i, r := range shop(west).Resources {
		for n := range leaves(r.Properties, logicalOf(r.Key), nil) {
			standby := shop(west)
			at := leaves(standby.Resources[i].Properties, logicalOf(r.Key), nil)[n]
			at.put(changed(at.value))
			c := Compare(shop(east), standby, options)
			found := slices.ContainsFunc(c.Findings, func(f Finding) bool { return f.Resource == r.Key })
			_, quiet := quietInTheShop[at.where]
			if !found && len(c.Gaps) == 0 && !quiet && !isOwnName(&r, at) {
				t.Errorf("%s changed from %v to %v unnoticed", at.where, at.value, changed(at.value))
			}
			if found && quiet {
				t.Errorf("%s is said to be quiet and is not:%s", at.where, show(c.Findings))
			}
		}
	}
}
