package awssim

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// script sends a request to a control endpoint.
func (r *rig) script(method, path, body string) (int, map[string]any) {
	r.Helper()
	w := httptest.NewRecorder()
	r.cloud.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		r.Fatalf("%s %s: %v in %s", method, path, err, w.Body)
	}
	return w.Code, out
}

func TestFaultsAreScriptedFromAnotherProcess(t *testing.T) {
	r := newRig(t)
	status, out := r.script("POST", "/_lockstep/faults", `{"id":"f1","effect":"access-denied","service":"ssm","resource":"arn:x"}`)
	if status != 200 || out["ids"].([]any)[0] != "f1" {
		t.Fatalf("%d %v", status, out)
	}
	if status, out = r.script("POST", "/_lockstep/faults", "- {effect: throttle, service: sts, from: 2}\n- {effect: latency, delay: 2s}"); status != 200 || len(out["ids"].([]any)) != 2 {
		t.Fatalf("%d %v", status, out)
	}
	for _, bad := range []string{`{"effect":"nonsense"}`, `{"effect":"error","statsu":500}`, `{"effect":"latency","delay":"soon"}`, ``, `3`} {
		if status, out := r.script("POST", "/_lockstep/faults", bad); status != 400 || out["error"] == "" {
			t.Errorf("%s: %d %v", bad, status, out)
		}
	}
	before := r.clock.Now()
	e, code := r.json("ssm", "GetParameter", map[string]any{"Name": "/a"})
	if code != "AccessDeniedException" || e["message"] != "User: arn:aws:iam::111111111111:user/simulated is not authorized to perform: ssm:GetParameter on resource: arn:x because no identity-based policy allows the ssm:GetParameter action" {
		t.Errorf("%s %v", code, e)
	}
	if took := r.clock.Now().Sub(before); took != 2*time.Second {
		t.Errorf("the call took %s", took)
	}
	if _, code := r.query("sts", "GetCallerIdentity"); code != "" {
		t.Errorf("first call: %s", code)
	}
	if _, code := r.query("sts", "GetCallerIdentity"); code != "Throttling" {
		t.Errorf("second call: %s", code)
	}
	if status, _ := r.script("DELETE", "/_lockstep/faults/f1", ""); status != 200 {
		t.Errorf("removed: %d", status)
	}
	if status, _ := r.script("DELETE", "/_lockstep/faults/f1", ""); status != 404 {
		t.Errorf("removed twice: %d", status)
	}
	if got := r.parameter("/a"); got != "ParameterNotFound" {
		t.Errorf("without the fault: %s", got)
	}
	_, ledger := r.script("GET", "/_lockstep/calls", "")
	if calls := ledger["calls"].([]any); len(calls) != 4 || calls[0].(map[string]any)["code"] != "AccessDeniedException" {
		t.Errorf("%v", ledger["calls"])
	}
	if counts := ledger["counts"].([]any); len(counts) != 2 || counts[1].(map[string]any)["failed"] != 1.0 {
		t.Errorf("%v", ledger["counts"])
	}
	if r.script("POST", "/_lockstep/reset", ""); len(r.cloud.Calls()) != 0 || len(r.cloud.faults.List()) != 0 {
		t.Error("the reset left something")
	}
	if status, _ := r.script("GET", "/_lockstep/nowhere", ""); status != 404 {
		t.Errorf("nowhere: %d", status)
	}
}

func TestStaleReadsDoNotSeeTheLastWrite(t *testing.T) {
	r := newRig(t, Fault{Effect: fault.Stale, Delay: fault.Duration(time.Minute), Operation: "GetParameter"})
	r.json("ssm", "PutParameter", map[string]any{"Name": "/a", "Value": "1", "Type": "String"})
	if got := r.parameter("/a"); got != "ParameterNotFound" {
		t.Errorf("at once: %s", got)
	}
	r.clock.Advance(2 * time.Minute)
	r.json("ssm", "PutParameter", map[string]any{"Name": "/a", "Value": "2", "Overwrite": true})
	if got := r.parameter("/a"); got != "1" {
		t.Errorf("after the second write: %s", got)
	}
	r.clock.Advance(2 * time.Minute)
	if got := r.parameter("/a"); got != "2" {
		t.Errorf("later: %s", got)
	}
}

