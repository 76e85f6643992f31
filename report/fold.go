package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// fixLines is how many different pieces of advice one check shows.
const fixLines = 3

// folded is checks as people read them: those that say the very same of the
// same Region stand together under the names of their rules. A Region that does
// not answer makes every rule unknown for one reason, which is said once.
func folded(list []readiness.Check) []readiness.Check {
	seen := map[string]int{}
	var out []readiness.Check
	for _, c := range list {
		id := fmt.Sprintf("%q %q %q %q %q %q %+v", c.Status, c.Severity, c.Region, c.Evidence, c.Fix, c.Resources, bareGaps(c.Missing))
		at, known := seen[id]
		if !known || c.Status != readiness.Undetermined {
			seen[id] = len(out)
			out = append(out, c)
			continue
		}
		out[at].Rule += ", " + c.Rule
		out[at].Title = ""
	}
	return out
}

// bareGaps are gaps without who needs them, which differs from rule to rule.
func bareGaps(gaps []drift.Gap) []drift.Gap {
	bare := slices.Clone(gaps)
	for i := range bare {
		bare[i].NeededBy = nil
	}
	return bare
}

// fixesOf are the first pieces of a check's advice and how many more there are.
func fixesOf(c readiness.Check) (shown []string, more int) {
	for _, fix := range strings.Split(c.Fix, "\n") {
		switch {
		case fix == "":
		case len(shown) < fixLines:
			shown = append(shown, fix)
		default:
			more++
		}
	}
	return shown, more
}
