package drift

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/topology"
)

// asym is one kind of difference: what two Regions of one source may
// legitimately show, and the same with a real difference in it.
type asym struct {
	kind     string
	typeName string
	primary  map[string]any
	standby  map[string]any // shows nothing
	real     map[string]any // shows exactly one finding
	property string
	severity Severity
}

type props = map[string]any

func list(v ...any) []any { return v }

func catalogue() []asym {
	e, w := east, west
	sns, sqs := func(p testPlace) string { return p.arn("sns", p.generated("Topic")) }, func(p testPlace) string { return p.arn("sqs", p.generated("Queue")) }
	policy := func(statements ...any) props {
		return props{"PolicyDocument": props{"Version": "2012-10-17", "Statement": statements}}
	}
	allow := func(extra props) props {
		extra["Effect"] = "Allow"
		return extra
	}
	return []asym{
		{"1 generated ids follow their owner", "AWS::Lambda::Function", fn("VpcConfig", props{"SecurityGroupIds": list(e.hex("sg-0", "Group"))}),
			fn("VpcConfig", props{"SecurityGroupIds": list(w.hex("sg-0", "Group"))}), fn("VpcConfig", props{"SecurityGroupIds": list("sg-0fefefefefefefefe")}),
			"VpcConfig.SecurityGroupIds", Block},
		{"2 generated names follow their logical id", "AWS::SSM::Parameter", props{"Value": e.generated("Table")}, props{"Value": w.generated("Table")},
			props{"Value": w.generated("Other")}, "Value", Block},
		{"3 ARNs differ by place only", "AWS::SSM::Parameter", props{"Value": sns(e)}, props{"Value": sns(w)}, props{"Value": sns(e)}, "Value", Block},
		{"3 an ARN of nobody's differs by place only", "AWS::SSM::Parameter", props{"Value": e.arn("sqs", "shared")}, props{"Value": w.arn("sqs", "shared")},
			props{"Value": w.arn("sqs", "shared-2")}, "Value", Block},
		{"4 Region names in names", "AWS::SSM::Parameter", props{"Value": "data-us-east-1-prod"}, props{"Value": "data-us-west-2-prod"},
			props{"Value": "data-us-east-1-prod"}, "Value", Block},
		{"4 short Region codes", "AWS::SSM::Parameter", props{"Value": "data-use1"}, props{"Value": "data-usw2"}, props{"Value": "data-use1"}, "Value", Block},
		{"4 the third Region is a literal", "AWS::SSM::Parameter", props{"Value": "eu-west-1"}, props{"Value": "eu-west-1"}, props{"Value": "eu-west-2"}, "Value", Block},
		{"4 a list of both Regions", "AWS::SSM::Parameter", props{"Value": "us-east-1,us-west-2"}, props{"Value": "us-east-1,us-west-2"},
			props{"Value": "us-east-1"}, "Value", Block},
		{"4 each names the other", "AWS::SSM::Parameter", props{"Value": "us-west-2"}, props{"Value": "us-east-1"}, props{"Value": "us-west-2"}, "Value", Block},
		{"6 own account", "AWS::Lambda::Permission", props{"SourceAccount": e.account}, props{"SourceAccount": w.account}, props{"SourceAccount": "333333333333"}, "SourceAccount", Block},
		{"6 third account", "AWS::Lambda::Permission", props{"SourceAccount": "444444444444"}, props{"SourceAccount": "444444444444"}, props{"SourceAccount": "333333333333"}, "SourceAccount", Block},
		{"7 zones by order", "AWS::EC2::Subnet", props{"AvailabilityZone": "us-east-1c"}, props{"AvailabilityZone": "us-west-2a"}, props{"AvailabilityZone": "us-east-1c"}, "AvailabilityZone", Block},
		{"8 zone ids by order", "AWS::EC2::Subnet", props{"AvailabilityZoneId": "use1-az4"}, props{"AvailabilityZoneId": "usw2-az1"}, props{"AvailabilityZoneId": "use1-az4"}, "AvailabilityZoneId", Block},
		{"9 endpoints follow their owner", "AWS::SSM::Parameter", props{"Value": "https://" + e.hex("a", "api")[:10] + ".execute-api.us-east-1.amazonaws.com"},
			props{"Value": "https://" + w.hex("a", "api")[:10] + ".execute-api.us-west-2.amazonaws.com"},
			props{"Value": "https://zz99zz99zz.execute-api.us-west-2.amazonaws.com"}, "Value", Block},
		{"10 hosted zones of AWS's services", "AWS::SSM::Parameter", props{"Value": "Z35SXDOTRQ7X7K"}, props{"Value": "Z1H1FL5HABSF5"}, props{"Value": "Z18D5FSROUN65G"}, "Value", Block},
		{"10 the hosted zone of the primary's service", "AWS::SSM::Parameter", props{"Value": "Z3AQBSTGFYJSTF"}, props{"Value": "Z3BJ6K6RIION7M"}, props{"Value": "Z3AQBSTGFYJSTF"}, "Value", Block},
		{"10 the hosted zone of the edge", "AWS::SSM::Parameter", props{"Value": "Z2FDTNDATAQYW2"}, props{"Value": "Z2FDTNDATAQYW2"}, props{"Value": "Z0123456789ABCDEF"}, "Value", Block},
		{"12 the same alias", "AWS::SQS::Queue", props{"KmsMasterKeyId": "alias/aws/sqs"}, props{"KmsMasterKeyId": "alias/aws/sqs"}, props{"KmsMasterKeyId": "alias/other"}, "KmsMasterKeyId", Block},
		{"12 multi-Region keys are equal by id", "AWS::SQS::Queue", props{"KmsMasterKeyId": "mrk-0123456789abcdef0123456789abcdef"}, props{"KmsMasterKeyId": "mrk-0123456789abcdef0123456789abcdef"},
			props{"KmsMasterKeyId": "mrk-ffffffffffffffffffffffffffffffff"}, "KmsMasterKeyId", Block},
		{"14 own address range", "AWS::EC2::SecurityGroup", props{"SecurityGroupIngress": list(props{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "CidrIp": "10.1.0.0/16"})},
			props{"SecurityGroupIngress": list(props{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "CidrIp": "10.2.0.0/16"})},
			props{"SecurityGroupIngress": list(props{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "CidrIp": "10.1.0.0/16"})}, "SecurityGroupIngress[tcp 1].CidrIp", Block},
		{"17 endpoint services", "AWS::EC2::VPCEndpoint", props{"ServiceName": "com.amazonaws.us-east-1.s3"}, props{"ServiceName": "com.amazonaws.us-west-2.s3"}, props{"ServiceName": "com.amazonaws.us-west-2.sqs"}, "ServiceName", Block},
		{"18 registries", "AWS::ECS::TaskDefinition", container("Image", e.account+".dkr.ecr.us-east-1.amazonaws.com/app@sha256:aa"),
			container("Image", w.account+".dkr.ecr.us-west-2.amazonaws.com/app@sha256:aa"), container("Image", w.account+".dkr.ecr.us-west-2.amazonaws.com/app@sha256:bb"),
			"ContainerDefinitions[app].Image", Block},
		{"18 the registry of the primary", "AWS::ECS::TaskDefinition", container("Image", e.account+".dkr.ecr.us-east-1.amazonaws.com/app@sha256:aa"),
			container("Image", w.account+".dkr.ecr.us-west-2.amazonaws.com/app@sha256:aa"), container("Image", e.account+".dkr.ecr.us-east-1.amazonaws.com/app@sha256:aa"),
			"ContainerDefinitions[app].Image", Block},
		{"19 buckets named by place", "AWS::SSM::Parameter", props{"Value": "art-" + e.account + "-us-east-1"}, props{"Value": "art-" + w.account + "-us-west-2"}, props{"Value": "arts-" + w.account + "-us-west-2"}, "Value", Block},
		{"20 code by content and not by place", "AWS::Lambda::Function", fn("Code", props{"S3Bucket": "a", "S3Key": "1"}), fn("Code", props{"S3Bucket": "b", "S3Key": "2"}),
			fn("CodeSha256", "other"), "CodeSha256", Block},
		{"22 bookkeeping", "AWS::Lambda::Function", fn("LastModified", "a"), fn("LastModified", "b"), fn("Environment", props{"Variables": props{"LastModified": "b"}}), "Environment", Block},
		{"24 sets of texts", "AWS::IAM::Role", props{"ManagedPolicyArns": list("a", "b")}, props{"ManagedPolicyArns": list("b", "a")}, props{"ManagedPolicyArns": list("b", "c")}, "ManagedPolicyArns", Block},
		{"24 order that means something", "AWS::Lambda::Function", fn("Layers", list("a", "b")), fn("Layers", list("a", "b")), fn("Layers", list("b", "a")), "Layers", Block},
		{"25 objects by their name", "AWS::DynamoDB::Table", props{"GlobalSecondaryIndexes": list(props{"IndexName": "a", "Projection": props{"ProjectionType": "ALL"}}, props{"IndexName": "b"})},
			props{"GlobalSecondaryIndexes": list(props{"IndexName": "b"}, props{"IndexName": "a", "Projection": props{"ProjectionType": "ALL"}})},
			props{"GlobalSecondaryIndexes": list(props{"IndexName": "a", "Projection": props{"ProjectionType": "KEYS_ONLY"}}, props{"IndexName": "b"})}, "GlobalSecondaryIndexes[a].Projection.ProjectionType", Block},
		{"26 reserved and placed tags", "AWS::SNS::Topic", props{"Tags": list(props{"Key": "aws:x", "Value": "1"}, props{"Key": "region", "Value": "us-east-1"})},
			props{"Tags": list(props{"Key": "region", "Value": "us-west-2"}, props{"Key": "aws:x", "Value": "2"})}, props{"Tags": list(props{"Key": "region", "Value": "eu-west-1"})}, "Tags.region", Info},
		{"27 JSON in a text", "AWS::StepFunctions::StateMachine", props{"DefinitionString": `{"a":1,"b":{"Resource":"` + sqs(e) + `"}}`},
			props{"DefinitionString": `{ "b" : {"Resource":"` + sqs(w) + `"}, "a" : 1.0 }`}, props{"DefinitionString": `{"a":2,"b":{"Resource":"` + sqs(w) + `"}}`}, "DefinitionString.a", Block},
		{"27 JSON of the user's stays a text", "AWS::SSM::Parameter", props{"Value": `{"a":1}`}, props{"Value": `{"a":1}`}, props{"Value": `{ "a":1}`}, "Value", Block},
		{"28 one value or many", "AWS::IAM::Policy", policy(allow(props{"Action": "s3:*", "Resource": list("*")})), policy(allow(props{"Action": list("S3:*"), "Resource": "*"})),
			policy(allow(props{"Action": "s3:*", "Resource": "arn:aws:s3:::x"})), "PolicyDocument.Statement[Allow s3:*].Resource", Block},
		{"28 an account and its root", "AWS::IAM::Policy", policy(allow(props{"Principal": props{"AWS": "arn:aws:iam::111111111111:root"}})), policy(allow(props{"Principal": props{"AWS": "222222222222"}})),
			policy(allow(props{"Principal": props{"AWS": "arn:aws:iam::222222222222:user/root"}})), "PolicyDocument.Statement[0].Principal", Block},
		{"28 anybody in both spellings", "AWS::IAM::Policy", policy(allow(props{"Principal": "*"})), policy(allow(props{"Principal": props{"AWS": "*"}})),
			policy(allow(props{"Principal": props{"AWS": "999999999999"}})), "PolicyDocument.Statement[0].Principal", Block},
		{"28 labels of tools and order", "AWS::IAM::Policy", policy(allow(props{"Sid": "Stmt123", "Action": "a:b"}), allow(props{"Action": "c:d"})), policy(allow(props{"Action": "c:d"}), allow(props{"Sid": "", "Action": "a:b"})),
			policy(allow(props{"Sid": "", "Action": "a:b"})), "PolicyDocument.Statement[Allow c:d]", Block},
		{"28 all but these actions", "AWS::IAM::Policy", policy(allow(props{"NotAction": "a:b"})), policy(allow(props{"NotAction": list("A:B")})), policy(allow(props{"NotAction": "a:c"})), "PolicyDocument.Statement[0].NotAction", Block},
		{"28 operators and keys in any case", "AWS::IAM::Policy", policy(allow(props{"Condition": props{"StringLike": props{"s3:prefix": "a/*"}}})), policy(allow(props{"Condition": props{"stringlike": props{"S3:Prefix": "a/*"}}})),
			policy(allow(props{"Condition": props{"stringlike": props{"s3:prefix": "b/*"}}})), "PolicyDocument.Statement[0].Condition.StringLike.s3:prefix", Block},
		{"28 no version is the old version", "AWS::SQS::QueuePolicy", props{"PolicyDocument": props{"Statement": allow(props{"Action": "a:b"})}},
			props{"PolicyDocument": `{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":["a:b"]}]}`}, policy(allow(props{"Action": "a:b"})), "PolicyDocument.Version", Block},
		{"28 URL-encoded", "AWS::IAM::Role", props{"AssumeRolePolicyDocument": props{"Version": "2012-10-17", "Statement": list(allow(props{"Action": "sts:AssumeRole"}))}},
			props{"AssumeRolePolicyDocument": "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D"},
			props{"AssumeRolePolicyDocument": props{"Version": "2012-10-17", "Statement": list(props{"Effect": "Deny", "Action": "sts:AssumeRole"})}}, "AssumeRolePolicyDocument.Statement[Allow sts:assumerole].Effect", Block},
		{"28 what is said twice", "AWS::IAM::Policy", policy(allow(props{"Action": "a:b"})), policy(allow(props{"Action": "a:b"}), allow(props{"Action": list("A:B", "a:b")})),
			policy(allow(props{"Action": "a:b"}), allow(props{"Action": "a:c"})), "PolicyDocument.Statement[Allow a:c]", Block},
		{"28 an account said in both ways", "AWS::IAM::Policy", policy(allow(props{"Principal": props{"AWS": list("111111111111", "arn:aws:iam::111111111111:root")}})),
			policy(allow(props{"Principal": props{"AWS": "222222222222"}})), policy(allow(props{"Principal": props{"AWS": list("222222222222", "333333333333")}})),
			"PolicyDocument.Statement[0].Principal", Block},
		{"28 the account that writes a Region's access logs", "AWS::S3::BucketPolicy", policy(allow(props{"Principal": props{"AWS": "arn:aws:iam::127311923021:root"}})),
			policy(allow(props{"Principal": props{"AWS": "797873946194"}})), policy(allow(props{"Principal": props{"AWS": "arn:aws:iam::033677994240:root"}})),
			"PolicyDocument.Statement[0].Principal", Block},
		{"28 the primary's account for access logs", "AWS::S3::BucketPolicy", policy(allow(props{"Principal": props{"AWS": list("127311923021", "797873946194")}})),
			policy(allow(props{"Principal": props{"AWS": list("127311923021", "797873946194")}})), policy(allow(props{"Principal": props{"AWS": "127311923021"}})),
			"PolicyDocument.Statement[0].Principal", Block},
		{"29 numbers in quotes", "AWS::SQS::Queue", props{"DelaySeconds": "5", "FifoQueue": "true"}, props{"DelaySeconds": 5.0, "FifoQueue": true}, props{"DelaySeconds": 6.0, "FifoQueue": true}, "DelaySeconds", Warn},
		{"30 absent is empty", "AWS::SQS::Queue", props{"FifoQueue": false, "RedriveAllowPolicy": props{}, "KmsMasterKeyId": ""}, props{}, props{"FifoQueue": true}, "FifoQueue", Block},
		{"30 off is a statement", "AWS::KMS::Key", props{"EnableKeyRotation": false}, props{"EnableKeyRotation": "false"}, props{}, "EnableKeyRotation", Warn},
		{"31 fewer running", "AWS::ECS::Service", props{"DesiredCount": 8.0}, props{"DesiredCount": 2.0}, props{"DesiredCount": 1.0}, "DesiredCount", Block},
		{"31 a smaller maximum", "AWS::AutoScaling::AutoScalingGroup", props{"MaxSize": "8"}, props{"MaxSize": "9"}, props{"MaxSize": "7"}, "MaxSize", Block},
		{"32 off by design", "AWS::Events::Rule", props{"State": "ENABLED", "ScheduleExpression": "rate(1 hour)"}, props{"State": "DISABLED", "ScheduleExpression": "rate(1 hour)"},
			props{"State": "DISABLED", "ScheduleExpression": "rate(2 hours)"}, "ScheduleExpression", Block},
		{"32 on where the primary is off", "AWS::Lambda::EventSourceMapping", props{"Enabled": false}, props{"Enabled": false}, props{"Enabled": true}, "Enabled", Warn},
		{"33 replication goes one way", "AWS::S3::Bucket", props{"ReplicationConfiguration": props{"Rules": list(props{"Destination": props{"Bucket": "arn:aws:s3:::" + strings.ToLower(w.generated("Bucket"))}})}},
			props{}, props{"VersioningConfiguration": props{"Status": "Suspended"}}, "VersioningConfiguration", Block},
		{"35 log groups and retention", "AWS::Logs::LogGroup", props{"LogGroupName": "/aws/lambda/" + e.generated("Fn"), "RetentionInDays": 30.0}, props{"LogGroupName": "/aws/lambda/" + w.generated("Fn"), "RetentionInDays": "30"},
			props{"LogGroupName": "/aws/lambda/" + w.generated("Fn"), "RetentionInDays": 7.0}, "RetentionInDays", Info},
		{"38 a policy pinned to the primary", "AWS::IAM::Policy", policy(allow(props{"Action": "sqs:*", "Resource": sqs(e)})), policy(allow(props{"Action": "sqs:*", "Resource": sqs(w)})),
			policy(allow(props{"Action": "sqs:*", "Resource": sqs(e)})), "PolicyDocument.Statement[Allow sqs:*].Resource", Block},
		{"38 a policy for both Regions", "AWS::IAM::Policy", policy(allow(props{"Condition": props{"StringEquals": props{"aws:RequestedRegion": list("us-east-1", "us-west-2")}}})),
			policy(allow(props{"Condition": props{"StringEquals": props{"AWS:RequestedRegion": list("us-west-2", "us-east-1")}}})),
			policy(allow(props{"Condition": props{"StringEquals": props{"aws:RequestedRegion": "us-east-1"}}})), "PolicyDocument.Statement[0].Condition.StringEquals.aws:requestedregion", Block},
	}
}

