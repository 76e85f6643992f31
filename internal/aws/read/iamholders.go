package read

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// holders are the properties that say who has a policy.
var holders = []string{"Roles", "Users", "Groups"}

// policyOfMany reads an inline policy that is declared for several kinds of
// holders. Where they carry different documents, all are given.
func (r *run) policyOfMany(ctx context.Context, item inventory.Item, name string) {
	reads := map[string]func(context.Context, string, string) (string, error){"Roles": r.rolePolicy, "Users": r.userPolicy, "Groups": r.groupPolicy}
	o := newObject().set("PolicyName", name)
	var documents []any
	for _, property := range holders {
		owners := texts(item.Resolved[property])
		if unresolved(strings.Join(owners, "")) {
			r.unaddressable(item, "what it is attached to")
			return
		}
		for _, owner := range owners {
			document, err := reads[property](ctx, owner, name)
			if err != nil {
				r.failed(item, err)
				return
			}
			documents = append(documents, parsed(document))
		}
		if len(owners) > 0 {
			o.set(property, owners)
		}
	}
	if len(documents) == 0 {
		r.unaddressable(item, "what it is attached to")
		return
	}
	o.set("PolicyDocument", documents[0])
	if slices.ContainsFunc(documents, func(d any) bool { return !reflect.DeepEqual(d, documents[0]) }) {
		o.set("PolicyDocument", documents)
	}
	r.found(item, o)
}

// policyHolders reads who has a managed policy, if its template says so: others
// may have it too, and say that themselves.
func (r *run) policyHolders(ctx context.Context, item inventory.Item, o *object) {
	declared := slices.DeleteFunc(slices.Clone(holders), func(p string) bool { _, ok := item.Declared[p]; return !ok })
	if len(declared) == 0 {
		return
	}
	have := map[string][]string{}
	pages := iam.NewListEntitiesForPolicyPaginator(r.clients.iam, &iam.ListEntitiesForPolicyInput{PolicyArn: &item.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, property := range declared {
				r.partial(item, property, err)
			}
			return
		}
		for _, e := range page.PolicyRoles {
			have["Roles"] = append(have["Roles"], aws.ToString(e.RoleName))
		}
		for _, e := range page.PolicyUsers {
			have["Users"] = append(have["Users"], aws.ToString(e.UserName))
		}
		for _, e := range page.PolicyGroups {
			have["Groups"] = append(have["Groups"], aws.ToString(e.GroupName))
		}
	}
	for _, property := range declared {
		slices.Sort(have[property])
		o.set(property, append([]string{}, have[property]...))
	}
}
