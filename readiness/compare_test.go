package readiness

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// compared replaces the world's comparison by the real one.
func (w *world) comparedForReal(t *testing.T, accept ...drift.Waiver) Evidence {
	t.Helper()
	top, err := topology.New("app", topology.WarmStandby, []topology.Region{w.east.Region, w.west.Region})
	if err != nil {
		t.Fatal(err)
	}
	w.compared = drift.Compare(&w.east, &w.west, drift.Options{Topology: top, Accept: accept, Now: now})
	return w.evidence()
}

func TestWithTheRealComparison(t *testing.T) {
	leak := object{"Variables": object{"QUEUE": "https://sqs.us-east-1.amazonaws.com/1/q"}}
	tests := []struct {
		name    string
		bend    func(*world)
		accept  []drift.Waiver
		verdict Verdict
		rule    string
		status  Status
	}{
		{"alike", func(*world) {}, nil, Ready, "COVERAGE", Pass},
		{"a hand change of the code", func(w *world) { w.resource(&w.west, "app/Fn").Properties["CodeSha256"] = "0ld" }, nil, NotReady, "REL-02", Fail},
		{"a hand change of the runtime", func(w *world) { w.resource(&w.west, "app/Fn").Properties["Runtime"] = "python3.9" }, nil, NotReady, "CFG-03", Fail},
		{"a variable that points back", func(w *world) { w.resource(&w.west, "app/Fn").Properties["Environment"] = leak }, nil, NotReady, "CFG-05", Fail},
		{"a variable that points back, accepted", func(w *world) { w.resource(&w.west, "app/Fn").Properties["Environment"] = leak },
			[]drift.Waiver{{Resource: "app/Fn", Property: "Environment", Reason: "x", Until: day("2027-01-01")}}, Ready, "CFG-05", Waived},
		{"a queue that is gone", func(w *world) { w.lose("app/Queue", drift.Block) }, nil, NotReady, "CFG-08", Fail},
		{"a parameter with another value", func(w *world) { w.resource(&w.west, "app/Parameter").Properties["Value"] = "w" }, nil, NotReady, "CFG-06", Fail},
		{"a queue that cannot be read", func(w *world) { w.deny("app/Queue", "sqs:GetQueueAttributes") }, nil, Unknown, "CFG-08", Undetermined},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			test.bend(w)
			a := Assess(w.comparedForReal(t, test.accept...), Policy{})
			if a.Verdict != test.verdict || statuses(a, test.rule)[test.status] == "" {
				t.Errorf("verdict %s, want %s; %s is %v, want %s\n%s\n%+v", a.Verdict, test.verdict, test.rule, statuses(a, test.rule), test.status, dump(a, ""), w.compared.Findings)
			}
			if _, drifted := statuses(a, "DRIFT")[Fail]; drifted {
				t.Errorf("a finding was left to no rule:\n%s", dump(a, "DRIFT"))
			}
		})
	}
}

func TestAdviceForTheUnknownFitsItsReason(t *testing.T) {
	advice := func(bend func(*world)) string {
		w := healthy()
		bend(w)
		for _, c := range w.assess().Checks {
			if c.Rule == "COVERAGE" {
				return c.Fix
			}
		}
		return ""
	}
	gap := func(reason string) func(*world) {
		return func(w *world) {
			w.gap(drift.Gap{Region: west, Operation: "sts:GetCallerIdentity", Reason: reason})
		}
	}
	for name, test := range map[string]struct {
		bend      func(*world)
		says, not string
	}{
		"an endpoint that does not answer needs no permission": {gap("Unreachable"), "The endpoint of us-west-2 does not answer", "succeed"},
		"a refusal does":                          {gap("AccessDenied"), "Make sts:GetCallerIdentity succeed in us-west-2", "endpoint"},
		"where nothing is deployed, deploy":       {func(w *world) { w.compared.Coverage = drift.Coverage{} }, "correct the names of the stacks", "Grant"},
		"where a refusal explains it, say grants": {func(w *world) { w.compared.Coverage = drift.Coverage{}; gap("AccessDenied")(w) }, "Make sts:GetCallerIdentity", "names of the stacks"},
	} {
		if have := advice(test.bend); !strings.Contains(have, test.says) || strings.Contains(have, test.not) {
			t.Errorf("%s: advice is %q", name, have)
		}
	}
}
