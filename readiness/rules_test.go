package readiness

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// want is what a rule must say of a world.
type want struct {
	status   Status
	severity drift.Severity
	verdict  Verdict
	// says is part of the evidence, missing the action that must be named.
	says, missing string
}

func blocks(says string) want {
	return want{status: Fail, severity: drift.Block, verdict: NotReady, says: says}
}
func warns(says string) want {
	return want{status: Fail, severity: drift.Warn, verdict: Ready, says: says}
}
func passes() want { return want{status: Pass, verdict: Ready} }
func unknown(action string) want {
	return want{status: Undetermined, severity: drift.Block, verdict: Unknown, missing: action}
}

type ruleCase struct {
	rule, name string
	bend       func(*world)
	want       want
}

// ruleCases hold at least a failing, a passing and an unknown case per rule;
// TestEveryRuleHasThreeCases counts them.
var ruleCases = slices.Concat(releaseCases, configurationCases, otherCases)

var releaseCases = []ruleCase{
	{"REL-01", "another digest runs in the standby", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web:1", "Digests": []any{"sha256:22"}}}})
	}, blocks("sha256:22 in us-west-2")},
	{"REL-01", "two digests at once in the standby", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Digests": []any{"sha256:11", "sha256:22"}}}})
	}, blocks("sha256:11, sha256:22")},
	{"REL-01", "a container is not there", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{}})
	}, blocks("container web runs in us-east-1 and not in us-west-2")},
	{"REL-01", "nothing runs but the image is pinned to the digest", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web@sha256:11"}}})
	}, passes()},
	{"REL-01", "the same digest", func(*world) {}, passes()},
	{"REL-01", "nothing runs and the image is a tag", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web:1"}}})
	}, unknown("")},
	{"REL-01", "tasks could not be described", func(w *world) {
		w.deniedFact(drift.FactTaskImages, "app/Service", "ecs:DescribeTasks")
	}, unknown("ecs:DescribeTasks")},
	{"REL-01", "no services", func(w *world) { w.without(typeService) }, want{status: NotApplicable, verdict: Ready}},

	{"REL-02", "another code hash", func(w *world) {
		w.resource(&w.west, "app/Fn").Properties["CodeSha256"] = "0ld"
	}, blocks("code is c0de in us-east-1 and 0ld in us-west-2")},
	{"REL-02", "the alias serves other code", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "6", "CodeSha256": "0ld"})
	}, blocks("version 6")},
	{"REL-02", "the alias is in the middle of a shift", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "7", "CodeSha256": "c0de", "RoutingWeights": object{"8": 0.1}})
	}, blocks("traffic shift")},
	{"REL-02", "another version number with the same code", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "3", "CodeSha256": "c0de"})
	}, passes()},
	{"REL-02", "the hash was not read", func(w *world) {
		delete(w.resource(&w.west, "app/Fn").Properties, "CodeSha256")
	}, unknown("lambda:GetFunctionConfiguration")},
	{"REL-02", "the function could not be read", func(w *world) { w.deny("app/Fn", "lambda:GetFunctionConfiguration") }, unknown("lambda:GetFunctionConfiguration")},
	{"REL-02", "every function is missing", func(w *world) { w.lose("app/Fn", drift.Block) },
		want{status: Undetermined, severity: drift.Block, verdict: NotReady, says: "CFG-02"}},

	{"REL-05", "the stack failed", func(w *world) { w.west.Stacks[0].Status = "UPDATE_ROLLBACK_FAILED" }, blocks("UPDATE_ROLLBACK_FAILED in us-west-2")},
	{"REL-05", "the stack is still working", func(w *world) { w.west.Stacks[0].Status = "UPDATE_IN_PROGRESS" }, blocks("UPDATE_IN_PROGRESS")},
	{"REL-05", "the stack does not exist", func(w *world) { w.west.Stacks[0].Status = "" }, blocks("not in us-west-2")},
	{"REL-05", "the stack rolled back to another template", func(w *world) {
		w.west.Stacks[0].Status, w.west.Stacks[0].TemplateDigest = "UPDATE_ROLLBACK_COMPLETE", "sha256:00"
	}, blocks("UPDATE_ROLLBACK_COMPLETE")},
	{"REL-05", "the stack rolled back to the primary's template", func(w *world) {
		w.west.Stacks[0].Status = "UPDATE_ROLLBACK_COMPLETE"
	}, warns("UPDATE_ROLLBACK_COMPLETE")},
	{"REL-05", "created and never updated", func(w *world) { w.west.Stacks[0].Status = "CREATE_COMPLETE" }, passes()},
	{"REL-05", "the stack could not be described", func(w *world) {
		w.west.Stacks = nil
		w.gap(drift.Gap{Region: west, Resource: "app", Type: stackType, Operation: "cloudformation:DescribeStacks", Reason: "AccessDenied"})
	}, unknown("cloudformation:DescribeStacks")},

	{"REL-06", "another template", func(w *world) { w.west.Stacks[0].TemplateDigest = "sha256:bb" }, warns("template is aa in us-east-1 and bb in us-west-2")},
	{"REL-06", "a parameter that the standby does not have", func(w *world) {
		w.east.Stacks[0].Parameters["New"] = "x"
	}, warns("New")},
	{"REL-06", "a parameter of its own value", func(w *world) {
		w.west.Stacks[0].Parameters = map[string]string{"Stage": "standby"}
	}, want{status: Pass, verdict: Ready, says: "its own value for Stage"}},
	{"REL-06", "the template could not be read", func(w *world) {
		w.west.Stacks[0].TemplateDigest = ""
		w.gap(drift.Gap{Region: west, Resource: "app", Type: stackType, Operation: "cloudformation:GetTemplate", Property: "Template", Reason: "AccessDenied"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "cloudformation:GetTemplate"}},

	{"REL-07", "another release", func(w *world) { w.west.Release.ID = "r-0" }, blocks("us-east-1 records r-1 and us-west-2 records r-0")},
	{"REL-07", "the standby's deploy is in doubt", func(w *world) { w.west.Release.Outcome = "in-doubt" }, blocks("in-doubt")},
	{"REL-07", "the standby records none", func(w *world) {
		w.west.Release = nil
		w.fact(&w.west, drift.FactRelease, "", nil)
	}, blocks("no release")},
	{"REL-07", "the same release", func(*world) {}, passes()},
	{"REL-07", "nobody records releases", func(w *world) {
		w.east.Release, w.west.Release = nil, nil
		w.fact(&w.east, drift.FactRelease, "", nil)
		w.fact(&w.west, drift.FactRelease, "", nil)
	}, want{status: NotApplicable, verdict: Ready}},
	{"REL-07", "the ledger could not be read", func(w *world) {
		w.west.Release = nil
		w.deniedFact(drift.FactRelease, "", "ssm:GetParameter")
	}, unknown("ssm:GetParameter")},
	{"REL-07", "nobody tried to read the ledger", func(w *world) {
		w.west.Release = nil
		w.forget(&w.west, drift.FactRelease)
	}, unknown("ssm:GetParameter")},
}

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
		w.gap(drift.Gap{Region: west, Resource: "app/Fn", Type: typeFunction, Property: "Runtime", Operation: "lambda:GetFunctionConfiguration", Reason: "AccessDenied"})
	}, unknown("lambda:GetFunctionConfiguration")},

	{"CFG-04", "a variable is missing", func(w *world) {
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"QUEUE": "q", "TABLE": "t"}}
	}, blocks("TABLE is set in us-east-1 and not in us-west-2")},
	{"CFG-04", "a container's secret is missing", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Task", Type: typeTaskDefinition, ID: "t1", Properties: object{
			"ContainerDefinitions": []any{object{"Name": "web", "Secrets": []any{object{"Name": "TOKEN", "ValueFrom": "x"}}}}}})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Task", Type: typeTaskDefinition, ID: "t1", Properties: object{
			"ContainerDefinitions": []any{object{"Name": "web"}}}})
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
			s.Resources = append(s.Resources, drift.Resource{Key: "app/Task", Type: typeTaskDefinition, ID: "t", Properties: object{
				"ContainerDefinitions": []any{object{"Name": "web", "Image": "1.dkr.ecr.us-east-1.amazonaws.com/web@sha256:11"}}}})
		}
	}, blocks("ContainerDefinitions[web].Image")},
	{"CFG-05", "a variable names a bucket of the primary", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Bucket", Type: "AWS::S3::Bucket", ID: "app-bucket-1x2y3z4w5v"})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Bucket", Type: "AWS::S3::Bucket", ID: "app-bucket-9a8b7c6d5e"})
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "s3://app-bucket-1x2y3z4w5v/in"
	}, blocks("it names app/Bucket of us-east-1")},
	{"CFG-05", "a stack parameter names the primary", func(w *world) {
		w.west.Stacks[0].Parameters = map[string]string{"Stage": "arn:aws:sqs:us-east-1:1:q"}
	}, blocks("Parameters.Stage")},
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

