package target

import (
	"reflect"
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

func TestActionsAreThoseOfTheInterfaces(t *testing.T) {
	holdActions(t, SiteActions(), map[string]reflect.Type{"S3": reflect.TypeFor[siteAPI]()})
	called := slices.DeleteFunc(ServiceActions(), func(a string) bool { return a == "iam:PassRole" }) // asked of the caller by ECS itself
	holdActions(t, called, map[string]reflect.Type{"ECS": reflect.TypeFor[serviceAPI](), "ECR": reflect.TypeFor[registryAPI]()})
	holdActions(t, FunctionActions(), map[string]reflect.Type{"Lambda": reflect.TypeFor[functionAPI]()})
	holdActions(t, Actions(), map[string]reflect.Type{
		"CloudFormation": reflect.TypeFor[stackAPI](),
		"S3":             reflect.TypeFor[bucketAPI](),
		"STS":            reflect.TypeFor[accountAPI](),
	})
}

// holdActions holds a table against the interfaces through which AWS is called.
func holdActions(t *testing.T, have []string, interfaces map[string]reflect.Type) {
	t.Helper()
	var want []string
	for service, calls := range interfaces {
		for i := range calls.NumMethod() {
			want = append(want, session.Action(service, calls.Method(i).Name))
		}
	}
	slices.Sort(want)
	if want = slices.Compact(want); !slices.Equal(have, want) {
		t.Errorf("the table says %q, the interfaces need %q", have, want)
	}
}
