package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestNamesOfRoles(t *testing.T) {
	const role = "arn:aws:iam::111111111111:role/app/api-Role-1A2B"
	for _, c := range []struct {
		about, property, text string
		want                  bool
	}{
		{"of a function", "Role", role, true},
		{"of a task", "ExecutionRoleArn", role, true},
		{"in the spelling of a stream", "RoleARN", role, true},
		{"of an integration", "credentials", role, true},
		{"of an integration of an HTTP API", "CredentialsArn", role, true},
		{"of China", "RoleArn", "arn:aws-cn:iam::111111111111:role/x", true},
		{"who is let in by a policy", "AWS", role, false},
		{"what a policy is about", "Resource", role, false},
		{"a name alone", "Role", "api-Role", false},
		{"a role that AWS keeps", "RoleArn", "arn:aws:iam::111111111111:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS", false},
		{"all roles", "Role", "arn:aws:iam::111111111111:role/*", false},
		{"a user", "Role", "arn:aws:iam::111111111111:user/x", false},
	} {
		if have := namesRole(c.property, c.text); have != c.want {
			t.Errorf("%s: %v", c.about, have)
		}
	}
}

func TestARoleFromOutsideIsDescribedByWhatItMayDo(t *testing.T) {
	const arn = "arn:aws:iam::111111111111:role/api-Role-1A2B"
	answers := map[string]any{
		"IAM GetRole":                  &iam.GetRoleOutput{Role: &iamtypes.Role{RoleName: aws.String("api-Role-1A2B"), AssumeRolePolicyDocument: aws.String("%7B%22Version%22%3A%222012-10-17%22%7D")}},
		"IAM ListAttachedRolePolicies": &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")}}},
		"IAM ListRolePolicies":         &iam.ListRolePoliciesOutput{},
	}
	for about, c := range map[string]struct {
		change  func(map[string]any)
		content int // members; -1: no fact, but a gap
	}{
		"all of it":                  {func(map[string]any) {}, 3},
		"one that does not exist":    {func(a map[string]any) { a["IAM GetRole"] = refusal("NoSuchEntity") }, 0},
		"one that may not be read":   {func(a map[string]any) { a["IAM GetRole"] = refusal("AccessDenied") }, -1},
		"one whose policies may not": {func(a map[string]any) { a["IAM ListRolePolicies"] = refusal("AccessDenied") }, -1},
	} {
		t.Run(about, func(t *testing.T) {
			table := map[string]any{}
			for k, v := range answers {
				table[k] = v
			}
			c.change(table)
			r := &run{Request: request(), clients: by(table).clients()}
			r.result.Resources = []drift.Resource{{Key: "app/Fn", Type: "AWS::Lambda::Function", Properties: map[string]any{"Role": arn}}}
			r.describeMentions(t.Context())
			if c.content < 0 {
				if len(r.result.Facts) != 0 || len(r.result.Gaps) != 1 || r.result.Gaps[0].Fact != drift.FactContent || r.result.Gaps[0].Resource != arn {
					t.Errorf("facts %+v, gaps %+v", r.result.Facts, r.result.Gaps)
				}
				return
			}
			if len(r.result.Gaps) != 0 || len(r.result.Facts) != 1 || r.result.Facts[0].Subject != arn {
				t.Fatalf("facts %+v, gaps %+v", r.result.Facts, r.result.Gaps)
			}
			if content, _ := member(r.result.Facts[0].Value, "Content").(map[string]any); len(content) != c.content {
				t.Errorf("content %+v", content)
			}
		})
	}
}
