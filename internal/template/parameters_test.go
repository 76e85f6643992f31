package template

import (
	"errors"
	"testing"
)

func TestParametersAreChecked(t *testing.T) {
	const src = `
Parameters:
  Needed: {Type: String}
  Env: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Cidr: {Type: String, Default: 10.0.0.0/8, AllowedPattern: '[0-9./]+', ConstraintDescription: must be a block.}
  Name: {Type: String, Default: abc, AllowedPattern: '[a-z]+', MinLength: 3, MaxLength: 5}
  Size: {Type: Number, Default: 5, MinValue: 2, MaxValue: 10.5}
  Sizes: {Type: List<Number>, Default: "1,2"}
  Zones: {Type: CommaDelimitedList, Default: "a", AllowedValues: [a, b], AllowedPattern: '\w'}
  Ahead: {Type: String, Default: x, AllowedPattern: '(?=x).*'}
Resources: {R: {Type: AWS::SQS::Queue}}
`
	for _, c := range []struct {
		name         string
		given        map[string]string
		line, column int
		message      string
	}{
		{"a missing one", map[string]string{}, 0, 0, "Parameters: [Needed] must have values"},
		{"unknown ones", map[string]string{"Needed": "", "Y": "", "X": ""}, 0, 0, "Parameters: [X, Y] do not exist in the template"},
		{"a value that is not allowed", map[string]string{"Needed": "", "Env": "test"}, 4, 3, "Parameter 'Env' must be one of AllowedValues"},
		{"a value that misses the pattern", map[string]string{"Needed": "", "Name": "abc1"}, 6, 3, "Parameter 'Name' must match pattern [a-z]+"},
		{"a constraint with a description", map[string]string{"Needed": "", "Cidr": "x"}, 5, 3, "Parameter Cidr failed to satisfy constraint: must be a block."},
		{"a short value", map[string]string{"Needed": "", "Name": "ab"}, 6, 3, "Parameter 'Name' must contain at least 3 characters"},
		{"a long value", map[string]string{"Needed": "", "Name": "abcdef"}, 6, 3, "Parameter 'Name' must contain at most 5 characters"},
		{"no number", map[string]string{"Needed": "", "Size": "many"}, 7, 3, "Parameter 'Size' must be a number"},
		{"a small number", map[string]string{"Needed": "", "Size": "1"}, 7, 3, "Parameter 'Size' must be a number not less than 2"},
		{"a large number", map[string]string{"Needed": "", "Size": "10.6"}, 7, 3, "Parameter 'Size' must be a number not greater than 10.5"},
		{"an element that is no number", map[string]string{"Needed": "", "Sizes": "1, x"}, 8, 3, "Parameter 'Sizes' must be a number"},
		{"an element that is not allowed", map[string]string{"Needed": "", "Zones": "a,c"}, 9, 3, "Parameter 'Zones' must be one of AllowedValues"},
	} {
		t.Run("refuses "+c.name, func(t *testing.T) {
			_, err := mustParse(t, src).Evaluator(Scope{Parameters: c.given})
			failsAt(t, err, c.line, c.column, c.message)
		})
	}
	t.Run("reports every fault together", func(t *testing.T) {
		_, err := mustParse(t, src).Evaluator(Scope{Parameters: map[string]string{"X": "", "Env": "test", "Size": "1"}})
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 4 {
			t.Errorf("got %v", err)
		}
	})
	t.Run("accepts good values and gives the others their default", func(t *testing.T) {
		e := mustEvaluate(t, src, Scope{Parameters: map[string]string{"Needed": "n", "Zones": "b, a", "Size": "10.5"}})
		same(t, anyMap(e.Parameters()), `{"Needed":"n","Env":"dev","Cidr":"10.0.0.0/8","Name":"abc","Size":"10.5","Sizes":"1,2","Zones":"b, a","Ahead":"x"}`)
	})
	t.Run("says which pattern it cannot check", func(t *testing.T) {
		if got := mustParse(t, src).Unexpanded(); len(got) != 1 || got[0] != "Parameters/Ahead/AllowedPattern: cannot be checked here: (?=x).*" {
			t.Errorf("got %q", got)
		}
	})
}

func anyMap(m map[string]string) map[string]any {
	out := map[string]any{}
	for k, v := range m {
		out[k] = v
	}
	return out
}
