package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// Blocking lists the checks that keep a verdict from being ready under a policy.
func Blocking(checks []Check, policy Policy) []Check {
	var blocking []Check
	for _, c := range checks {
		unknown := c.Status == Undetermined && policy.Unknown != LevelWarn
		if c.Severity == drift.Block && (c.Status == Fail || unknown) {
			blocking = append(blocking, c)
		}
	}
	return blocking
}

// Regressions lists the blocking checks of now that did not already fail before, in
// the same Region, by the same rule, for the same reason word for word. What was
// waived and is not, or a resource more, is a regression: when in doubt it is one.
// So is what is unknown, before or not, for nobody saw what the change makes of it;
// an own rule that does not say which resources break it; and a value too long to be
// shown in full, of which the rest may have become another.
func Regressions(before, now []Check, policy Policy) []Check {
	known := map[complaint]bool{}
	for _, c := range Blocking(before, policy) {
		for _, line := range complaintsOf(c) {
			known[line] = true
		}
	}
	return slices.DeleteFunc(Blocking(now, policy), func(c Check) bool {
		fresh := func(line complaint) bool { return !known[line] || strings.Contains(line.about, cutOff) }
		return policy.comparable(c) && !slices.ContainsFunc(complaintsOf(c), fresh)
	})
}

// comparable reports whether a check says enough to be told from the same check
// of another run. The failures of the catalogue do.
func (p Policy) comparable(c Check) bool {
	isIt := func(own Own) bool { return own.ID == c.Rule }
	at := slices.IndexFunc(p.Own, isIt)
	return c.Status == Fail && (at < 0 || p.Own[at].comparable(c))
}

// complaint is one line of a check's evidence, or one resource that it names.
type complaint struct {
	rule, region string
	status       Status
	about        string
}

func complaintsOf(c Check) []complaint {
	about := append(strings.Split(c.Evidence, "\n"), c.Resources...)
	list := make([]complaint, len(about))
	for i, text := range about {
		list[i] = complaint{c.Rule, c.Region, c.Status, text}
	}
	return list
}
