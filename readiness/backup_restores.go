package readiness

import (
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

// restoredLately asks, for each kind of store, for a restore within the declared
// time. A takeover that somebody practised and wrote down restored them all.
func restoredLately(h *hearing) {
	within := h.Objectives.Drill
	readable := slices.DeleteFunc(h.stores(), func(s held) bool { return s.unread != "" || s.severity == drift.Warn })
	if within == 0 || len(readable) == 0 {
		return
	}
	h.applies(len(readable), "store", "its kind was restored within "+days(within))
	if on := h.Takeover.Drill.On; !on.IsZero() && h.Now.Sub(on.Add(24*time.Hour)) <= within {
		h.remark("a takeover was practised on %s (written down)", on.Format(time.DateOnly))
		return
	}
	var nouns []string
	byNoun := map[string][]held{}
	for _, s := range readable {
		if byNoun[s.noun] == nil {
			nouns = append(nouns, s.noun)
		}
		byNoun[s.noun] = append(byNoun[s.noun], s)
	}
	for _, noun := range nouns {
		h.kindRestored(noun, byNoun[noun])
	}
}

// kindRestored judges the newest restore of the stores of one kind.
func (h *hearing) kindRestored(noun string, stores []held) {
	region := h.standby.region()
	var completed time.Time
	read := true
	for _, s := range stores {
		fact, known := h.standby.object(drift.FactRestores, s.key)
		if !known {
			read = false
			h.unknown(region, s.key, drift.FactRestores, "its restores were not read in %s", region)
			continue
		}
		good, _ := time.Parse(time.RFC3339, text(fact, "Completed")) // what is no time never was
		bad, _ := time.Parse(time.RFC3339, text(fact, "Failed"))
		if bad.After(good) {
			h.fail("", s.key, "Find out why the restore failed, and restore it again.", "its last restore in %s, on %s, failed%s", region, bad.UTC().Format(time.DateOnly), because(fact, "FailedMessage"))
		}
		if good.After(completed) {
			completed = good
		}
	}
	switch {
	case !completed.IsZero() && h.Now.Sub(completed) <= h.Objectives.Drill:
		h.remark("a %s was restored on %s", noun, completed.UTC().Format(time.DateOnly))
	case read && completed.IsZero():
		h.fail("", stores[0].key, "", "no restore of a %s by AWS Backup in %s is known", noun, region)
	case read:
		h.fail("", stores[0].key, "", "a %s was last restored in %s on %s, longer than %s ago", noun, region, completed.UTC().Format(time.DateOnly), days(h.Objectives.Drill))
	}
}
