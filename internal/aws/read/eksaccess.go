package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eks"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// accessEntry reads who may do what in a cluster. Its physical id is
// "principal|cluster"; the ARN of a principal holds slashes, but no bar.
func (r *run) accessEntry(ctx context.Context, item inventory.Item) {
	principal, cluster, ok := strings.Cut(item.ID, "|")
	if !ok {
		principal, cluster = text(item.Resolved, "PrincipalArn"), text(item.Resolved, "ClusterName")
	}
	if principal == "" || cluster == "" || unresolved(principal+cluster) {
		r.unaddressable(item, "a principal and a cluster")
		return
	}
	out, err := r.clients.eks.DescribeAccessEntry(ctx, &eks.DescribeAccessEntryInput{ClusterName: &cluster, PrincipalArn: &principal})
	if err != nil {
		r.failed(item, err)
		return
	}
	e := out.AccessEntry
	if e == nil {
		r.empty(item, "eks:DescribeAccessEntry", "entry")
		return
	}
	o := newObject().take(e, "ClusterName", "PrincipalArn", "KubernetesGroups", "Type", "Username").
		identity("AccessEntryArn", aws.ToString(e.AccessEntryArn))
	o.tags = e.Tags
	policies, err := r.accessPolicies(ctx, cluster, principal)
	if err != nil {
		r.partial(item, "AccessPolicies", err)
	} else {
		o.set("AccessPolicies", policies)
	}
	r.found(item, o)
}

func (r *run) accessPolicies(ctx context.Context, cluster, principal string) ([]map[string]any, error) {
	var list []map[string]any
	pages := eks.NewListAssociatedAccessPoliciesPaginator(r.clients.eks,
		&eks.ListAssociatedAccessPoliciesInput{ClusterName: &cluster, PrincipalArn: &principal})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.AssociatedAccessPolicies {
			o := newObject().take(p, "PolicyArn", "AccessScope")
			if o.err != nil {
				return nil, o.err
			}
			list = append(list, o.properties)
		}
	}
	sortObjects(list, "PolicyArn")
	return list, nil
}
