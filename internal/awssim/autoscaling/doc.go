// Package autoscaling simulates Auto Scaling groups, their policies, lifecycle hooks and scheduled actions. It owns the
// AWS::AutoScaling types but launch configurations and warm pools. A group has as many instances as it wants, at once, all in
// service; nothing scales by itself and no schedule comes due.
package autoscaling

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// Types of the package.
const (
	GroupType    = "AWS::AutoScaling::AutoScalingGroup"
	PolicyType   = "AWS::AutoScaling::ScalingPolicy"
	HookType     = "AWS::AutoScaling::LifecycleHook"
	ScheduleType = "AWS::AutoScaling::ScheduledAction"
)

// Service returns Auto Scaling.
func Service() core.Service {
	return core.Service{
		Name: "autoscaling", Namespace: "http://autoscaling.amazonaws.com/doc/2011-01-01/",
		Operations: map[string]core.Handler{
			"DescribeAutoScalingGroups": describeGroups, "CreateAutoScalingGroup": createGroup, "UpdateAutoScalingGroup": updateGroup,
			"DeleteAutoScalingGroup": deleteGroup, "SetDesiredCapacity": setDesired, "SuspendProcesses": suspend, "ResumeProcesses": resume,
			"AttachLoadBalancerTargetGroups": attach, "DetachLoadBalancerTargetGroups": detach, "DescribeNotificationConfigurations": describeNotifications,
			"CreateOrUpdateTags": setTags, "DeleteTags": removeTags,
			"DescribePolicies": describePolicies, "PutScalingPolicy": putPolicy, "DeletePolicy": deletePolicy,
			"DescribeLifecycleHooks": describeHooks, "PutLifecycleHook": putHook, "DeleteLifecycleHook": deleteHook,
			"DescribeScheduledActions": describeSchedules, "PutScheduledUpdateGroupAction": putSchedule, "DeleteScheduledAction": deleteSchedule,
		},
		Kinds: []core.Kind{groupKind(), policyKind(), hookKind(), scheduleKind()},
	}
}

func groupKind() core.Kind {
	return core.Kind{
		Type:       GroupType,
		Name:       core.NameRule{Property: "AutoScalingGroupName", Max: 255},
		Attributes: map[string]string{"AutoScalingGroupARN": "arn:aws:autoscaling:{Region}:{Account}:autoScalingGroup:{Unique}:autoScalingGroupName/{AutoScalingGroupName}"},
		Ref:        "{AutoScalingGroupName}",
		Replace:    []string{"AutoScalingGroupName", "InstanceId"},
		Invalid:    "ValidationError",
		Defaults: map[string]any{"HealthCheckType": "EC2", "HealthCheckGracePeriod": 0.0, "Cooldown": 300.0, "NewInstancesProtectedFromScaleIn": false,
			"TerminationPolicies": []any{"Default"}, "CapacityRebalance": false},
		Schema: core.Schema{
			Required: []string{"MinSize", "MaxSize"},
			Numbers: []string{"MinSize", "MaxSize", "DesiredCapacity", "Cooldown", "HealthCheckGracePeriod", "MaxInstanceLifetime", "DefaultInstanceWarmup",
				"MixedInstancesPolicy.InstancesDistribution.OnDemandBaseCapacity", "MixedInstancesPolicy.InstancesDistribution.OnDemandPercentageAboveBaseCapacity"},
			Booleans: []string{"NewInstancesProtectedFromScaleIn", "CapacityRebalance"},
		},
		Create: checkGroup,
		Update: checkGroup,
		Delete: forget,
	}
}

func policyKind() core.Kind {
	return core.Kind{
		Type:       PolicyType,
		Name:       core.NameRule{Property: "PolicyName", Max: 255},
		Identifier: []string{"Arn"},
		Attributes: map[string]string{
			"Arn": "arn:aws:autoscaling:{Region}:{Account}:scalingPolicy:{Unique}:autoScalingGroupName/{AutoScalingGroupName}:policyName/{PolicyName}"},
		Ref:      "{Arn}",
		Replace:  []string{"AutoScalingGroupName"},
		Invalid:  "ValidationError",
		Defaults: map[string]any{"PolicyType": "SimpleScaling"},
		Schema: core.Schema{
			Required: []string{"AutoScalingGroupName"},
			Numbers: []string{"Cooldown", "EstimatedInstanceWarmup", "MinAdjustmentMagnitude", "ScalingAdjustment", "TargetTrackingConfiguration.TargetValue",
				"StepAdjustments.ScalingAdjustment", "StepAdjustments.MetricIntervalLowerBound", "StepAdjustments.MetricIntervalUpperBound"},
			Booleans: []string{"TargetTrackingConfiguration.DisableScaleIn"},
		},
		Create: unique,
	}
}

func hookKind() core.Kind {
	return core.Kind{
		Type:       HookType,
		Name:       core.NameRule{Property: "LifecycleHookName", Max: 255},
		Identifier: []string{"AutoScalingGroupName", "LifecycleHookName"},
		Ref:        "{LifecycleHookName}",
		Replace:    []string{"AutoScalingGroupName", "LifecycleHookName"},
		Invalid:    "ValidationError",
		Defaults:   map[string]any{"DefaultResult": "ABANDON", "HeartbeatTimeout": 3600.0},
		Schema:     core.Schema{Required: []string{"AutoScalingGroupName", "LifecycleTransition"}, Numbers: []string{"HeartbeatTimeout"}},
	}
}

func scheduleKind() core.Kind {
	return core.Kind{
		Type:       ScheduleType,
		Name:       core.NameRule{Property: "ScheduledActionName", Max: 255},
		Identifier: []string{"ScheduledActionName", "AutoScalingGroupName"},
		Ref:        "{ScheduledActionName}",
		Replace:    []string{"AutoScalingGroupName"},
		Invalid:    "ValidationError",
		Schema:     core.Schema{Required: []string{"AutoScalingGroupName"}, Numbers: []string{"DesiredCapacity", "MinSize", "MaxSize"}},
	}
}
