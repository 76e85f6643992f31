package readiness

import "github.com/lockstep-dr/lockstep/drift"

func driftGuard() Rule {
	return Rule{
		ID: "DRIFT", Title: "No blocking drift is left over", Severity: drift.Block,
		Why:    "A difference of severity block means that the standby cannot take over. The rules name most of them; this check stands for the rest, so that a new kind of difference never passes because no rule was written for it.",
		Source: "docs/architecture.md", Fix: "Repair each difference, or accept it with a reason and an expiry date.",
		compares: true, check: noBlockingDrift,
	}
}

func noBlockingDrift(h *hearing) {
	if h.Comparison == nil {
		return
	}
	h.applies(1, "comparison", "no blocking difference outside the rules")
	for _, f := range h.leftover {
		if f.Severity == drift.Block {
			h.failFinding(drift.Block, f)
		}
	}
}

func coverageGuard() Rule {
	return Rule{
		ID: "COVERAGE", Title: "Everything that matters for a takeover was compared", Severity: drift.Block,
		Why:    "What was not compared is not equal. A pair that could not be read or matched may hide any difference.",
		Source: "docs/architecture.md", Fix: "Grant the reads that failed, or name the pair with a lockstep:key tag when it was ambiguous.",
		Needs:    []Need{{Types: []string{"*"}}},
		compares: true, check: everythingCompared,
	}
}

// everythingCompared leaves gaps that hide a resource to hearGaps and adds
// what they do not explain: nothing compared at all, or fewer pairs than there are.
func everythingCompared(h *hearing) {
	if h.Comparison == nil {
		return
	}
	c := h.Comparison.Coverage
	h.used = true
	h.remark("%d of %d pairs compared", c.Compared, c.Pairs)
	if c.Pairs == 0 {
		h.nothingCompared()
		return
	}
	if c.NotCompared > 0 || c.Compared < c.Pairs {
		for _, gap := range h.gaps {
			if gap.Fact == "" && gap.Resource != "" {
				return // hearGaps judges each by its type
			}
		}
		h.undecided("", "%d of %d pairs were not compared, and no gap says which", c.Pairs-c.Compared, c.Pairs)
	}
}

// nothingCompared is undecided: what is not there can neither be ready nor not.
func (h *hearing) nothingCompared() {
	o := outcome{status: Undetermined, evidence: "no pair of resources was compared"}
	if len(h.gaps) == 0 {
		o.evidence += ": " + h.primary.region() + " has none, and nothing was refused"
		o.fix = "Deploy the release with `lockstep deploy`, or correct the names of the stacks in the configuration."
	}
	h.add(o)
}