// fn is a function whose code was read, with one more property.
func fn(name string, v any) props { return props{"CodeSha256": "aa", name: v} }

func container(name string, v any) props {
	return props{"ContainerDefinitions": list(props{"Name": "app", name: v})}
}

// beside is the sample application with one more resource, a network and a
// zone of its own.
func beside(p testPlace, cidr, typeName string, properties props) *Snapshot {
	s := payments(p)
	s.Resources = append(s.Resources,
		Resource{Key: "payments/Vpc", Type: "AWS::EC2::VPC", ID: p.vpc, Properties: props{"CidrBlock": cidr}},
		Resource{Key: "payments/X", Type: typeName, ID: p.generated("X"), Properties: properties})
	return s
}

func TestEveryKindOfLegitimateDifferenceVanishesAndARealOneStays(t *testing.T) {
	for _, a := range catalogue() {
		t.Run(a.kind, func(t *testing.T) {
			primary := beside(east, "10.1.0.0/16", a.typeName, a.primary)
			if c := Compare(primary, beside(west, "10.2.0.0/16", a.typeName, a.standby), options); len(c.Findings) > 0 {
				t.Errorf("the legitimate difference is reported:%s", show(c.Findings))
			}
			c := Compare(primary, beside(west, "10.2.0.0/16", a.typeName, a.real), options)
			if a.kind == "20 code by content and not by place" {
				c.Findings = dropProperty(c.Findings, "Code")
			}
			if len(c.Findings) != 1 {
				t.Fatalf("want one finding, have %d:%s", len(c.Findings), show(c.Findings))
			}
			if f := c.Findings[0]; f.Resource != "payments/X" || f.Property != a.property || f.Severity != a.severity {
				t.Errorf("want %s %s, have:%s", a.severity, a.property, show(c.Findings))
			}
		})
	}
}

