package readiness

import "slices"

// worldCases are about routing, identity and practice: what is around the
// application.
func worldCases() []ruleCase {
	return slices.Concat(probeCases, failoverCases, practiceCases, identityCases, arrivalCases, optionalCases)
}
