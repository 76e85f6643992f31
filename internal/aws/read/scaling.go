package read

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func policySpec() Spec {
	return Spec{
		Type:       "AWS::AutoScaling::ScalingPolicy",
		Properties: append([]string{"Cooldown", "Enabled"}, policyProperties()...),
		Actions:    []string{"autoscaling:DescribePolicies"},
		Batch:      perCall(groupsPerCall),
		Identities: []string{"Arn", "PolicyName"},
	}
}

func policyProperties() []string {
	return []string{"AutoScalingGroupName", "PolicyType", "AdjustmentType", "EstimatedInstanceWarmup", "MetricAggregationType", "MinAdjustmentMagnitude",
		"ScalingAdjustment", "StepAdjustments", "TargetTrackingConfiguration", "PredictiveScalingConfiguration"}
}

// groupPolicies are asked for by name and found again by ARN, which is what
// their stacks call them: several groups may have a policy of one name.
func (r *run) groupPolicies(ctx context.Context, items []inventory.Item) {
	readBatched(ctx, r, items, batch[types.ScalingPolicy]{
		most: groupsPerCall,
		ask:  physicalID,
		call: func(ctx context.Context, arns []string) ([]types.ScalingPolicy, error) {
			var all []types.ScalingPolicy
			pages := autoscaling.NewDescribePoliciesPaginator(r.clients.autoScaling, &autoscaling.DescribePoliciesInput{PolicyNames: policyNames(arns)})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return nil, err
				}
				all = append(all, page.ScalingPolicies...)
			}
			return all, nil
		},
		name: func(p types.ScalingPolicy) string { return aws.ToString(p.PolicyARN) },
	}, func(item inventory.Item, p types.ScalingPolicy) {
		o := newObject().take(p, policyProperties()...).take(p, "Cooldown").
			identity("Arn", aws.ToString(p.PolicyARN)).identity("PolicyName", aws.ToString(p.PolicyName))
		for name, value := range o.properties {
			if list, ok := value.([]any); value == "" || ok && len(list) == 0 {
				delete(o.properties, name)
			}
		}
		if p.Enabled != nil && !*p.Enabled {
			o.set("Enabled", false) // switched off by hand: a template cannot say it
		}
		r.found(item, o)
	})
}

