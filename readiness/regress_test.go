package readiness

import (
	"fmt"
	"slices"
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
		{"the same value, cut off", one(func(c *Check) { c.Evidence += "…" }), one(func(c *Check) { c.Evidence += "…" }), true},
		{"it was unknown and fails", one(func(c *Check) { c.Status = Undetermined }), one(nil), true},
		{"it was unknown and is", one(func(c *Check) { c.Status = Undetermined }), one(func(c *Check) { c.Status = Undetermined }), true},
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

// What a rule of the team's own says before and after a change, which is compared
// word for word as the catalogue's is.
func TestAnOwnRuleIsARegressionUnlessItNamesItsResources(t *testing.T) {
	many := func(n int) (keys []string) {
		for i := range n {
			keys = append(keys, fmt.Sprintf("app/Q%03d", i))
		}
		return keys
	}
	denied := drift.Gap{Region: west, Resource: "app/Queue", Type: typeQueue, Operation: "sqs:GetQueueAttributes", Reason: "AccessDenied"}
	tests := []struct {
		name        string
		before, now Ruling
		bend        func(*world)
		worse       bool
	}{
		{"it names the same resource", Ruling{Broken: []string{"app/Fn"}}, Ruling{Broken: []string{"app/Fn"}}, nil, false},
		{"it names a stack", Ruling{Broken: []string{"app"}}, Ruling{Broken: []string{"app"}}, nil, false},
		{"it names the subject of a fact", Ruling{Broken: []string{"app/Fn#Code"}}, Ruling{Broken: []string{"app/Fn#Code"}}, nil, false},
		{"it names a resource less", Ruling{Broken: []string{"app/Fn", "app/Queue"}}, Ruling{Broken: []string{"app/Fn"}}, nil, false},
		{"it names a resource more", Ruling{Broken: []string{"app/Fn"}}, Ruling{Broken: []string{"app/Fn", "app/Queue"}}, nil, true},
		{"it names a resource more, beyond the first hundred", Ruling{Broken: many(100)}, Ruling{Broken: many(101)}, nil, true},
		{"it says false", Ruling{}, Ruling{}, nil, true},
		{"it names what is not there", Ruling{Broken: []string{"broken"}}, Ruling{Broken: []string{"broken"}}, nil, true},
		{"it names a resource and what is not there", Ruling{Broken: []string{"app/Fn", "broken"}}, Ruling{Broken: []string{"app/Fn", "broken"}}, nil, true},
		{"it names nothing by an empty key", Ruling{Broken: []string{""}}, Ruling{Broken: []string{""}}, nil, true},
		{"it cannot be evaluated", Ruling{Unknown: "no such key: x"}, Ruling{Unknown: "no such key: x"}, nil, true},
		{"what it reads could not be read", Ruling{Broken: []string{"app/Fn"}}, Ruling{Broken: []string{"app/Fn"}}, func(w *world) { w.gap(denied) }, true},
		{"it holds now", Ruling{}, Ruling{Holds: true}, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := healthy()
			for _, key := range many(101) {
				w.west.Resources = append(w.west.Resources, drift.Resource{Key: key, Type: "AWS::CDK::Metadata"})
			}
			if test.bend != nil {
				test.bend(w)
			}
			checks := func(r Ruling) []Check {
				w.policy.Own = []Own{ownRule(r, typeQueue)}
				return slices.DeleteFunc(w.assess().Checks, func(c Check) bool { return c.Rule != "OWN-01" })
			}
			before := checks(test.before)
			if worse := Regressions(before, checks(test.now), w.policy); (len(worse) > 0) != test.worse {
				t.Errorf("regressions %+v, want any: %v", worse, test.worse)
			}
		})
	}
}
