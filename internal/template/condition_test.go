package template

import (
	"errors"
	"strings"
	"testing"
)

func TestConditions(t *testing.T) {
	const src = `
Parameters:
  Env: {Type: String, Default: prod}
  Count: {Type: Number, Default: 1}
  Stored: {Type: AWS::SSM::Parameter::Value<String>, Default: /x}
  Secret: {Type: String, Default: "", NoEcho: true}
Mappings: {M: {prod: {big: "true"}}}
Conditions:
  V: %s
  Prod: !Equals [!Ref Env, prod]
  Dev: !Equals [!Ref Env, dev]
  Unknown: !Equals [!Ref Stored, a]
Resources: {R: {Type: AWS::SQS::Queue}}
`
	for _, c := range []struct {
		name, value, want string
	}{
		{"Equals compares text", "!Equals [!Ref Env, prod]", "true"},
		{"Equals compares numbers with text", "!Equals [!Ref Count, 1]", "true"},
		{"Equals compares bools with text", "!Equals ['true', true]", "true"},
		{"Equals is exact", "!Equals [Prod, prod]", "false"},
		{"Not inverts", "!Not [!Condition Prod]", "false"},
		{"And holds when all hold", "!And [!Condition Prod, !Not [!Condition Dev]]", "true"},
		{"And fails when one fails", "!And [!Condition Prod, !Condition Dev]", "false"},
		{"Or holds when one holds", "!Or [!Condition Dev, !Condition Prod]", "true"},
		{"a condition may be another one", "!Condition Prod", "true"},
		{"a map may decide", "!Equals [!FindInMap [M, !Ref Env, big], 'true']", "true"},
		{"a masked parameter is seen by conditions", "!Equals [!Ref Secret, '']", "true"},
		{"Equals of the same unknown value holds", "!Equals [!Ref Stored, !Ref Stored]", "true"},
		{"Equals of an unknown value is unknown", "!Equals [!Ref Stored, x]", "unknown {{resolve:ssm:/x}}"},
		{"Not of an unknown is unknown", "!Not [!Condition Unknown]", "unknown {{resolve:ssm:/x}}"},
		{"And with a false member is false whatever is unknown", "!And [!Condition Unknown, !Condition Dev]", "false"},
		{"And with an unknown member is unknown", "!And [!Condition Prod, !Condition Unknown]", "unknown {{resolve:ssm:/x}}"},
		{"Or with a true member is true whatever is unknown", "!Or [!Condition Unknown, !Condition Prod]", "true"},
		{"Or with an unknown member is unknown", "!Or [!Condition Dev, !Condition Unknown]", "unknown {{resolve:ssm:/x}}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := mustEvaluate(t, strings.Replace(src, "%s", c.value, 1), Scope{Region: "eu-west-1", MaskNoEcho: true})
			got, err := e.Condition("V")
			var unknown *UnknownError
			switch {
			case errors.As(err, &unknown):
				if text := "unknown " + strings.Join(unknown.Symbols, " "); text != c.want {
					t.Errorf("got %s, want %s", text, c.want)
				}
				if unknown.What != "condition V" {
					t.Errorf("asked for %q", unknown.What)
				}
			case err != nil:
				t.Fatal(err)
			case got != (c.want == "true") || strings.HasPrefix(c.want, "unknown"):
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
	for _, c := range []struct {
		name, value  string
		line, column int
		message      string
	}{
		{"a resource in a condition", "!Equals [!Ref R, a]", 9, 15, "Unresolved dependencies [R]. Cannot reference resources in the Conditions block"},
		{"an attribute in a condition", "!Equals [!GetAtt R.Arn, a]", 9, 15, "Cannot reference resources in the Conditions block"},
		{"an import in a condition", "!Equals [!ImportValue x, a]", 9, 15, "Cannot use Fn::ImportValue in Conditions."},
		{"a circle", "!Not [!Condition V]", 9, 12, "Circular dependency between conditions: [V]"},
		{"an undefined condition", "!Not [!Condition Nope]", 9, 12, "Unresolved condition dependency Nope in the Conditions block"},
		{"And of one", "!And [!Condition Prod]", 9, 6, "at least 2 and at most 10"},
		{"Equals of one", "!Equals [a]", 9, 6, "every Fn::Equals object requires a list of 2"},
		{"plain text", "sometimes", 9, 3, "Conditions can only be boolean operations"},
	} {
		t.Run("refuses "+c.name, func(t *testing.T) {
			_, err := mustParse(t, strings.Replace(src, "%s", c.value, 1)).Evaluator(Scope{Region: "eu-west-1"})
			failsAt(t, err, c.line, c.column, c.message)
		})
	}
}

func TestIfTakesOneBranch(t *testing.T) {
	for _, c := range []struct{ name, value, want, symbols string }{
		{"the first when the condition holds", "!If [Always, !Ref Queue, !Ref Absent]", `"${Queue}"`, "${Queue}"},
		{"the second when it does not, without looking at the first", "!If [Never, !Ref Absent, b]", `"b"`, ""},
		{"a symbol when it is unknown", "!If [Unknown, a, b]", `"${If:Unknown}"`, "{{resolve:ssm:/app/size}}"},
		{"the value when it is unknown and both agree", "!If [Unknown, a, !Join ['', [a]]]", `"a"`, ""},
		{"absence removes", "{a: !If [Never, 1, !Ref AWS::NoValue], b: 2}", `{"b":2}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := mustEvaluate(t, around(c.value), Scope{Region: "eu-west-1"})
			props, err := e.Properties("Fn")
			if err != nil {
				t.Fatal(err)
			}
			same(t, props["V"], c.want)
			symbols, err := e.Unresolved(e.Template().Resources["Fn"].Properties)
			if err != nil || strings.Join(symbols, " ") != c.symbols {
				t.Errorf("rests on %v, %v, want %s", symbols, err, c.symbols)
			}
		})
	}
}

func TestUnknownInclusionIsNeitherYesNorNo(t *testing.T) {
	e := mustEvaluate(t, strings.Replace(around("x"), "Condition: Never", "Condition: Unknown", 1), Scope{Region: "eu-west-1"})
	var unknown *UnknownError
	if _, err := e.Included("Absent"); !errors.As(err, &unknown) {
		t.Errorf("Included: %v", err)
	}
	if _, err := e.Order(); !errors.As(err, &unknown) {
		t.Errorf("Order: %v", err)
	}
	if ok, err := e.Included("Queue"); !ok || err != nil {
		t.Errorf("Included(Queue): %v, %v", ok, err)
	}
	if _, err := e.Included("Nope"); err == nil {
		t.Error("Included(Nope) succeeds")
	}
}

func TestIsSymbol(t *testing.T) {
	for v, want := range map[string]bool{
		"${Fn}": true, "${Fn.Arn}": true, "${Import:a-b}": true, "${Fn::Select:0:${AZs:eu-west-1}}": true, "{{resolve:ssm:/a/b:3}}": true,
		"${AWS::AccountId}": true, "arn:${Fn}": false, "${A}-${B}": false, "plain": false, "": false, "${!x}": false, "{{resolve:ssm:/a}}x": false, "${": false,
	} {
		if got := IsSymbol(v); got != want {
			t.Errorf("IsSymbol(%q) = %v", v, got)
		}
	}
	if IsSymbol(5.0) || IsSymbol(nil) {
		t.Error("only text can be a symbol")
	}
}

func TestLiteralTextIsNotTakenForASymbol(t *testing.T) {
	for value, want := range map[string]string{"!Sub '${!HOME}/bin'": "", "!Sub '${!HOME}/${Queue}'": "${Queue}", "'{{resolve:ssm:/a}}'": "{{resolve:ssm:/a}}"} {
		e := mustEvaluate(t, around(value), Scope{Region: "eu-west-1"})
		got, err := e.Unresolved(e.Template().Resources["Fn"].Properties)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s rests on %v, %v, want %q", value, got, err, want)
		}
	}
}

func TestMaskedParametersDoNotLeak(t *testing.T) {
	for value, want := range map[string]string{
		"!Ref Secret":                          `"${NoEcho:Secret}"`,
		"!Sub 'x-${Secret}'":                   `"x-${NoEcho:Secret}"`,
		"!Base64 {Ref: Secret}":                `"${Fn::Base64:${NoEcho:Secret}}"`,
		"!Select [0, !Split [t, !Ref Secret]]": `"${Fn::Select:0:${Fn::Split:t:${NoEcho:Secret}}}"`,
		"!Ref Name":                            `"orders"`,
	} {
		e := mustEvaluate(t, around(value), Scope{Region: "eu-west-1", MaskNoEcho: true})
		props, err := e.Properties("Fn")
		if err != nil {
			t.Fatal(err)
		}
		same(t, props["V"], want)
		if secret := e.Secret(e.Template().Resources["Fn"].Properties); secret != strings.Contains(want, "NoEcho") {
			t.Errorf("Secret(%s) = %v", value, secret)
		}
	}
	props, err := mustEvaluate(t, around("!Ref Secret"), Scope{Region: "eu-west-1"}).Properties("Fn")
	if err != nil || props["V"] != "hunter2" {
		t.Errorf("unmasked: %v, %v", props, err)
	}
}
