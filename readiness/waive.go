package readiness

import (
	"path"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

// rulePrefix marks a waiver of a rule: "rule:CFG-03".
const rulePrefix = "rule:"

// waiverFor returns the waiver that accepts an outcome, or nil. A failure that
// is a finding or about a property is accepted by a drift waiver; a state, a
// fact or an unknown only by a waiver that names the rule.
func waiverFor(o outcome, rule, region string, policy Policy, now time.Time) (*drift.Waiver, int) {
	if o.status != Fail && o.status != Undetermined {
		return nil, -1
	}
	for i, w := range policy.Waivers {
		if now.IsZero() || w.Until.Expired(now) || !covers(w, o.resource, region) {
			continue
		}
		if w.Property == rulePrefix+rule || o.status == Fail && coversProperty(w, o) {
			return &policy.Waivers[i], i
		}
	}
	if o.finding != nil && o.finding.Waived != nil {
		return o.finding.Waived, -1
	}
	return nil, -1
}

func covers(w drift.Waiver, resource, region string) bool {
	if w.Region != "" && w.Region != region {
		return false
	}
	matched, err := path.Match(w.Resource, resource)
	return err == nil && matched
}

func coversProperty(w drift.Waiver, o outcome) bool {
	if o.finding == nil && o.property == "" {
		return false
	}
	return w.Property == "" || w.Property == "*" || within(o.property, w.Property)
}

// waiverUses says which waivers accepted something: a finding, as the
// comparison recorded it, or a rule's outcome.
func waiverUses(e Evidence, policy Policy, used map[int]bool) []drift.WaiverUse {
	uses := []drift.WaiverUse{}
	index := map[drift.Waiver]int{}
	add := func(w drift.Waiver, matched bool) {
		at, known := index[w]
		if !known {
			at = len(uses)
			index[w] = at
			uses = append(uses, drift.WaiverUse{Waiver: w})
		}
		uses[at].Matched = uses[at].Matched || matched
	}
	if e.Comparison != nil {
		for _, use := range e.Comparison.Waivers {
			add(use.Waiver, use.Matched)
		}
	}
	for i, w := range policy.Waivers {
		add(w, used[i])
	}
	return uses
}
