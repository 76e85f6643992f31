package read

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	cognitotypes "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/aws-sdk-go-v2/service/wafv2"
	waftypes "github.com/aws/aws-sdk-go-v2/service/wafv2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// The association may be of a stack that is listed later: then the web ACL is no
// property of what it protects, whichever came first.
func TestAWebACLOfAnotherStacksAssociationIsNotTakenForOneByHand(t *testing.T) {
	const acl = "arn:aws:wafv2:us-east-1:111111111111:regional/webacl/front/1"
	pool, stage := sampleOf("AWS::Cognito::UserPool"), sampleOf("AWS::ApiGateway::Stage")
	pool.Key, pool.ID = "one/Pool", "us-east-1_A"
	stage.Key, stage.ID, stage.Resolved = "one/Stage", "prod", map[string]any{"RestApiId": "api"}
	poolARN := "arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_A"
	stageARN := "arn:aws:apigateway:us-east-1::/restapis/api/stages/prod"
	a := by(map[string]any{
		"WAFV2 GetWebACLForResource":                     &wafv2.GetWebACLForResourceOutput{WebACL: &waftypes.WebACL{ARN: aws.String(acl)}},
		"Cognito Identity Provider GetUserPoolMfaConfig": &cognitoidentityprovider.GetUserPoolMfaConfigOutput{},
		"Cognito Identity Provider DescribeUserPool":     &cognitoidentityprovider.DescribeUserPoolOutput{UserPool: &cognitotypes.UserPoolType{Arn: &poolARN}},
		"API Gateway GetStages":                          &apigateway.GetStagesOutput{Item: []apitypes.Stage{{StageName: aws.String("prod"), WebAclArn: aws.String(acl)}}},
	})
	for _, c := range []struct {
		item inventory.Item
		arn  string
	}{{pool, poolARN}, {stage, stageARN}} {
		for _, listed := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				q := request()
				q.Region = "us-east-1"
				reading := Start(t.Context(), a.clients(), q)
				reading.Add([]inventory.Item{c.item})
				time.Sleep(time.Second) // a batch of its own, if it does not wait
				if listed {
					reading.Add([]inventory.Item{{Key: "two/Front", Type: associationType, ID: c.arn + "|" + acl, Resolved: map[string]any{"ResourceArn": c.arn}}})
				}
				result, err := reading.Result()
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range result.Resources {
					if r.Key == c.item.Key {
						if shown := r.Properties["WebACL"] != nil; shown == listed {
							t.Errorf("%s, association listed %v: WebACL %v", r.Key, listed, r.Properties["WebACL"])
						}
						return
					}
				}
				var gaps []string
				for _, g := range result.Gaps {
					gaps = append(gaps, g.Resource+" "+g.Operation+" "+g.Message)
				}
				t.Errorf("%s was not read: %s", c.item.Key, strings.Join(gaps, "; "))
			})
		}
	}
}
