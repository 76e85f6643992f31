package collect

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	ecrtypes "github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func withLayerCode(w *world, cfg aws.Config) map[string]string {
	w.upload(cfg, "code-"+cfg.Region, "layer.zip", "PK layer")
	return nil
}

func TestCode(t *testing.T) {
	w := telltale(t, "code", withLayerCode)
	ctx := t.Context()
	snapshot := w.snapshots(w.options("app"))[0]
	if data, err := json.Marshal(snapshot); err != nil || strings.Contains(string(data), canary) {
		t.Errorf("%v: a secret of the connection left", err)
	}
	if s := factOf(t, snapshot, drift.FactConnectionState, "app/Shipping"); s["ConnectionState"] != "AUTHORIZED" {
		t.Errorf("connection %v", s)
	}
	if sha, _ := resource(t, snapshot, "app/Layer").Properties["CodeSha256"].(string); len(sha) != 44 {
		t.Errorf("the layer's content is %q", sha)
	}
	w.shows(
		edit{"Registry", "ImageTagMutability", func(cfg aws.Config, id string) error {
			_, err := ecr.NewFromConfig(cfg).PutImageTagMutability(ctx, &ecr.PutImageTagMutabilityInput{RepositoryName: &id, ImageTagMutability: ecrtypes.ImageTagMutabilityMutable})
			return err
		}},
		edit{"Registry", "LifecyclePolicy", func(cfg aws.Config, id string) error {
			_, err := ecr.NewFromConfig(cfg).PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: &id,
				LifecyclePolicyText: aws.String(`{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any","countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}`)})
			return err
		}},
		edit{"Registry", "RepositoryPolicyText", func(cfg aws.Config, id string) error {
			_, err := ecr.NewFromConfig(cfg).DeleteRepositoryPolicy(ctx, &ecr.DeleteRepositoryPolicyInput{RepositoryName: &id})
			return err
		}},
		edit{"Url", "AuthType", func(cfg aws.Config, id string) error {
			_, err := lambda.NewFromConfig(cfg).UpdateFunctionUrlConfig(ctx, &lambda.UpdateFunctionUrlConfigInput{FunctionName: &id, AuthType: lambdatypes.FunctionUrlAuthTypeNone})
			return err
		}},
		edit{"OnFailure", "MaximumRetryAttempts", func(cfg aws.Config, _ string) error {
			function := resource(t, w.snapshots(w.options("app"))[1], "app/Function").ID
			_, err := lambda.NewFromConfig(cfg).UpdateFunctionEventInvokeConfig(ctx, &lambda.UpdateFunctionEventInvokeConfigInput{FunctionName: &function, MaximumRetryAttempts: aws.Int32(0)})
			return err
		}},
		edit{"Bus", "Description", func(cfg aws.Config, id string) error {
			_, err := eventbridge.NewFromConfig(cfg).UpdateEventBus(ctx, &eventbridge.UpdateEventBusInput{Name: &id, Description: aws.String("other")})
			return err
		}},
		edit{"Archive", "RetentionDays", func(cfg aws.Config, id string) error {
			_, err := eventbridge.NewFromConfig(cfg).UpdateArchive(ctx, &eventbridge.UpdateArchiveInput{ArchiveName: &id, RetentionDays: aws.Int32(1)})
			return err
		}},
		edit{"Ship", "InvocationEndpoint", func(cfg aws.Config, id string) error {
			_, err := eventbridge.NewFromConfig(cfg).UpdateApiDestination(ctx, &eventbridge.UpdateApiDestinationInput{Name: &id, InvocationEndpoint: aws.String("https://other.example.com")})
			return err
		}},
	)
}
