package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

const (
	pushed = `{"ref":"refs/heads/main","before":"1111111111111111111111111111111111111111","after":"2222222222222222222222222222222222222222"}`
	pulled = `{"action":"synchronize","number":12,"pull_request":{"number":12,
		"head":{"sha":"3333333333333333333333333333333333333333","ref":"topic","repo":{"full_name":"acme/payments"}},
		"base":{"sha":"1111111111111111111111111111111111111111","ref":"main","repo":{"full_name":"acme/payments"}}}}`
	queued = `{"action":"checks_requested","merge_group":{"head_sha":"4444444444444444444444444444444444444444","base_sha":"1111111111111111111111111111111111111111",
		"head_ref":"refs/heads/gh-readonly-queue/main/pr-12-1111111111111111111111111111111111111111","base_ref":"refs/heads/main"}}`
)

// TestTheExampleWorkflows runs the workflows of examples/workflows, as they are,
// through the life of a release: deployed on a push, judged on a pull request and
// in the merge queue, broken in the standby by hand, blocked.
func TestTheExampleWorkflows(t *testing.T) {
	need(t, "act", "docker", "aws")
	endpoint := simulator(t)
	a := newActions(t, endpoint)

	r := a.run("deploy.yml", "push", pushed)
	r.expect(t, "success", map[string]string{"outcome": "done"})
	if !strings.HasPrefix(r.outputs["release"], "r-") {
		t.Errorf("output release is %q", r.outputs["release"])
	}
	if t.Failed() {
		t.FailNow()
	}

	r = a.run("gate.yml", "pull_request", pulled)
	r.expect(t, "success", map[string]string{"verdict": "ready", "blocking-count": "0", "drift-count": "0"})
	first := gatesComment(t, a)
	if said := predictionsComment(t, a); !strings.Contains(said.Body, "templates") {
		t.Errorf("what the merge would do:\n%s", said.Body)
	}
	if !strings.Contains(first.Body, "us-west-2") || r.outputs["comment-url"] == "" {
		t.Errorf("comment:\n%s\noutput comment-url %q", first.Body, r.outputs["comment-url"])
	}

	r = a.run("gate.yml", "merge_group", queued)
	r.expect(t, "success", map[string]string{"verdict": "ready"})
	if c := gatesComment(t, a); c != first {
		t.Errorf("the merge queue changed the comment:\n%s", c.Body)
	}

	// As docs/local.md runs it: act makes up the event.
	r = a.run("gate.yml", "pull_request", `{}`)
	r.expect(t, "success", map[string]string{"verdict": "ready"})

	breakTheStandby(t, a.workspace, awsEnvironment(endpoint))
	r = a.run("gate.yml", "pull_request", pulled)
	r.expect(t, "failure", map[string]string{"verdict": "not-ready", "drift-count": "2"})
	if r.outputs["blocking-count"] == "0" {
		t.Errorf("outputs %v: nothing blocks", r.outputs)
	}
	if c := gatesComment(t, a); c.ID != first.ID || c.Body == first.Body || !strings.Contains(c.Body, "MemorySize") {
		t.Errorf("the comment was not updated in place:\n%s", c.Body)
	}

	r = a.run("gate.yml", "merge_group", queued)
	r.expect(t, "failure", map[string]string{"verdict": "not-ready"})

	r = a.run("drift.yml", "schedule", `{}`)
	r.expect(t, "failure", map[string]string{"drift-count": "2", "report-path": "lockstep-drift.json"})

	// The gate has set the status on both commits; the schedule has nothing to add.
	told := a.github.Statuses()
	last := map[string]string{}
	for _, status := range told {
		last[status.SHA] = status.Context + " " + status.State
	}
	for _, commit := range []string{strings.Repeat("3", 40), strings.Repeat("4", 40)} {
		if last[commit] != "lockstep/standby failure" {
			t.Errorf("statuses %+v, want a failure last on %s", told, commit)
		}
	}
	r = a.run("watch.yml", "schedule", `{}`)
	r.expect(t, "failure", map[string]string{"verdict": "not-ready"})
	if again := a.github.Statuses(); len(again) != len(told) {
		t.Errorf("watch set %+v again", again[len(told):])
	}
	if issues := a.github.Issues(); len(issues) != 1 || issues[0].State != "open" {
		t.Errorf("issues %+v, want an open one", issues)
	}
}

