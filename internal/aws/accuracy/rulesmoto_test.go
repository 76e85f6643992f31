package accuracy

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/lockstep-dr/lockstep/readiness"
)

// onMoto is testdata/moto/rules.yaml.
type onMoto struct {
	Before []step            `yaml:"before"` // ahead of the stacks
	After  []step            `yaml:"after"`
	State  []inState         `yaml:"state"`
	Rules  []proof           `yaml:"rules"`
	Beyond map[string]string `yaml:"beyond"` // why moto cannot show a rule at all
}

// inState is one resource of the Terraform states that list what no stack has.
type inState struct {
	In   string         `yaml:"in"` // primary or standby; empty: both
	Type string         `yaml:"type"`
	Name string         `yaml:"name"`
	With map[string]any `yaml:"with"`
}

// proof is how one rule is made to fail.
type proof struct {
	Rule   string            `yaml:"rule"`
	Breaks []step            `yaml:"breaks"` // none: what another rule's proof does breaks it, too
	Says   string            `yaml:"says"`   // words of the failure's evidence
	Alone  string            `yaml:"alone"`  // what its failure has of its own, see TestRulesAloneOnMoto
	Cannot map[string]string `yaml:"cannot"` // why moto cannot show an outcome: pass, fail or unknown
}

func motoRules(t *testing.T) onMoto {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/moto/rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all onMoto
	if err := yaml.UnmarshalWithOptions(data, &all, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	return all
}

// simulated are the rules of which the catalogue says that moto can simulate all
// that decides them. Each has a proof.
const simulated = `REL-02 REL-05 REL-06 REL-07 CFG-02 CFG-03 CFG-04 CFG-05 CFG-06 CFG-07 CFG-08 CFG-09 CFG-10 CFG-12
CAP-01 CAP-02 CAP-03 CAP-04 CAP-09 CAP-11 DAT-02 DAT-03 DAT-05 DAT-08 DAT-10 NET-01 NET-02 NET-03 NET-04 NET-05 NET-06 NET-07
SEC-01 SEC-02 SEC-03 SEC-04 SEC-06 SEC-07 SEC-08 SEC-09 SEC-10 ART-01 ART-03 ART-04 ART-05 ART-06 ART-07
RTE-01 RTE-02 RTE-04 RTE-05 RTE-06 BKP-03 OBS-01 OBS-02 OBS-03`

// TestEveryRuleThatMotoSimulatesIsProvedOnIt counts: no rule may be left out
// without a reason, and none may have two.
func TestEveryRuleThatMotoSimulatesIsProvedOnIt(t *testing.T) {
	all := motoRules(t)
	proofs := map[string]int{}
	for _, p := range all.Rules {
		proofs[p.Rule]++
		for outcome, why := range p.Cannot {
			if !slices.Contains([]string{"pass", "fail", "unknown"}, outcome) || why == "" {
				t.Errorf("%s: cannot %q: %q", p.Rule, outcome, why)
			}
		}
		if p.Says == "" && p.Cannot["fail"] == "" {
			t.Errorf("%s: the table does not say what its failure says", p.Rule)
		}
	}
	for _, id := range strings.Fields(simulated) {
		if proofs[id] == 0 {
			t.Errorf("%s has no proof, and moto can simulate it", id)
		}
	}
	for _, rule := range readiness.Rules() {
		if proved, beyond := proofs[rule.ID], all.Beyond[rule.ID]; proved > 1 || (proved == 1) == (beyond != "") {
			t.Errorf("%s has %d proofs, and is beyond moto because of %q", rule.ID, proved, beyond)
		}
		delete(proofs, rule.ID)
		delete(all.Beyond, rule.ID)
	}
	if len(proofs)+len(all.Beyond) > 0 {
		t.Errorf("these are no rules: %v %v", proofs, all.Beyond)
	}
}

// TestRulesOnMoto proves every rule that moto can show: it passes on two Regions
// of one source, is unknown when what it needs is denied, and fails of what breaks
// it, with evidence that names it.
func TestRulesOnMoto(t *testing.T) {
	all := motoRules(t)
	w := newRulesOnMoto(t, all)
	w.tape.record()
	ready := w.judged(all)
	for _, p := range all.Rules {
		t.Run(p.Rule+" passes", func(t *testing.T) {
			possible(t, p, "pass")
			if found := ready.of(p.Rule); len(found) != 1 || found[0].Status != readiness.Pass {
				t.Errorf("got %s", shown(found))
			}
		})
		t.Run(p.Rule+" is unknown", func(t *testing.T) {
			possible(t, p, "unknown")
			rule, _ := readiness.Find(p.Rule)
			w.tape.deny(rule.Actions()...)
			found := w.judged(all).of(p.Rule)
			if !slices.ContainsFunc(found, func(c readiness.Check) bool { return c.Status == readiness.Undetermined && len(c.Missing) > 0 }) {
				t.Errorf("got %s", shown(found))
			}
		})
	}
	w.tape.forget()
	for _, p := range all.Rules {
		w.do(p.Breaks...)
	}
	broken := w.judged(all)
	for _, p := range all.Rules {
		if p.Alone != "" {
			continue
		}
		t.Run(p.Rule+" fails", func(t *testing.T) {
			possible(t, p, "fail")
			found := broken.of(p.Rule)
			if !slices.ContainsFunc(found, func(c readiness.Check) bool {
				return c.Status == readiness.Fail && strings.Contains(c.Evidence, p.Says)
			}) {
				t.Errorf("no failure says %q: %s", p.Says, shown(found))
			}
		})
	}
}

// possible skips an outcome that moto cannot show.
func possible(t *testing.T, p proof, outcome string) {
	t.Helper()
	if why := p.Cannot[outcome]; why != "" {
		t.Skip("beyond moto: " + why)
	}
}

type judgement readiness.Assessment

func (j judgement) of(rule string) []readiness.Check {
	return slices.DeleteFunc(slices.Clone(j.Checks), func(c readiness.Check) bool { return c.Rule != rule })
}

func shown(checks []readiness.Check) string {
	var lines []string
	for _, c := range checks {
		lines = append(lines, string(c.Status)+" ("+string(c.Severity)+"): "+c.Evidence)
	}
	return strings.Join(lines, "\n")
}
