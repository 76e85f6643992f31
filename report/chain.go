package report

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// FindingsOf are the differences that a check is about: those whose message is
// its evidence.
func FindingsOf(r Report, c readiness.Check) []drift.Finding {
	var list []drift.Finding
	for _, f := range r.Findings {
		if f.Region == c.Region && f.Message != "" && slices.Contains(c.Resources, f.Resource) && strings.Contains(c.Evidence, f.Message) {
			list = append(list, f)
		}
	}
	return list
}

// statedLimit is how many differences a check spells out beside its evidence.
const statedLimit = 5

// unstated are the differences of a check whose values its evidence does not
// give already, at most statedLimit.
func unstated(r Report, c readiness.Check) []drift.Finding {
	var list []drift.Finding
	for _, f := range FindingsOf(r, c) {
		shown := abreast(f.Primary, f.Standby)
		if f.Property == "" || strings.Contains(c.Evidence, shown[0]) && strings.Contains(c.Evidence, shown[1]) {
			continue
		}
		if list = append(list, f); len(list) == statedLimit {
			break
		}
	}
	return list
}