// TestTheExampleWorkflowsOnMoto is the same on an AWS that nobody here wrote.
func TestTheExampleWorkflowsOnMoto(t *testing.T) {
	need(t, "act", "docker", "aws", "moto_server")
	endpoint := moto(t)
	a := newActions(t, endpoint, "AWS_MAX_ATTEMPTS=2", "LOCKSTEP_CREATE_DIRECTLY=1", "LOCKSTEP_CLOUDWATCH_PROTOCOL=json")

	r := a.run("deploy.yml", "push", pushed)
	r.expect(t, "success", map[string]string{"outcome": "done"})
	if t.Failed() {
		t.FailNow()
	}
	before := a.run("drift.yml", "schedule", `{}`).outputs["drift-count"]
	if before != "0" {
		t.Errorf("two Regions deployed from one source show %s differences", before)
	}
	breakTheStandby(t, a.workspace, motoEnvironment(endpoint))
	r = a.run("drift.yml", "schedule", `{}`)
	r.expect(t, "failure", map[string]string{"drift-count": "2"})
}

// breakTheStandby does by hand, with the AWS CLI, what drift and gate must see:
// the standby's API gets less memory and publishes to the primary's topic.
func breakTheStandby(t *testing.T, dir string, env []string) {
	t.Helper()
	function := physicalID(t, dir, env, "us-west-2", "payments", "ApiFunction")
	topic := physicalID(t, dir, env, "us-east-1", "payments", "Events")
	lambda := func(args ...string) string {
		return must(t, dir, env, "aws", append([]string{"--region", "us-west-2", "--output", "json", "lambda"}, args...)...)
	}
	var environment struct{ Variables map[string]string }
	if err := json.Unmarshal([]byte(lambda("get-function-configuration", "--function-name", function, "--query", "Environment")), &environment); err != nil {
		t.Fatal(err)
	}
	if environment.Variables["TOPIC"] == "" || environment.Variables["TOPIC"] == topic {
		t.Fatalf("the standby's API publishes to %q", environment.Variables["TOPIC"])
	}
	environment.Variables["TOPIC"] = topic
	changed, err := json.Marshal(environment)
	if err != nil {
		t.Fatal(err)
	}
	lambda("update-function-configuration", "--function-name", function, "--memory-size", "128", "--environment", string(changed))
}

// gatesComment is what the gate says in the pull request.
func gatesComment(t *testing.T, a *actions) githubtest.Comment {
	t.Helper()
	return commentOf(t, a, "<!-- lockstep:payments -->")
}

func predictionsComment(t *testing.T, a *actions) githubtest.Comment {
	t.Helper()
	return commentOf(t, a, "<!-- lockstep:payments.predict -->")
}

// commentOf is the one comment with a marker. There are two: the gate's and that of
// the prediction.
func commentOf(t *testing.T, a *actions, marker string) githubtest.Comment {
	t.Helper()
	all := a.github.Comments()
	at := slices.IndexFunc(all, func(c githubtest.Comment) bool { return strings.HasPrefix(c.Body, marker) })
	if len(all) != 2 || at < 0 {
		for _, request := range a.github.Requests() {
			t.Logf("%s %s: %d", request.Method, request.Path, request.Status)
		}
		t.Fatalf("%d comments, want two, one of them %s", len(all), marker)
	}
	return all[at]
}

// expect checks the job, the step, act's own exit code and some outputs.
func (r run) expect(t *testing.T, result string, outputs map[string]string) {
	t.Helper()
	if r.job != result || r.step != result || (r.code == 0) != (result == "success") {
		t.Errorf("job %q, step %q, exit code %d; want %s", r.job, r.step, r.code, result)
	}
	for name, want := range outputs {
		if got := r.outputs[name]; got != want {
			t.Errorf("output %s is %q, want %q", name, got, want)
		}
	}
	if t.Failed() {
		t.Log(fmt.Sprint("log:\n", r.log))
	}
}
