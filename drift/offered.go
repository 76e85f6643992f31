package drift

import "github.com/lockstep-dr/lockstep/drift/availability"

// NotOffered reports whether AWS is known not to offer a CloudFormation type in
// a Region, and where that knowledge comes from, with its date.
func NotOffered(region, typeName string) (source string, lacks bool) {
	if !availability.Lacks(region, typeName) {
		return "", false
	}
	return availability.Source(), true
}
