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
var ruleCases = slices.Concat(releaseCases, configurationCases, otherCases, parityCases(), stateCases(), storeCases, lagCases, recoveryCases, connectionCases, worldCases(), machineCases, accountCases, taskCases, serverCases, partitionCases, writeCases, plannedImageCases, settingCases)

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
	if len(count) != 95 {
		t.Errorf("%d rules, want 95", len(count))
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
	asked := []string{"CAP-05", "CAP-06", "DAT-13"} // apply only where they are asked for
	for _, c := range a.Checks {
		if rule, _ := Find(c.Rule); c.Status != Pass && rule.Level(topology.WarmStandby) != LevelOff && (c.Status != NotApplicable || !slices.Contains(asked, c.Rule)) {
			t.Errorf("%s is %s: %s", c.Rule, c.Status, c.Evidence)
		}
	}
}
