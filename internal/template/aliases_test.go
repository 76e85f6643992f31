package template

import "testing"

// CloudFormation answers "Template error: YAML aliases are not allowed in
// CloudFormation templates." A template that Lockstep lets through must not
// fail in the first Region it reaches.
func TestAliasesAreReadButNotValid(t *testing.T) {
	const shared = "Resources:\n  A:\n    Type: AWS::SQS::Queue\n    Properties: &p {DelaySeconds: 1}\n  B:\n    Type: AWS::SQS::Queue\n    Properties: "
	cases := map[string]struct {
		src  string
		want string
	}{
		"an alias":            {shared + "*p\n", "line 7, column 17: Template error: YAML aliases are not allowed in CloudFormation templates."},
		"a merge key":         {shared + "\n      <<: *p\n", "line 8, column 11: Template error: YAML aliases are not allowed in CloudFormation templates."},
		"an anchor by itself": {shared + "{DelaySeconds: 1}\n", ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			parsed, err := Parse([]byte(c.src))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := parsed.Validate(); err != nil {
				got = err.Error()
			}
			if got != c.want {
				t.Errorf("Validate: %q, want %q", got, c.want)
			}
		})
	}
}
