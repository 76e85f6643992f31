package target

import (
	"reflect"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Actions lists the IAM actions that deploying stacks needs in every Region,
// sorted. It is read off the interfaces through which this package calls AWS,
// so that it cannot forget one. What CloudFormation does to resources needs
// permissions of its own: the caller's, or those of the stack's service role.
func Actions() []string {
	var actions []string
	for service, calls := range map[string]reflect.Type{
		"CloudFormation": reflect.TypeFor[stackAPI](),
		"S3":             reflect.TypeFor[bucketAPI](),
		"STS":            reflect.TypeFor[accountAPI](),
	} {
		for i := range calls.NumMethod() {
			actions = append(actions, session.Action(service, calls.Method(i).Name))
		}
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}
