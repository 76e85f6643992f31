package drift

import (
	"slices"
	"strings"
	"testing"
)

// edit is one change made by hand in the standby and what it must show.
type edit struct {
	name     string
	change   func(s *Snapshot)
	resource string
	property string
	severity Severity
	cause    Cause
	changed  string
	says     string // part of the message
}

func find(s *Snapshot, key string) *Resource {
	i := slices.IndexFunc(s.Resources, func(r Resource) bool { return r.Key == "payments/"+key })
	return &s.Resources[i]
}

// set changes a live property by a dotted path; numbers are array positions.
func set(key, where string, value any) func(*Snapshot) {
	return func(s *Snapshot) {
		properties := find(s, key).Properties
		assign(properties, strings.Split(where, "."), value)
	}
}

func assign(at any, steps []string, value any) {
	for i, name := range steps {
		last := i == len(steps)-1
		switch v := at.(type) {
		case map[string]any:
			if last && value == nil {
				delete(v, name)
				return
			}
			if last {
				v[name] = value
				return
			}
			at = v[name]
		case []any:
			n := int(name[0] - '0')
			if last {
				v[n] = value
				return
			}
			at = v[n]
		}
	}
}

func without(key string) func(*Snapshot) {
	return func(s *Snapshot) {
		s.Resources = slices.DeleteFunc(s.Resources, func(r Resource) bool { return r.Key == "payments/"+key })
	}
}

// both makes a change in live and declared values: a change of the code.
func declaredToo(key, where string, value any) func(*Snapshot) {
	return func(s *Snapshot) {
		set(key, where, value)(s)
		assign(find(s, key).Declared, strings.Split(where, "."), value)
	}
}

