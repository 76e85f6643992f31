package template

import (
	"strings"
	"testing"
)

const ordered = `
Parameters: {P: {Type: String, Default: x}}
Conditions: {Always: !Equals [a, a], Never: !Equals [a, b]}
Resources:
  A: {Type: AWS::SQS::Queue, DependsOn: D, Properties: {X: !Ref B, Y: !Ref P, Z: !Ref AWS::Region}}
  B: {Type: AWS::SQS::Queue, Properties: {X: !Sub ["${C.Arn}${v}${!E}", {v: !GetAtt F.Arn}]}}
  C: {Type: AWS::SQS::Queue, Properties: {X: !If [Always, !Ref F, !Ref A], Y: !If [Never, !Ref A, !Ref G]}}
  D: {Type: AWS::SQS::Queue}
  E: {Type: AWS::SQS::Queue}
  F: {Type: AWS::SQS::Queue, Metadata: {X: !Ref E}}
  G: {Type: AWS::SQS::Queue}
  H: {Type: AWS::SQS::Queue, Condition: Never, Properties: {X: !Ref A}}
  I: {Type: AWS::SQS::Queue, DependsOn: [H, G]}
`

func TestDependencies(t *testing.T) {
	tmpl := mustParse(t, ordered)
	e := mustEvaluate(t, ordered, Scope{Region: "eu-west-1"})
	for _, c := range []struct{ name, id, static, here string }{
		{"Ref and DependsOn count, parameters do not", "A", "B D", "B D"},
		{"Sub counts with its variables, literals do not", "B", "C F", "C F"},
		{"both branches of If count in a template, the one taken in a Region", "C", "A F G", "F G"},
		{"Metadata counts", "F", "E", "E"},
		{"resources that are not included do not count in a Region", "I", "G H", "G"},
		{"none", "D", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(tmpl.Dependencies(c.id), " "); got != c.static {
				t.Errorf("template: got %s, want %s", got, c.static)
			}
			if got := strings.Join(e.Dependencies(c.id), " "); got != c.here {
				t.Errorf("Region: got %s, want %s", got, c.here)
			}
		})
	}
}

func TestOrderFollowsDependencies(t *testing.T) {
	for range 3 {
		order, err := mustEvaluate(t, ordered, Scope{Region: "eu-west-1"}).Order()
		if got, want := strings.Join(order, " "), "D E F G C B A I"; err != nil || got != want {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
}

func TestOrderRefusesCircles(t *testing.T) {
	const src = `Resources:
  Before: {Type: AWS::SQS::Queue}
  A: {Type: AWS::SQS::Queue, Properties: {X: !Ref B, Y: !Ref Before}}
  B: {Type: AWS::SQS::Queue, Properties: {X: !GetAtt A.Arn}}
  After: {Type: AWS::SQS::Queue, DependsOn: A}
`
	_, err := mustEvaluate(t, src, Scope{}).Order()
	failsAt(t, err, 3, 3, "Circular dependency between resources: [A, B]")
	_, err = mustEvaluate(t, "Resources:\n  A: {Type: AWS::SQS::Queue, Properties: {X: !Ref A}}\n", Scope{}).Order()
	failsAt(t, err, 2, 3, "Circular dependency between resources: [A]")
}

func TestCanonicalIgnoresFormatting(t *testing.T) {
	base := "Transform: T\nResources:\n  A:\n    Type: AWS::SQS::Queue\n    DependsOn: [C, B]\n    Properties: {X: !GetAtt B.Arn, Y: !Sub 'a', Z: [1, 2], S: \"5\"}\n"
	for name, c := range map[string]struct {
		src   string
		equal bool
	}{
		"long forms, order of keys, comments": {"Resources:\n  A:\n    Properties:\n      Z: # z\n      - 1\n      - 2\n      S: '5'\n      Y:\n        Fn::Sub: [a, {}]\n      X:\n        Fn::GetAtt: [B, Arn]\n    Type: 'AWS::SQS::Queue'\n    DependsOn:\n    - B\n    - C\nTransform: [T]\n", true},
		"JSON":                                {`{"Transform":"T","Resources":{"A":{"Type":"AWS::SQS::Queue","DependsOn":["B","C"],"Properties":{"X":{"Fn::GetAtt":"B.Arn"},"Y":{"Fn::Sub":"a"},"Z":[1,2],"S":"5"}}}}`, true},
		"an anchor":                           {strings.Replace(base, "[1, 2]", "&z [1, 2]", 1), true},
		"another value":                       {strings.Replace(base, "[1, 2]", "[1, 3]", 1), false},
		"another order":                       {strings.Replace(base, "[1, 2]", "[2, 1]", 1), false},
		"another type":                        {strings.Replace(base, `"5"`, "5", 1), false},
		"another dependency":                  {strings.Replace(base, "[C, B]", "[C]", 1), false},
		"another attribute":                   {strings.Replace(base, "B.Arn", "B.Url", 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			a, b := mustParse(t, base).Canonical(), mustParse(t, c.src).Canonical()
			if (string(a) == string(b)) != c.equal {
				t.Errorf("%s\n%s", a, b)
			}
		})
	}
}
