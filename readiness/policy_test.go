package readiness

import (
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func failing(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") }

// waive is a policy of one waiver, until December unless it says otherwise.
func waive(w drift.Waiver) Policy {
	w.Reason = "accepted"
	if w.Until == (drift.Date{}) {
		w.Until = day("2026-12-01")
	}
	return Policy{Waivers: []drift.Waiver{w}}
}

type policyCase struct {
	name   string
	bend   func(*world)
	policy Policy
	want   Verdict
}

func TestWaivers(t *testing.T) {
	tests := []policyCase{
		{"the rule on the resource", failing, waive(drift.Waiver{Resource: "app/Alarm", Property: "rule:OBS-02"}), Ready},
		{"the rule on a pattern", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02"}), Ready},
		{"the rule in this Region", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02", Region: west}), Ready},
		{"until today", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02", Until: day("2026-11-22")}), Ready},
		{"until yesterday", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02", Until: day("2026-11-21")}), NotReady},
		{"the rule in another Region", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02", Region: "eu-west-1"}), NotReady},
		{"the rule everywhere", failing, waive(drift.Waiver{Resource: "*", Property: "rule:OBS-02"}), Ready},
		{"any property everywhere does not reach below a stack", failing, waive(drift.Waiver{Resource: "*", Property: "*"}), NotReady},
		{"another rule", failing, waive(drift.Waiver{Resource: "app/*", Property: "rule:CFG-03"}), NotReady},
		{"another resource", failing, waive(drift.Waiver{Resource: "app/Other", Property: "rule:OBS-02"}), NotReady},
		{"a malformed pattern", failing, waive(drift.Waiver{Resource: "[", Property: "rule:OBS-02"}), NotReady},
		{"any property does not accept a state", failing, waive(drift.Waiver{Resource: "app/Alarm", Property: "*"}), NotReady},
		{"the property of what the rule found by itself", func(w *world) {
			w.resource(&w.west, "app/Fn").Properties["CodeSha256"] = "0ld"
			w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"CodeSha256": "c0de"})
		}, waive(drift.Waiver{Resource: "app/Fn", Property: "CodeSha256"}), Ready},
		{"an unknown only by naming the rule", func(w *world) {
			w.deniedFact(drift.FactAlarmState, "app/Alarm", "cloudwatch:DescribeAlarms")
		}, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02"}), Ready},
		{"an unknown not by a property", func(w *world) {
			w.deniedFact(drift.FactAlarmState, "app/Alarm", "cloudwatch:DescribeAlarms")
		}, waive(drift.Waiver{Resource: "app/*", Property: "*"}), Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			test.bend(w)
			w.policy = test.policy
			a := w.assess()
			if a.Verdict != test.want {
				t.Errorf("verdict %s, want %s\n%s", a.Verdict, test.want, dump(a, ""))
			}
			if len(a.Waivers) != 1 || a.Waivers[0].Matched != (test.want == Ready) {
				t.Errorf("waivers %+v, want one, matched: %v", a.Waivers, test.want == Ready)
			}
		})
	}
}

func TestWaiversOfTheConfigurationAndOfNoTime(t *testing.T) {
	t.Run("drift accepted in the configuration accepts what a rule found by itself", func(t *testing.T) {
		w := healthy()
		w.resource(&w.west, "app/Parameter").Properties["Value"] = "arn:aws:sqs:us-east-1:1:q"
		w.compared.Waivers = []drift.WaiverUse{{Waiver: drift.Waiver{Resource: "app/Parameter", Property: "Value", Reason: "x", Until: day("2027-01-01")}}}
		if a := w.assess(); a.Verdict != Ready || !a.Waivers[0].Matched {
			t.Errorf("verdict %s, waivers %+v", a.Verdict, a.Waivers)
		}
	})
	t.Run("without a clock nothing is waived", func(t *testing.T) {
		w := healthy()
		failing(w)
		e := w.evidence()
		e.Now = time.Time{}
		if a := Assess(e, waive(drift.Waiver{Resource: "app/*", Property: "rule:OBS-02"})); a.Verdict != NotReady {
			t.Errorf("verdict %s", a.Verdict)
		}
	})
}

func TestPolicyDecidesHowHardRulesBite(t *testing.T) {
	tests := []policyCase{
		{"a blocking rule turned down", func(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") },
			Policy{Rules: map[string]Level{"OBS-02": LevelWarn}}, Ready},
		{"a blocking rule turned off", func(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") },
			Policy{Rules: map[string]Level{"OBS-02": LevelOff}}, Ready},
		{"a warning turned up", func(w *world) { w.west.Stacks[0].TemplateDigest = "sha256:bb" },
			Policy{Rules: map[string]Level{"REL-06": LevelBlock}}, NotReady},
		{"unknown tolerated", func(w *world) { w.forget(&w.west, drift.FactKeyState) }, Policy{Unknown: LevelWarn}, Ready},
		{"a failure is not an unknown", func(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") },
			Policy{Unknown: LevelWarn}, NotReady},
		{"a strategy that has no running standby, taken seriously all the same", func(w *world) {
			w.strategy = topology.BackupRestore
			w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM")
		}, Policy{Rules: map[string]Level{"OBS-02": LevelBlock}}, NotReady},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			test.bend(w)
			w.policy = test.policy
			if a := w.assess(); a.Verdict != test.want {
				t.Errorf("verdict %s, want %s\n%s", a.Verdict, test.want, dump(a, ""))
			}
		})
	}
}

// What a rule would have judged under another strategy is still a difference: the
// guard has it.
func TestARuleThatDoesNotApplyKeepsNoDifferenceFromBlocking(t *testing.T) {
	w := healthy()
	w.find(drift.Finding{Resource: "app/Aurora", Type: typeDBCluster, Property: "EnableGlobalWriteForwarding", Severity: drift.Block, Message: "differs"})
	a := Assess(w.evidence(), Policy{})
	if a.Verdict != NotReady {
		t.Errorf("verdict is %s with a blocking difference that DAT-15 looks at only under active-active\n%s", a.Verdict, dump(a, ""))
	}
}
