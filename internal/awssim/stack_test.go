package awssim

import (
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// two parameters, the second after the first; one more when Extra is with.
const twoParameters = `
Parameters:
  Release: {Type: String, Default: r1}
  Secret: {Type: String, NoEcho: true, Default: hidden}
  Extra: {Type: String, Default: without}
Conditions:
  WithExtra: !Equals [!Ref Extra, with]
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Name: /app/first, Type: String, Value: !Ref Release}
  Second:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !Sub "after ${First}"}
  Third:
    Type: AWS::SSM::Parameter
    Condition: WithExtra
    Properties: {Name: /app/third, Type: String, Value: !Ref Release}
Outputs:
  Name: {Value: !Ref Second, Export: {Name: !Sub "${AWS::StackName}-second"}}
`

func TestAStackIsCreatedInOrderOfItsDependencies(t *testing.T) {
	r := newRig(t)
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters, "ClientRequestToken", "tok",
		"Tags.member.1.Key", "team", "Tags.member.1.Value", "payments")
	if got := r.status("app"); got != "CREATE_IN_PROGRESS" {
		t.Fatalf("at once: %s", got)
	}
	r.settle()
	r.want("stack", r.statuses("app"), []string{"CREATE_IN_PROGRESS", "CREATE_COMPLETE"})
	r.want("resources", r.history("app"), []string{
		"First CREATE_IN_PROGRESS", "First CREATE_IN_PROGRESS", "First CREATE_COMPLETE",
		"Second CREATE_IN_PROGRESS", "Second CREATE_IN_PROGRESS", "Second CREATE_COMPLETE",
	})
	for _, ev := range r.events("app") {
		if ev.Value("ClientRequestToken") != "tok" {
			t.Fatalf("event without the token: %s", ev.Document())
		}
	}
	st := r.stack("app")
	out := st.Child("Outputs").Child("member")
	name := out.Value("OutputValue")
	if !strings.HasPrefix(name, "app-Second-") || out.Value("ExportName") != "app-second" {
		t.Errorf("output %q exported as %q", name, out.Value("ExportName"))
	}
	if got := r.parameter(name); got != "after /app/first" {
		t.Errorf("the second parameter holds %q", got)
	}
	for _, p := range st.Child("Parameters").All("member") {
		if p.Value("ParameterKey") == "Secret" && p.Value("ParameterValue") != "****" {
			t.Errorf("a NoEcho parameter shows %q", p.Value("ParameterValue"))
		}
	}
	tags, _ := r.json("ssm", "ListTagsForResource", map[string]any{"ResourceType": "Parameter", "ResourceId": "/app/first"})
	have := map[string]string{}
	for _, tag := range tags.Objects("TagList") {
		have[tag.String("Key")] = tag.String("Value")
	}
	if have["team"] != "payments" || have["aws:cloudformation:logical-id"] != "First" || have["aws:cloudformation:stack-name"] != "app" {
		t.Errorf("tags %v", have)
	}
}

func TestAFailedCreateEndsAsTheCallerAsked(t *testing.T) {
	for _, c := range []struct {
		name, onFailure string
		want            []string
		left            string
	}{
		{"rolls back by default", "ROLLBACK", []string{"CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"}, "ParameterNotFound"},
		{"deletes the stack", "DELETE", []string{"CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"}, "ParameterNotFound"},
		{"leaves everything", "DO_NOTHING", []string{"CREATE_IN_PROGRESS", "CREATE_FAILED"}, "r1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t, Fault{Effect: fault.FailResource, LogicalID: "Second", Message: "no luck"})
			id := r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters, "OnFailure", c.onFailure).Value("StackId")
			r.settle()
			r.want("stack", r.statuses(id), c.want)
			if got := r.parameter("/app/first"); got != c.left {
				t.Errorf("the first parameter: %q, want %q", got, c.left)
			}
			if all := r.reasons(id); !strings.Contains(all, "no luck") || !strings.Contains(all, "The following resource(s) failed to create: [Second]") {
				t.Errorf("reasons: %s", all)
			}
		})
	}
}

func TestAStackThatRolledBackItsCreationRefusesUpdates(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.FailResource, LogicalID: "Second"})
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters)
	r.settle()
	r.refuse("ValidationError", "is in ROLLBACK_COMPLETE state and can not be updated.", "UpdateStack", "StackName", "app", "TemplateBody", twoParameters)
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	r.refuse("ValidationError", "Stack with id app does not exist", "DescribeStacks", "StackName", "app")
}

func release(value string) []string {
	return []string{"StackName", "app", "TemplateBody", twoParameters, "Parameters.member.1.ParameterKey", "Release", "Parameters.member.1.ParameterValue", value}
}

