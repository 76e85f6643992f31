package target

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func TestOnlyTakenNamesAreNoFaultOfATemplate(t *testing.T) {
	const names = "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To troubleshoot Early Validation errors, use the DescribeEvents API."
	const both = "The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation, AWS::EarlyValidation::ResourceExistenceCheck]."
	event := func(kind types.EventType, reason string) types.OperationEvent {
		return types.OperationEvent{EventType: kind, ValidationStatusReason: aws.String(reason)}
	}
	taken := event(types.EventTypeValidationError, "Resource of type 'AWS::Logs::LogGroup' with identifier '/shop/api' already exists.")
	wrong := event(types.EventTypeValidationError, "#/MemorySize: 7 is not greater or equal to 128")
	for _, test := range []struct {
		name, reason string
		events       []types.OperationEvent
		want         []string
	}{
		{"a name is taken", names, []types.OperationEvent{taken}, []string{"/shop/api"}},
		{"a name is taken and a property is wrong", both, []types.OperationEvent{taken, wrong}, nil},
		{"two validations failed and one says why", both, []types.OperationEvent{taken}, nil},
		{"a hook refuses as well", names, []types.OperationEvent{taken, event(types.EventTypeHookInvocationError, "")}, nil},
		{"the names are told in other words", names, []types.OperationEvent{wrong}, nil},
		{"nobody says which names", names, nil, nil},
		{"something else was wrong", "Parameters: [Forgotten] must have values", []types.OperationEvent{taken}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var have []string
			if found := takenOf(test.reason, test.events); found != nil {
				have = found.names
			}
			if !slices.Equal(have, test.want) {
				t.Errorf("have %q, want %q", have, test.want)
			}
		})
	}
}

func TestARehearsalHasANameOfItsOwn(t *testing.T) {
	for name, want := range map[string]string{
		"shop":                   "shop-rehearsal",
		strings.Repeat("a", 128): strings.Repeat("a", 118) + "-rehearsal",
	} {
		if have := (Stack{Name: name}).Rehearsal().Name; have != want || len(have) > longestStackName {
			t.Errorf("%s: %s, want %s", name, have, want)
		}
	}
}
