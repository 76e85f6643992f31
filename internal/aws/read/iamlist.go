package read

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// rolesForList is how many roles make a list of the account's roles worth while:
// IAM answers few calls a second, and asking for a role's policies takes three.
const rolesForList = 10

// listRoles finds the policies of many roles in the list of all roles of the
// account. It gives up when the list takes as many calls as there are roles to
// read, and when it is refused: what it did not find is read role by role, and
// becomes a gap there if that is refused too.
func (r *run) listRoles(ctx context.Context, items []inventory.Item) map[string]types.RoleDetail {
	found, wanted := map[string]types.RoleDetail{}, map[string]bool{}
	for _, item := range items {
		if item.Type == "AWS::IAM::Role" && item.ID != "" {
			wanted[item.ID] = true
		}
	}
	if len(wanted) < rolesForList {
		return found
	}
	pages := iam.NewGetAccountAuthorizationDetailsPaginator(r.clients.iam, &iam.GetAccountAuthorizationDetailsInput{
		Filter: []types.EntityType{types.EntityTypeRole}, MaxItems: aws.Int32(1000),
	})
	for calls := 0; calls < len(wanted) && len(found) < len(wanted) && pages.HasMorePages(); calls++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found
		}
		for _, role := range page.RoleDetailList {
			if name := aws.ToString(role.RoleName); wanted[name] {
				found[name] = role
			}
		}
	}
	return found
}

// rolePolicies are the ARNs of a role's managed policies and its inline ones,
// each as CloudFormation writes them.
type rolePolicies struct {
	attached           []string
	inline             []map[string]any
	noAttached, noList error
}

func (r *run) rolePolicies(ctx context.Context, role string, listed map[string]types.RoleDetail) rolePolicies {
	detail, ok := listed[role]
	if !ok {
		var p rolePolicies
		p.attached, p.noAttached = r.attached(ctx, role)
		p.inline, p.noList = r.inline(ctx, role)
		return p
	}
	p := rolePolicies{attached: []string{}, inline: []map[string]any{}}
	for _, policy := range detail.AttachedManagedPolicies {
		p.attached = append(p.attached, aws.ToString(policy.PolicyArn))
	}
	for _, policy := range detail.RolePolicyList {
		p.inline = append(p.inline, inlinePolicy(aws.ToString(policy.PolicyName), aws.ToString(policy.PolicyDocument)))
	}
	slices.Sort(p.attached)
	sortObjects(p.inline, "PolicyName")
	return p
}

func inlinePolicy(name, document string) map[string]any {
	return map[string]any{"PolicyName": name, "PolicyDocument": parsed(document)}
}
