package read

import (
	"fmt"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func TestPermissionsOfOneFunctionShareACall(t *testing.T) {
	permission := func(id, function string) inventory.Item {
		item := sampleOf("AWS::Lambda::Permission")
		item.Key, item.ID, item.Resolved = "app/"+id+function, id, map[string]any{"FunctionName": function}
		return item
	}
	var mu sync.Mutex
	calls := map[string]int{}
	result := readAll(t, func(_, _ string, in any) (any, error) {
		mu.Lock()
		defer mu.Unlock()
		calls[aws.ToString(in.(*lambda.GetPolicyInput).FunctionName)]++
		return &lambda.GetPolicyOutput{Policy: aws.String(`{"Statement":[{"Sid":"one","Effect":"Allow","Action":"a","Principal":"*"},
			{"Sid":"two","Effect":"Allow","Action":"b","Principal":"*"}]}`)}, nil
	}, request(permission("one", "f"), permission("two", "f"), permission("one", "g"), permission("gone", "g")))
	if calls["f"] != 1 || calls["g"] != 1 || len(result.Resources) != 3 || len(result.Facts) != 1 || len(result.Gaps) != 0 {
		t.Errorf("calls %v, %d resources, facts %+v, gaps %+v", calls, len(result.Resources), result.Facts, result.Gaps)
	}
	for _, r := range result.Resources {
		if want := map[string]string{"one": "a", "two": "b"}[r.ID]; r.Properties["Action"] != want {
			t.Errorf("%s has the action %v, want %s", r.Key, r.Properties["Action"], want)
		}
	}
}

func TestManyRolesAreFoundInOneListAndReadAloneWithoutIt(t *testing.T) {
	roles := func(n int) []inventory.Item {
		list := make([]inventory.Item, n)
		for i := range list {
			list[i] = sampleOf("AWS::IAM::Role")
			list[i].Key, list[i].ID = fmt.Sprintf("app/Role%d", i), fmt.Sprintf("role%d", i)
		}
		return list
	}
	const document = "%7B%22Version%22%3A%222012-10-17%22%7D"
	details, list := &iam.GetAccountAuthorizationDetailsOutput{}, &iam.ListRolesOutput{}
	for _, item := range append(roles(rolesForList-1), inventory.Item{ID: "somebody else's"}) { // the last one is not in it
		list.Roles = append(list.Roles, iamtypes.Role{RoleName: aws.String(item.ID), Description: aws.String("does")})
		details.RoleDetailList = append(details.RoleDetailList, iamtypes.RoleDetail{RoleName: aws.String(item.ID),
			PermissionsBoundary:     &iamtypes.AttachedPermissionsBoundary{PermissionsBoundaryArn: aws.String("arn:x")},
			AttachedManagedPolicies: []iamtypes.AttachedPolicy{{PolicyArn: aws.String("arn:b")}, {PolicyArn: aws.String("arn:a")}},
			RolePolicyList:          []iamtypes.PolicyDetail{{PolicyName: aws.String("use"), PolicyDocument: aws.String(document)}}})
	}
	denied := refusal("AccessDenied")
	tests := map[string]struct {
		roles          int
		details, list  any
		lists, one, by int // calls of each list, and roles read alone
	}{
		"ten roles, one of them not in the lists": {rolesForList, details, list, 1, 1, 1},
		"ten roles, no permission for details":    {rolesForList, denied, list, 1, 0, rolesForList},
		"ten roles, no permission to list":        {rolesForList, details, denied, 1, 1, rolesForList},
		"nine roles":                              {rolesForList - 1, details, list, 0, 0, rolesForList - 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			table := map[string]any{
				"IAM GetAccountAuthorizationDetails": test.details, "IAM ListRoles": test.list,
				"IAM GetRole": &iam.GetRoleOutput{Role: &iamtypes.Role{Description: aws.String("does"),
					PermissionsBoundary: details.RoleDetailList[0].PermissionsBoundary}},
				"IAM ListAttachedRolePolicies": &iam.ListAttachedRolePoliciesOutput{AttachedPolicies: details.RoleDetailList[0].AttachedManagedPolicies},
				"IAM ListRolePolicies":         &iam.ListRolePoliciesOutput{PolicyNames: []string{"use"}},
				"IAM GetRolePolicy":            &iam.GetRolePolicyOutput{PolicyDocument: aws.String(document)},
			}
			var calls callCounter
			result := readAll(t, calls.count(by(table)), request(roles(test.roles)...))
			if calls.of("GetAccountAuthorizationDetails") != test.lists || calls.of("ListRoles") != test.one || calls.of("GetRole") != test.by {
				t.Errorf("calls %v", calls.calls)
			}
			if len(result.Resources) != test.roles || len(result.Gaps) != 0 {
				t.Fatalf("%d roles, gaps %+v", len(result.Resources), result.Gaps)
			}
			for _, r := range result.Resources {
				p := r.Properties
				if have := fmt.Sprintf("%v %v %v %v", p["ManagedPolicyArns"], p["Policies"], p["PermissionsBoundary"], p["Description"]); have !=
					"[arn:a arn:b] [map[PolicyDocument:map[Version:2012-10-17] PolicyName:use]] arn:x does" {
					t.Errorf("%s has %s", r.Key, have)
				}
			}
		})
	}
}

// callCounter counts calls by operation.
type callCounter struct {
	mu    sync.Mutex
	calls map[string]int
}

func (c *callCounter) count(next answers) answers {
	return func(service, operation string, in any) (any, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.calls == nil {
			c.calls = map[string]int{}
		}
		c.calls[operation]++
		return next(service, operation, in)
	}
}

func (c *callCounter) of(operation string) int { return c.calls[operation] }
