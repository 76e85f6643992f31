package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// alike are the rules that the comparison answers: a property that differs and
// how hard the rule bites, the action whose refusal leaves the rule undecided,
// and a property of the same type that is none of the rule's business.
var alike = []struct {
	rule, key, kind, property string
	found                     drift.Severity
	bites                     func(string) want
	action                    string
}{
	{"CFG-07", "app/Mapping", typeMapping, "BatchSize", drift.Warn, warns, "lambda:GetEventSourceMapping"},
	{"CFG-07", "app/Mapping", typeMapping, "FilterCriteria", drift.Block, blocks, "lambda:GetEventSourceMapping"},
	{"CFG-09", "app/Stage", "AWS::ApiGateway::Stage", "Variables.TABLE", drift.Block, blocks, "apigateway:GET"},
	{"CFG-09", "app/Stage", "AWS::ApiGateway::Stage", "MethodSettings.*.ThrottlingRateLimit", drift.Warn, warns, "apigateway:GET"},
	{"CFG-10", "app/Rule", "AWS::Events::Rule", "ScheduleExpression", drift.Block, blocks, "events:DescribeRule"},
	{"CFG-11", "app/Parameters", typeDBParameters, "Parameters.max_connections", drift.Warn, warns, "rds:DescribeDBParameters"},
	{"CFG-12", "app/WebACL", "AWS::WAFv2::WebACL", "Rules[rate].Action", drift.Block, blocks, "wafv2:GetWebACL"},
	{"DAT-08", "app/Table", "AWS::DynamoDB::Table", "GlobalSecondaryIndexes[byDate]", drift.Block, blocks, "dynamodb:DescribeTable"},
	{"DAT-08", "app/Table", "AWS::DynamoDB::Table", "TimeToLiveSpecification.Enabled", drift.Warn, warns, "dynamodb:DescribeTable"},
	{"NET-03", "app/Vpc", "AWS::EC2::VPC", "CidrBlock", drift.Warn, warns, "ec2:DescribeVpcs"},
	{"NET-05", "app/Endpoint", "AWS::EC2::VPCEndpoint", "PrivateDnsEnabled", drift.Block, blocks, "ec2:DescribeVpcEndpoints"},
	{"NET-06", "app/Group", "AWS::EC2::SecurityGroup", "SecurityGroupIngress[tcp 443]", drift.Block, blocks, "ec2:DescribeSecurityGroupRules"},
	{"RTE-06", "app/Listener", "AWS::ElasticLoadBalancingV2::Listener", "SslPolicy", drift.Warn, warns, "elasticloadbalancing:DescribeListeners"},
	{"REL-04", "app/Template", "AWS::EC2::LaunchTemplate", "LaunchTemplateData.ImageId", drift.Block, blocks, "ec2:DescribeImages"},
	{"ART-05", "app/Repository", typeRepository, "ImageTagMutability", drift.Warn, warns, "ecr:DescribeRepositories"},
	{"DAT-06", "app/Database", typeDBInstance, "MultiAZ", drift.Warn, warns, "rds:DescribeDBInstances"},
	{"DAT-10", "app/Bucket", typeBucket, "BucketEncryption", drift.Block, blocks, "s3:GetBucketVersioning"},
	{"SEC-02", "app/Secret", typeSecret, "Name", drift.Block, blocks, "secretsmanager:DescribeSecret"},
	{"OBS-01", "app/Alarm", "AWS::CloudWatch::Alarm", "Threshold", drift.Warn, warns, "cloudwatch:DescribeAlarms"},
	{"SEC-05", "app/Role", "AWS::IAM::Role", "AssumeRolePolicyDocument.Statement[0].Principal", drift.Block, blocks, "iam:GetRole"},
}

// parityCases holds for each: the difference bites, none passes, and what was
// not read is unknown.
func parityCases() []ruleCase {
	var cases []ruleCase
	for _, a := range alike {
		cases = append(cases,
			ruleCase{a.rule, a.property + " differs", func(w *world) {
				w.find(drift.Finding{Resource: a.key, Type: a.kind, Property: a.property, Primary: "a", Standby: "b", Severity: a.found})
			}, a.bites("is a in us-east-1 and b in us-west-2")},
			ruleCase{a.rule, "alike but for " + a.property + ", which is cosmetic", func(w *world) {
				w.find(drift.Finding{Resource: a.key, Type: a.kind, Property: "Tags.team", Primary: "a", Standby: "b", Severity: drift.Info})
			}, passes()},
			ruleCase{a.rule, "without the read behind " + a.property, func(w *world) { w.deny(a.key, a.action) }, unknown(a.action)})
	}
	return slices.Concat(cases, parityEdges)
}

