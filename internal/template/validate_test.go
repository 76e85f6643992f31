package template

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestValidateRefuses(t *testing.T) {
	const queue = "Resources:\n  Q: {Type: AWS::SQS::Queue}\n"
	var many strings.Builder
	many.WriteString("Resources:\n")
	for i := range 501 {
		fmt.Fprintf(&many, "  Q%d: {Type: AWS::SQS::Queue}\n", i)
	}
	for _, c := range []struct {
		name, src    string
		line, column int
		message      string
	}{
		{"unknown sections", queue + "Resource: {}\nOutput: {}\n", 4, 1, "Invalid template property or properties [Output, Resource]"},
		{"another format version", queue + "AWSTemplateFormatVersion: 2012-10-17\n", 3, 1, "2012-10-17 is not a supported value for AWSTemplateFormatVersion"},
		{"a missing Resources section", "Description: x\n", 1, 1, "Every template must contain a Resources member."},
		{"an empty Resources section", "Resources: {}\n", 1, 1, "At least one Resources member must be defined."},
		{"a long description", queue + "Description: " + strings.Repeat("x", 1025), 3, 1, "'Description' length is greater than 1024"},
		{"too many resources", many.String(), 1, 1, "Number of resources, 501, is greater than maximum allowed, 500"},
		{"a resource without type", "Resources:\n  Q: {Properties: {}}\n", 2, 3, "[/Resources/Q] Every Resources object must contain a Type member."},
		{"a malformed type", "Resources:\n  Q: {Type: Queue}\n", 2, 7, "Unrecognized resource types: [Queue]"},
		{"a malformed name", "Resources:\n  my-q: {Type: AWS::SQS::Queue}\n", 2, 3, "Resource name my-q is non alphanumeric."},
		{"an unknown member of a resource", "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Tags: []\n", 4, 5, "Invalid template resource property 'Tags'"},
		{"null", "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n    Properties:\n      A: [1, null]\n", 5, 14, "[/Resources/Q/Properties/A/1] 'null' values are not allowed in templates"},
		{"an unknown parameter type", queue + "Parameters:\n  P: {Type: Text}\n", 4, 7, "Unrecognized parameter type: Text"},
		{"a parameter without type", queue + "Parameters:\n  P: {Default: a}\n", 4, 3, "Every Parameters object must contain a Type member."},
		{"a default that is not allowed", queue + "Parameters:\n  P: {Type: String, Default: a, AllowedValues: [b]}\n", 4, 21, "Parameter 'P' must be one of AllowedValues"},
		{"an undefined Ref", queue + "  R: {Type: AWS::SQS::Queue, Properties: {A: !Ref Nope, B: !Sub '${Other} ${Q}'}}\n", 3, 46, "Unresolved resource dependencies [Nope, Other] in the Resources block of the template"},
		{"an undefined Ref in a branch that is not taken", queue + "  R: {Type: AWS::SQS::Queue, Properties: {A: !If [C, a, !Ref Nope]}}\nConditions: {C: !Equals [a, a]}\n", 3, 57, "Unresolved resource dependencies [Nope]"},
		{"an undefined GetAtt", queue + "  R: {Type: AWS::SQS::Queue, Properties: {A: !GetAtt Nope.Arn}}\n", 3, 46, "instance of Fn::GetAtt references undefined resource Nope"},
		{"an undefined attribute in Sub", queue + "  R: {Type: AWS::SQS::Queue, Properties: {A: !Sub '${Nope.Arn}'}}\n", 3, 46, "instance of Fn::Sub references undefined resource Nope"},
		{"an undefined DependsOn", queue + "  R: {Type: AWS::SQS::Queue, DependsOn: [Q, Nope]}\n", 3, 30, "Unresolved resource dependencies [Nope] in the Resources block"},
		{"an undefined Ref in an output", queue + "Outputs:\n  O: {Value: !Ref Nope}\n", 4, 14, "Unresolved resource dependencies [Nope] in the Outputs block of the template"},
		{"an output without value", queue + "Outputs:\n  O: {Description: x}\n", 4, 3, "Every Outputs member must contain a Value object"},
		{"an undefined condition of a resource", "Resources:\n  Q: {Type: AWS::SQS::Queue, Condition: Nope}\n", 2, 30, "Unresolved condition dependency Nope in the Resources block of the template"},
		{"an undefined condition in If", queue + "  R: {Type: AWS::SQS::Queue, Properties: {A: !If [Nope, a, b]}}\n", 3, 51, "unresolved condition dependency Nope in Fn::If"},
		{"an undefined condition in a condition", queue + "Conditions: {C: !Not [!Condition Nope]}\n", 3, 23, "Unresolved condition dependency Nope in the Conditions block"},
		{"a resource in a condition", queue + "Conditions: {C: !Equals [!Ref Q, a]}\n", 3, 26, "Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failsAt(t, mustParse(t, c.src).Validate(), c.line, c.column, c.message)
		})
	}
}

