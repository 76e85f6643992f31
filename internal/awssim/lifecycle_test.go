package awssim

import (
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func TestAChangeSetIsRejectedWhenANameIsTaken(t *testing.T) {
	r := newRig(t)
	r.json("ssm", "PutParameter", map[string]any{"Name": "/app/first", "Value": "mine", "Type": "String"})
	set := r.changeSet("one", "ChangeSetType", "CREATE", "TemplateBody", twoParameters)
	if set.Value("Status") != "FAILED" || set.Value("ExecutionStatus") != "UNAVAILABLE" || !strings.Contains(set.Value("StatusReason"), "ResourceExistenceCheck") {
		t.Fatalf("%s", set.Document())
	}
	events := r.cfn("DescribeEvents", "ChangeSetName", set.Value("ChangeSetId")).Child("OperationEvents").All("member")
	if len(events) != 1 || events[0].Value("EventType") != "VALIDATION_ERROR" || events[0].Value("ValidationPath") != "/Resources/First/Properties/Name" {
		t.Errorf("%d events", len(events))
	}
	if again := r.changeSet("two", "ChangeSetType", "CREATE", "TemplateBody", twoParameters, "DisableValidation", "true"); again.Value("Status") != "CREATE_COMPLETE" {
		t.Errorf("without validation: %s", again.Document())
	}
	r.cfn("ExecuteChangeSet", "StackName", "app", "ChangeSetName", "two")
	r.settle()
	if got := r.status("app"); got != "ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("app"), "HandlerErrorCode: AlreadyExists") || r.parameter("/app/first") != "mine" {
		t.Errorf("%s: %s", got, r.reasons("app"))
	}
}

// A family of task definitions has many revisions: a change of one makes the next.
func TestAChangeSetMayMakeTheNextRevisionOfAFamily(t *testing.T) {
	r := newRig(t)
	revision := func(image string) string {
		return `{"Resources":{"Task":{"Type":"AWS::ECS::TaskDefinition","Properties":{"Family":"web","ContainerDefinitions":[{"Name":"web","Memory":64,"Image":"` + image + `"}]}}}}`
	}
	r.changeSet("one", "ChangeSetType", "CREATE", "TemplateBody", revision("web:1"))
	r.cfn("ExecuteChangeSet", "StackName", "app", "ChangeSetName", "one")
	r.settle()
	if set := r.changeSet("two", "ChangeSetType", "UPDATE", "TemplateBody", revision("web:2")); set.Value("Status") != "CREATE_COMPLETE" {
		t.Fatalf("%s", set.Document())
	}
	r.cfn("ExecuteChangeSet", "StackName", "app", "ChangeSetName", "two")
	r.settle()
	if got := r.status("app"); got != "UPDATE_COMPLETE" {
		t.Errorf("%s: %s", got, r.reasons("app"))
	}
}

const unknownTypes = `
Resources:
  Vpc: {Type: "AWS::Made::Network", Properties: {CidrBlock: 10.0.0.0/16}}
  Fleet: {Type: "AWS::Made::Up", Properties: {VpcId: !GetAtt Vpc.VpcId, Arn: !GetAtt Vpc.Arn}}
Outputs: {Fleet: {Value: !Ref Fleet}}
`

func TestTypesNobodyKnowsLiveGenerically(t *testing.T) {
	r := newRig(t)
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", unknownTypes)
	r.settle()
	r.complete("app")
	id := r.stack("app").Child("Outputs").Child("member").Value("OutputValue")
	out, code := r.json("cloudcontrolapi", "GetResource", map[string]any{"TypeName": "AWS::Made::Up", "Identifier": id})
	if code != "" || !strings.Contains(out.Object("ResourceDescription").String("Properties"), `"VpcId":"app-Vpc-`) {
		t.Errorf("%s %v", code, out)
	}
}

func (r *rig) complete(stack string) {
	r.Helper()
	if got := r.status(stack); got != "CREATE_COMPLETE" {
		r.Fatalf("%s in %s is %s\n%s", stack, r.region, got, r.reasons(stack))
	}
	for _, row := range r.cfn("DescribeStackResources", "StackName", stack).Child("StackResources").All("member") {
		if row.Value("PhysicalResourceId") == "" || row.Value("ResourceStatus") != "CREATE_COMPLETE" {
			r.Errorf("%s", row.Document())
		}
	}
}

