package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// privateACL is the list of a bucket that grants nothing to anybody but its owner.
const privateACL = "Private"

// cannedACLs are the lists that S3 has names for, in CloudFormation's spelling, by
// what they grant beside everything to the owner. Source: Amazon S3 user guide,
// Access control list (ACL) overview, Canned ACL.
var cannedACLs = []struct {
	name   string
	grants []string
}{
	{privateACL, nil},
	{"PublicRead", []string{"AllUsers READ"}},
	{"PublicReadWrite", []string{"AllUsers READ", "AllUsers WRITE"}},
	{"AuthenticatedRead", []string{"AuthenticatedUsers READ"}},
	{"LogDeliveryWrite", []string{"LogDelivery READ_ACP", "LogDelivery WRITE"}},
}

// logDelivery are the canonical ids of the account that delivers CloudFront's standard
// logs: CloudFront grants it everything on the bucket that takes them, by itself. Source:
// Amazon CloudFront developer guide, Standard logging (legacy), and that of China.
var logDelivery = []string{"c4c1ede66af53448b93c283ce9448c4ba468c9432aa01d700d3878632f77d2d0", "a52cb28745c0c06e84ec548334e44bfa7fc2a85c54af20cd59e4969344b7af56"}

// bucketAccess reads the access control list. Where the bucket's owner owns every
// object, no list is in force and S3 answers with the private one: that needs no call.
// Source: Amazon S3 user guide, Controlling ownership of objects and disabling ACLs.
func (r *run) bucketAccess(ctx context.Context, item inventory.Item, o *object) {
	if ownerEnforced(o) {
		o.set("AccessControl", privateACL)
		return
	}
	r.facets(ctx, item, o, []facet{{"AccessControl", bucketACL}})
}

func ownerEnforced(o *object) bool {
	controls, _ := o.properties["OwnershipControls"].(map[string]any)
	rules, _ := controls["Rules"].([]any)
	return slices.ContainsFunc(rules, func(rule any) bool {
		one, _ := rule.(map[string]any)
		return one["ObjectOwnership"] == string(types.ObjectOwnershipBucketOwnerEnforced)
	})
}

// bucketACL reads the list by its name, or its grants where it has none.
func bucketACL(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketAcl(ctx, &s3.GetBucketAclInput{Bucket: &b})
	if err != nil {
		return err
	}
	if out.Owner == nil {
		return elsewise("GetBucketAcl", "the answer does not name the owner")
	}
	owner := aws.ToString(out.Owner.ID)
	grants := []string{}
	for _, g := range out.Grants {
		grants = append(grants, granteeName(g.Grantee, owner)+" "+string(g.Permission))
	}
	slices.Sort(grants)
	grants = slices.Compact(grants)
	logs := slices.Contains(grants, drift.CloudFrontLogs)
	rest := slices.DeleteFunc(slices.Clone(grants), func(g string) bool { return g == drift.CloudFrontLogs })
	for _, canned := range cannedACLs {
		if !slices.Equal(rest, append(slices.Clone(canned.grants), "owner FULL_CONTROL")) {
			continue
		}
		if logs {
			o.set("AccessControl", []string{drift.CloudFrontLogs, canned.name})
		} else {
			o.set("AccessControl", canned.name)
		}
		return nil
	}
	o.set("AccessControl", grants)
	return nil
}

// granteeName is whom a grant is for. The bucket's owner has another canonical id in
// every account, and is the owner everywhere.
func granteeName(g *types.Grantee, owner string) string {
	switch {
	case g == nil:
		return "nobody"
	case g.Type == types.TypeGroup:
		uri := aws.ToString(g.URI)
		return uri[strings.LastIndexByte(uri, '/')+1:]
	case owner != "" && aws.ToString(g.ID) == owner:
		return "owner"
	case slices.Contains(logDelivery, aws.ToString(g.ID)):
		return "CloudFrontLogs"
	}
	return aws.ToString(g.ID) + aws.ToString(g.EmailAddress)
}

func bucketPayer(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketRequestPayment(ctx, &s3.GetBucketRequestPaymentInput{Bucket: &b})
	if err != nil {
		return err
	}
	if out.Payer == "" {
		return elsewise("GetBucketRequestPayment", "the answer does not say who pays")
	}
	o.set("RequestPayment", string(out.Payer))
	return nil
}

// elsewise is an answer to another question: the server does not know the operation,
// as servers do that only look like S3.
func elsewise(operation, message string) error {
	return &smithy.OperationError{ServiceID: "S3", OperationName: operation, Err: &smithy.GenericAPIError{Code: "NotImplemented", Message: message}}
}
