package awssim

import (
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// changeSet makes a change set, lets it be computed and returns its description.
func (r *rig) changeSet(name string, pairs ...string) *wire.Node {
	r.Helper()
	id := r.cfn("CreateChangeSet", append([]string{"StackName", "app", "ChangeSetName", name}, pairs...)...).Value("Id")
	r.clock.Advance(time.Minute)
	return r.cfn("DescribeChangeSet", "ChangeSetName", id, "IncludePropertyValues", "true")
}

func (r *rig) changes(set *wire.Node) map[string]*wire.Node {
	out := map[string]*wire.Node{}
	for _, m := range set.Child("Changes").All("member") {
		c := m.Child("ResourceChange")
		out[c.Value("LogicalResourceId")] = c
	}
	return out
}

func TestAChangeSetCreatesAStack(t *testing.T) {
	r := newRig(t)
	r.refuse("ValidationError", "Stack [app] does not exist", "CreateChangeSet", "StackName", "app", "ChangeSetName", "one", "TemplateBody", twoParameters)
	id := r.cfn("CreateChangeSet", "StackName", "app", "ChangeSetName", "one", "ChangeSetType", "CREATE", "TemplateBody", twoParameters, "ClientToken", "t").Value("Id")
	if got := r.cfn("DescribeChangeSet", "StackName", "app", "ChangeSetName", "one").Value("Status"); got != "CREATE_PENDING" {
		t.Errorf("at once: %s", got)
	}
	again := r.cfn("CreateChangeSet", "StackName", "app", "ChangeSetName", "one", "ChangeSetType", "CREATE", "TemplateBody", twoParameters, "ClientToken", "t").Value("Id")
	if again != id {
		t.Errorf("the same token gave %s and %s", id, again)
	}
	r.refuse("AlreadyExistsException", "", "CreateChangeSet", "StackName", "app", "ChangeSetName", "one", "ChangeSetType", "CREATE", "TemplateBody", twoParameters)
	r.clock.Advance(time.Minute)
	set := r.cfn("DescribeChangeSet", "ChangeSetName", id)
	if set.Value("Status") != "CREATE_COMPLETE" || set.Value("ExecutionStatus") != "AVAILABLE" {
		t.Fatalf("computed: %s", set.Document())
	}
	if ch := r.changes(set); len(ch) != 2 || ch["First"].Value("Action") != "Add" || ch["Third"] != nil {
		t.Errorf("changes: %s", set.Document())
	}
	if got := r.status("app"); got != "REVIEW_IN_PROGRESS" {
		t.Errorf("stack: %s", got)
	}
	r.cfn("ExecuteChangeSet", "ChangeSetName", id, "ClientRequestToken", "go")
	r.cfn("ExecuteChangeSet", "ChangeSetName", id, "ClientRequestToken", "go") // a retry
	r.refuse("InvalidChangeSetStatus", "EXECUTE_IN_PROGRESS", "ExecuteChangeSet", "ChangeSetName", id)
	r.settle()
	r.want("stack", r.statuses("app"), []string{"REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"})
	if r.stack("app").Value("ChangeSetId") != id {
		t.Error("the stack does not name its change set")
	}
	r.refuse("ValidationError", "already exists and cannot be created again with the changeSet [two]", "CreateChangeSet", "StackName", "app", "ChangeSetName", "two", "ChangeSetType", "CREATE", "TemplateBody", twoParameters)
}

func TestOnStackFailureDeleteRemovesAStackThatCannotBeCreated(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.FailResource, LogicalID: "Second"})
	set := r.changeSet("one", "ChangeSetType", "CREATE", "TemplateBody", twoParameters, "OnStackFailure", "DELETE")
	r.cfn("ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.settle()
	if got := r.status(set.Value("StackId")); got != "DELETE_COMPLETE" {
		t.Errorf("stack: %s", got)
	}
}