func TestACreationThatTakesTooLongIsRolledBack(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.SlowResource, LogicalID: "Second", Action: "create", Delay: fault.Duration(time.Hour)})
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters, "TimeoutInMinutes", "5")
	r.settle()
	if got := r.status("app"); got != "ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("app"), "Stack creation time exceeded the specified timeout") {
		t.Errorf("%s: %s", got, r.reasons("app"))
	}
}

func TestAStackCanBeDeletedWhileItIsCreated(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.FreezeResource, LogicalID: "Second", Action: "create"})
	id := r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters).Value("StackId")
	r.clock.Advance(time.Minute)
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status(id); got != "DELETE_COMPLETE" || r.parameter("/app/first") != "ParameterNotFound" {
		t.Errorf("%s with %q", got, r.parameter("/app/first"))
	}
}

func TestADeletionThatFailsIsRepeated(t *testing.T) {
	r := made(t, Fault{ID: "f", Effect: fault.FailResource, LogicalID: "First", Action: "delete"})
	id := r.stack("app").Value("StackId")
	r.cfn("UpdateTerminationProtection", "StackName", "app", "EnableTerminationProtection", "true")
	r.refuse("ValidationError", "TerminationProtection is enabled", "DeleteStack", "StackName", "app")
	r.cfn("UpdateTerminationProtection", "StackName", "app", "EnableTerminationProtection", "false")
	r.refuse("ValidationError", "RetainResources can only be specified", "DeleteStack", "StackName", "app", "RetainResources.member.1", "First")
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status("app"); got != "DELETE_FAILED" {
		t.Fatalf("first: %s", got)
	}
	r.cfn("DeleteStack", "StackName", "app", "RetainResources.member.1", "First")
	r.settle()
	if got := r.status(id); got != "DELETE_COMPLETE" || r.parameter("/app/first") != "r1" {
		t.Errorf("second: %s with %q", got, r.parameter("/app/first"))
	}
}

func TestARollbackAlarmTurnsAnUpdateBack(t *testing.T) {
	const arn = "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:errors"
	watch := []string{"RollbackConfiguration.MonitoringTimeInMinutes", "10", "RollbackConfiguration.RollbackTriggers.member.1.Arn", arn,
		"RollbackConfiguration.RollbackTriggers.member.1.Type", "AWS::CloudWatch::Alarm"}
	r := made(t)
	r.cfn("UpdateStack", append(release("r2"), watch...)...)
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("app"), "does not exist") {
		t.Errorf("a missing alarm: %s", got)
	}
	if _, code := r.query("monitoring", "PutMetricAlarm", "AlarmName", "errors", "ComparisonOperator", "GreaterThanThreshold", "EvaluationPeriods", "1",
		"MetricName", "Errors", "Namespace", "AWS/Lambda", "Period", "60", "Statistic", "Sum", "Threshold", "1"); code != "" {
		t.Fatal(code)
	}
	for state, want := range map[string]string{"OK": "UPDATE_COMPLETE", "ALARM": "UPDATE_ROLLBACK_COMPLETE"} {
		r.query("monitoring", "SetAlarmState", "AlarmName", "errors", "StateValue", "OK", "StateReason", "test")
		r.cfn("UpdateStack", append(release("r-"+state), watch...)...)
		r.clock.Advance(5 * time.Minute)
		if got := r.status("app"); got != "UPDATE_IN_PROGRESS" {
			t.Errorf("while watching: %s", got)
		}
		r.query("monitoring", "SetAlarmState", "AlarmName", "errors", "StateValue", state, "StateReason", "test")
		r.settle()
		if got := r.status("app"); got != want {
			t.Errorf("alarm in %s: %s, want %s", state, got, want)
		}
	}
}

func TestACreationThatCannotBeUndoneIsDeleted(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.FailResource, LogicalID: "Second", Action: "create"}, Fault{ID: "undo", Effect: fault.FailResource, LogicalID: "First", Action: "rollback-create"})
	id := r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters).Value("StackId")
	r.settle()
	if got := r.status("app"); got != "ROLLBACK_FAILED" {
		t.Fatalf("%s", got)
	}
	failed := r.cfn("DescribeEvents", "StackName", "app", "Filters.FailedEvents", "true").Child("OperationEvents").All("member")
	if len(failed) != 3 { // Second, First, the stack
		t.Errorf("%d failures", len(failed))
	}
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status(id); got != "DELETE_COMPLETE" || r.parameter("/app/first") != "ParameterNotFound" {
		t.Errorf("%s", got)
	}
}

