package read

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// rolesForList is how many roles make lists of the account's roles worth while:
// IAM answers few calls a second, and a role alone takes four.
const rolesForList = 10

// roleEntry is a role and its policies. Two lists hold that between them:
// ListRoles leaves out tags and boundary, GetAccountAuthorizationDetails the
// description and how long a session may be.
type roleEntry struct {
	role     types.Role
	attached []string
	inline   []map[string]any
}

// listRoles finds many roles in the lists of all roles of the account. It gives
// up when they take more calls than they save, and when one is refused: what it
// did not find is read role by role, and becomes a gap there if that fails too.
func (r *run) listRoles(ctx context.Context, items []inventory.Item) map[string]roleEntry {
	wanted := map[string]bool{}
	for _, item := range items {
		if item.Type == "AWS::IAM::Role" && item.ID != "" {
			wanted[item.ID] = true
		}
	}
	if len(wanted) < rolesForList {
		return nil
	}
	details := r.roleDetails(ctx, wanted)
	if len(details) == 0 {
		return nil
	}
	found := map[string]roleEntry{}
	pages := iam.NewListRolesPaginator(r.clients.iam, &iam.ListRolesInput{MaxItems: aws.Int32(1000)})
	for calls := 0; calls < len(details) && len(found) < len(details) && pages.HasMorePages(); calls++ {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return found
		}
		for _, role := range page.Roles {
			if detail, ok := details[aws.ToString(role.RoleName)]; ok {
				found[aws.ToString(role.RoleName)] = listedRole(role, detail)
			}
		}
	}
	return found
}

func (r *run) roleDetails(ctx context.Context, wanted map[string]bool) map[string]types.RoleDetail {
	found := map[string]types.RoleDetail{}
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

func listedRole(role types.Role, detail types.RoleDetail) roleEntry {
	role.Tags, role.PermissionsBoundary = detail.Tags, detail.PermissionsBoundary
	e := roleEntry{role: role, attached: []string{}, inline: []map[string]any{}}
	for _, policy := range detail.AttachedManagedPolicies {
		e.attached = append(e.attached, aws.ToString(policy.PolicyArn))
	}
	for _, policy := range detail.RolePolicyList {
		e.inline = append(e.inline, inlinePolicy(aws.ToString(policy.PolicyName), aws.ToString(policy.PolicyDocument)))
	}
	slices.Sort(e.attached)
	sortObjects(e.inline, "PolicyName")
	return e
}

func inlinePolicy(name, document string) map[string]any {
	return map[string]any{"PolicyName": name, "PolicyDocument": parsed(document)}
}