func dropProperty(findings []Finding, property string) []Finding {
	var kept []Finding
	for _, f := range findings {
		if f.Property != property {
			kept = append(kept, f)
		}
	}
	return kept
}

func TestALiteralOfThePrimaryInBothRegionsPointsBack(t *testing.T) {
	for _, value := range []string{"us-east-1", "https://sqs.us-east-1.amazonaws.com/111111111111/" + east.generated("Queue"), strings.ToLower(east.generated("Bucket"))} {
		c := Compare(beside(east, "10.1.0.0/16", "AWS::SSM::Parameter", props{"Value": value}), beside(west, "10.2.0.0/16", "AWS::SSM::Parameter", props{"Value": value}), options)
		if len(c.Findings) != 1 || c.Findings[0].Severity != Block || !strings.Contains(c.Findings[0].Message, "points back at the primary") {
			t.Errorf("%q in both Regions:%s", value, show(c.Findings))
		}
	}
}

func TestAFixForAPointerNamesTheStandbysOwn(t *testing.T) {
	standby := payments(west)
	set("Fn", "Environment.Variables.QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/111111111111/"+east.generated("Queue"))(standby)
	c := Compare(payments(east), standby, options)
	if len(c.Findings) != 1 || !strings.Contains(c.Findings[0].Fix, "payments/Queue of us-west-2 ("+queueWest()+")") {
		t.Errorf("the fix does not name the standby's queue:%s", show(c.Findings))
	}
}