func TestAChangeSetWithoutChangesFails(t *testing.T) {
	r := made(t)
	set := r.changeSet("none", release("r1")[2:]...)
	if set.Value("Status") != "FAILED" || set.Value("ExecutionStatus") != "UNAVAILABLE" ||
		set.Value("StatusReason") != "The submitted information didn't contain changes. Submit different information to create a change set." {
		t.Errorf("%s", set.Document())
	}
	r.refuse("InvalidChangeSetStatus", "[FAILED]", "ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.cfn("DeleteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.refuse("ChangeSetNotFound", "ChangeSet [none] does not exist", "DescribeChangeSet", "StackName", "app", "ChangeSetName", "none")
}

func TestAChangeSetSaysWhatWouldChangeAndWhy(t *testing.T) {
	r := made(t)
	body := strings.Replace(twoParameters, "{Type: String, Value: !Sub", "{Name: /app/second, Type: String, Value: !Sub", 1)
	set := r.changeSet("two", "TemplateBody", body, "Parameters.member.1.ParameterKey", "Release", "Parameters.member.1.ParameterValue", "r2")
	ch := r.changes(set)
	first := ch["First"]
	d := first.Child("Details").Child("member")
	target := d.Child("Target")
	if first.Value("Action") != "Modify" || first.Value("Replacement") != "False" || target.Value("Path") != "/Properties/Value" ||
		target.Value("BeforeValue") != "r1" || target.Value("AfterValue") != "r2" || target.Value("RequiresRecreation") != "Never" ||
		d.Value("ChangeSource") != "ParameterReference" || d.Value("CausingEntity") != "Release" {
		t.Errorf("first: %s", first.Document())
	}
	if second := ch["Second"]; second.Value("Replacement") != "True" || second.Value("PolicyAction") != "ReplaceAndDelete" {
		t.Errorf("second: %s", second.Document())
	}
	if !strings.Contains(first.Value("BeforeContext"), `"Value":"r1"`) || !strings.Contains(first.Value("AfterContext"), `"Value":"r2"`) {
		t.Errorf("contexts: %s", first.Document())
	}
	if got := r.parameter("/app/first"); got != "r1" {
		t.Errorf("a plan changed the resource to %q", got)
	}
}

func TestAChangeSetIsObsoleteOnceTheStackHasChanged(t *testing.T) {
	r := made(t)
	set := r.changeSet("late", release("r2")[2:]...)
	r.cfn("UpdateStack", release("r3")...)
	r.settle()
	if got := r.cfn("DescribeChangeSet", "ChangeSetName", set.Value("ChangeSetId")).Value("ExecutionStatus"); got != "OBSOLETE" {
		t.Errorf("execution status %s", got)
	}
	r.refuse("InvalidChangeSetStatus", "[OBSOLETE]", "ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
}

func TestExecutingAChangeSetRemovesTheOthers(t *testing.T) {
	r := made(t)
	a, b := r.changeSet("a", release("r2")[2:]...), r.changeSet("b", release("r3")[2:]...)
	r.cfn("ExecuteChangeSet", "ChangeSetName", a.Value("ChangeSetId"))
	r.settle()
	r.refuse("ChangeSetNotFound", "", "DescribeChangeSet", "ChangeSetName", b.Value("ChangeSetId"))
	if got := r.cfn("DescribeChangeSet", "ChangeSetName", a.Value("ChangeSetId")).Value("ExecutionStatus"); got != "EXECUTE_COMPLETE" {
		t.Errorf("executed: %s", got)
	}
}

func TestADriftAwareChangeSetChangesBackWhatOthersHaveChanged(t *testing.T) {
	r := made(t)
	r.json("ssm", "PutParameter", map[string]any{"Name": "/app/first", "Value": "hotfix", "Overwrite": true})
	if set := r.changeSet("plain", release("r1")[2:]...); set.Value("Status") != "FAILED" {
		t.Fatalf("an ordinary change set sees the drift: %s", set.Document())
	}
	set := r.changeSet("drift", append(release("r1")[2:], "DeploymentMode", "REVERT_DRIFT")...)
	first := r.changes(set)["First"]
	target := first.Child("Details").Child("member").Child("Target")
	if set.Value("StackDriftStatus") != "DRIFTED" || first.Value("ResourceDriftStatus") != "MODIFIED" ||
		target.Value("AfterValue") != "r1" || target.Child("Drift").Value("ActualValue") != "hotfix" {
		t.Fatalf("%s", set.Document())
	}
	r.cfn("ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.settle()
	if got := r.parameter("/app/first"); got != "r1" || r.status("app") != "UPDATE_COMPLETE" {
		t.Errorf("%s with %q", r.status("app"), got)
	}
}

func TestADriftAwareUpdateThatFailsRestoresWhatWasReallyThere(t *testing.T) {
	r := made(t, Fault{Effect: fault.FailResource, LogicalID: "Third"})
	r.json("ssm", "PutParameter", map[string]any{"Name": "/app/first", "Value": "hotfix", "Overwrite": true})
	set := r.changeSet("drift", append(release("r1")[2:], "DeploymentMode", "REVERT_DRIFT",
		"Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")...)
	r.cfn("ExecuteChangeSet", "ChangeSetName", set.Value("ChangeSetId"))
	r.settle()
	if got := r.parameter("/app/first"); got != "hotfix" || r.status("app") != "UPDATE_ROLLBACK_COMPLETE" {
		t.Errorf("%s with %q", r.status("app"), got)
	}
}

func TestBadSubmissionsAreRefusedBeforeAnythingHappens(t *testing.T) {
	role := `{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"RoleName":"x","AssumeRolePolicyDocument":{}}}}}`
	for _, c := range []struct{ name, code, text, key, value string }{
		{"no template", "ValidationError", "Either Template URL or Template Body must be specified", "Description", "x"},
		{"not YAML", "ValidationError", "Template format error", "TemplateBody", "{"},
		{"no resources", "ValidationError", "Resources member", "TemplateBody", "Parameters: {}"},
		{"too large", "ValidationError", "51200", "TemplateBody", twoParameters + strings.Repeat("#", 51_200)},
		{"a reference to nothing", "ValidationError", "Nowhere", "TemplateBody", `{"Resources":{"A":{"Type":"AWS::SSM::Parameter","Properties":{"Value":{"Ref":"Nowhere"}}}}}`},
		{"a missing parameter", "ValidationError", "must have values", "TemplateBody", `{"Parameters":{"P":{"Type":"String"}},"Resources":{"A":{"Type":"AWS::SSM::Parameter"}}}`},
		{"a named role without the capability", "InsufficientCapabilitiesException", "CAPABILITY_NAMED_IAM", "TemplateBody", role},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.refuse(c.code, c.text, "CreateStack", "StackName", "app", c.key, c.value)
			r.refuse(c.code, c.text, "CreateChangeSet", "StackName", "app", "ChangeSetName", "cs", "ChangeSetType", "CREATE", c.key, c.value)
			r.refuse("ValidationError", "does not exist", "DescribeStacks", "StackName", "app")
		})
	}
}

func TestPreviousValuesAndTemplatesAreReused(t *testing.T) {
	r := made(t)
	r.cfn("UpdateStack", release("r2")...)
	r.settle()
	set := r.changeSet("prev", "UsePreviousTemplate", "true", "Parameters.member.1.ParameterKey", "Release", "Parameters.member.1.UsePreviousValue", "true",
		"Parameters.member.2.ParameterKey", "Extra", "Parameters.member.2.ParameterValue", "with")
	if ch := r.changes(set); len(ch) != 1 || ch["Third"] == nil {
		t.Errorf("%s", set.Document())
	}
	if got := r.cfn("GetTemplate", "StackName", "app").Value("TemplateBody"); got != twoParameters {
		t.Errorf("the template comes back changed: %q", got)
	}
}

func TestAccountsAndRegionsAreSeparate(t *testing.T) {
	r := made(t)
	east := *r
	east.region = "us-east-1"
	east.refuse("ValidationError", "does not exist", "DescribeStacks", "StackName", "app")
	other := *r
	other.key = "OTHER"
	other.refuse("ValidationError", "does not exist", "DescribeStacks", "StackName", "app")
	if id := r.stack("app").Value("StackId"); !strings.HasPrefix(id, "arn:aws:cloudformation:eu-west-1:111111111111:stack/app/") {
		t.Errorf("stack id %s", id)
	}
}

func TestExportsCannotBeDeletedWhileImported(t *testing.T) {
	r := made(t)
	const user = `{"Resources":{"U":{"Type":"AWS::SSM::Parameter","Properties":{"Name":"/user","Type":"String","Value":{"Fn::ImportValue":"app-second"}}}}}`
	r.cfn("CreateStack", "StackName", "user", "TemplateBody", user)
	r.settle()
	if got := r.parameter("/user"); !strings.HasPrefix(got, "app-Second-") {
		t.Errorf("imported %q", got)
	}
	if got := r.cfn("ListImports", "ExportName", "app-second").Child("Imports").Value("member"); got != "user" {
		t.Errorf("imported by %q", got)
	}
	r.cfn("DeleteStack", "StackName", "app")
	r.settle()
	if got := r.status("app"); got != "CREATE_COMPLETE" {
		t.Errorf("the exporting stack: %s", got)
	}
	r.cfn("CreateStack", "StackName", "lost", "TemplateBody", strings.ReplaceAll(strings.Replace(user, "app-second", "nowhere", 1), "/user", "/lost"))
	r.settle()
	if got := r.status("lost"); got != "ROLLBACK_COMPLETE" || !strings.Contains(r.reasons("lost"), "No export named nowhere found.") {
		t.Errorf("%s: %s", got, r.reasons("lost"))
	}
}
