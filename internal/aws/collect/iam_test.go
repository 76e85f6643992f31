package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestPartiesAndTheirPolicies(t *testing.T) {
	w := telltale(t, "iam")
	ctx := t.Context()
	document := aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`)
	w.shows(
		edit{"Trust", "ThumbprintList", func(cfg aws.Config, id string) error {
			_, err := iam.NewFromConfig(cfg).UpdateOpenIDConnectProviderThumbprint(ctx, &iam.UpdateOpenIDConnectProviderThumbprintInput{OpenIDConnectProviderArn: &id,
				ThumbprintList: []string{"9999999999999999999999999999999999999999"}})
			return err
		}},
		edit{"Team", "Policies", func(cfg aws.Config, id string) error {
			_, err := iam.NewFromConfig(cfg).PutGroupPolicy(ctx, &iam.PutGroupPolicyInput{GroupName: &id, PolicyName: aws.String("look"), PolicyDocument: document})
			return err
		}},
		edit{"Robot", "ManagedPolicyArns", func(cfg aws.Config, id string) error {
			_, err := iam.NewFromConfig(cfg).AttachUserPolicy(ctx, &iam.AttachUserPolicyInput{UserName: &id, PolicyArn: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
			return err
		}},
	)
}
