package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrettypes "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

func TestWhatWatchesAndRotates(t *testing.T) {
	w := telltale(t, "watch")
	ctx := t.Context()
	group := resource(t, w.snapshots(w.options("app"))[1], "app/Logs").ID
	topic := resource(t, w.snapshots(w.options("app"))[1], "app/Topic").ID
	w.shows(
		edit{"Errors", "FilterPattern", func(cfg aws.Config, id string) error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).PutMetricFilter(ctx, &cloudwatchlogs.PutMetricFilterInput{LogGroupName: &group, FilterName: &id, FilterPattern: aws.String("FATAL"),
				MetricTransformations: []types.MetricTransformation{{MetricName: aws.String("Errors"), MetricNamespace: aws.String("app"), MetricValue: aws.String("1"), DefaultValue: aws.Float64(0)}}})
			return err
		}},
		edit{"Ship", "FilterPattern", func(cfg aws.Config, id string) error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).PutSubscriptionFilter(ctx, &cloudwatchlogs.PutSubscriptionFilterInput{LogGroupName: &group, FilterName: &id,
				FilterPattern: aws.String("ERROR"), DestinationArn: aws.String("arn:aws:lambda:us-west-2:111111111111:function:ship")})
			return err
		}},
		edit{"LetEvents", "PolicyDocument", func(cfg aws.Config, id string) error {
			_, err := cloudwatchlogs.NewFromConfig(cfg).PutResourcePolicy(ctx, &cloudwatchlogs.PutResourcePolicyInput{PolicyName: &id,
				PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[]}`)})
			return err
		}},
		edit{"Schedule", "RotationRules", func(cfg aws.Config, _ string) error {
			_, err := secretsmanager.NewFromConfig(cfg).RotateSecret(ctx, &secretsmanager.RotateSecretInput{SecretId: aws.String("app-standby"),
				RotationRules: &secrettypes.RotationRulesType{AutomaticallyAfterDays: aws.Int64(365)}})
			return err
		}},
		edit{"All", "AlarmRule", func(cfg aws.Config, id string) error {
			_, err := cloudwatch.NewFromConfig(cfg).PutCompositeAlarm(ctx, &cloudwatch.PutCompositeAlarmInput{AlarmName: &id, ActionsEnabled: aws.Bool(true),
				AlarmRule: aws.String("FALSE"), AlarmActions: []string{topic}})
			return err
		}},
		edit{"Board", "DashboardBody", func(cfg aws.Config, id string) error {
			_, err := cloudwatch.NewFromConfig(cfg).PutDashboard(ctx, &cloudwatch.PutDashboardInput{DashboardName: &id, DashboardBody: aws.String(`{"widgets":[]}`)})
			return err
		}},
	)
}
