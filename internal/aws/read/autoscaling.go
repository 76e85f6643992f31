package read

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type autoScalingAPI interface {
	DescribeAutoScalingGroups(context.Context, *autoscaling.DescribeAutoScalingGroupsInput, ...func(*autoscaling.Options)) (*autoscaling.DescribeAutoScalingGroupsOutput, error)
	DescribeLifecycleHooks(context.Context, *autoscaling.DescribeLifecycleHooksInput, ...func(*autoscaling.Options)) (*autoscaling.DescribeLifecycleHooksOutput, error)
	DescribeNotificationConfigurations(context.Context, *autoscaling.DescribeNotificationConfigurationsInput, ...func(*autoscaling.Options)) (*autoscaling.DescribeNotificationConfigurationsOutput, error)
	DescribePolicies(context.Context, *autoscaling.DescribePoliciesInput, ...func(*autoscaling.Options)) (*autoscaling.DescribePoliciesOutput, error)
	DescribeScheduledActions(context.Context, *autoscaling.DescribeScheduledActionsInput, ...func(*autoscaling.Options)) (*autoscaling.DescribeScheduledActionsOutput, error)
}

// groupsPerCall is the most names that the describe calls of Auto Scaling take.
const groupsPerCall = 50

func autoScalingReader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::AutoScaling::AutoScalingGroup",
				Properties: append([]string{"AutoScalingGroupName", "Cooldown", "LaunchTemplate", "MixedInstancesPolicy", "VPCZoneIdentifier", "MetricsCollection",
					"LifecycleHookSpecificationList", policiesElse, schedulesElse, "NotificationConfiguration", "NotificationConfigurations", "SuspendedProcesses", "Tags"}, groupProperties()...),
				Actions: []string{"autoscaling:DescribeAutoScalingGroups", "autoscaling:DescribeLifecycleHooks",
					"autoscaling:DescribeNotificationConfigurations", "autoscaling:DescribePolicies", "autoscaling:DescribeScheduledActions", "ec2:DescribeLaunchTemplateVersions", "ssm:GetParameters"},
				Batch:      perCall(groupsPerCall) + ", and a call for the hooks, one for the policies and one for the schedules of each",
				Identities: []string{"AutoScalingGroupName", "AutoScalingGroupARN"},
				Facts:      []string{drift.FactGroupInstances},
				Secret:     "user data of the launch template, as a whole",
			},
			policySpec(), hookSpec(), groupScheduleSpec(),
		},
		read: readAutoScaling,
	}
}

func groupProperties() []string {
	return []string{"MinSize", "MaxSize", "DesiredCapacity", "DesiredCapacityType", "HealthCheckType", "HealthCheckGracePeriod", "AvailabilityZones",
		"LaunchConfigurationName", "LoadBalancerNames", "TargetGroupARNs", "TrafficSources", "TerminationPolicies", "CapacityRebalance",
		"MaxInstanceLifetime", "NewInstancesProtectedFromScaleIn", "PlacementGroup", "ServiceLinkedRoleARN", "Context", "DefaultInstanceWarmup",
		"InstanceMaintenancePolicy", "InstanceLifecyclePolicy", "AvailabilityZoneDistribution", "AvailabilityZoneImpairmentPolicy",
		"CapacityReservationSpecification", "DeletionProtection"}
}

func readAutoScaling(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	var kinds sync.WaitGroup
	kinds.Go(func() {
		r.groups(ctx, sorted["AWS::AutoScaling::AutoScalingGroup"], sorted["AWS::AutoScaling::LifecycleHook"])
	})
	kinds.Go(func() { r.groupPolicies(ctx, sorted["AWS::AutoScaling::ScalingPolicy"]) })
	kinds.Go(func() { r.groupSchedules(ctx, sorted["AWS::AutoScaling::ScheduledAction"]) })
	kinds.Wait()
}

// scalingGroup is an Auto Scaling group of the stack.
type scalingGroup struct {
	item inventory.Item
	live types.AutoScalingGroup
}

// groups reads the groups first, because their launch templates are then asked
// for together.
func (r *run) groups(ctx context.Context, items, hooks []inventory.Item) {
	var mu sync.Mutex
	var found []scalingGroup
	readBatched(ctx, r, items, batch[types.AutoScalingGroup]{
		most: groupsPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, names []string) ([]types.AutoScalingGroup, error) {
			var all []types.AutoScalingGroup
			pages := autoscaling.NewDescribeAutoScalingGroupsPaginator(r.clients.autoScaling, &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: names})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.AutoScalingGroups...)
			}
			return all, nil
		},
		name: func(g types.AutoScalingGroup) string { return aws.ToString(g.AutoScalingGroupName) },
	}, func(item inventory.Item, g types.AutoScalingGroup) {
		mu.Lock()
		defer mu.Unlock()
		found = append(found, scalingGroup{item, g})
	})
	editions, known := r.editions(ctx, found), r.hooksOf(ctx, found, hooks)
	each(ctx, found, func(g scalingGroup) {
		r.group(ctx, g, editions, known[aws.ToString(g.live.AutoScalingGroupName)], hooks)
	})
	r.lifecycleHooks(hooks, known)
}