func TestStacksWithNamesOfTheirOwnPerRegionShowNothing(t *testing.T) {
	dr := west
	dr.stack = "payments-dr"
	if c := Compare(payments(east), payments(dr), options); len(c.Findings) > 0 || c.Coverage.Compared != 25 {
		t.Errorf("%+v%s", c.Coverage, show(c.Findings))
	}
}

func TestOneAccountForBothRegionsShowsNothing(t *testing.T) {
	same := west
	same.account = east.account
	if c := Compare(payments(east), payments(same), options); len(c.Findings) > 0 {
		t.Errorf("%s", show(c.Findings))
	}
}

func TestTwoPartitionsShowNothing(t *testing.T) {
	china := testPlace{"cn-north-1", "333333333333", "vpc-0bbbbbbbbbbbbbbbb", "payments", topology.Standby, "Q1W2E3R4T5Y6"}
	s := payments(china)
	for i := range s.Resources {
		r := &s.Resources[i]
		there := func(text string) string {
			return strings.NewReplacer("arn:aws:", "arn:aws-cn:", ".cn-north-1.amazonaws.com", ".cn-north-1.amazonaws.com.cn", "us-east-1,us-west-2", "x").Replace(text)
		}
		r.ID = there(r.ID)
		for k, v := range r.Identities {
			r.Identities[k] = there(v)
		}
		r.Properties, _ = mapText(r.Properties, there).(props)
		r.Declared = nil
	}
	primary := payments(east)
	set("Fn", "VpcConfig", nil)(primary) // ids from outside, which nothing confirms without a template
	set("Fn", "VpcConfig", nil)(s)
	c := Compare(primary, s, options)
	var rest []string
	for _, f := range c.Findings {
		if f.Property != "Environment.Variables.REGIONS" {
			rest = append(rest, f.Message)
		}
	}
	if len(rest) > 0 {
		t.Errorf("findings:\n%s", strings.Join(rest, "\n"))
	}
}

