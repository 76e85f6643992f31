package awssim

import (
	"os"
	"testing"
	"time"
)

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// sample creates the sample application in one Region.
func (r *rig) sample(region, role string) {
	r.Helper()
	r.region = region
	code := "code-" + region
	r.put(code, "api.zip", "api")
	r.put(code, "settle.zip", "settle")
	r.cfn("CreateStack", "StackName", "payments-data", "TemplateBody", read(r.T, "../../examples/payments/infra/data.yaml"),
		"Parameters.member.1.ParameterKey", "Role", "Parameters.member.1.ParameterValue", role, "Capabilities.member.1", "CAPABILITY_IAM",
		"Parameters.member.2.ParameterKey", "ReplicaRegion", "Parameters.member.2.ParameterValue", map[string]string{"primary": "us-west-2", "standby": "us-east-1"}[role])
	r.settle()
	r.complete("payments-data")
	pairs := []string{"StackName", "payments-app", "TemplateBody", read(r.T, "../../examples/payments/infra/app.yaml"), "Capabilities.member.1", "CAPABILITY_IAM",
		"Parameters.member.1.ParameterKey", "Role", "Parameters.member.1.ParameterValue", role,
		"Parameters.member.2.ParameterKey", "CodeBucket", "Parameters.member.2.ParameterValue", code,
		"Parameters.member.3.ParameterKey", "ApiCodeKey", "Parameters.member.3.ParameterValue", "api.zip",
		"Parameters.member.4.ParameterKey", "SettleCodeKey", "Parameters.member.4.ParameterValue", "settle.zip"}
	outputs := map[string]string{}
	for _, o := range r.stack("payments-data").Child("Outputs").All("member") {
		outputs[o.Value("OutputKey")] = o.Value("OutputValue")
	}
	for _, name := range []string{"TableName", "TableArn", "ReceiptsBucket", "KeyArn"} {
		n := string(rune('0' + len(pairs)/4))
		pairs = append(pairs, "Parameters.member."+n+".ParameterKey", name, "Parameters.member."+n+".ParameterValue", outputs[name])
	}
	r.cfn("CreateStack", pairs...)
	r.settle()
	r.complete("payments-app")
}

func TestTheSampleApplicationIsCreatedInTwoRegionsWithoutDrift(t *testing.T) {
	r := newRig(t)
	for _, in := range []struct{ region, role string }{{"us-east-1", "primary"}, {"us-west-2", "standby"}} {
		r.sample(in.region, in.role)
		for _, stack := range []string{"payments-data", "payments-app"} {
			id := r.cfn("DetectStackDrift", "StackName", stack).Value("StackDriftDetectionId")
			r.settle()
			if got := r.cfn("DescribeStackDriftDetectionStatus", "StackDriftDetectionId", id).Value("StackDriftStatus"); got != "IN_SYNC" {
				for _, row := range r.cfn("DescribeStackResourceDrifts", "StackName", stack, "StackResourceDriftStatusFilters.member.1", "MODIFIED").Child("StackResourceDrifts").All("member") {
					t.Errorf("%s", row.Document())
				}
				t.Errorf("%s in %s is %s right after its creation", stack, in.region, got)
			}
		}
		for _, stack := range []string{"payments-app", "payments-data"} {
			id := r.stack(stack).Value("StackId")
			r.cfn("DeleteStack", "StackName", stack)
			r.settle()
			if got := r.status(id); got != "DELETE_COMPLETE" {
				t.Errorf("%s in %s: %s\n%s", stack, in.region, got, r.reasons(id))
			}
		}
	}
}

func TestTheSampleApplicationTakesSecondsNotMinutesToCreate(t *testing.T) {
	r := newRig(t)
	start := r.clock.Now()
	r.sample("us-east-1", "primary")
	var last time.Time
	for _, ev := range r.events("payments-app") {
		at, err := time.Parse(time.RFC3339, ev.Value("Timestamp"))
		if err != nil {
			t.Fatal(err)
		}
		if last = at; last.Sub(start) > 3*time.Hour {
			t.Fatalf("%s", ev.Document())
		}
	}
	first, err := time.Parse(time.RFC3339, r.events("payments-app")[0].Value("Timestamp"))
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("took %s of simulated time", last.Sub(first))
	if took := last.Sub(first); took < 10*time.Second || took > DefaultSpeed*3*time.Second {
		t.Errorf("the stack took %s of simulated time: %s at the default speed", took, took/DefaultSpeed)
	}
}
