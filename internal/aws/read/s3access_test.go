package read

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// What a list grants is told by the name S3 has for it, or grant by grant; owners
// are owners, whatever their accounts' canonical ids are.
func TestAnAccessControlListIsReadByItsNameOrItsGrants(t *testing.T) {
	group := func(name string, p types.Permission) types.Grant {
		return types.Grant{Permission: p, Grantee: &types.Grantee{Type: types.TypeGroup, URI: aws.String("http://acs.amazonaws.com/groups/" + name)}}
	}
	user := func(id string, p types.Permission) types.Grant {
		return types.Grant{Permission: p, Grantee: &types.Grantee{Type: types.TypeCanonicalUser, ID: &id}}
	}
	all := user("us", types.PermissionFullControl)
	cases := []struct {
		name      string
		ownership types.ObjectOwnership // "": no ownership controls
		grants    []types.Grant
		want      string
		calls     int
	}{
		{"no list is in force", types.ObjectOwnershipBucketOwnerEnforced, nil, "Private", 0},
		{"the owner alone", types.ObjectOwnershipObjectWriter, []types.Grant{all}, "Private", 1},
		{"a bucket from before there were ownership controls", "", []types.Grant{group("global/AllUsers", "READ"), all}, "PublicRead", 1},
		{"everybody reads and writes", types.ObjectOwnershipBucketOwnerPreferred, []types.Grant{group("global/AllUsers", "WRITE"), all, group("global/AllUsers", "READ")}, "PublicReadWrite", 1},
		{"who has an account of AWS reads", types.ObjectOwnershipBucketOwnerPreferred, []types.Grant{all, group("global/AuthenticatedUsers", "READ")}, "AuthenticatedRead", 1},
		{"logs are delivered", types.ObjectOwnershipBucketOwnerPreferred, []types.Grant{group("s3/LogDelivery", "WRITE"), group("s3/LogDelivery", "READ_ACP"), all}, "LogDeliveryWrite", 1},
		{"somebody else reads", types.ObjectOwnershipObjectWriter, []types.Grant{user("them", "READ"), all, all}, "[owner FULL_CONTROL them READ]", 1},
		{"CloudFront delivers logs", types.ObjectOwnershipBucketOwnerPreferred, []types.Grant{all, user(logDelivery[0], "FULL_CONTROL")}, "[CloudFrontLogs FULL_CONTROL Private]", 1},
		{"CloudFront delivers logs in China", types.ObjectOwnershipBucketOwnerPreferred, []types.Grant{user(logDelivery[1], "FULL_CONTROL"), all}, "[CloudFrontLogs FULL_CONTROL Private]", 1},
		{"CloudFront delivers logs, and somebody else reads", types.ObjectOwnershipObjectWriter, []types.Grant{user("them", "READ"), all, user(logDelivery[0], "FULL_CONTROL")},
			"[CloudFrontLogs FULL_CONTROL owner FULL_CONTROL them READ]", 1},
		{"the owner was locked out", types.ObjectOwnershipObjectWriter, nil, "[]", 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			calls := 0
			result := readAll(t, func(_, operation string, _ any) (any, error) {
				switch operation {
				case "GetBucketVersioning":
					return &s3.GetBucketVersioningOutput{}, nil
				case "GetBucketNotificationConfiguration":
					return &s3.GetBucketNotificationConfigurationOutput{}, nil
				case "GetBucketLogging":
					return &s3.GetBucketLoggingOutput{}, nil
				case "GetBucketRequestPayment":
					return &s3.GetBucketRequestPaymentOutput{Payer: types.PayerRequester}, nil
				case "GetBucketAcl":
					calls++
					return &s3.GetBucketAclOutput{Owner: &types.Owner{ID: aws.String("us")}, Grants: c.grants}, nil
				case "GetBucketOwnershipControls":
					if c.ownership != "" {
						return &s3.GetBucketOwnershipControlsOutput{OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: c.ownership}}}}, nil
					}
				}
				return nil, refusal("NoSuchTagSet")
			}, request(sampleOf("AWS::S3::Bucket")))
			have := one(t, result).Properties
			if got := fmt.Sprint(have["AccessControl"]); got != c.want || calls != c.calls || have["RequestPayment"] != "Requester" || len(result.Gaps) != 0 {
				t.Errorf("have %s after %d calls, who pays %v, gaps %v; want %s", got, calls, have["RequestPayment"], result.Gaps, c.want)
			}
		})
	}
}