var otherCases = []ruleCase{
	{"CAP-10", "a function is inactive", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Inactive", "StateReasonCode": "Idle", "LastUpdateStatus": "Successful"})
	}, blocks("is Inactive in us-west-2 (Idle)")},
	{"CAP-10", "the last update failed", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Active", "LastUpdateStatus": "Failed"})
	}, blocks("last update ended as Failed")},
	{"CAP-10", "no concurrency at all", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 0.0})
	}, blocks("reserved concurrency is 0")},
	{"CAP-10", "less concurrency than the ceiling", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 5.0})
	}, blocks("ceiling of 100 %")},
	{"CAP-10", "a cap that the primary does not have", func(w *world) {
		w.fact(&w.east, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": nil})
	}, blocks("not limited in us-east-1")},
	{"CAP-10", "no reservation", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": nil})
	}, warns("nothing in us-west-2")},
	{"CAP-10", "provisioned concurrency failed", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 10.0, "Provisioned": object{"Status": "FAILED"}})
		}
	}, blocks("provisioned concurrency is FAILED")},
	{"CAP-10", "half the concurrency with a ceiling of half", func(w *world) {
		w.objectives.Ceiling = 0.5
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 5.0})
	}, passes()},
	{"CAP-10", "active and updated", func(*world) {}, passes()},
	{"CAP-10", "an inactive function with backup and restore", func(w *world) {
		w.strategy = topology.BackupRestore
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Inactive"})
	}, want{status: Off, verdict: Ready}},
	{"CAP-10", "the state could not be read", func(w *world) {
		w.deniedFact(drift.FactLambdaState, "app/Fn", "lambda:GetFunctionConfiguration")
	}, unknown("lambda:GetFunctionConfiguration")},
	{"CAP-10", "an update is in progress", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Active", "LastUpdateStatus": "InProgress"})
	}, unknown("")},

	{"SEC-01", "the replica failed", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": west, "Status": "Failed", "StatusMessage": "bad key"}}})
	}, blocks("replica in us-west-2 is Failed: bad key")},
	{"SEC-01", "the replica is not finished", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": west, "Status": "InProgress"}}})
	}, blocks("InProgress")},
	{"SEC-01", "neither a replica nor a copy", func(w *world) {
		w.lose("app/Secret", drift.Block)
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": "eu-west-1", "Status": "InSync"}}})
	}, blocks("missing in us-west-2")},
	{"SEC-01", "in sync", func(*world) {}, passes()},
	{"SEC-01", "a copy of its own", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{}})
	}, passes()},
	{"SEC-01", "the secret could not be described", func(w *world) {
		w.forget(&w.east, drift.FactSecretReplication)
		w.gap(drift.Gap{Region: east, Resource: "app/Secret", Operation: "secretsmanager:DescribeSecret", Reason: "AccessDenied", Fact: drift.FactSecretReplication})
	}, unknown("secretsmanager:DescribeSecret")},

	{"SEC-03", "the key is disabled", func(w *world) {
		w.fact(&w.west, drift.FactKeyState, "app/Key", object{"KeyState": "Disabled", "Enabled": false})
	}, blocks("is Disabled in us-west-2")},
	{"SEC-03", "the key waits for deletion", func(w *world) {
		w.fact(&w.west, drift.FactKeyState, "app/Key", object{"KeyState": "PendingDeletion", "DeletionDate": "2026-12-01"})
	}, blocks("deleted on 2026-12-01")},
	{"SEC-03", "enabled", func(*world) {}, passes()},
	{"SEC-03", "the key could not be described", func(w *world) { w.deny("app/Key", "kms:DescribeKey") }, unknown("kms:DescribeKey")},
	{"SEC-03", "nobody tried to read the state", func(w *world) { w.forget(&w.west, drift.FactKeyState) }, unknown("kms:DescribeKey")},

	{"ART-07", "another checksum", func(w *world) {
		w.fact(&w.west, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code-west", "Key": "fn.zip", "Checksum": "xyz"})
	}, blocks("xyz in us-west-2")},
	{"ART-07", "only ETags are known and differ", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "etag:" + s.Region.Name, "Size": 10.0})
		}
	}, unknown("")},
	{"ART-07", "only ETags are known and the sizes differ too", func(w *world) {
		for i, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "etag:" + s.Region.Name, "Size": float64(i)})
		}
	}, blocks("etag:us-west-2 in us-west-2")},
	{"ART-07", "another checksum of one kind", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "sha256:" + s.Region.Name})
		}
	}, blocks("sha256:us-west-2")},
	{"ART-07", "the bundle is not there", func(w *world) {
		w.forget(&w.west, drift.FactArtifact)
		w.gap(drift.Gap{Region: west, Resource: "app/Fn#Code", Operation: "s3:GetObject", Reason: "NoSuchKey", Fact: drift.FactArtifact})
	}, blocks("s3://code/fn.zip is not in us-west-2")},
	{"ART-07", "the same checksum in another bucket", func(w *world) {
		w.fact(&w.west, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code-west", "Key": "fn.zip", "Checksum": "abc"})
	}, passes()},
	{"ART-07", "the bundle could not be read", func(w *world) {
		w.deniedFact(drift.FactArtifact, "app/Fn#Code", "s3:GetObject")
	}, unknown("s3:GetObject")},
	{"ART-07", "inline code needs no bundle", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.forget(s, drift.FactArtifact)
			w.resource(s, "app/Fn").Properties["Code"] = object{"ZipFile": "pass"}
		}
	}, want{status: NotApplicable, verdict: Ready}},

	{"OBS-02", "an alarm rings", func(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") }, blocks("is in ALARM in us-west-2")},
	{"OBS-02", "an alarm has no data", func(w *world) {
		w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "INSUFFICIENT_DATA")
	}, warns("has no data")},
	{"OBS-02", "only the primary has the alarm", func(w *world) { w.lose("app/Alarm", drift.Warn) }, warns("watches us-east-1 and not us-west-2")},
	{"OBS-02", "the primary's alarm rings", func(w *world) { w.fact(&w.east, drift.FactAlarmState, "app/Alarm", "ALARM") }, passes()},
	{"OBS-02", "the alarm's state could not be read", func(w *world) {
		w.deniedFact(drift.FactAlarmState, "app/Alarm", "cloudwatch:DescribeAlarms")
	}, unknown("cloudwatch:DescribeAlarms")},
}

