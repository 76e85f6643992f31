package template

import (
	"reflect"
	"testing"
)

func TestADefinitionIsKnownInEveryFormOfItsTemplate(t *testing.T) {
	definition := map[string]any{"StartAt": "A", "States": map[string]any{"A": map[string]any{"Resource": "queue"}}}
	for name, test := range map[string]struct {
		typ         string
		given, want map[string]any
	}{
		"an object":           {"AWS::StepFunctions::StateMachine", map[string]any{"Definition": definition}, map[string]any{"DefinitionString": definition}},
		"a text":              {"AWS::StepFunctions::StateMachine", map[string]any{"DefinitionString": "{}"}, map[string]any{"DefinitionString": "{}"}},
		"a text to be filled": {"AWS::StepFunctions::StateMachine", map[string]any{"DefinitionString": `{"Resource":"${R}"}`, "DefinitionSubstitutions": map[string]any{"R": "queue"}}, map[string]any{"DefinitionString": `{"Resource":"queue"}`}},
		"a number to be filled in, as its digits": {"AWS::StepFunctions::StateMachine", map[string]any{"DefinitionString": "${Account}", "DefinitionSubstitutions": map[string]any{"Account": 123456789012.0}}, map[string]any{"DefinitionString": "123456789012"}},
		"a value that holds another place":        {"AWS::StepFunctions::StateMachine", map[string]any{"DefinitionString": "${A} ${B}", "DefinitionSubstitutions": map[string]any{"A": "${B}", "B": "x"}}, map[string]any{"DefinitionString": "${B} x"}},
		"an object to be filled": {"AWS::StepFunctions::StateMachine", map[string]any{"Definition": map[string]any{"StartAt": "A", "States": map[string]any{"A": map[string]any{"Resource": "${R}"}}}, "DefinitionSubstitutions": map[string]any{"R": "queue"}},
			map[string]any{"DefinitionString": definition}},
		"in a file elsewhere": {"AWS::StepFunctions::StateMachine", map[string]any{"DefinitionS3Location": "s3"}, map[string]any{"DefinitionS3Location": "s3"}},
		"another type":        {"AWS::SSM::Document", map[string]any{"Definition": "x"}, map[string]any{"Definition": "x"}},
	} {
		if got := asAnswered(test.typ, test.given); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