func (r *run) group(ctx context.Context, g scalingGroup, editions editions, known groupHooks, hooks []inventory.Item) {
	live := g.live
	o := newObject().take(live, groupProperties()...).take(live, "AutoScalingGroupName", "DefaultCooldown:Cooldown").
		identity("AutoScalingGroupName", aws.ToString(live.AutoScalingGroupName)).
		identity("AutoScalingGroupARN", aws.ToString(live.AutoScalingGroupARN)).
		tagList(live.Tags, "Key", "Value")
	for name, value := range o.properties {
		if value == "" {
			delete(o.properties, name)
		}
	}
	if zones := aws.ToString(live.VPCZoneIdentifier); zones != "" {
		o.set("VPCZoneIdentifier", strings.Split(zones, ","))
	}
	o.set("MetricsCollection", metricsCollection(live.EnabledMetrics))
	var suspended []string
	for _, p := range live.SuspendedProcesses {
		suspended = append(suspended, aws.ToString(p.ProcessName))
	}
	slices.Sort(suspended)
	o.set("SuspendedProcesses", suspended)
	r.groupTemplates(g, o, editions)
	r.groupHooks(g, o, known, hooks)
	r.groupPoliciesElse(ctx, g, o)
	r.groupSchedulesElse(ctx, g, o)
	r.groupNotifications(ctx, g, o)
	r.fact(g.item, drift.FactGroupInstances, groupInstances(live.Instances))
	r.found(g.item, o)
}

// metricsCollection is the metrics that are switched on, by granularity.
func metricsCollection(enabled []types.EnabledMetric) []map[string]any {
	by := map[string][]string{}
	for _, m := range enabled {
		by[aws.ToString(m.Granularity)] = append(by[aws.ToString(m.Granularity)], aws.ToString(m.Metric))
	}
	var list []map[string]any
	for _, granularity := range keysOf(by) {
		slices.Sort(by[granularity])
		list = append(list, map[string]any{"Granularity": granularity, "Metrics": by[granularity]})
	}
	return list
}

// groupInstances counts what runs.
func groupInstances(instances []types.Instance) map[string]any {
	states, health, zones, kinds := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	for _, i := range instances {
		states[string(i.LifecycleState)]++
		health[aws.ToString(i.HealthStatus)]++
		if i.LifecycleState == types.LifecycleStateInService {
			zones[aws.ToString(i.AvailabilityZone)]++
			kinds[aws.ToString(i.InstanceType)]++
		}
	}
	return map[string]any{"Total": len(instances), "InService": states[string(types.LifecycleStateInService)], "LifecycleState": states,
		"HealthStatus": health, "AvailabilityZones": zones, "InstanceTypes": kinds}
}

// groupHooks lists the hooks that are no resources of their own: those the
// group declares, and those somebody added by hand.
func (r *run) groupHooks(g scalingGroup, o *object, known groupHooks, declared []inventory.Item) {
	if known.err != nil {
		r.partial(g.item, "LifecycleHookSpecificationList", known.err)
		return
	}
	own := map[string]bool{}
	for _, item := range declared {
		if text(item.Resolved, "AutoScalingGroupName") == aws.ToString(g.live.AutoScalingGroupName) {
			own[hookName(item)] = true
		}
	}
	var list []map[string]any
	for _, hook := range known.list {
		if !own[aws.ToString(hook.LifecycleHookName)] {
			one := newObject().take(hook, hookProperties()...)
			delete(one.properties, "AutoScalingGroupName")
			list = append(list, one.properties)
		}
	}
	if len(list) > 0 {
		sortObjects(list, "LifecycleHookName")
		o.set("LifecycleHookSpecificationList", list)
	}
}

// groupNotifications reads whom a group tells of its launches, if that is declared.
func (r *run) groupNotifications(ctx context.Context, g scalingGroup, o *object) {
	declared := g.item.Declared
	if declared != nil && declared["NotificationConfigurations"] == nil && declared["NotificationConfiguration"] == nil {
		return
	}
	topics := map[string][]string{}
	pages := autoscaling.NewDescribeNotificationConfigurationsPaginator(r.clients.autoScaling,
		&autoscaling.DescribeNotificationConfigurationsInput{AutoScalingGroupNames: []string{aws.ToString(g.live.AutoScalingGroupName)}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.partial(g.item, "NotificationConfigurations", err)
			return
		}
		for _, n := range page.NotificationConfigurations {
			topics[aws.ToString(n.TopicARN)] = append(topics[aws.ToString(n.TopicARN)], aws.ToString(n.NotificationType))
		}
	}
	var list []map[string]any
	for _, topic := range keysOf(topics) {
		slices.Sort(topics[topic])
		list = append(list, map[string]any{"TopicARN": topic, "NotificationTypes": topics[topic]})
	}
	if len(list) > 0 {
		o.set("NotificationConfigurations", list)
	}
}
