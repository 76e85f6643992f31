package readiness

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// Own is a rule that the team wrote. It is judged beside the catalogue, by the
// same policy and the same waivers.
type Own struct {
	// ID must not be one of the catalogue, see Areas.
	ID string
	// Message says what must hold, as a sentence.
	Message  string
	Fix      string
	Severity drift.Severity
	// Reads are the CloudFormation types and the kinds of facts that Judge may
	// look at; empty: all. A gap about anything else leaves the rule alone.
	Reads []string
	// MayBeEmpty says that what Reads names need not be there. Otherwise a rule
	// about what neither Region has is unknown: a name that is misspelt would
	// hold of an empty list for ever.
	MayBeEmpty bool
	// Judge is a pure function of the evidence.
	Judge func(Evidence) Ruling
}

// Ruling is what an own rule says of one standby.
type Ruling struct {
	Holds bool
	// Broken names what breaks the rule, where it says so.
	Broken []string
	// Unknown says why the rule could not be judged; empty: it could.
	Unknown string
}

// Areas lists what the ids of the catalogue begin with: "CFG" of CFG-03.
func Areas() []string {
	var areas []string
	for _, id := range RuleIDs() {
		area, _, _ := strings.Cut(id, "-")
		areas = append(areas, area)
	}
	slices.Sort(areas)
	return slices.Compact(areas)
}

// rules are the catalogue and the team's own, by id.
func (p Policy) rules() []Rule {
	rules := Rules()
	for _, own := range p.Own {
		rules = append(rules, own.rule())
	}
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

func (o Own) rule() Rule {
	return Rule{ID: o.ID, Title: o.Message, Severity: o.Severity, own: &o, check: o.check,
		Fix: cmp.Or(o.Fix, "Make the rule hold, or change it where it is written: gate.own in the configuration.")}
}

// check believes no answer that rests on what was not read: a list that lacks an
// element makes an expression false as easily as true.
func (o Own) check(h *hearing) {
	h.used = true
	if slices.ContainsFunc(h.gaps, func(gap drift.Gap) bool { return h.hides(gap, h.rule) }) || h.primary.empty() || h.standby.empty() {
		return // judge adds the gaps and what is empty
	}
	if absent := h.absentOf(o); len(absent) > 0 {
		h.add(outcome{status: Undetermined, evidence: "neither Region has any " + strings.Join(absent, " or ") + ", which the rule reads",
			fix: "Correct the name under gate.own.reads, or say there `may-be-empty: true`."})
		return
	}
	switch ruling := o.Judge(h.Evidence); {
	case ruling.Unknown != "":
		h.undecided("", "%s", ruling.Unknown)
	case ruling.Holds:
		h.summary = "holds for " + h.standby.region()
	case len(ruling.Broken) == 0:
		h.fail("", "", "", "does not hold for %s", h.standby.region())
	default:
		for _, key := range ruling.Broken {
			h.breaks(key)
		}
	}
}

// absentOf lists what a rule reads that neither Region has.
func (h *hearing) absentOf(o Own) []string {
	if o.MayBeEmpty {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(o.Reads), func(name string) bool {
		has := func(v *view) bool { return len(v.byType[name])+len(v.subjects[name]) > 0 }
		return has(h.primary) || has(h.standby)
	})
}

// breaks records one key that an own rule names. An expression may name anything;
// only what is there is a resource, which a waiver accepts and a comparison with
// the base tells from others.
func (h *hearing) breaks(key string) {
	if h.primary.has(key) || h.standby.has(commonKey(h.Comparison, key)) {
		h.fail("", key, "", "breaks the rule in %s", h.standby.region())
		return
	}
	h.fail("", "", "", "does not hold for %s: the rule names %q, which is the key of nothing there", h.standby.region(), key)
}

// has reports whether a key, or the subject of a fact, is one of the Region's
// resources or stacks.
func (v *view) has(key string) bool {
	key, _, _ = strings.Cut(key, "#")
	return v.byKey[key] != nil || v.stacks[key] != nil
}

// comparable reports whether a check of an own rule can be told from the one of
// another run: a rule that says no more than "false" looks the same however much
// more is wrong.
func (o Own) comparable(c Check) bool {
	if len(c.Resources) == 0 {
		return false
	}
	for line := range strings.SplitSeq(c.Evidence, "\n") {
		names := func(resource string) bool { return strings.HasPrefix(line, resource+": ") }
		if !slices.ContainsFunc(c.Resources, names) {
			return false
		}
	}
	return true
}

// hidesOwn reports whether a gap is about something that an own rule may look at.
func (s *scene) hidesOwn(gap drift.Gap, own *Own) bool {
	name := gap.Fact
	if name == "" {
		name = s.typeOf(gap)
	}
	return len(own.Reads) == 0 || name == "" || name == stackType || slices.Contains(own.Reads, name)
}