func TestAScenarioSetsTheSceneAndEditsItLater(t *testing.T) {
	o, err := ReadScenario([]byte(`
seed: 7
latency: 1s
accounts: {PROD: "333333333333"}
durations:
  AWS::SSM::Parameter: {create: 10m}
faults:
  - {effect: fail-resource, logicalId: Second, message: scripted}
resources:
  - region: eu-west-1
    type: AWS::SSM::Parameter
    properties: {Name: /seeded, Type: String, Value: v1}
    tags: {team: a}
edits:
  - {after: 1h, region: eu-west-1, type: AWS::SSM::Parameter, id: /seeded, set: {Value: v2}}
  - {after: 2h, region: eu-west-1, type: AWS::SSM::Parameter, id: /seeded, delete: true}
`))
	if err != nil {
		t.Fatal(err)
	}
	clk := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	o.Clock = clk
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, cloud: c, clock: clk, region: "eu-west-1", key: "AKID"}
	if got := r.parameter("/seeded"); got != "v1" {
		t.Errorf("at first %s", got)
	}
	r.cfn("CreateStack", "StackName", "app", "TemplateBody", twoParameters)
	clk.Advance(9 * time.Minute)
	if h := r.history("app"); h[len(h)-1] != "First CREATE_IN_PROGRESS" {
		t.Errorf("the scripted duration does not hold: %q", h)
	}
	clk.Advance(52 * time.Minute)
	if got := r.parameter("/seeded"); got != "v2" || !strings.Contains(r.reasons("app"), "scripted") {
		t.Errorf("an hour later %s, %s", got, r.reasons("app"))
	}
	clk.Advance(time.Hour)
	if got := r.parameter("/seeded"); got != "ParameterNotFound" {
		t.Errorf("two hours later %s", got)
	}
	if status, _ := r.script("POST", "/_lockstep/edits", "{region: eu-west-1, type: AWS::SSM::Parameter, id: /seeded, set: {Value: v3}}"); status != 400 {
		t.Errorf("an edit of nothing: %d", status)
	}
	for _, bad := range []string{"sped: 3", "faults: [{effect: x}]\nspeed: [", "latency: fast"} {
		if _, err := ReadScenario([]byte(bad)); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestTheSimulatorListensOnLoopbackOnlyAndSaysWhatItIs(t *testing.T) {
	c, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "example.com:80", "nonsense"} {
		if err := c.Serve(t.Context(), addr, ServeOptions{}); err == nil {
			t.Errorf("listened on %q", addr)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var said strings.Builder
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- c.Serve(ctx, "127.0.0.1:0", ServeOptions{Log: &said, Ready: func(url string) { ready <- url }})
	}()
	resp, err := http.Get(<-ready + "/_lockstep/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(string(body), "SIMULATION") || !strings.Contains(said.String(), "SIMULATION") {
		t.Errorf("%v %s %s", err, body, &said)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestLimitsThrottleAsAWSDoes(t *testing.T) {
	clk := clock.NewManual(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	c, err := New(Options{Clock: clk, Limits: true})
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, cloud: c, clock: clk, region: "eu-west-1", key: "AKID"}
	refused := func() (n int) {
		for range 20 {
			if _, code := r.query("cloudformation", "DescribeStacks"); code == "Throttling" {
				n++
			}
		}
		return n
	}
	if n := refused(); n != 10 {
		t.Errorf("%d of 20 refused, want 10", n)
	}
	r.region = "us-east-1" // has a bucket of its own
	if n := refused(); n != 10 {
		t.Errorf("%d of 20 refused in the other Region, want 10", n)
	}
	clk.Advance(time.Second)
	if n := refused(); n != 15 {
		t.Errorf("%d of 20 refused a second later, want 15", n)
	}
}
