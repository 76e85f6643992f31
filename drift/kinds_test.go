package drift

import (
	"strconv"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// kind38 is one of the kinds of legitimate difference that takes more than one
// property to show: whole snapshots, with a real difference of the same kind.
type kind38 struct {
	kind                   string
	primary, standby, real *Snapshot
	resource, property     string
	severity               Severity
	says                   string
}

// kindsOfWholes are the kinds that the catalogue of single properties cannot show.
func kindsOfWholes() []kind38 {
	one := func(p testPlace, typeName string, properties props, facts ...Fact) *Snapshot {
		s := lonely(p, typeName, properties)
		s.Facts = facts
		return s
	}
	stands := func(id, kind, name string, content props, beside ...any) Fact {
		value := props{"Kind": kind, "Name": name, "Content": content}
		for i := 0; i < len(beside); i += 2 {
			value[beside[i].(string)] = beside[i+1]
		}
		return Fact{Kind: FactContent, Subject: id, Value: value}
	}
	image := func(id, name, made string) Fact {
		return stands(id, "AMI", name, props{"Name": name, "Owner": "amazon", "Architecture": "arm64"}, "CreationDate", made)
	}
	const ami1, ami2, ami3 = "ami-0aaaaaaaaaaaaaaaa", "ami-0bbbbbbbbbbbbbbbb", "ami-0cccccccccccccccc"
	template := func(p testPlace, id string, facts ...Fact) *Snapshot {
		return one(p, "AWS::EC2::LaunchTemplate", props{"LaunchTemplateData": props{"ImageId": id}}, facts...)
	}
	const linux8, linux7, other = "al2023-ami-2023.8.20250808.0-kernel-6.1-arm64", "al2023-ami-2023.7.20250701.0-kernel-6.1-arm64", "ubuntu-24.04-arm64"
	built8, built7 := image(ami1, linux8, "2025-08-08T00:00:00Z"), image(ami3, linux7, "2025-07-01T00:00:00Z")
	key := func(id, alias string) Fact {
		return stands(id, "KMSKey", alias, props{"Aliases": list(alias), "KeySpec": "SYMMETRIC_DEFAULT"})
	}
	keyOf := func(p testPlace, n string) string {
		return p.arn("kms", "key/"+n+"1111111-2222-3333-4444-555555555555")
	}
	queue := func(p testPlace, key string, facts ...Fact) *Snapshot {
		return one(p, "AWS::SQS::Queue", props{"KmsMasterKeyId": key}, facts...)
	}
	subnet := func(p testPlace, id, letter, tier string) Fact {
		return stands(id, "Subnet", tier+"-"+letter, props{"Tier": tier, "AvailabilityZone": p.region + letter})
	}
	cache := func(p testPlace, facts []Fact, ids ...any) *Snapshot {
		return one(p, "AWS::ElastiCache::SubnetGroup", props{"SubnetIds": ids}, facts...)
	}
	const e1, e2, w1, w2, w3 = "subnet-0eeeeeeeeeeeeee11", "subnet-0eeeeeeeeeeeeee22", "subnet-0aaaaaaaaaaaaaa11", "subnet-0aaaaaaaaaaaaaa22", "subnet-0aaaaaaaaaaaaaa33"
	eastSubnets := []Fact{subnet(east, e1, "a", "private"), subnet(east, e2, "b", "private")}
	westSubnets := []Fact{subnet(west, w1, "d", "private"), subnet(west, w2, "b", "private"), subnet(west, w3, "c", "public")}
	allow := func(p testPlace, ip, named string) *Snapshot {
		s := one(p, "AWS::EC2::SecurityGroupIngress", props{"CidrIp": named + "/32"})
		s.Resources = append(s.Resources, Resource{Key: "s/Eip", Type: "AWS::EC2::EIP", ID: ip, Properties: props{"PublicIp": ip}})
		return s
	}
	prefixes := func(p testPlace, id string, facts ...Fact) *Snapshot {
		return one(p, "AWS::EC2::SecurityGroupEgress", props{"DestinationPrefixListId": id}, facts...)
	}
	pl := func(p testPlace, id, service string) Fact {
		name := "com.amazonaws." + p.region + "." + service
		return stands(id, "PrefixList", name, props{"Name": name})
	}
	certificate := func(id string, names ...any) Fact {
		return stands(id, "Certificate", "shop.example.com", props{"SubjectAlternativeNames": names, "KeyAlgorithm": "RSA_2048"}, "NotAfter", id)
	}
	certOf := func(p testPlace, n string) string {
		return p.arn("acm", "certificate/"+n+"1111111-2222-3333-4444-555555555555")
	}
	listener := func(p testPlace, arn string, facts ...Fact) *Snapshot {
		return one(p, "AWS::ElasticLoadBalancingV2::Listener", props{"Certificates": list(props{"CertificateArn": arn})}, facts...)
	}
	layer := func(p testPlace, version, sha string) Fact {
		return stands(p.arn("lambda", "layer:base:"+version), "LambdaLayer", "base", props{"CodeSha256": sha})
	}
	function := func(p testPlace, version string, facts ...Fact) *Snapshot {
		return one(p, "AWS::Lambda::Function", props{"CodeSha256": "aa", "Layers": list(p.arn("lambda", "layer:base:"+version))}, facts...)
	}
	task := func(p testPlace, revision, image string) Fact {
		return stands(p.arn("ecs", "task-definition/web:"+revision), "TaskDefinition", "web", props{"ContainerDefinitions": list(props{"Name": "web", "Image": image})})
	}
	service := func(p testPlace, revision string, facts ...Fact) *Snapshot {
		return one(p, "AWS::ECS::Service", props{"TaskDefinition": p.arn("ecs", "task-definition/web:"+revision)}, facts...)
	}
	database := func(p testPlace, group string, facts ...Fact) *Snapshot {
		return one(p, "AWS::RDS::DBInstance", props{"DBParameterGroupName": group}, facts...)
	}
	group := func(name, connections string) Fact {
		return stands(name, "ParameterGroup", name, props{"Family": "postgres16", "Parameters": props{"max_connections": connections}})
	}
	quota := func(p testPlace, value float64) *Snapshot {
		s := one(p, "AWS::SQS::Queue", props{}, Fact{Kind: FactQuota, Subject: "lambda/L-B99A9384", Value: props{"Name": "Concurrent executions", "Value": value}})
		return s
	}
	setting := func(p testPlace, on bool, key string) *Snapshot {
		return one(p, "AWS::SQS::Queue", props{}, Fact{Kind: FactSetting, Subject: "ebs-encryption", Value: props{"EbsEncryptionByDefault": on, "KmsKeyId": key}})
	}
	runner := func(p testPlace, typeName string) *Snapshot { return one(p, typeName, props{}) }
	zurich := testPlace{"eu-central-2", "222222222222", "vpc-0", "s", topology.Standby, "Z9Y8X7W6V5U4"}
	china := testPlace{"cn-north-1", "333333333333", "vpc-0", "s", topology.Standby, "Q1W2E3R4T5Y6"}
	value := func(p testPlace, v string) *Snapshot { return one(p, "AWS::SSM::Parameter", props{"Value": v}) }
	lambda := func(p testPlace, mode any) *Snapshot {
		live := props{"CodeSha256": "aa", "Timeout": 3.0}
		if mode != nil {
			live["LoggingConfig"] = mode
		}
		s := one(p, "AWS::Lambda::Function", live)
		s.Resources[0].Declared = props{"Timeout": 3.0}
		return s
	}
	return []kind38{
		{"5 partitions", value(east, "arn:aws:sqs:us-east-1:111111111111:shared"), value(china, "arn:aws-cn:sqs:cn-north-1:333333333333:shared"),
			value(china, "arn:aws:sqs:cn-north-1:333333333333:shared"), "s/R", "Value", Block, "arn:aws:sqs:cn-north-1"},
		{"5 names under the partition's domain", value(east, "sqs.us-east-1.amazonaws.com"), value(china, "sqs.cn-north-1.amazonaws.com.cn"),
			value(china, "sns.cn-north-1.amazonaws.com.cn"), "s/R", "Value", Block, "sns"},
		{"11 the same image", template(east, ami1, built8), template(west, ami2, image(ami2, linux8, "2025-08-09T00:00:00Z")), template(west, ami3, built7),
			"s/R", "LaunchTemplateData.ImageId", Warn, "an older image"},
		{"11 an image of another line", template(east, ami1, built8), template(west, ami2, image(ami2, linux8, "")), template(west, ami3, image(ami3, other, "2025-08-08T00:00:00Z")),
			"s/R", "LaunchTemplateData.ImageId", Block, "different lines"},
		{"11 a newer image", template(east, ami3, built7), template(west, ami2, image(ami2, linux7, "")), template(west, ami1, image(ami1, linux8, "")),
			"s/R", "LaunchTemplateData.ImageId", Info, "a newer image"},
		{"11 the image of the primary", template(east, ami1, built8), template(west, ami2, image(ami2, linux8, "")), template(west, ami1), "s/R", "LaunchTemplateData.ImageId", Block, "points back"},
		{"12 keys by their aliases", queue(east, keyOf(east, "a"), key(keyOf(east, "a"), "alias/orders")), queue(west, keyOf(west, "b"), key(keyOf(west, "b"), "alias/orders")),
			queue(west, keyOf(west, "c"), key(keyOf(west, "c"), "alias/refunds")), "s/R", "KmsMasterKeyId", Block, "Aliases"},
		{"13 subnets by tier and zone", cache(east, eastSubnets, e1, e2), cache(west, westSubnets, w1, w2), cache(west, westSubnets, w1, w3), "s/R", "SubnetIds", Block, "SubnetIds"},
		{"13 subnets in as many zones", cache(east, eastSubnets, e1, e2), cache(west, westSubnets, w1, w2),
			cache(west, append(westSubnets[1:], subnet(west, w1, "b", "private")), w1, w2), "s/R", "SubnetIds", Block, "SubnetIds"},
		{"13 as many subnets", cache(east, eastSubnets, e1, e2), cache(west, westSubnets, w2, w1), cache(west, westSubnets, w1), "s/R", "SubnetIds", Block, "SubnetIds"},
		{"15 own addresses", allow(east, "3.3.3.3", "3.3.3.3"), allow(west, "4.4.4.4", "4.4.4.4"), allow(west, "4.4.4.4", "3.3.3.3"), "s/R", "CidrIp", Block, "points back"},
		{"16 prefix lists by the service", prefixes(east, "pl-0aaaaaaaa", pl(east, "pl-0aaaaaaaa", "s3")), prefixes(west, "pl-0bbbbbbbb", pl(west, "pl-0bbbbbbbb", "s3")),
			prefixes(west, "pl-0cccccccc", pl(west, "pl-0cccccccc", "dynamodb")), "s/R", "DestinationPrefixListId", Block, "dynamodb"},
		{"21 certificates by what they are for", listener(east, certOf(east, "a"), certificate(certOf(east, "a"), "shop.example.com")),
			listener(west, certOf(west, "b"), certificate(certOf(west, "b"), "shop.example.com")), listener(west, certOf(west, "c"), certificate(certOf(west, "c"), "blog.example.com")),
			"s/R", "Certificates[0].CertificateArn", Block, "blog.example.com"},
		{"23 versions by what is in them", function(east, "4", layer(east, "4", "aa")), function(west, "9", layer(west, "9", "aa")), function(west, "4", layer(west, "4", "bb")),
			"s/R", "Layers", Block, "Layers"},
		{"23 revisions by what is in them", service(east, "17", task(east, "17", "web:1")), service(west, "9", task(west, "9", "web:1")), service(west, "17", task(west, "17", "web:0")),
			"s/R", "TaskDefinition", Block, "web:0"},
		{"30 a default of another day", lambda(east, nil), lambda(west, props{"LogFormat": ""}), lambda(west, props{"LogFormat": "JSON"}), "s/R", "LoggingConfig", Info, "a different default epoch"},
		{"34 groups by their parameters", database(east, "east-pg", group("east-pg", "100")), database(west, "west-pg", group("west-pg", "100")),
			database(west, "east-pg", group("east-pg", "200")), "s/R", "DBParameterGroupName", Block, "max_connections"},
		{"36 a quota that is higher", quota(east, 1000), quota(west, 2000), quota(west, 500), "quota/lambda/L-B99A9384", "Value", Warn, "Concurrent executions"},
		{"36 settings of the account", setting(east, true, "arn:aws:kms:us-east-1:111111111111:alias/aws/ebs"), setting(west, true, "arn:aws:kms:us-west-2:222222222222:alias/aws/ebs"),
			setting(west, false, "arn:aws:kms:us-west-2:222222222222:alias/aws/ebs"), "account/ebs-encryption", "Value", Warn, "ebs-encryption"},
		{"37 a type that is offered there", runner(east, "AWS::AppRunner::Service"), runner(west, "AWS::AppRunner::Service"), runner(zurich, "AWS::CloudFormation::WaitCondition"),
			"s/R", "", Block, "does not offer the type"},
	}
}

func TestEveryKindThatTakesMoreThanAPropertyVanishesAndARealOneStays(t *testing.T) {
	for _, k := range kindsOfWholes() {
		t.Run(k.kind, func(t *testing.T) {
			if c := Compare(k.primary, k.standby, options); len(c.Findings) > 0 || len(c.Gaps) > 0 {
				t.Errorf("the legitimate difference is reported: %+v%s", c.Gaps, show(c.Findings))
			}
			if k.property == "" {
				k.real.Resources = nil
			}
			c := Compare(k.primary, k.real, options)
			if len(c.Findings) != 1 {
				t.Fatalf("want one finding, have %d: %+v%s", len(c.Findings), c.Gaps, show(c.Findings))
			}
			if f := c.Findings[0]; f.Resource != k.resource || f.Property != k.property || f.Severity != k.severity || !strings.Contains(f.Message, k.says) {
				t.Errorf("want %s %s %s saying %q, have:%s", k.severity, k.resource, k.property, k.says, show(c.Findings))
			}
		})
	}
}

// The kinds are counted: docs/drift.md has the list.
func TestEveryKindOfLegitimateDifferenceIsInTheCatalogue(t *testing.T) {
	rows := map[int]int{}
	count := func(kind string) {
		word, _, _ := strings.Cut(kind, " ")
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > 38 {
			t.Errorf("%q does not begin with the number of a kind", kind)
		}
		rows[n]++
	}
	for _, a := range catalogue() {
		count(a.kind)
	}
	for _, k := range kindsOfWholes() {
		count(k.kind)
	}
	for n := 1; n <= 38; n++ {
		if rows[n] == 0 {
			t.Errorf("kind %d has no row", n)
		}
	}
}

// What a fact of one Region alone says proves nothing: the ids differ as they
// are, or a gap says that they could not be described.
func TestAFactOfOneRegionAloneMakesNothingEqual(t *testing.T) {
	side := func(p testPlace, id string, facts ...Fact) *Snapshot {
		s := lonely(p, "AWS::RDS::DBInstance", props{"DBParameterGroupName": id})
		s.Facts = facts
		return s
	}
	fact := func(id string) Fact {
		return Fact{Kind: FactContent, Subject: id, Value: props{"Kind": "ParameterGroup", "Name": id, "Content": props{"Family": "postgres16"}}}
	}
	if c := Compare(side(east, "default.postgres16", fact("default.postgres16")), side(west, "default.postgres16"), options); len(c.Findings) > 0 {
		t.Errorf("one name in both Regions:%s", show(c.Findings))
	}
	if c := Compare(side(east, "pg-a", fact("pg-a")), side(west, "pg-b"), options); len(c.Findings) != 1 {
		t.Errorf("two names of which one is described:%s", show(c.Findings))
	}
	standby := side(west, "pg-b")
	standby.Gaps = []Gap{{Region: "us-west-2", Resource: "s/R", Type: "AWS::RDS::DBInstance", Fact: FactContent, Operation: "rds:DescribeDBParameters", Reason: "AccessDenied"}}
	if c := Compare(side(east, "pg-a", fact("pg-a")), standby, options); len(c.Findings) > 0 || len(c.Gaps) != 2 {
		t.Errorf("one could not be described: %+v%s", c.Gaps, show(c.Findings))
	}
	own := side(east, "pg-a", fact("pg-a"))
	own.Resources = append(own.Resources, Resource{Key: "s/Group", Type: "AWS::RDS::DBParameterGroup", ID: "pg-a"})
	theirs := side(west, "pg-b", Fact{Kind: FactContent, Subject: "pg-b", Value: props{"Kind": "ParameterGroup", "Name": "pg-b", "Content": props{"Family": "other"}}})
	theirs.Resources = append(theirs.Resources, Resource{Key: "s/Group", Type: "AWS::RDS::DBParameterGroup", ID: "pg-b"})
	if c := Compare(own, theirs, options); len(c.Findings) > 0 {
		t.Errorf("a group of the application is compared as what it is:%s", show(c.Findings))
	}
}

// Settings that AWS made up a name for, and nothing else, are like many others.
func TestAStrangerWithLikeSettingsIsAStranger(t *testing.T) {
	side := func(p testPlace, id string) *Snapshot {
		s := lonely(p, "AWS::SQS::Queue", props{"KmsMasterKeyId": p.arn("kms", "key/"+id)})
		s.Facts = []Fact{{Kind: FactContent, Subject: p.arn("kms", "key/"+id), Value: props{"Kind": "KMSKey", "Name": id, "Content": props{"KeySpec": "SYMMETRIC_DEFAULT"}}}}
		s.Resources[0].Declared = nil
		return s
	}
	if c := Compare(side(east, "a1111111-2222-3333-4444-555555555555"), side(west, "b1111111-2222-3333-4444-555555555555"), options); len(c.Findings) != 1 {
		t.Errorf("two keys without a name are taken for one:%s", show(c.Findings))
	}
}

func TestARevisionThatNothingDescribesIsAGap(t *testing.T) {
	service := func(p testPlace, revision string) *Snapshot {
		return lonely(p, "AWS::ECS::Service", props{"TaskDefinition": p.arn("ecs", "task-definition/web:"+revision)})
	}
	for _, there := range []string{"9", "17"} {
		c := Compare(service(east, "17"), service(west, there), options)
		if len(c.Findings) > 0 || len(c.Gaps) != 1 || !strings.Contains(c.Gaps[0].Message, "only numbers") {
			t.Errorf("revision %s: %+v%s", there, c.Gaps, show(c.Findings))
		}
	}
	other := lonely(west, "AWS::ECS::Service", props{"TaskDefinition": west.arn("ecs", "task-definition/blog:17")})
	if c := Compare(service(east, "17"), other, options); len(c.Findings) != 1 {
		t.Errorf("another family:%s", show(c.Findings))
	}
}

// A Region is asked for what its resources draw on. Where it did not tell, the
// gap says so; where it has nothing that draws on it, there is nothing to say.
func TestAQuotaOfOneRegionAloneIsNoDifference(t *testing.T) {
	s := lonely(east, "AWS::SQS::Queue", props{})
	s.Facts = []Fact{{Kind: FactQuota, Subject: "lambda/L-B99A9384", Value: props{"Value": 1000.0}}}
	unread := lonely(west, "AWS::SQS::Queue", props{})
	unread.Gaps = []Gap{{Region: "us-west-2", Resource: "lambda/L-B99A9384", Fact: FactQuota, Operation: "servicequotas:GetServiceQuota", Reason: "AccessDenied"}}
	for _, test := range []struct {
		standby *Snapshot
		gaps    int
	}{{lonely(west, "AWS::SQS::Queue", props{}), 0}, {unread, 1}} {
		if c := Compare(s, test.standby, options); len(c.Findings) > 0 || len(c.Gaps) != test.gaps {
			t.Errorf("%+v%s", c.Gaps, show(c.Findings))
		}
	}
}
