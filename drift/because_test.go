package drift

import (
	"strings"
	"testing"
)

// A cause that is not known comes with the reason.
func TestAnUnknownCauseSaysWhy(t *testing.T) {
	left, right := lonely(east, "AWS::SQS::Queue", props{"DelaySeconds": 1.0}), lonely(west, "AWS::SQS::Queue", props{"DelaySeconds": 2.0})
	right.Resources[0].Declared, right.Resources[0].Undeclared = nil, "a transform makes it."
	c := Compare(left, right, options)
	if want := "could not be evaluated: in us-west-2 a transform makes it."; len(c.Findings) != 1 || c.Findings[0].Cause != Unknown || !strings.Contains(c.Findings[0].Message, want) {
		t.Errorf("want %q in%s", want, show(c.Findings))
	}
}

// What the templates decide is explained by what decides it.
func TestADeclaredDifferenceNamesWhatMakesIt(t *testing.T) {
	region := func(p testPlace, body string, parameters map[string]string, conditions map[string]bool, value any) *Snapshot {
		template, ok := parseJSON(`{"Mappings":{"M":{"us-east-1":{"V":"a"},"us-west-2":{"V":"b"},"x":{"V":"c"}}},
			"Conditions":{"C":{"Fn::Equals":[{"Ref":"P"},"x"]},"D":{"Fn::Not":[{"Condition":"C"}]}},
			"Resources":{"R":{"Type":"AWS::SSM::Parameter","Properties":{"Value":` + body + `}}}}`)
		if !ok {
			t.Fatalf("no JSON: %s", body)
		}
		s := lonely(p, "AWS::SSM::Parameter", props{"Value": value})
		s.Stacks = []Stack{{Key: "s", Name: "s", ID: "s", Status: "CREATE_COMPLETE", Template: template, Parameters: parameters, Conditions: conditions}}
		return s
	}
	for _, test := range []struct {
		name, left, right string // templates; right empty: the same
		values            [2]string
		holds             [2]bool
		says, silent      string
	}{
		{"a parameter", `{"Ref":"P"}`, "", [2]string{"x", "y"}, [2]bool{}, `Parameter P is "x" in us-east-1 and "y" in us-west-2.`, "mapping"},
		{"a parameter in a text", `{"Fn::Sub":"a-${P}-${!P}"}`, "", [2]string{"x", "y"}, [2]bool{}, `Parameter P is "x" in us-east-1 and "y" in us-west-2.`, ""},
		{"a condition", `{"Fn::If":["D","1","2"]}`, "", [2]string{"x", "y"}, [2]bool{true, false}, `condition D holds in us-east-1 and not in us-west-2; parameter P is "x"`, ""},
		{"the branch that is taken", `{"Fn::If":["D",{"Ref":"P"},{"Ref":"Q"}]}`, "", [2]string{"x", "y"}, [2]bool{false, false}, `Parameter Q is "x"`, "arameter P"},
		{"a mapping by Region", `{"Fn::FindInMap":["M",{"Ref":"AWS::Region"},"V"]}`, "", [2]string{"x", "x"}, [2]bool{}, `mapping M says "a" in us-east-1 and "b" in us-west-2`, "parameter"},
		{"two templates", `"1"`, `"2"`, [2]string{"x", "x"}, [2]bool{}, "the templates themselves differ there", ""},
		{"nothing that can be followed", `{"Fn::ImportValue":"x"}`, "", [2]string{"x", "x"}, [2]bool{}, `The template says "live-a" in us-east-1`, "because"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.right == "" {
				test.right = test.left
			}
			decided := func(holds bool) map[string]bool { return map[string]bool{"C": !holds, "D": holds} }
			c := Compare(region(east, test.left, map[string]string{"P": test.values[0], "Q": test.values[0]}, decided(test.holds[0]), "live-a"),
				region(west, test.right, map[string]string{"P": test.values[1], "Q": test.values[1]}, decided(test.holds[1]), "live-b"), options)
			if len(c.Findings) != 1 || c.Findings[0].Cause != Declared {
				t.Fatal(show(c.Findings))
			}
			m := c.Findings[0].Message
			if !strings.Contains(m, test.says) || test.silent != "" && strings.Contains(m, test.silent) {
				t.Errorf("want %q and not %q in: %s", test.says, test.silent, m)
			}
		})
	}
}
