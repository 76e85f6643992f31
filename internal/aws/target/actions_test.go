package target

import (
	"reflect"
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func TestActionsAreThoseOfTheInterfaces(t *testing.T) {
	var want []string
	for service, calls := range map[string]reflect.Type{
		"CloudFormation": reflect.TypeFor[stackAPI](),
		"S3":             reflect.TypeFor[bucketAPI](),
		"STS":            reflect.TypeFor[accountAPI](),
	} {
		for i := range calls.NumMethod() {
			want = append(want, session.Action(service, calls.Method(i).Name))
		}
	}
	slices.Sort(want)
	if want = slices.Compact(want); !slices.Equal(Actions(), want) {
		t.Errorf("the table says %q, the interfaces need %q", Actions(), want)
	}
}
