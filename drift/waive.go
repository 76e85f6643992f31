package drift

import (
	glob "path"
	"time"
)

// Matches reports whether the waiver accepts a finding at now: its pattern
// fits the resource, its property is the finding's or above it, its Region (if
// any) is the finding's, and its last day has not passed.
func (w Waiver) Matches(f Finding, now time.Time) bool {
	if w.Until.Expired(now) || w.Region != "" && w.Region != f.Region {
		return false
	}
	if fits, err := glob.Match(w.Resource, f.Resource); w.Resource != f.Resource && (err != nil || !fits) {
		return false
	}
	return w.Property == "" || w.Property == "*" || covers(w.Property, f.Property)
}

func uses(waivers []Waiver) []WaiverUse {
	list := make([]WaiverUse, len(waivers))
	for i, w := range waivers {
		list[i].Waiver = w
	}
	return list
}

// waive marks the findings that waivers accept; the first that matches is
// named, every one that matches is used.
func waive(c *Comparison, o Options) {
	for i := range c.Findings {
		f := &c.Findings[i]
		for j := range c.Waivers {
			use := &c.Waivers[j]
			if !use.Matches(*f, o.Now) {
				continue
			}
			use.Matched = true
			if f.Waived == nil {
				accepted := use.Waiver
				f.Waived = &accepted
			}
		}
	}
}