func TestAGlobalResourceOfThePrimarysStackAloneIsShared(t *testing.T) {
	primary, standby := payments(east), payments(west)
	without("Role")(standby)
	set("Role", "Policies", nil)(primary)
	set("Fn", "Role", east.roleARN("Role"))(standby)
	if c := Compare(primary, standby, options); len(c.Findings) > 0 {
		t.Errorf("a shared role is reported:%s", show(c.Findings))
	}
	set("Fn", "Role", west.roleARN("Other"))(standby)
	if c := Compare(primary, standby, options); len(c.Findings) != 1 {
		t.Errorf("another role goes unnoticed:%s", show(c.Findings))
	}
}

func TestACopyThatAWSKeepsIsNotMissing(t *testing.T) {
	primary, standby := payments(east), payments(west)
	secret := "arn:aws:secretsmanager:us-east-1:111111111111:secret:shared-AbCdEf"
	primary.Resources = append(primary.Resources, Resource{Key: "payments/Shared", Type: "AWS::SecretsManager::Secret", ID: secret,
		Properties: props{"Name": "shared", "ReplicaRegions": list(props{"Region": "us-west-2"})}})
	set("Limit", "Value", secret)(primary)
	set("Limit", "Value", "arn:aws:secretsmanager:us-west-2:111111111111:secret:shared-AbCdEf")(standby)
	if c := Compare(primary, standby, options); len(c.Findings) > 0 {
		t.Errorf("a replicated secret is reported:%s", show(c.Findings))
	}
	primary.Resources[len(primary.Resources)-1].Properties["ReplicaRegions"] = list(props{"Region": "eu-west-1"})
	if c := Compare(primary, standby, options); !strings.Contains(show(c.Findings), "payments/Shared (AWS::SecretsManager::Secret) is missing") {
		t.Errorf("a secret replicated elsewhere is not missing:%s", show(c.Findings))
	}
}

