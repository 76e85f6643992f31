package template

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

// mustParse parses a template that must be readable.
func mustParse(t *testing.T, src string) *Template {
	t.Helper()
	tmpl, err := Parse([]byte(src))
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return tmpl
}

func mustEvaluate(t *testing.T, src string, s Scope) *Evaluator {
	t.Helper()
	e, err := mustParse(t, src).Evaluator(s)
	if err != nil {
		t.Fatalf("Evaluator: %v", err)
	}
	return e
}

// asJSON makes trees comparable and readable.
func asJSON(t *testing.T, v any) string {
	t.Helper()
	out, err := encodeJSON(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// same compares a value with JSON text.
func same(t *testing.T, got any, want string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(want), &v); err != nil {
		t.Fatalf("bad expectation %s: %v", want, err)
	}
	if g, w := asJSON(t, got), asJSON(t, v); g != w {
		t.Errorf("got  %s\nwant %s", g, w)
	}
}

// failsAt checks a message and a position; line 0 means that no position is expected.
func failsAt(t *testing.T, err error, line, column int, message string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %q", message)
	}
	var problems Problems
	var fault *Error
	if errors.As(err, &problems) {
		for _, p := range problems {
			if strings.Contains(p.Message, message) {
				fault = p
			}
		}
	} else {
		errors.As(err, &fault)
	}
	if fault == nil || !strings.Contains(fault.Message, message) {
		t.Fatalf("got %v, want %q", err, message)
	}
	if fault.Line != line || fault.Column != column {
		t.Errorf("%q is at %d:%d, want %d:%d", message, fault.Line, fault.Column, line, column)
	}
}

// around wraps a YAML value into a template with things to refer to: the value stands at line 4, column 8.
func around(value string) string {
	return "Resources:\n  Fn:\n    Properties:\n      V: " + strings.ReplaceAll(value, "\n", "\n      ") + `
    Type: AWS::Lambda::Function
  Queue:
    Type: AWS::SQS::Queue
  Absent:
    Type: AWS::SQS::Queue
    Condition: Never
Parameters:
  Name: {Type: String, Default: orders}
  Size: {Type: Number, Default: 512}
  Zones: {Type: CommaDelimitedList, Default: "a, b"}
  Numbers: {Type: List<Number>, Default: "1,2"}
  Empty: {Type: CommaDelimitedList, Default: ""}
  Stored: {Type: AWS::SSM::Parameter::Value<String>, Default: /app/size}
  StoredList: {Type: "AWS::SSM::Parameter::Value<List<String>>", Default: /app/zones}
  Secret: {Type: String, Default: hunter2, NoEcho: true}
Mappings:
  ByRegion:
    eu-west-1: {Size: 4, Subnets: [s-1, s-2]}
    eu-central-1: {Size: 2}
Conditions:
  Always: !Equals [a, a]
  Never: !Equals [a, b]
  Unknown: !Equals [!Ref Stored, large]
`
}
