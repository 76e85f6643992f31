package ledger

import (
	"reflect"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// Actions lists the IAM actions that writing the ledger needs, on
// parameter/lockstep/*, sorted.
func Actions() []string { return actionsOf(reflect.TypeFor[writeAPI]()) }

// ReadActions lists those that reading it needs.
func ReadActions() []string { return actionsOf(reflect.TypeFor[readAPI]()) }

func actionsOf(calls reflect.Type) []string {
	actions := make([]string, calls.NumMethod())
	for i := range actions {
		actions[i] = session.Action("SSM", calls.Method(i).Name)
	}
	slices.Sort(actions)
	return actions
}
