package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// parity is a rule that the comparison answers by itself: resources of some
// types must be alike in some of their properties. It is data; all such rules
// share one predicate.
type parity struct {
	id, title, why, source, fix string
	severity                    drift.Severity
	// noun and holds are the evidence of a rule that passes: "3 alarms: ...".
	noun, holds string
	types       []string
	// properties that the rule owns; without any it owns all of them.
	properties []string
	// least raises a difference that the comparison takes more lightly, unless
	// it is cosmetic.
	least drift.Severity
	// existence says that the rule also fails for a resource that the standby
	// lacks. Otherwise that is CFG-02's to say, unless there is nothing else to
	// look at.
	existence  bool
	actions    []string
	strategies strategyLevels
}

func (p parity) rule() Rule {
	return Rule{
		ID: p.id, Title: p.title, Why: p.why, Source: p.source, Fix: p.fix, Severity: p.severity, Strategies: p.strategies,
		Needs:    []Need{{Types: p.types, Properties: p.properties, Actions: p.actions}},
		compares: true, check: p.check,
	}
}

func (p parity) check(h *hearing) {
	pairs := h.ofItsOwn(h.pairs(p.types...))
	h.applies(len(h.pairs(p.types...)), p.noun, p.holds)
	there, missing := h.apart(pairs)
	h.present(there)
	if p.existence || len(there) == 0 {
		for _, f := range missing {
			h.failFinding(f.Severity, f)
		}
	}
	for _, kind := range p.types {
		h.hearFindings(kind, p.claims(h))
	}
}

// apart takes the pairs whose standby the comparison reports missing from those
// that can be looked at.
func (h *hearing) apart(pairs []pair) (there []pair, missing []*drift.Finding) {
	for _, r := range pairs {
		if f := h.missing(r.key); f != nil {
			missing = append(missing, f)
			continue
		}
		there = append(there, r)
	}
	return there, missing
}

// claims says which findings are the rule's, and how hard each bites. What
// points back at the primary belongs to CFG-05.
func (p parity) claims(h *hearing) func(*drift.Finding) (drift.Severity, bool) {
	return func(f *drift.Finding) (drift.Severity, bool) {
		if h.leaks(f) || !p.owns(f.Property) {
			return "", false
		}
		return raised(f, p.least), true
	}
}

// raised is the severity of a finding, at least the one given unless the
// comparison calls the difference cosmetic.
func raised(f *drift.Finding, least drift.Severity) drift.Severity {
	if least == "" || f.Severity == drift.Info {
		return f.Severity
	}
	return harder(f.Severity, least)
}

func (p parity) owns(property string) bool {
	return len(p.properties) == 0 || slices.ContainsFunc(p.properties, func(owned string) bool { return within(property, owned) })
}

// parityRules makes rules of a table.
func parityRules(table ...parity) []Rule {
	rules := make([]Rule, len(table))
	for i, p := range table {
		rules[i] = p.rule()
	}
	return rules
}