func TestValidateReportsEverythingInSourceOrder(t *testing.T) {
	err := mustParse(t, "Resources:\n  Q: {Type: Queue}\n  R: {}\nNope: 1\n").Validate()
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 3 {
		t.Fatalf("got %v", err)
	}
	for i, line := range []int{2, 3, 4} {
		if problems[i].Line != line {
			t.Errorf("problem %d is in line %d, want %d", i, problems[i].Line, line)
		}
	}
	var first *Error
	if !errors.As(err, &first) || first != problems[0] {
		t.Errorf("errors.As finds %v", first)
	}
}

func TestValidateAccepts(t *testing.T) {
	payments, err := os.ReadFile("testdata/payments.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"a realistic template":       string(payments),
		"custom types and modules":   "Resources:\n  A: {Type: Custom::My_Thing}\n  B: {Type: 'My::Organization::Custom::MODULE'}\n  C: {Type: Alexa::ASK::Skill}\n",
		"Serverless templates":       "Transform: AWS::Serverless-2016-10-31\nGlobals: {}\nResources:\n  F: {Type: AWS::Serverless::Function, Properties: {}}\nOutputs:\n  R: {Value: !GetAtt FRole.Arn}\n",
		"a policy's Condition key":   "Resources:\n  A: {Type: AWS::IAM::Policy, Properties: {Condition: {StringEquals: {a: b}}, Other: {Condition: x}}}\n",
		"snippets that are included": "Resources:\n  Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://x}}\n  A: {Type: AWS::SQS::Queue, Properties: {A: !Ref FromSnippet}}\n",
		"all kinds of parameters":    "Parameters:\n  A: {Type: AWS::EC2::VPC::Id}\n  B: {Type: 'List<AWS::EC2::Subnet::Id>'}\n  C: {Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Subnet::Id>>'}\n  D: {Type: 'AWS::SSM::Parameter::Name'}\n  E: {Type: 'AWS::EC2::KeyPair::KeyName'}\nResources: {Q: {Type: AWS::SQS::Queue}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if err := mustParse(t, src).Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestUnexpandedSaysWhatIsLeftOut(t *testing.T) {
	got := mustParse(t, `
Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31, Mine]
Rules: {R: {Assertions: []}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {A: {Fn::Transform: {Name: AWS::Include}}}}
  M: {Type: Shop::Data::Bucket::MODULE}
`).Unexpanded()
	want := []string{
		"Transform AWS::Serverless-2016-10-31: AWS::Serverless resources become other resources inside CloudFormation",
		"Transform Mine: a macro that runs inside AWS may change the whole template",
		"Resources/F: AWS::Serverless::Function is expanded by CloudFormation only",
		"Resources/M: Shop::Data::Bucket::MODULE is expanded by CloudFormation only",
		"Rules/R: rules are checked by CloudFormation only",
		"Resources/F/Properties/A/Fn::Transform: AWS::Include inserts content that only CloudFormation knows",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := mustParse(t, around("x")).Unexpanded(); len(got) != 0 {
		t.Errorf("a plain template leaves out %q", got)
	}
}
