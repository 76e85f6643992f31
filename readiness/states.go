package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// condition says in which states resources of some types can serve. The states
// are those of the service's own API.
type condition struct {
	types []string
	noun  string
	// fact is where the state was read, field its member.
	fact, field string
	// good states can serve. moving ones end by themselves, well or badly: they
	// leave the rule open. Every other state, known or new, fails.
	good, moving []string
	// reason is the member that says why, if there is one.
	reason   string
	severity drift.Severity
}

// inCondition judges every resource of the standby that a condition is about,
// whether the primary has a sibling or not, and counts what both Regions have.
func (h *hearing) inCondition(c condition) {
	h.applies(len(h.pairs(c.types...)), c.noun, "in a state in which it can serve")
	h.present(h.ofItsOwn(h.pairs(c.types...)))
	for _, kind := range c.types {
		for _, r := range h.standby.byType[kind] {
			h.serves(c, r.Key)
		}
	}
}

func (h *hearing) serves(c condition, key string) { h.servesIn(h.standby, c, key) }

func (h *hearing) servesIn(v *view, c condition, key string) {
	region := v.region()
	fact, _ := v.object(c.fact, key)
	switch state := text(fact, c.field); {
	case state == "":
		h.unknown(region, key, c.fact, "its state was not read in %s", region)
	case slices.Contains(c.good, state):
	case slices.Contains(c.moving, state):
		h.undecided(key, "is %s in %s: what comes of it is not known yet", state, region)
	default:
		h.fail(c.severity, key, "", "is %s in %s%s", state, region, because(fact, c.reason))
	}
}

func because(fact map[string]any, reason string) string {
	if reason == "" || fact[reason] == nil || fact[reason] == "" {
		return ""
	}
	return " (" + show(fact[reason]) + ")"
}

// ofItsOwn leaves out what the standby has without declaring it: as a replica of
// the primary's, or because it exists once for all Regions.
func (h *hearing) ofItsOwn(pairs []pair) []pair { return slices.DeleteFunc(pairs, h.shared) }

func (h *hearing) shared(p pair) bool {
	return p.standby == nil && (h.replicates(p.primary) || drift.IsGlobal(p.primary.Type) && h.missing(p.key) == nil)
}

// needsOf is the evidence a condition waits for.
func needsOf(actions []string, conditions ...condition) []Need {
	needs := make([]Need, len(conditions))
	for i, c := range conditions {
		needs[i] = Need{Types: c.types, Fact: c.fact, Actions: actions}
	}
	return needs
}
