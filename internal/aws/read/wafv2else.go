package read

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

const associationType = "AWS::WAFv2::WebACLAssociation"

// webACLElse reads which web ACL protects a resource where no association of the
// application says so: somebody added it by hand, and it would show nowhere else.
func (r *run) webACLElse(ctx context.Context, item inventory.Item, arn string, o *object) {
	if r.associated(arn) {
		return
	}
	out, err := r.clients.waf.GetWebACLForResource(ctx, &wafv2.GetWebACLForResourceInput{ResourceArn: &arn})
	if err != nil {
		r.partial(item, "WebACL", err)
	} else if out.WebACL != nil {
		o.set("WebACL", r.webACL(aws.ToString(out.WebACL.ARN)))
	}
}

// webACL is what an ACL is compared by. One of the application stands there by its
// ARN; another by its name, without the time of day that Firewall Manager gives each
// of its own. Source: Service Authorization Reference, AWS WAF V2, resource types:
// an ARN ends in webacl/name/id.
func (r *run) webACL(arn string) string {
	parts := strings.Split(arn, "/")
	if len(parts) < 4 {
		return arn
	}
	name, id := parts[len(parts)-2], parts[len(parts)-1]
	if r.ownWebACL(name, id) {
		return arn
	}
	return managedWebACL.ReplaceAllString(name, "$1")
}

// managedWebACL is the name of an ACL that Firewall Manager keeps. Source: AWS WAF
// developer guide, How Firewall Manager names web ACLs: FMManagedWebACLV2-policy name-timestamp.
var managedWebACL = regexp.MustCompile(`^(FMManagedWebACLV2-.*)-[0-9]{10,}$`)

// associated reports whether an association of the application, which is read on
// its own, is about the resource or may be.
func (r *run) associated(arn string) bool {
	return slices.ContainsFunc(r.Items, func(item inventory.Item) bool {
		if item.Type != associationType {
			return false
		}
		resource := text(item.Resolved, "ResourceArn")
		return resource == arn || strings.HasPrefix(item.ID, arn+"|")
	})
}

// ownWebACL reports whether the application lists the ACL.
func (r *run) ownWebACL(name, id string) bool {
	return slices.ContainsFunc(r.Items, func(item inventory.Item) bool {
		return item.Type == "AWS::WAFv2::WebACL" && strings.HasPrefix(item.ID, name+"|"+id+"|")
	})
}
