package autoscaling_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/autoscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func bench(t *testing.T) (*coretest.Bench, store.Resource) {
	b := coretest.New(t, autoscaling.Service(), ec2.Service())
	template := b.Made(coretest.East, "Template", ec2.TemplateType, map[string]any{"LaunchTemplateData": map[string]any{"InstanceType": "t3.small"}})
	return b, b.Made(coretest.East, "Group", autoscaling.GroupType, map[string]any{"MinSize": "1", "MaxSize": "4", "DesiredCapacity": "3",
		"AvailabilityZones": []any{"us-east-1a", "us-east-1b"}, "LaunchTemplate": map[string]any{"LaunchTemplateId": template.ID, "Version": "1"}})
}

// described is the group as the API describes it.
func described(b *coretest.Bench, g store.Resource) wire.Object {
	b.Helper()
	return b.Call(coretest.East, "autoscaling.DescribeAutoScalingGroups", wire.Object{"AutoScalingGroupNames": []any{g.ID}}).Objects("AutoScalingGroups")[0]
}

func TestAGroupHasTheInstancesItWants(t *testing.T) {
	b, g := bench(t)
	zones := map[string]int{}
	for _, i := range described(b, g).Objects("Instances") {
		zones[i.String("AvailabilityZone")]++
	}
	if zones["us-east-1a"] != 2 || zones["us-east-1b"] != 1 {
		t.Errorf("instances by zone %v", zones)
	}
	b.Call(coretest.East, "autoscaling.SetDesiredCapacity", wire.Object{"AutoScalingGroupName": g.ID, "DesiredCapacity": "1"})
	if n := len(described(b, g).Objects("Instances")); n != 1 {
		t.Errorf("%d instances", n)
	}
	b.Refused("ValidationError", coretest.East, "autoscaling.SetDesiredCapacity", wire.Object{"AutoScalingGroupName": g.ID, "DesiredCapacity": "5"})
}

func TestAGroupFollowsItsNewSizes(t *testing.T) {
	b, g := bench(t)
	b.Call(coretest.East, "autoscaling.UpdateAutoScalingGroup", wire.Object{"AutoScalingGroupName": g.ID, "MaxSize": "2"})
	if out := described(b, g); out.Int("DesiredCapacity", 0) != 2 || out.Int("MaxSize", 0) != 2 {
		t.Errorf("%v", out)
	}
	_, err := b.Make(coretest.East, "Wrong", autoscaling.GroupType, map[string]any{"MinSize": "3", "MaxSize": "1"})
	b.Code("ValidationError", err)
	_, err = b.Make(coretest.East, "Nothing", autoscaling.GroupType, map[string]any{"MinSize": "0", "MaxSize": "1", "LaunchTemplate": map[string]any{"LaunchTemplateId": "lt-0"}})
	b.Code("ValidationError", err)
}

func TestProcessesAreSuspendedAndResumed(t *testing.T) {
	b, g := bench(t)
	b.Call(coretest.East, "autoscaling.SuspendProcesses", wire.Object{"AutoScalingGroupName": g.ID, "ScalingProcesses": []any{"Launch", "Terminate"}})
	b.Call(coretest.East, "autoscaling.ResumeProcesses", wire.Object{"AutoScalingGroupName": g.ID, "ScalingProcesses": []any{"Terminate"}})
	if list := described(b, g).Objects("SuspendedProcesses"); len(list) != 1 || list[0].String("ProcessName") != "Launch" {
		t.Errorf("%v", list)
	}
}

func TestWhatBelongsToAGroupGoesWithIt(t *testing.T) {
	b, g := bench(t)
	in := func(more wire.Object) wire.Object {
		more["AutoScalingGroupName"] = g.ID
		return more
	}
	b.Call(coretest.East, "autoscaling.PutLifecycleHook", in(wire.Object{"LifecycleHookName": "drain", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}))
	b.Call(coretest.East, "autoscaling.PutScheduledUpdateGroupAction", in(wire.Object{"ScheduledActionName": "night", "MaxSize": "1"}))
	arn := b.Call(coretest.East, "autoscaling.PutScalingPolicy", in(wire.Object{"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling"})).String("PolicyARN")
	b.Call(coretest.East, "autoscaling.PutScalingPolicy", in(wire.Object{"PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "Enabled": "false"}))
	policies := b.Call(coretest.East, "autoscaling.DescribePolicies", wire.Object{"PolicyNames": []any{"cpu"}}).Objects("ScalingPolicies")
	if len(policies) != 1 || policies[0].String("PolicyARN") != arn || policies[0].Bool("Enabled") {
		t.Errorf("%v", policies)
	}
	b.Call(coretest.East, "autoscaling.DeleteAutoScalingGroup", in(wire.Object{}))
	if left := b.Call(coretest.East, "autoscaling.DescribePolicies", nil).Objects("ScalingPolicies"); len(left) != 0 {
		t.Errorf("%v", left)
	}
	b.Refused("ValidationError", coretest.East, "autoscaling.DescribeLifecycleHooks", in(wire.Object{}))
	if left := b.Call(coretest.East, "autoscaling.DescribeScheduledActions", nil).Objects("ScheduledUpdateGroupActions"); len(left) != 0 {
		t.Errorf("%v", left)
	}
}
