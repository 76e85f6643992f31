package readiness

import (
	"path"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

// rulePrefix marks a waiver of a rule: "rule:CFG-03".
const rulePrefix = "rule:"

// waivers collects what the policy and the comparison accept, each once, and
// remembers which of them accepted something.
type waivers struct {
	list []drift.WaiverUse
	at   map[drift.Waiver]int
}

func collectWaivers(e Evidence, policy Policy) *waivers {
	w := &waivers{list: []drift.WaiverUse{}, at: map[drift.Waiver]int{}}
	if e.Comparison != nil {
		for _, use := range e.Comparison.Waivers {
			w.add(use)
		}
	}
	for _, waiver := range policy.Waivers {
		w.add(drift.WaiverUse{Waiver: waiver})
	}
	return w
}

func (w *waivers) add(use drift.WaiverUse) {
	at, known := w.at[use.Waiver]
	if !known {
		at = len(w.list)
		w.at[use.Waiver] = at
		w.list = append(w.list, use)
	}
	w.list[at].Matched = w.list[at].Matched || use.Matched
}

// accept returns the waiver that accepts an outcome, or nil. A failure that is
// a finding or about a property is accepted by a drift waiver; a state, a fact
// or an unknown only by a waiver that names the rule.
func (w *waivers) accept(o outcome, rule, region string, now time.Time) *drift.Waiver {
	if o.status != Fail && o.status != Undetermined {
		return nil
	}
	for i := range w.list {
		waiver := w.list[i].Waiver
		if now.IsZero() || waiver.Until.Expired(now) || !covers(waiver, o.resource, region) {
			continue
		}
		if waiver.Property == rulePrefix+rule || o.status == Fail && coversProperty(waiver, o) {
			w.list[i].Matched = true
			return &waiver
		}
	}
	if o.finding != nil {
		return o.finding.Waived
	}
	return nil
}

// covers reports whether a waiver is about the resource in the Region. For a
// rule as a whole "*" is every resource, and what is about none.
func covers(w drift.Waiver, resource, region string) bool {
	if w.Region != "" && w.Region != region {
		return false
	}
	if w.Resource == "*" && strings.HasPrefix(w.Property, rulePrefix) {
		return true
	}
	matched, err := path.Match(w.Resource, resource)
	return w.Resource == resource || err == nil && matched
}

func coversProperty(w drift.Waiver, o outcome) bool {
	if o.finding == nil && o.property == "" {
		return false
	}
	return w.Property == "" || w.Property == "*" || within(o.property, w.Property)
}
