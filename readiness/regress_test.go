package readiness

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestWhatIsARegression(t *testing.T) {
	check := func(change func(*Check)) Check {
		c := Check{Rule: "CFG-03", Status: Fail, Severity: drift.Block, Region: west, Resources: []string{"app/Fn"}, Evidence: "app/Fn: Runtime is a in us-east-1 and b in us-west-2"}
		if change != nil {
			change(&c)
		}
		return c
	}
	one := func(change func(*Check)) []Check { return []Check{check(change)} }
	tests := []struct {
		name        string
		before, now []Check
		worse       bool
	}{
		{"the same failure", one(nil), one(nil), false},
		{"nothing before", nil, one(nil), true},
		{"nothing now", one(nil), nil, false},
		{"another rule", one(func(c *Check) { c.Rule = "CFG-04" }), one(nil), true},
		{"another Region", one(func(c *Check) { c.Region = "eu-west-1" }), one(nil), true},
		{"the same resource for another reason", one(nil), one(func(c *Check) { c.Evidence += "\napp/Fn: Timeout is 3 in us-east-1 and 1 in us-west-2" }), true},
		{"a resource more", one(nil), one(func(c *Check) { c.Resources = []string{"app/Fn", "app/Other"} }), true},
		{"a resource less", one(func(c *Check) { c.Resources = []string{"app/Fn", "app/Other"} }), one(nil), false},
		{"a reason less", one(func(c *Check) { c.Evidence += "\nand more" }), one(nil), false},
		{"it was unknown and fails", one(func(c *Check) { c.Status = Undetermined }), one(nil), true},
		{"it failed and is unknown", one(nil), one(func(c *Check) { c.Status = Undetermined }), true},
		{"it was waived", one(func(c *Check) { c.Status = Waived }), one(nil), true},
		{"it warned", one(func(c *Check) { c.Severity = drift.Warn }), one(nil), true},
		{"it only warns now", nil, one(func(c *Check) { c.Severity = drift.Warn }), false},
		{"it passes now", nil, one(func(c *Check) { c.Status = Pass }), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if worse := Regressions(test.before, test.now, Policy{}); (len(worse) > 0) != test.worse {
				t.Errorf("regressions %+v, want any: %v", worse, test.worse)
			}
		})
	}
	t.Run("an unknown that the policy tolerates is none", func(t *testing.T) {
		unknown := one(func(c *Check) { c.Status = Undetermined })
		if worse := Regressions(nil, unknown, Policy{Unknown: LevelWarn}); len(worse) != 0 {
			t.Errorf("%+v", worse)
		}
		if worse := Regressions(nil, unknown, Policy{}); len(worse) != 1 {
			t.Errorf("%+v", worse)
		}
	})
}
