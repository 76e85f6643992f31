// Package appscaling simulates Application Auto Scaling: scalable targets, their policies and scheduled actions. It owns
// AWS::ApplicationAutoScaling::ScalableTarget and ScalingPolicy. It scales nothing and makes no alarms; scheduled actions are
// a property of their target, whether CloudFormation or the API put them there.
package appscaling

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Types of the package.
const (
	Type       = "AWS::ApplicationAutoScaling::ScalableTarget"
	PolicyType = "AWS::ApplicationAutoScaling::ScalingPolicy"
)

// Service returns Application Auto Scaling.
func Service() core.Service {
	return core.Service{
		Name: "application-autoscaling",
		Operations: map[string]core.Handler{
			"DescribeScalableTargets": describeTargets, "RegisterScalableTarget": register, "DeregisterScalableTarget": deregister,
			"DescribeScalingPolicies": describePolicies, "PutScalingPolicy": putPolicy, "DeleteScalingPolicy": deletePolicy,
			"DescribeScheduledActions": describeActions, "PutScheduledAction": putAction, "DeleteScheduledAction": deleteAction,
		},
		Kinds: []core.Kind{targetKind(), policyKind()},
	}
}

func targetKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Identifier: []string{"ResourceId", "ScalableDimension", "ServiceNamespace"},
		Attributes: map[string]string{"Id": "{ResourceId}|{ScalableDimension}|{ServiceNamespace}"},
		Replace:    []string{"ResourceId", "ScalableDimension", "ServiceNamespace"},
		Schema: core.Schema{
			Required: []string{"MaxCapacity", "MinCapacity", "ResourceId", "ScalableDimension", "ServiceNamespace"},
			Numbers: []string{"MaxCapacity", "MinCapacity", "ScheduledActions.ScalableTargetAction.MinCapacity",
				"ScheduledActions.ScalableTargetAction.MaxCapacity"},
			Booleans: []string{"SuspendedState.DynamicScalingInSuspended", "SuspendedState.DynamicScalingOutSuspended",
				"SuspendedState.ScheduledScalingSuspended"},
		},
		Create: checkTarget, Update: checkTarget, Delete: dropPolicies,
	}
}

func policyKind() core.Kind {
	const tracking, step = "TargetTrackingScalingPolicyConfiguration.", "StepScalingPolicyConfiguration."
	return core.Kind{
		Type:       PolicyType,
		Identifier: []string{"Arn", "ScalableDimension"},
		Ref:        "{Arn}",
		Replace:    []string{"PolicyName", "ResourceId", "ScalableDimension", "ScalingTargetId", "ServiceNamespace"},
		Schema: core.Schema{
			Required: []string{"PolicyName", "PolicyType"},
			Numbers: []string{tracking + "TargetValue", tracking + "ScaleInCooldown", tracking + "ScaleOutCooldown", step + "Cooldown",
				step + "MinAdjustmentMagnitude", step + "StepAdjustments.ScalingAdjustment", step + "StepAdjustments.MetricIntervalLowerBound",
				step + "StepAdjustments.MetricIntervalUpperBound"},
			Booleans: []string{tracking + "DisableScaleIn"},
			Allowed:  map[string][]string{"PolicyType": {"StepScaling", "TargetTrackingScaling", "PredictiveScaling"}},
		},
		Create: checkPolicy, Update: checkPolicy,
	}
}