func TestRules(t *testing.T) {
	for _, c := range ruleCases {
		t.Run(c.rule+" "+c.name, func(t *testing.T) {
			w := healthy()
			c.bend(w)
			a := w.assess()
			found := statuses(a, c.rule)
			severity, ok := found[c.want.status]
			if !ok || c.want.severity != "" && severity != c.want.severity {
				t.Fatalf("%s is %v, want %s at severity %s\n%s", c.rule, found, c.want.status, c.want.severity, dump(a, c.rule))
			}
			if a.Verdict != c.want.verdict {
				t.Errorf("verdict is %s, want %s\n%s", a.Verdict, c.want.verdict, dump(a, ""))
			}
			if !strings.Contains(dump(a, c.rule), c.want.says) {
				t.Errorf("evidence does not say %q:\n%s", c.want.says, dump(a, c.rule))
			}
			if c.want.missing != "" && !namesAction(a, c.rule, c.want.missing) {
				t.Errorf("missing permission %s is not named:\n%s", c.want.missing, dump(a, c.rule))
			}
		})
	}
}

func namesAction(a Assessment, rule, action string) bool {
	for _, c := range a.Checks {
		if c.Rule != rule || c.Status != Undetermined || !strings.Contains(c.Fix, action) {
			continue
		}
		if slices.ContainsFunc(c.Missing, func(g drift.Gap) bool { return g.Operation == action }) {
			return true
		}
	}
	return false
}