func edits() []edit {
	queueEast := "https://sqs.us-east-1.amazonaws.com/111111111111/" + east.generated("Queue")
	bucketEast := strings.ToLower(east.generated("Bucket"))
	vars := "Environment.Variables."
	return []edit{
		{"less memory", set("Fn", "MemorySize", 128.0), "Fn", "MemorySize", Warn, OutOfBand, "us-west-2", "Both templates say 512: it was changed by hand in us-west-2."},
		{"other code", set("Fn", "CodeSha256", "c0de"+strings.Repeat("b", 40)), "Fn", "CodeSha256", Block, OutOfBand, "", "CodeSha256"},
		{"older runtime", set("Fn", "Runtime", "python3.9"), "Fn", "Runtime", Block, OutOfBand, "us-west-2", "python3.9"},
		{"variable changed", set("Fn", vars+"LOG_LEVEL", "debug"), "Fn", vars + "LOG_LEVEL", Block, OutOfBand, "us-west-2", "debug"},
		{"variable lost", set("Fn", vars+"LOG_LEVEL", nil), "Fn", vars + "LOG_LEVEL", Block, OutOfBand, "us-west-2", "not set in us-west-2"},
		{"variable lost though empty", set("Fn", vars+"EMPTY", nil), "Fn", vars + "EMPTY", Block, OutOfBand, "us-west-2", "not set"},
		{"variable with the name of bookkeeping", set("Fn", vars+"LastModified", "yesterday"), "Fn", vars + "LastModified", Block, OutOfBand, "us-west-2", "yesterday"},
		{"secret variable", set("Fn", vars+"API_TOKEN_SALT", "hunter2"), "Fn", vars + "API_TOKEN_SALT", Block, OutOfBand, "us-west-2", "secret"},
		{"queue of the primary", set("Fn", vars+"QUEUE_URL", queueEast), "Fn", vars + "QUEUE_URL", Block, OutOfBand, "us-west-2", "points back at the primary: it names " + queueEast},
		{"Region of the primary", set("Fn", vars+"REGION", "us-east-1"), "Fn", vars + "REGION", Block, OutOfBand, "us-west-2", "points back"},
		{"bucket of the primary in an address", set("Url", "Value", "https://"+bucketEast+".s3.amazonaws.com/x"), "Url", "Value", Block, OutOfBand, "us-west-2", "names " + bucketEast},
		{"wrong queue of its own", set("Fn", vars+"QUEUE_URL", strings.Replace(queueWest(), "Queue", "Dead", 1)), "Fn", vars + "QUEUE_URL", Block, OutOfBand, "us-west-2", "Dead"},
		{"layers in another order", set("Fn", "Layers", []any{west.arn("lambda", "layer:trace:2"), west.arn("lambda", "layer:base:4")}), "Fn", "Layers", Block, OutOfBand, "us-west-2", "layer"},
		{"less concurrency", set("Fn", "ReservedConcurrentExecutions", 5.0), "Fn", "ReservedConcurrentExecutions", Block, OutOfBand, "us-west-2", "at least 50"},
		{"alias behind", func(s *Snapshot) {
			s.Facts[0].Value = map[string]any{"FunctionVersion": "2", "CodeSha256": "0ld" + strings.Repeat("a", 40)}
			set("Live", "FunctionVersion", "2")(s)
		}, "Live", "FunctionVersion", Block, OutOfBand, "", "FunctionVersion"},
		{"rule opened to the world", set("Group", "SecurityGroupIngress.1.CidrIp", "0.0.0.0/0"), "Group", "SecurityGroupIngress[tcp 443].CidrIp", Block, OutOfBand, "us-west-2", "0.0.0.0/0"},
		{"rule added", func(s *Snapshot) {
			p := find(s, "Group").Properties
			p["SecurityGroupIngress"] = append(p["SecurityGroupIngress"].([]any), map[string]any{"IpProtocol": "tcp", "FromPort": 22.0, "ToPort": 22.0, "CidrIp": "0.0.0.0/0"})
		}, "Group", "SecurityGroupIngress[tcp 22]", Block, OutOfBand, "us-west-2", "22"},
		{"subnet lost", set("Fn", "VpcConfig.SubnetIds", []any{west.subnet("a")}), "Fn", "VpcConfig.SubnetIds", Block, OutOfBand, "us-west-2", "SubnetIds"},
		{"redrive to nowhere", set("Queue", "RedrivePolicy", nil), "Queue", "RedrivePolicy", Warn, OutOfBand, "us-west-2", "not set"},
		{"visibility changed", set("Queue", "VisibilityTimeout", "30"), "Queue", "VisibilityTimeout", Warn, OutOfBand, "us-west-2", "30"},
		{"queue policy that trusts anybody", set("QueuePolicy", "PolicyDocument.Statement.0.Principal", "*"), "QueuePolicy", "PolicyDocument.Statement[FromTopic].Principal", Block, OutOfBand, "us-west-2", "*"},
		{"topic condition of the primary", set("QueuePolicy", "PolicyDocument.Statement.0.Condition.ArnEquals.aws:SourceArn", east.arn("sns", east.generated("Topic"))), "QueuePolicy", "PolicyDocument.Statement[FromTopic].Condition.ArnEquals.aws:sourcearn", Block, OutOfBand, "us-west-2", "points back"},
		{"statement lost", func(s *Snapshot) {
			p := find(s, "Role").Properties["Policies"].([]any)[0].(map[string]any)["PolicyDocument"].(map[string]any)
			p["Statement"] = p["Statement"].([]any)[1:]
		}, "Role", "Policies[app].PolicyDocument.Statement[Allow s3:getobject]", Block, OutOfBand, "us-west-2", "s3:GetObject"},
		{"action lost", set("Role", "Policies.0.PolicyDocument.Statement.2.Action", "sqs:SendMessage"), "Role", "Policies[app].PolicyDocument.Statement[Send].Action", Block, OutOfBand, "us-west-2", "Action"},
		{"role pinned to the primary's table", set("Role", "Policies.0.PolicyDocument.Statement.1.Resource", east.arn("dynamodb", "table/"+east.generated("Table"))), "Role", "Policies[app].PolicyDocument.Statement[Allow dynamodb:*].Resource", Block, OutOfBand, "us-west-2", "points back"},
		{"recovery window off", set("Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", false), "Table", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", Warn, OutOfBand, "us-west-2", "false"},
		{"versioning suspended", set("Bucket", "VersioningConfiguration.Status", "Suspended"), "Bucket", "VersioningConfiguration.Status", Block, OutOfBand, "us-west-2", "Suspended"},
		{"tag changed", set("Bucket", "Tags.2.Value", "ops"), "Bucket", "Tags.team", Info, OutOfBand, "us-west-2", "ops"},
		{"tag of a resource without a tag property", func(s *Snapshot) { find(s, "Fn").Tags["team"] = "ops" }, "Fn", "Tags.team", Info, OutOfBand, "", "ops"},
		{"parameter with leading zero", set("Limit", "Value", "0100"), "Limit", "Value", Block, OutOfBand, "us-west-2", "0100"},
		{"parameter by design of the code", declaredToo("Limit", "Value", "50"), "Limit", "Value", Block, Declared, "", `The template says "100" in us-east-1 and "50" in us-west-2.`},
		{"parameter of the stack by design", func(s *Snapshot) {
			declaredToo("Limit", "Value", "50")(s)
			s.Stacks[0].Parameters = map[string]string{"Limit": "50", "Stage": "prod"}
		}, "Limit", "Value", Block, Declared, "", `Parameter Limit is "100" in us-east-1 and "50" in us-west-2.`},
		{"parameter of a newer release", func(s *Snapshot) {
			declaredToo("Limit", "Value", "50")(s)
			s.Release = &Release{ID: "r-ffffffffffff"}
		}, "Limit", "Value", Block, NotYetDeployed, "", "us-west-2 runs r-ffffffffffff"},
		{"other secret", set("Secret", "SecretString", NewSealer("run-1", []byte("0123456789abcdef0123456789abcdef")).Seal("us-west-2", "222222222222", "other")), "Secret", "SecretString", Warn, OutOfBand, "us-west-2", "secret that differs"},
		{"secret of the primary", set("Secret", "SecretString", NewSealer("run-1", []byte("0123456789abcdef0123456789abcdef")).Seal("us-west-2", "222222222222", "postgres://app@db.us-east-1.example.com/111111111111")), "Secret", "SecretString", Block, OutOfBand, "us-west-2", "points back at the primary: it names us-east-1"},
		{"key disabled", set("Key", "Enabled", false), "Key", "Enabled", Block, OutOfBand, "us-west-2", "false"},
		{"rotation off", set("Key", "EnableKeyRotation", false), "Key", "EnableKeyRotation", Warn, OutOfBand, "us-west-2", "false"},
		{"alias to another key", set("KeyAlias", "TargetKeyId", "0f0f0f0f-aaaa-bbbb-cccc-0123456789ab"), "KeyAlias", "TargetKeyId", Block, OutOfBand, "us-west-2", "0f0f0f0f"},
		{"retention", set("Logs", "RetentionInDays", 7.0), "Logs", "RetentionInDays", Info, OutOfBand, "us-west-2", "7"},
		{"alarm on another queue", set("DeadAlarm", "Dimensions.0.Value", west.generated("Queue")), "DeadAlarm", "Dimensions.QueueName", Warn, OutOfBand, "us-west-2", "Queue"},
		{"alarm silent", set("DeadAlarm", "AlarmActions", []any{}), "DeadAlarm", "AlarmActions", Warn, OutOfBand, "us-west-2", "not set"},
		{"schedule changed", set("Nightly", "ScheduleExpression", "rate(2 days)"), "Nightly", "ScheduleExpression", Block, OutOfBand, "us-west-2", "2 days"},
		{"target lost", set("Nightly", "Targets", nil), "Nightly", "Targets", Block, OutOfBand, "us-west-2", "not set"},
		{"stage deployed by hand", set("Stage", "DeploymentId", "abc123"), "Stage", "DeploymentId", Block, OutOfBand, "us-west-2", "abc123"},
		{"method integration elsewhere", set("Post", "Integration.Uri", "arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/"+west.arn("lambda", "function:other")+"/invocations"), "Post", "Integration.Uri", Block, OutOfBand, "us-west-2", "other"},
		{"queue deleted", without("Dead"), "Dead", "", Block, OutOfBand, "us-west-2", "deleted by hand"},
		{"log group deleted", without("Logs"), "Logs", "", Warn, OutOfBand, "us-west-2", "missing in us-west-2"},
		{"type changed", func(s *Snapshot) { find(s, "Topic").Type = "AWS::SQS::Queue" }, "Topic", "Type", Block, Declared, "", "AWS::SQS::Queue"},
		{"one more resource", func(s *Snapshot) {
			s.Resources = append(s.Resources, Resource{Key: "payments/Extra", Type: "AWS::SQS::Queue", ID: "extra"})
		}, "Extra", "", Warn, Declared, "", "exists in us-west-2 and not in us-east-1"},
	}
}

func queueWest() string {
	return "https://sqs.us-west-2.amazonaws.com/222222222222/" + west.generated("Queue")
}

func TestOneEditOfTheStandbyIsOneFinding(t *testing.T) {
	for _, e := range edits() {
		t.Run(e.name, func(t *testing.T) {
			standby := payments(west)
			e.change(standby)
			c := Compare(payments(east), standby, options)
			if len(c.Findings) != 1 {
				t.Fatalf("want one finding, have %d:%s", len(c.Findings), show(c.Findings))
			}
			f := c.Findings[0]
			if f.Resource != "payments/"+e.resource || f.Property != e.property || f.Severity != e.severity || f.Region != "us-west-2" {
				t.Errorf("want %s %s %s, have:%s", e.severity, e.resource, e.property, show(c.Findings))
			}
			if f.Cause != e.cause || f.ChangedIn != e.changed {
				t.Errorf("want cause %s in %q, have:%s", e.cause, e.changed, show(c.Findings))
			}
			if !strings.Contains(f.Message, e.says) || f.Fix == "" {
				t.Errorf("want a message with %q and a fix, have:%s", e.says, show(c.Findings))
			}
		})
	}
}