var parityEdges = []ruleCase{
	{"CFG-01", "a change by hand in the standby", func(w *world) { byHand(w, west) }, warns("Timeout was changed by hand in us-west-2")},
	{"CFG-01", "a change by hand in the primary", func(w *world) { byHand(w, east) }, passes()},
	{"CFG-01", "the template could not be read", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app", Type: stackType, Property: "Template", Operation: "cloudformation:GetTemplate", Reason: "AccessDenied"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "cloudformation:GetTemplate"}},
	{"NET-01", "a type that AWS does not offer there", func(w *world) {
		w.west.Region.Name = "mx-central-1"
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Runner", Type: "AWS::AppRunner::Service"})
	}, blocks("AWS::AppRunner::Service is not offered in mx-central-1")},
	{"NET-01", "every type is offered", func(*world) {}, passes()},
	{"NET-01", "a type that the list does not have and the standby does", func(w *world) {
		w.west.Region.Name = "mx-central-1"
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/Runner", Type: "AWS::AppRunner::Service"})
		}
	}, want{status: Pass, verdict: NotReady}}, // what replicates to us-west-2 has no replica there
	{"NET-01", "the stack's resources could not be listed", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app", Operation: "cloudformation:ListStackResources", Reason: "AccessDenied"})
	}, unknown("cloudformation:ListStackResources")},

	{"DAT-10", "the replication rule is off", func(w *world) { replication(w, "Disabled") }, blocks("replication rule all is Disabled in us-east-1")},
	{"DAT-10", "replicated to a bucket without versions", func(w *world) {
		replication(w, "Enabled")
		w.resource(&w.west, "app/Bucket").Properties["VersioningConfiguration"] = object{"Status": "Suspended"}
	}, blocks("not versioned in us-west-2")},
	{"DAT-10", "replicated and versioned", func(w *world) { replication(w, "Enabled") }, passes()},

	{"ART-06", "the image was deregistered", func(w *world) { machine(w, object{"State": "gone"}) }, blocks("image ami-1 is gone")},
	{"ART-06", "the image is deprecated", func(w *world) {
		machine(w, object{"State": "available", "DeprecationTime": "2026-11-01T00:00:00Z"})
	}, warns("is deprecated since 2026-11-01")},
	{"ART-06", "an image that will be deprecated", func(w *world) {
		machine(w, object{"State": "available", "DeprecationTime": "2027-11-01T00:00:00Z"})
	}, passes()},
	{"ART-06", "the images could not be described", func(w *world) {
		w.forget(&w.west, drift.FactContent)
		w.gap(drift.Gap{Region: west, Operation: "ec2:DescribeImages", Reason: "AccessDenied", Fact: drift.FactContent})
	}, unknown("ec2:DescribeImages")},

	{"CFG-07", "the mapping is missing", func(w *world) { w.lose("app/Mapping", drift.Block) }, blocks("missing in us-west-2")},
	{"CFG-10", "the rule is missing", func(w *world) { w.lose("app/Rule", drift.Block) }, blocks("missing in us-west-2")},
	{"NET-05", "the endpoint is missing", func(w *world) { w.lose("app/Endpoint", drift.Block) }, blocks("missing in us-west-2")},
	{"SEC-05", "the role is missing", func(w *world) { w.lose("app/Role", drift.Block) }, blocks("missing in us-west-2")},
	{"SEC-05", "the primary's stack declares the role for both", func(w *world) {
		w.lose("app/Role", drift.Block)
		w.compared.Findings = nil // it exists once
	}, passes()},
	{"SEC-05", "a policy allows the primary's queue only", func(w *world) {
		w.find(drift.Finding{Resource: "app/Role", Type: "AWS::IAM::Role", Property: "Policies[app].PolicyDocument.Statement[0].Resource",
			Primary: "arn:aws:sqs:us-east-1:1:q", Standby: "arn:aws:sqs:us-east-1:1:q", Severity: drift.Block})
	}, blocks("Policies[app]")},

	{"CFG-11", "the standby runs on the engine's default", func(w *world) {
		w.resource(&w.west, "app/Database").Properties["DBParameterGroupName"] = "default.mysql8.0"
	}, blocks("the engine's default default.mysql8.0 in us-west-2")},
	{"CFG-11", "both run on the engine's default", func(w *world) {
		w.resource(&w.east, "app/Database").Properties["DBParameterGroupName"] = "default.mysql8.0"
		w.resource(&w.west, "app/Database").Properties["DBParameterGroupName"] = "default.mysql8.0"
	}, passes()},

	{"SEC-02", "the standby has it as a replica, which keeps the name", func(w *world) {
		w.lose("app/Secret", drift.Block)
		w.compared.Findings = nil // a replica is no missing resource
	}, passes()},

	{"SEC-04", "the key has no replica", func(w *world) { w.lose("app/mrk-1", drift.Block) }, blocks("missing in us-west-2")},
	{"SEC-04", "the standby has a key of its own", func(w *world) {
		key := w.resource(&w.west, "app/mrk-1")
		key.ID, key.Properties = "1234abcd", object{"MultiRegion": false}
	}, blocks("a key of its own in us-west-2")},
	{"SEC-04", "the standby has another multi-Region key", func(w *world) {
		w.resource(&w.west, "app/mrk-1").ID = "mrk-2"
	}, blocks("neither is a replica of the other")},
	{"SEC-04", "a replica named by its ARN", func(w *world) {
		key := w.resource(&w.west, "app/mrk-1")
		key.Type, key.ID = "AWS::KMS::ReplicaKey", "arn:aws:kms:us-west-2:1:key/mrk-1"
	}, passes()},
	{"SEC-04", "the key could not be described", func(w *world) { w.deny("app/mrk-1", "kms:DescribeKey") }, unknown("kms:DescribeKey")},

	{"ART-04", "an image of the primary's registry", func(w *world) {
		container(w, "111111111111.dkr.ecr.us-east-1.amazonaws.com/web@sha256:11")
	}, blocks("pulled from the registry in us-east-1")},
	{"ART-04", "an image of a third Region", func(w *world) {
		container(w, "111111111111.dkr.ecr.eu-west-1.amazonaws.com/web@sha256:11")
	}, warns("a third Region, eu-west-1")},
	{"ART-04", "a function's image of the primary's registry", func(w *world) {
		w.resource(&w.west, "app/Fn").Properties["Code"] = object{"ImageUri": "111111111111.dkr.ecr.us-east-1.amazonaws.com/fn@sha256:11"}
	}, blocks("Code.ImageUri is pulled")},
	{"ART-04", "a public image beside its own", func(w *world) {
		w.resource(&w.west, "app/Task").Properties["ContainerDefinitions"] = []any{
			object{"Name": "web", "Image": "111111111111.dkr.ecr.us-west-2.amazonaws.com/web@sha256:11"},
			object{"Name": "log", "Image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable"}}
	}, passes()},
	{"ART-04", "the task definition could not be read", func(w *world) { w.deny("app/Task", "ecs:DescribeTaskDefinition") }, unknown("ecs:DescribeTaskDefinition")},

	{"BKP-03", "no point-in-time recovery", func(w *world) {
		w.resource(&w.west, "app/Table").Properties["PointInTimeRecoverySpecification"] = object{"PointInTimeRecoveryEnabled": false}
	}, warns("point-in-time recovery in us-east-1 and not in us-west-2")},
	{"BKP-03", "no backups of the database", func(w *world) {
		w.resource(&w.west, "app/Database").Properties["BackupRetentionPeriod"] = 0.0
	}, warns("keeps backups for 7 days in us-east-1 and none")},
	{"BKP-03", "backups for a shorter time", func(w *world) {
		w.resource(&w.west, "app/Database").Properties["BackupRetentionPeriod"] = 1.0
	}, passes()},
	{"BKP-03", "the backups could not be read", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app/Table", Type: "AWS::DynamoDB::Table", Property: "PointInTimeRecoverySpecification",
			Operation: "dynamodb:DescribeContinuousBackups", Reason: "AccessDenied"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Unknown, missing: "dynamodb:DescribeContinuousBackups"}},

	{"OBS-03", "a log group is missing", func(w *world) { w.lose("app/Log", drift.Warn) }, warns("missing in us-west-2")},
	{"OBS-03", "another retention", func(w *world) {
		w.find(drift.Finding{Resource: "app/Log", Type: "AWS::Logs::LogGroup", Property: "RetentionInDays", Primary: 30.0, Standby: 7.0, Severity: drift.Info})
	}, passes()},
	{"OBS-03", "the log group could not be read", func(w *world) { w.deny("app/Log", "logs:DescribeLogGroups") },
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "logs:DescribeLogGroups"}},
}

// container gives the standby's task one container with this image.
func container(w *world, image string) {
	w.resource(&w.west, "app/Task").Properties["ContainerDefinitions"] = []any{object{"Name": "web", "Image": image}}
}

func byHand(w *world, region string) {
	w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "Timeout", Primary: 30.0, Standby: 3.0, Severity: drift.Warn,
		Cause: drift.OutOfBand, ChangedIn: region})
}

func replication(w *world, status string) {
	w.resource(&w.east, "app/Bucket").Properties["ReplicationConfiguration"] = object{"Rules": []any{object{"Id": "all", "Status": status}}}
}

// machine says what the standby's machine image is.
func machine(w *world, beside object) {
	beside["Kind"], beside["Name"] = "AMI", "web-2026"
	w.fact(&w.west, drift.FactContent, "ami-1", beside)
}