func made(t *testing.T, faults ...Fault) *rig {
	r := newRig(t, faults...)
	r.cfn("CreateStack", release("r1")...)
	r.settle()
	if got := r.status("app"); got != "CREATE_COMPLETE" {
		t.Fatalf("made: %s", got)
	}
	return r
}

func TestAnUpdateChangesWhatTheTemplateChanges(t *testing.T) {
	r := made(t)
	r.cfn("UpdateStack", append(release("r2"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.refuse("ValidationError", "is in UPDATE_IN_PROGRESS state and can not be updated.", "UpdateStack", release("r3")...)
	r.settle()
	r.want("stack", r.statuses("app")[2:], []string{"UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"})
	if a, b := r.parameter("/app/first"), r.parameter("/app/third"); a != "r2" || b != "r2" {
		t.Errorf("parameters hold %q and %q", a, b)
	}
	r.cfn("UpdateStack", release("r2")...) // without Extra: its default is no again
	r.settle()
	if got := r.parameter("/app/third"); got != "ParameterNotFound" {
		t.Errorf("the removed resource: %q", got)
	}
	r.refuse("ValidationError", "No updates are to be performed.", "UpdateStack", release("r2")...)
}

func TestAFailedUpdateReturnsToTheOldRelease(t *testing.T) {
	r := made(t, Fault{Effect: fault.FailResource, LogicalID: "Third", Message: "third broke"})
	r.cfn("UpdateStack", append(release("r2"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.settle()
	r.want("stack", r.statuses("app")[2:], []string{"UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_IN_PROGRESS",
		"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"})
	if got := r.parameter("/app/first"); got != "r1" {
		t.Errorf("the first parameter holds %q", got)
	}
	for _, p := range r.stack("app").Child("Parameters").All("member") {
		if p.Value("ParameterKey") == "Release" && p.Value("ParameterValue") != "r1" {
			t.Errorf("the stack believes in release %q", p.Value("ParameterValue"))
		}
	}
}

func TestAnUpdateWithoutRollbackStopsAndGoesOnOrBack(t *testing.T) {
	for _, back := range []bool{true, false} {
		r := made(t, Fault{ID: "f", Effect: fault.FailResource, LogicalID: "Third"})
		update := append(release("r2"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with", "DisableRollback", "true")
		r.cfn("UpdateStack", update...)
		r.settle()
		if got := r.status("app"); got != "UPDATE_FAILED" {
			t.Fatalf("after the failure: %s", got)
		}
		want, value := "UPDATE_COMPLETE", "r2"
		if back {
			want, value = "UPDATE_ROLLBACK_COMPLETE", "r1"
			r.cfn("RollbackStack", "StackName", "app")
		} else {
			r.cloud.Heal("f")
			r.cfn("UpdateStack", update...)
		}
		r.settle()
		if got := r.status("app"); got != want || r.parameter("/app/first") != value {
			t.Errorf("back=%v: %s with %q, want %s with %q", back, got, r.parameter("/app/first"), want, value)
		}
	}
}

func TestARollbackThatFailsIsContinued(t *testing.T) {
	r := made(t, Fault{Effect: fault.FailResource, LogicalID: "Third"}, Fault{ID: "back", Effect: fault.FailResource, LogicalID: "First", Action: "rollback-update"})
	r.cfn("UpdateStack", append(release("r2"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_FAILED" {
		t.Fatalf("after the failed rollback: %s", got)
	}
	r.refuse("ValidationError", "UPDATE_ROLLBACK_FAILED state", "CreateChangeSet", append(release("r3"), "ChangeSetName", "cs")...)
	r.cfn("ContinueUpdateRollback", "StackName", "app") // fails again
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_FAILED" {
		t.Fatalf("continued in vain: %s", got)
	}
	r.refuse("ValidationError", "not in the UPDATE_FAILED state", "ContinueUpdateRollback", "StackName", "app", "ResourcesToSkip.member.1", "Second")
	r.cfn("ContinueUpdateRollback", "StackName", "app", "ResourcesToSkip.member.1", "First")
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" {
		t.Fatalf("skipped: %s", got)
	}
	if got := r.parameter("/app/first"); got != "r2" {
		t.Errorf("a skipped resource was changed back: %q", got)
	}
}

func TestAnUpdateIsCancelled(t *testing.T) {
	r := made(t, Fault{Effect: fault.FreezeResource, LogicalID: "First", Action: "update"})
	r.refuse("ValidationError", "CancelUpdateStack cannot be called from current stack status", "CancelUpdateStack", "StackName", "app")
	r.cfn("UpdateStack", release("r2")...)
	r.settle()
	if got := r.status("app"); got != "UPDATE_IN_PROGRESS" {
		t.Fatalf("frozen: %s", got)
	}
	r.cfn("CancelUpdateStack", "StackName", "app")
	r.settle()
	if got := r.status("app"); got != "UPDATE_ROLLBACK_COMPLETE" || r.parameter("/app/first") != "r1" {
		t.Errorf("cancelled: %s with %q", got, r.parameter("/app/first"))
	}
	if !strings.Contains(r.reasons("app"), "Resource update cancelled") {
		t.Error("no event says that the resource was cancelled")
	}
}

func TestAFrozenResourceGoesOnWhenTheFaultIsRemoved(t *testing.T) {
	r := newRig(t, Fault{ID: "ice", Effect: fault.FreezeResource, LogicalID: "First"})
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters)
	r.settle()
	if got := r.status("app"); got != "CREATE_IN_PROGRESS" {
		t.Fatalf("frozen: %s", got)
	}
	if !r.cloud.Heal("ice") {
		t.Fatal("no such fault")
	}
	r.settle()
	if got := r.status("app"); got != "CREATE_COMPLETE" {
		t.Errorf("thawed: %s", got)
	}
}

const barrier = `
Resources:
  First:
    Type: AWS::SSM::Parameter
    Properties: {Name: /app/first, Type: String, Value: r2}
  LockstepBarrierR2:
    Type: AWS::CloudFormation::WaitCondition
    DependsOn: First
    CreationPolicy: {ResourceSignal: {Count: 1, Timeout: PT60M}}
`

func TestABarrierHoldsAnUpdateUntilItIsSignalled(t *testing.T) {
	for _, c := range []struct {
		name, signal, status, value string
	}{
		{"success commits", "SUCCESS", "UPDATE_COMPLETE", "r2"},
		{"failure rolls back", "FAILURE", "UPDATE_ROLLBACK_COMPLETE", "r1"},
		{"silence rolls back after the timeout", "", "UPDATE_ROLLBACK_COMPLETE", "r1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			before := strings.Split(barrier, "  LockstepBarrierR2")[0]
			r.cfn("CreateStack", "StackName", "app", "TemplateBody", strings.Replace(before, "r2", "r1", 1))
			r.settle()
			r.cfn("UpdateStack", "StackName", "app", "TemplateBody", barrier)
			r.clock.Advance(30 * time.Minute)
			if got := r.status("app"); got != "UPDATE_IN_PROGRESS" || r.parameter("/app/first") != "r2" {
				t.Fatalf("parked: %s with %q", got, r.parameter("/app/first"))
			}
			if c.signal != "" {
				r.cfn("SignalResource", "StackName", "app", "LogicalResourceId", "LockstepBarrierR2", "UniqueId", "u1", "Status", c.signal)
			}
			r.settle()
			if got := r.status("app"); got != c.status || r.parameter("/app/first") != c.value {
				t.Errorf("afterwards: %s with %q, want %s with %q", got, r.parameter("/app/first"), c.status, c.value)
			}
			r.refuse("ValidationError", "", "SignalResource", "StackName", "app", "LogicalResourceId", "LockstepBarrierR2", "UniqueId", "u2", "Status", "SUCCESS")
		})
	}
}

func TestReplacementMakesTheNewBeforeItDeletesTheOld(t *testing.T) {
	r := newRig(t)
	const body = `{"Resources":{"P":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/old","Type":"String","Value":"x"}}}}`
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", body)
	r.settle()
	n := len(r.history("app"))
	r.cfn("UpdateStack", "StackName", "app", "TemplateBody", strings.Replace(body, "/old", "/new", 1))
	r.settle()
	r.want("events", r.history("app")[n:], []string{"P UPDATE_IN_PROGRESS", "P UPDATE_IN_PROGRESS", "P UPDATE_COMPLETE", "P DELETE_IN_PROGRESS", "P DELETE_COMPLETE"})
	if a, b := r.parameter("/old"), r.parameter("/new"); a != "ParameterNotFound" || b != "x" {
		t.Errorf("old %q, new %q", a, b)
	}
}

func TestDeletionPolicyRetainKeepsTheResource(t *testing.T) {
	r := newRig(t)
	r.cfn("CreateStack", "StackName", "app", "TemplateBody",
		`{"Resources":{"P":{"Type":"AWS::SSM::Parameter","DeletionPolicy":"Retain","Properties":{"Name":"/keep","Type":"String","Value":"x"}}}}`)
	r.settle()
	id := r.stack("app").Value("StackId")
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status(id); got != "DELETE_COMPLETE" || r.parameter("/keep") != "x" {
		t.Errorf("%s with %q", got, r.parameter("/keep"))
	}
	if h := r.history(id); h[len(h)-1] != "P DELETE_SKIPPED" {
		t.Errorf("history %q", h)
	}
}

func TestAnOutOfBandChangeSurvivesAnUnchangedTemplate(t *testing.T) {
	r := made(t)
	if _, code := r.json("ssm", "PutParameter", map[string]any{"Name": "/app/first", "Value": "hotfix", "Overwrite": true}); code != "" {
		t.Fatal(code)
	}
	r.cfn("UpdateStack", append(release("r1"), "Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.settle()
	if got := r.parameter("/app/first"); got != "hotfix" {
		t.Errorf("the update undid the hotfix: %q", got)
	}
	out, _ := r.json("cloudcontrolapi", "GetResource", map[string]any{"TypeName": "AWS::SSM::Parameter", "Identifier": "/app/first"})
	if props := out.Object("ResourceDescription").String("Properties"); !strings.Contains(props, `"Value":"hotfix"`) {
		t.Errorf("Cloud Control sees %s", props)
	}
}

func detect(r *rig) (status string, drifts []*wire.Node) {
	r.Helper()
	id := r.cfn("DetectStackDrift", "StackName", "app").Value("StackDriftDetectionId")
	if got := r.cfn("DescribeStackDriftDetectionStatus", "StackDriftDetectionId", id).Value("DetectionStatus"); got != "DETECTION_IN_PROGRESS" {
		r.Fatalf("detection at once: %s", got)
	}
	r.settle()
	status = r.cfn("DescribeStackDriftDetectionStatus", "StackDriftDetectionId", id).Value("StackDriftStatus")
	return status, r.cfn("DescribeStackResourceDrifts", "StackName", "app").Child("StackResourceDrifts").All("member")
}

func TestDriftIsDetected(t *testing.T) {
	r := made(t)
	if status, _ := detect(r); status != "IN_SYNC" {
		t.Fatalf("untouched: %s", status)
	}
	r.json("ssm", "PutParameter", map[string]any{"Name": "/app/first", "Value": "hotfix", "Overwrite": true})
	r.json("ssm", "DeleteParameter", map[string]any{"Name": r.stack("app").Child("Outputs").Child("member").Value("OutputValue")})
	status, drifts := detect(r)
	if status != "DRIFTED" || len(drifts) != 2 {
		t.Fatalf("%s, %d rows", status, len(drifts))
	}
	d := drifts[0].Child("PropertyDifferences").Child("member")
	if drifts[0].Value("StackResourceDriftStatus") != "MODIFIED" || d.Value("PropertyPath") != "/Value" || d.Value("ExpectedValue") != "r1" || d.Value("ActualValue") != "hotfix" {
		t.Errorf("first: %s", drifts[0].Document())
	}
	if drifts[1].Value("StackResourceDriftStatus") != "DELETED" {
		t.Errorf("second: %s", drifts[1].Document())
	}
}

func TestYAMLAliasesAreRefusedWhereverATemplateIsGiven(t *testing.T) {
	const shared = `
Resources:
  First: {Type: AWS::SSM::Parameter, Properties: &shared {Type: String, Value: v}}
  Second: {Type: AWS::SSM::Parameter, Properties: `
	const aliased, anchored = shared + "*shared}\n", shared + "{Type: String, Value: w}}\n"
	const refusal = "Template error: YAML aliases are not allowed in CloudFormation templates."
	r := newRig(t)
	r.cfn("ValidateTemplate", "TemplateBody", anchored) // an anchor nobody uses does no harm
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", anchored)
	r.settle()
	r.complete("app")
	r.refuse("ValidationError", refusal, "ValidateTemplate", "TemplateBody", aliased)
	r.refuse("ValidationError", refusal, "CreateStack", "StackName", "other", "TemplateBody", aliased)
	r.refuse("ValidationError", refusal, "CreateChangeSet", "StackName", "other", "ChangeSetName", "one", "ChangeSetType", "CREATE", "TemplateBody", aliased)
	r.refuse("ValidationError", "does not exist", "DescribeStacks", "StackName", "other")
	r.refuse("ValidationError", refusal, "UpdateStack", "StackName", "app", "TemplateBody", aliased)
	r.refuse("ValidationError", refusal, "CreateChangeSet", "StackName", "app", "ChangeSetName", "two", "TemplateBody", aliased)
	if got := r.status("app"); got != "CREATE_COMPLETE" {
		t.Errorf("the refusals left the stack in %s", got)
	}
}