// dump shows the checks of a rule or, without one, all that are not passed.
func dump(a Assessment, rule string) string {
	var b strings.Builder
	for _, c := range a.Checks {
		if c.Rule == rule || rule == "" && c.Status != Pass {
			b.WriteString(c.Rule + " " + string(c.Status) + " " + string(c.Severity) + " " + strings.Join(c.Resources, ",") + ": " + c.Evidence + " | " + c.Fix + "\n")
		}
	}
	return b.String()
}

func TestEveryRuleHasThreeCases(t *testing.T) {
	type kinds struct{ fail, pass, unknown int }
	count := map[string]*kinds{}
	for _, r := range Rules() {
		count[r.ID] = &kinds{}
	}
	for _, c := range ruleCases {
		k, ok := count[c.rule]
		if !ok {
			t.Fatalf("case %q is about %s, which is no rule", c.name, c.rule)
		}
		switch c.want.status {
		case Fail:
			k.fail++
		case Pass:
			k.pass++
		case Undetermined:
			k.unknown++
		}
	}
	if len(count) != 16 {
		t.Errorf("%d rules, want 16", len(count))
	}
	for id, k := range count {
		if k.fail == 0 || k.pass == 0 || k.unknown == 0 {
			t.Errorf("%s has %d failing, %d passing and %d unknown cases; each needs one", id, k.fail, k.pass, k.unknown)
		}
	}
}

func TestHealthyRegionsAreReady(t *testing.T) {
	a := healthy().assess()
	if a.Verdict != Ready {
		t.Fatalf("verdict %s:\n%s", a.Verdict, dump(a, ""))
	}
	for _, c := range a.Checks {
		if c.Status != Pass {
			t.Errorf("%s is %s: %s", c.Rule, c.Status, c.Evidence)
		}
	}
}
