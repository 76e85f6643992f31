package report

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// FindingsOf are the differences that a check is about: those whose message, or
// whose resource and property, its evidence names.
func FindingsOf(r Report, c readiness.Check) []drift.Finding {
	var list []drift.Finding
	for _, f := range r.Findings {
		if f.Region != c.Region || !slices.Contains(c.Resources, f.Resource) {
			continue // the cheaper question first: a report may have thousands of both
		}
		if f.Message != "" && strings.Contains(c.Evidence, f.Message) ||
			f.Property != "" && strings.Contains(c.Evidence, f.Resource+": "+f.Property+" ") {
			list = append(list, f)
		}
	}
	return list
}

// untold are the differences that no check of the report is about.
func untold(r Report) []drift.Finding {
	told := map[string]bool{}
	for _, c := range r.Checks {
		for _, f := range FindingsOf(r, c) {
			told[f.Region+" "+f.Message] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f drift.Finding) bool { return told[f.Region+" "+f.Message] })
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
