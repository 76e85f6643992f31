package readiness

import "slices"

// worldRules are about what is around the application: how clients reach it, who
// may act on the day, and whether anybody practised.
func worldRules() []Rule {
	return slices.Concat(failoverRules(), probeRules(), planRules(), practiceRules(), canaryRules())
}
