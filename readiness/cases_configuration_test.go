package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

var configurationCases = []ruleCase{
	{"CFG-02", "a resource is missing", func(w *world) { w.lose("app/Queue", drift.Block) }, blocks("missing in us-west-2")},
	{"CFG-02", "an alarm is missing", func(w *world) { w.lose("app/Alarm", drift.Warn) }, warns("missing in us-west-2")},
	{"CFG-02", "a resource was deleted behind its stack's back", func(w *world) {
		w.fact(&w.west, drift.FactGone, "app/Queue", object{"Type": typeQueue, "PhysicalId": "q-1"})
	}, blocks("its stack lists q-1 in us-west-2")},
	{"CFG-02", "everything is there", func(*world) {}, passes()},
	{"CFG-02", "a secret that is replicated is there", func(w *world) { w.lose("app/Secret", drift.Block) }, passes()},
	{"CFG-02", "the stack's resources could not be listed", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app", Operation: "cloudformation:ListStackResources", Reason: "AccessDenied"})
	}, unknown("cloudformation:ListStackResources")},
	{"CFG-02", "a Terraform state could not be read", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "terraform", Operation: "s3:GetObject", Reason: "AccessDenied"})
	}, unknown("s3:GetObject")},
	{"CFG-02", "tags could not be listed", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "tags", Operation: "tag:GetResources", Reason: "Throttled"})
	}, unknown("tag:GetResources")},
	{"CFG-02", "something a state lists in another Region than the application's", func(w *world) {
		w.gap(drift.Gap{Region: east, Resource: "terraform/aws_sqs_queue.far", Type: typeQueue, Fact: drift.FactElsewhere, Reason: "OtherRegion"})
	}, passes()},

	{"CFG-03", "another runtime", func(w *world) {
		w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "Runtime", Primary: "python3.13", Standby: "python3.9", Severity: drift.Warn})
	}, blocks("Runtime is python3.13 in us-east-1 and python3.9 in us-west-2")},
	{"CFG-03", "less memory", func(w *world) {
		w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "MemorySize", Primary: 512.0, Standby: 128.0, Severity: drift.Warn})
	}, warns("MemorySize is 512")},
	{"CFG-03", "another description", func(w *world) {
		w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "Description", Primary: "a", Standby: "b", Severity: drift.Info})
	}, passes()},
	{"CFG-03", "the runtime could not be read", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app/Fn", Type: typeFunction, Property: "Runtime", Operation: "lambda:GetFunction", Reason: "AccessDenied"})
	}, unknown("lambda:GetFunction")},

	{"CFG-04", "a variable is missing", func(w *world) {
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"QUEUE": "q", "TABLE": "t"}}
	}, blocks("TABLE is set in us-east-1 and not in us-west-2")},
	{"CFG-04", "a container's secret is missing", func(w *world) {
		w.resource(&w.east, "app/Task").Properties["ContainerDefinitions"] = []any{
			object{"Name": "web", "Secrets": []any{object{"Name": "TOKEN", "ValueFrom": "x"}}}}
	}, blocks("TOKEN")},
	{"CFG-04", "the comparison says that a value matters", func(w *world) {
		w.find(drift.Finding{Resource: "app/Fn", Type: typeFunction, Property: "Environment.Variables.MODE", Primary: "live", Standby: "test", Severity: drift.Block})
	}, blocks("MODE is live")},
	{"CFG-04", "the same variables", func(*world) {}, passes()},
	{"CFG-04", "the environment could not be read", func(w *world) {
		w.gap(drift.Gap{Region: west, Resource: "app/Fn", Type: typeFunction, Property: "Environment", Operation: "kms:Decrypt", Reason: "AccessDenied"})
	}, unknown("kms:Decrypt")},

	{"CFG-05", "a variable names the primary", func(w *world) {
		w.resource(&w.west, "app/Fn").Properties["Environment"] = object{"Variables": object{"QUEUE": "https://sqs.us-east-1.amazonaws.com/1/q"}}
	}, blocks("it names us-east-1")},
	{"CFG-05", "a secret parameter names the primary", func(w *world) {
		w.resource(&w.west, "app/Parameter").Properties["Value"] = drift.NewSealer("run", make([]byte, 32)).Seal(west, "", "db.us-east-1.rds.amazonaws.com")
	}, blocks("is secret in us-west-2 and names us-east-1")},
	{"CFG-05", "an image comes from the primary's registry", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.resource(s, "app/Task").Properties["ContainerDefinitions"] = []any{object{"Name": "web", "Image": "1.dkr.ecr.us-east-1.amazonaws.com/web@sha256:11"}}
		}
	}, blocks("ContainerDefinitions[web].Image")},
	{"CFG-05", "a variable names a bucket of the primary", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Uploads", Type: "AWS::S3::Bucket", ID: "app-bucket-1x2y3z4w5v"})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Uploads", Type: "AWS::S3::Bucket", ID: "app-bucket-9a8b7c6d5e"})
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "s3://app-bucket-1x2y3z4w5v/in"
	}, blocks("it names app/Uploads of us-east-1")},
	{"CFG-05", "only the primary's registry has settings, which are called by the account's number", func(w *world) {
		w.east.Account, w.west.Account = "123456789012", "123456789012"
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Replication", Type: "AWS::ECR::ReplicationConfiguration", ID: "123456789012"})
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "arn:aws:sqs:us-west-2:123456789012:orders"
	}, passes()},
	{"CFG-05", "a stack parameter names the primary", func(w *world) {
		w.west.Stacks[0].Parameters = map[string]string{"Stage": "arn:aws:sqs:us-east-1:1:q"}
	}, blocks("Parameters.Stage")},
	{"CFG-05", "a stack parameter says which key a replica is of", func(w *world) {
		w.west.Stacks[0].Parameters = map[string]string{"PrimaryKeyArn": "arn:aws:kms:us-east-1:1:key/mrk-1"}
	}, passes()},
	{"CFG-05", "a stack parameter says in which zone of the world the records are", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "dns/Zone", Type: "AWS::Route53::HostedZone", ID: "Z0123456789ABCDEFGHIJ"})
		w.west.Stacks[0].Parameters = map[string]string{"Zone": "Z0123456789ABCDEFGHIJ"}
	}, passes()},
	{"CFG-05", "a stack parameter names the primary's zone, beside the standby's own", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Zone", Type: "AWS::Route53::HostedZone", ID: "Z0123456789ABCDEFGHIJ"})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Zone", Type: "AWS::Route53::HostedZone", ID: "Z9876543210ABCDEFGHIJ"})
		w.west.Stacks[0].Parameters = map[string]string{"Zone": "Z0123456789ABCDEFGHIJ"}
	}, blocks("it names app/Zone of us-east-1")},
	{"CFG-05", "the comparison found a target in the primary", func(w *world) {
		w.find(drift.Finding{Resource: "app/Queue", Type: typeQueue, Property: "RedrivePolicy.deadLetterTargetArn",
			Primary: "arn:aws:sqs:us-east-1:1:d", Standby: "arn:aws:sqs:us-east-1:1:d", Severity: drift.Block})
	}, blocks("RedrivePolicy")},
	{"CFG-05", "each Region names the other as its peer", func(w *world) {
		w.resource(&w.east, "app/Parameter").Properties["Value"] = "arn:aws:sqs:us-west-2:1:q"
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "arn:aws:sqs:us-east-1:1:q"
	}, passes()},
	{"CFG-05", "a variable says which Region is the primary", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.resource(s, "app/Fn").Properties["Environment"] = object{"Variables": object{"PRIMARY_REGION": east}}
		}
	}, passes()},
	{"CFG-05", "a Region with a longer number", func(w *world) {
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "us-east-10"
	}, passes()},
	{"CFG-05", "a parameter could not be read", func(w *world) { w.deny("app/Parameter", "ssm:GetParameters") }, unknown("ssm:GetParameters")},

	{"CFG-06", "a parameter is missing", func(w *world) { w.lose("app/Parameter", drift.Block) }, want{status: Fail, severity: drift.Block, verdict: NotReady, says: "missing"}},
	{"CFG-06", "a parameter differs", func(w *world) {
		w.find(drift.Finding{Resource: "app/Parameter", Type: typeParameter, Property: "Value", Primary: "a", Standby: "b", Severity: drift.Warn})
	}, warns("Value is a")},
	{"CFG-06", "the same parameters", func(*world) {}, passes()},
	{"CFG-06", "a parameter could not be read", func(w *world) { w.deny("app/Parameter", "ssm:GetParameters") }, unknown("ssm:GetParameters")},

	{"CFG-08", "a queue is missing", func(w *world) { w.lose("app/Queue", drift.Block) }, blocks("missing")},
	{"CFG-08", "a subscription waits for confirmation", func(w *world) {
		w.fact(&w.west, drift.FactSubscriptions, "app/Topic", []any{object{"Protocol": "sqs", "Confirmed": false}})
	}, blocks("wait for confirmation")},
	{"CFG-08", "a subscription is missing", func(w *world) {
		w.fact(&w.west, drift.FactSubscriptions, "app/Topic", []any{})
	}, blocks("1 confirmed sqs subscriptions in us-east-1 and 0")},
	{"CFG-08", "the standby has no dead-letter queue", func(w *world) {
		w.find(drift.Finding{Resource: "app/Queue", Type: typeQueue, Property: "RedrivePolicy", Primary: object{"maxReceiveCount": 3.0}, Severity: drift.Warn})
	}, blocks("RedrivePolicy")},
	{"CFG-08", "another visibility timeout", func(w *world) {
		w.find(drift.Finding{Resource: "app/Queue", Type: typeQueue, Property: "VisibilityTimeout", Primary: 30.0, Standby: 10.0, Severity: drift.Warn})
	}, warns("VisibilityTimeout is 30")},
	{"CFG-08", "one more subscription than the primary", func(w *world) {
		w.fact(&w.west, drift.FactSubscriptions, "app/Topic", []any{object{"Protocol": "sqs", "Confirmed": true}, object{"Protocol": "email", "Confirmed": true}})
	}, passes()},
	{"CFG-08", "the subscriptions could not be listed", func(w *world) {
		w.deniedFact(drift.FactSubscriptions, "app/Topic", "sns:ListSubscriptionsByTopic")
	}, unknown("sns:ListSubscriptionsByTopic")},
}