// policyNames takes the names out of ARNs, each once.
func policyNames(arns []string) []string {
	var list []string
	for _, arn := range arns {
		_, name, ok := strings.Cut(arn, ":policyName/")
		if !ok {
			name = arn
		}
		list = append(list, name)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func hookSpec() Spec {
	return Spec{
		Type:       "AWS::AutoScaling::LifecycleHook",
		Properties: hookProperties(),
		Actions:    []string{"autoscaling:DescribeLifecycleHooks"},
		Batch:      "all of a group in a call",
	}
}

func hookProperties() []string {
	return []string{"AutoScalingGroupName", "LifecycleHookName", "LifecycleTransition", "DefaultResult", "HeartbeatTimeout", "NotificationMetadata",
		"NotificationTargetARN", "RoleARN"}
}

// hookName takes the name out of the physical id, which may name the group beside it.
func hookName(item inventory.Item) string { return item.ID[strings.LastIndexByte(item.ID, '|')+1:] }

// groupHooks are the hooks of a group, or why they are not known.
type groupHooks struct {
	list []types.LifecycleHook
	err  error
}

// groupOfHook is the group that a hook of a stack belongs to.
func groupOfHook(item inventory.Item) string {
	before, _, composite := strings.Cut(item.ID, "|")
	if name := text(item.Resolved, "AutoScalingGroupName"); name != "" && !unresolved(name) || !composite {
		return name
	}
	return before
}

// hooksOf reads the hooks of every group once: for those that are resources,
// and to find those somebody added by hand.
func (r *run) hooksOf(ctx context.Context, groups []scalingGroup, hooks []inventory.Item) map[string]groupHooks {
	wanted := map[string]bool{}
	for _, g := range groups {
		wanted[aws.ToString(g.live.AutoScalingGroupName)] = true
	}
	for _, item := range hooks {
		if name := groupOfHook(item); name != "" && !unresolved(name) {
			wanted[name] = true
		}
	}
	var mu sync.Mutex
	known := map[string]groupHooks{}
	each(ctx, keysOf(wanted), func(name string) {
		var hooks groupHooks
		out, err := r.clients.autoScaling.DescribeLifecycleHooks(ctx, &autoscaling.DescribeLifecycleHooksInput{AutoScalingGroupName: &name})
		if hooks.err = err; err == nil {
			hooks.list = out.LifecycleHooks
		}
		mu.Lock()
		defer mu.Unlock()
		known[name] = hooks
	})
	return known
}

// lifecycleHooks finds each hook among those of its group.
func (r *run) lifecycleHooks(items []inventory.Item, known map[string]groupHooks) {
	for _, item := range items {
		name := groupOfHook(item)
		if name == "" || unresolved(name) || item.ID == "" {
			r.unaddressable(item, "its group and a name")
			continue
		}
		hooks := known[name]
		i := slices.IndexFunc(hooks.list, func(h types.LifecycleHook) bool { return aws.ToString(h.LifecycleHookName) == hookName(item) })
		switch {
		case hooks.err != nil:
			r.failed(item, hooks.err)
		case i < 0:
			r.gone(item)
		default:
			r.found(item, newObject().take(hooks.list[i], hookProperties()...).identity("LifecycleHookName", hookName(item)))
		}
	}
}

func groupScheduleSpec() Spec {
	return Spec{
		Type:       "AWS::AutoScaling::ScheduledAction",
		Properties: append([]string{"StartTime", "EndTime"}, groupScheduleProperties()...),
		Actions:    []string{"autoscaling:DescribeScheduledActions"},
		Batch:      perCall(groupsPerCall),
		Identities: []string{"ScheduledActionName"},
	}
}

func groupScheduleProperties() []string {
	return []string{"AutoScalingGroupName", "DesiredCapacity", "MinSize", "MaxSize", "Recurrence", "TimeZone"}
}

// groupSchedules are asked for by name. Several groups may have one of the
// same name; the group that the template names tells them apart.
func (r *run) groupSchedules(ctx context.Context, items []inventory.Item) {
	byName := map[string][]inventory.Item{}
	for _, item := range items {
		name, _, _ := strings.Cut(item.ID, "|")
		if name == "" {
			r.unaddressable(item, "a name")
			continue
		}
		byName[name] = append(byName[name], item)
	}
	each(ctx, chunks(keysOf(byName), groupsPerCall), func(names []string) {
		found := map[string][]types.ScheduledUpdateGroupAction{}
		pages := autoscaling.NewDescribeScheduledActionsPaginator(r.clients.autoScaling, &autoscaling.DescribeScheduledActionsInput{ScheduledActionNames: names})
		var err error
		for err == nil && pages.HasMorePages() {
			var page *autoscaling.DescribeScheduledActionsOutput
			if page, err = pages.NextPage(ctx); err == nil {
				for _, a := range page.ScheduledUpdateGroupActions {
					found[aws.ToString(a.ScheduledActionName)] = append(found[aws.ToString(a.ScheduledActionName)], a)
				}
			}
		}
		for _, name := range names {
			for _, item := range byName[name] {
				if err != nil {
					r.failed(item, err)
					continue
				}
				r.groupSchedule(item, found[name])
			}
		}
	})
}

func (r *run) groupSchedule(item inventory.Item, found []types.ScheduledUpdateGroupAction) {
	group := text(item.Resolved, "AutoScalingGroupName")
	found = slices.DeleteFunc(slices.Clone(found), func(a types.ScheduledUpdateGroupAction) bool {
		return group != "" && !unresolved(group) && aws.ToString(a.AutoScalingGroupName) != group
	})
	switch len(found) {
	case 0:
		r.gone(item)
	case 1:
		a := found[0]
		o := newObject().take(a, groupScheduleProperties()...).identity("ScheduledActionName", aws.ToString(a.ScheduledActionName))
		if item.Declared["StartTime"] != nil {
			o.set("StartTime", timeOrNil(a.StartTime)) // else it is when the schedule was made
		}
		if item.Declared["EndTime"] != nil {
			o.set("EndTime", timeOrNil(a.EndTime))
		}
		r.found(item, o)
	default:
		r.note(item, "", "", "autoscaling:DescribeScheduledActions", "Ambiguous", "several groups have a scheduled action of this name")
	}
}