func TestRollbackStackDeletesAStackThatWasNeverStable(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.FailResource, LogicalID: "Second", Action: "create"})
	id := r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters, "DisableRollback", "true").Value("StackId")
	r.settle()
	r.cfn("RollbackStack", "StackName", "app")
	r.settle()
	r.want("stack", r.statuses(id), []string{"CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_IN_PROGRESS", "DELETE_COMPLETE"})
}

func TestADriftAwareChangeSetBringsBackWhatWasDeleted(t *testing.T) {
	r := made(t)
	r.json("ssm", "DeleteParameter", map[string]any{"Name": "/app/first"})
	set := r.changeSet("drift", append(release("r1")[2:], "DeploymentMode", "REVERT_DRIFT")...)
	if first := r.changes(set)["First"]; first.Value("Action") != "Add" || first.Value("ResourceDriftStatus") != "DELETED" {
		t.Fatalf("%s", set.Document())
	}
	r.cfn("ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.settle()
	if got := r.status("app"); got != "UPDATE_COMPLETE" || r.parameter("/app/first") != "r1" {
		t.Errorf("%s with %q: %s", got, r.parameter("/app/first"), r.reasons("app"))
	}
}

func TestManyStacksLiveSideBySide(t *testing.T) {
	c, err := New(Options{Speed: 5000})
	if err != nil {
		t.Fatal(err)
	}
	body := strings.ReplaceAll(twoParameters, "/app/", "/${AWS::StackName}/")
	body = strings.ReplaceAll(strings.ReplaceAll(body, "Name: /${AWS::StackName}/first", `Name: !Sub "/${AWS::StackName}/first"`), "Name: /${AWS::StackName}/third", `Name: !Sub "/${AWS::StackName}/third"`)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			r := &rig{T: t, cloud: c, region: []string{"eu-west-1", "us-east-1"}[i%2], key: "AKID"}
			name := "app" + strconv.Itoa(i)
			r.cfn("CreateStack", "StackName", name, "TemplateBody", body)
			for r.status(name) == "CREATE_IN_PROGRESS" {
				runtime.Gosched()
			}
			if got := r.status(name); got != "CREATE_COMPLETE" || r.parameter("/"+name+"/first") != "r1" {
				t.Errorf("%s is %s", name, got)
			}
		})
	}
	wg.Wait()
	if n := c.Called("cloudformation", "CreateStack"); n != 16 {
		t.Errorf("%d stacks in the ledger", n)
	}
}

func TestAForcedRollbackSkipsWhatFailsAndDriftSaysSo(t *testing.T) {
	r := made(t, Fault{ID: "third", Effect: fault.FailResource, LogicalID: "Third"}, Fault{Effect: fault.FailResource, LogicalID: "First", Action: "rollback-update"})
	r.cfn("UpdateStack", append(release("r2"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.settle()
	r.refuse("ValidationError", "cannot be specified together", "ContinueUpdateRollback", "StackName", "app", "ForceRollback", "true", "ResourcesToSkip.member.1", "First")
	r.cfn("ContinueUpdateRollback", "StackName", "app", "ForceRollback", "true")
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" {
		t.Fatalf("%s", got)
	}
	_, drifts := detect(r)
	if len(drifts) != 2 || drifts[0].Value("StackResourceDriftStatus") != "NOT_CHECKED" || drifts[1].Value("StackResourceDriftStatus") != "IN_SYNC" {
		t.Errorf("%d rows: %s", len(drifts), drifts[0].Document())
	}
	r.cloud.ClearFaults()
	r.cfn("UpdateStack", release("r3")...)
	r.settle()
	if got := r.status("app"); got != "UPDATE_COMPLETE" || r.parameter("/app/first") != "r3" {
		t.Errorf("the next update: %s with %q", got, r.parameter("/app/first"))
	}
	if status, drifts := detect(r); status != "IN_SYNC" || drifts[0].Value("StackResourceDriftStatus") != "IN_SYNC" {
		t.Errorf("after the next update: %s, %s", status, drifts[0].Document())
	}
}
