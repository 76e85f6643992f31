package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling"
	"github.com/aws/aws-sdk-go-v2/service/applicationautoscaling/types"
)

func TestScaling(t *testing.T) {
	w := telltale(t, "scaling")
	ctx := t.Context()
	w.shows(
		edit{"Tasks", "MaxCapacity", func(cfg aws.Config, id string) error {
			target := scalableID(id)
			_, err := applicationautoscaling.NewFromConfig(cfg).RegisterScalableTarget(ctx, &applicationautoscaling.RegisterScalableTargetInput{
				ResourceId: &target[0], ScalableDimension: types.ScalableDimension(target[1]), ServiceNamespace: types.ServiceNamespace(target[2]), MaxCapacity: aws.Int32(5)})
			return err
		}},
		edit{"Writes", "ScheduledActions", func(cfg aws.Config, id string) error {
			target := scalableID(id)
			_, err := applicationautoscaling.NewFromConfig(cfg).PutScheduledAction(ctx, &applicationautoscaling.PutScheduledActionInput{
				ResourceId: &target[0], ScalableDimension: types.ScalableDimension(target[1]), ServiceNamespace: types.ServiceNamespace(target[2]),
				ScheduledActionName: aws.String("night"), Schedule: aws.String("cron(0 0 * * ? *)"), ScalableTargetAction: &types.ScalableTargetAction{MaxCapacity: aws.Int32(6)}})
			return err
		}},
		edit{"TasksOnLoad", "TargetTrackingScalingPolicyConfiguration", func(cfg aws.Config, _ string) error {
			client := applicationautoscaling.NewFromConfig(cfg)
			out, err := client.DescribeScalingPolicies(ctx, &applicationautoscaling.DescribeScalingPoliciesInput{ServiceNamespace: types.ServiceNamespaceEcs})
			if err != nil {
				return err
			}
			p := out.ScalingPolicies[0]
			p.TargetTrackingScalingPolicyConfiguration.TargetValue = aws.Float64(90)
			_, err = client.PutScalingPolicy(ctx, &applicationautoscaling.PutScalingPolicyInput{PolicyName: p.PolicyName, PolicyType: p.PolicyType, ResourceId: p.ResourceId,
				ScalableDimension: p.ScalableDimension, ServiceNamespace: p.ServiceNamespace, TargetTrackingScalingPolicyConfiguration: p.TargetTrackingScalingPolicyConfiguration})
			return err
		}},
	)
}