func TestAllButIsNeverTakenForOnly(t *testing.T) {
	for _, pair := range [][2]string{{"Action", "NotAction"}, {"Resource", "NotResource"}, {"Principal", "NotPrincipal"}} {
		statement := func(name string) props {
			return props{"PolicyDocument": props{"Version": "2012-10-17", "Statement": list(props{"Effect": "Allow", name: "*"})}}
		}
		c := Compare(beside(east, "10.1.0.0/16", "AWS::IAM::Policy", statement(pair[0])), beside(west, "10.2.0.0/16", "AWS::IAM::Policy", statement(pair[1])), options)
		if len(c.Findings) == 0 || c.Findings[0].Severity != Block {
			t.Errorf("%s and %s are taken for one:%s", pair[0], pair[1], show(c.Findings))
		}
	}
}

func TestASharedRoleMustNotEndAtThePrimary(t *testing.T) {
	shared := func(resource any) (primary, standby *Snapshot) {
		primary, standby = payments(east), payments(west)
		primary.Resources = append(primary.Resources, Resource{Key: "payments/Global", Type: "AWS::IAM::Role", ID: "payments-global",
			Identities: props2("Arn", "arn:aws:iam::111111111111:role/payments-global"),
			Properties: props{"Policies": list(props{"PolicyName": "p", "PolicyDocument": props{"Version": "2012-10-17",
				"Statement": list(props{"Sid": "Send", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": resource})}})}})
		for _, s := range []*Snapshot{primary, standby} {
			set("Fn", "Role", "arn:aws:iam::111111111111:role/payments-global")(s)
		}
		return primary, standby
	}
	queue := func(p testPlace) string { return p.arn("sqs", p.generated("Queue")) }
	primary, standby := shared(queue(east))
	c := Compare(primary, standby, options)
	if len(c.Findings) != 1 || c.Findings[0].Property != "Policies[p].PolicyDocument.Statement[Send].Resource" || c.Findings[0].Severity != Block {
		t.Errorf("a role pinned to the primary goes unnoticed:%s", show(c.Findings))
	}
	for name, resource := range map[string]any{"both Regions": list(queue(east), queue(west)), "any": "*", "any Region": "arn:aws:sqs:*:111111111111:payments-*"} {
		primary, standby := shared(resource)
		if c := Compare(primary, standby, options); len(c.Findings) > 0 {
			t.Errorf("%s:%s", name, show(c.Findings))
		}
	}
	primary, standby = shared(queue(east))
	set("Fn", "Role", west.roleARN("Role"))(standby)
	set("Fn", "Role", east.roleARN("Role"))(primary)
	if c := Compare(primary, standby, options); len(c.Findings) > 0 {
		t.Errorf("the standby does not use it:%s", show(c.Findings))
	}
}

func props2(k, v string) map[string]string { return map[string]string{k: v} }

func TestWhereBothAreActiveNeitherMayPointAtTheOther(t *testing.T) {
	active := func(p testPlace) testPlace { p.role = topology.Active; return p }
	primary := payments(active(east))
	set("Fn", "Environment.Variables.QUEUE_URL", queueWest())(primary)
	c := Compare(primary, payments(active(west)), options)
	// What the sample switches off in a standby is a finding of its own where both are active.
	c.Findings = slices.DeleteFunc(c.Findings, func(f Finding) bool { return f.Cause == Declared })
	if len(c.Findings) != 1 || c.Findings[0].Severity != Block || !strings.Contains(c.Findings[0].Message, "QUEUE_URL in us-east-1 points at us-west-2") {
		t.Errorf("the first Region leans on the second:%s", show(c.Findings))
	}
	standby := payments(west)
	primary = payments(east)
	set("Fn", "Environment.Variables.QUEUE_URL", queueWest())(primary)
	if c := Compare(primary, standby, options); len(c.Findings) != 1 || strings.Contains(c.Findings[0].Message, "points") {
		t.Errorf("a primary that leans on its standby is no leak back:%s", show(c.Findings))
	}
}

func TestElementsAreNamedAsPeopleNamedThem(t *testing.T) {
	named := func(p testPlace, action string) *Snapshot {
		return beside(p, "10.0.0.0/16", "AWS::IAM::Role", props{"Policies": list(props{"PolicyName": "payments-" + p.region, "PolicyDocument": props{
			"Version": "2012-10-17", "Statement": list(props{"Sid": "One", "Effect": "Allow", "Action": action, "Resource": "*"})}})})
	}
	c := Compare(named(east, "a:b"), named(west, "a:c"), options)
	if len(c.Findings) != 1 || c.Findings[0].Property != "Policies[payments-us-east-1].PolicyDocument.Statement[One].Action" {
		t.Errorf("have:%s", show(c.Findings))
	}
}
