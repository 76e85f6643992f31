package autoscaling

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func describePolicies(c *core.Call) (any, error) {
	names, owner := c.In.Strings("PolicyNames"), c.In.String("AutoScalingGroupName")
	list := []any{}
	for _, r := range c.List(PolicyType) {
		name := wire.Text(r.Properties["PolicyName"])
		if len(names) > 0 && !slices.Contains(names, r.ID) && !slices.Contains(names, name) || owner != "" && r.Properties["AutoScalingGroupName"] != owner {
			continue
		}
		out := core.Out(shape.Pick(r.Properties, policyMembers()...))
		out["PolicyARN"], out["PolicyName"], out["Alarms"] = r.ID, name, []any{}
		out["Enabled"] = r.Private["Disabled"] != true
		list = append(list, out)
	}
	return page(c, "ScalingPolicies", list)
}

func policyMembers() []string {
	return []string{"AutoScalingGroupName", "PolicyType", "AdjustmentType", "Cooldown", "EstimatedInstanceWarmup", "MetricAggregationType",
		"MinAdjustmentMagnitude", "ScalingAdjustment", "StepAdjustments", "TargetTrackingConfiguration", "PredictiveScalingConfiguration"}
}

// policy finds a policy by its ARN, or by its name in a group.
func policy(c *core.Call) (store.Resource, bool) {
	name := c.In.String("PolicyName")
	for _, r := range c.List(PolicyType) {
		if r.ID == name || wire.Text(r.Properties["PolicyName"]) == name && r.Properties["AutoScalingGroupName"] == c.In.String("AutoScalingGroupName") {
			return r, true
		}
	}
	return store.Resource{}, false
}

// putPolicy creates a policy, or replaces all of it.
func putPolicy(c *core.Call) (any, error) {
	if _, err := group(c); err != nil {
		return nil, err
	}
	r, exists := policy(c)
	if !exists {
		properties := shape.Pick(c.In, append(policyMembers(), "PolicyName")...)
		r, err := c.Create(PolicyType, wire.AsObject(shape.Plain(properties)), nil)
		if err != nil {
			return nil, err
		}
		return core.Out{"PolicyARN": r.ID, "Alarms": []any{}}, switchPolicy(c, r)
	}
	patch := map[string]any{}
	for _, name := range policyMembers()[1:] {
		patch[name] = shape.Plain(c.In[name])
	}
	if _, err := c.Update(PolicyType, r.ID, patch); err != nil {
		return nil, err
	}
	return core.Out{"PolicyARN": r.ID, "Alarms": []any{}}, switchPolicy(c, r)
}

func switchPolicy(c *core.Call, r store.Resource) error {
	_, _, err := c.World.Store.Update(r.Scope, PolicyType, r.ID, func(r *store.Resource) error {
		r.Private["Disabled"] = c.In.Has("Enabled") && !c.In.Bool("Enabled")
		return nil
	})
	return err
}

func deletePolicy(c *core.Call) (any, error) {
	r, ok := policy(c)
	if !ok {
		return nil, wire.Errorf(400, "ValidationError", "Policy %s not found", c.In.String("PolicyName"))
	}
	return core.Out{}, c.Delete(PolicyType, r.ID)
}

func hookMembers() []string {
	return []string{"AutoScalingGroupName", "LifecycleHookName", "LifecycleTransition", "DefaultResult", "HeartbeatTimeout", "NotificationMetadata",
		"NotificationTargetARN", "RoleARN"}
}

// describeHooks lists the hooks that are resources and those the group declares.
func describeHooks(c *core.Call) (any, error) {
	g, err := group(c)
	if err != nil {
		return nil, err
	}
	names := c.In.Strings("LifecycleHookNames")
	list := []any{}
	add := func(p map[string]any) {
		out := core.Out(shape.Pick(p, hookMembers()...))
		if len(names) == 0 || slices.Contains(names, out.String("LifecycleHookName")) {
			out["AutoScalingGroupName"], out["GlobalTimeout"] = g.ID, 172800
			list = append(list, out)
		}
	}
	for _, r := range c.Read().Prefix(c.Scope, HookType, g.ID+"|") {
		add(r.Properties)
	}
	for _, spec := range wire.Object(g.Properties).Objects("LifecycleHookSpecificationList") {
		one := map[string]any{"DefaultResult": "ABANDON", "HeartbeatTimeout": 3600}
		for k, v := range spec {
			one[k] = v
		}
		add(one)
	}
	return core.Out{"LifecycleHooks": list}, nil
}

func putHook(c *core.Call) (any, error) {
	g, err := group(c)
	if err != nil {
		return nil, err
	}
	properties := shape.Pick(c.In, hookMembers()...)
	if _, exists := c.World.Store.Get(c.Scope, HookType, g.ID+"|"+c.In.String("LifecycleHookName")); exists {
		_, err = c.Update(HookType, g.ID+"|"+c.In.String("LifecycleHookName"), properties)
		return core.Out{}, err
	}
	_, err = c.Create(HookType, properties, nil)
	return core.Out{}, err
}

func deleteHook(c *core.Call) (any, error) {
	if c.Delete(HookType, c.In.String("AutoScalingGroupName")+"|"+c.In.String("LifecycleHookName")) != nil {
		return nil, wire.Errorf(400, "ValidationError", "No Lifecycle Hook found with name: %s", c.In.String("LifecycleHookName"))
	}
	return core.Out{}, nil
}

func scheduleMembers() []string {
	return []string{"AutoScalingGroupName", "ScheduledActionName", "DesiredCapacity", "MinSize", "MaxSize", "Recurrence", "TimeZone", "StartTime", "EndTime"}
}

func describeSchedules(c *core.Call) (any, error) {
	names, owner := c.In.Strings("ScheduledActionNames"), c.In.String("AutoScalingGroupName")
	list := []any{}
	for _, r := range c.List(ScheduleType) {
		name := wire.Text(r.Properties["ScheduledActionName"])
		if len(names) > 0 && !slices.Contains(names, name) || owner != "" && r.Properties["AutoScalingGroupName"] != owner {
			continue
		}
		out := core.Out(shape.Pick(r.Properties, scheduleMembers()...))
		out["ScheduledActionARN"] = strings.Join([]string{"arn:aws:autoscaling", r.Region, r.Account, "scheduledUpdateGroupAction", "1", name}, ":")
		if !out.Has("StartTime") {
			out["StartTime"] = r.Created
		}
		list = append(list, out)
	}
	return page(c, "ScheduledUpdateGroupActions", list)
}

func putSchedule(c *core.Call) (any, error) {
	g, err := group(c)
	if err != nil {
		return nil, err
	}
	properties := shape.Pick(c.In, scheduleMembers()...)
	id := c.In.String("ScheduledActionName") + "|" + g.ID
	if _, exists := c.World.Store.Get(c.Scope, ScheduleType, id); exists {
		_, err = c.Update(ScheduleType, id, properties)
		return core.Out{}, err
	}
	_, err = c.Create(ScheduleType, properties, nil)
	return core.Out{}, err
}

func deleteSchedule(c *core.Call) (any, error) {
	if c.Delete(ScheduleType, c.In.String("ScheduledActionName")+"|"+c.In.String("AutoScalingGroupName")) != nil {
		return nil, wire.Errorf(400, "ValidationError", "Scheduled action name not found - The scheduled action name %s could not be found", c.In.String("ScheduledActionName"))
	}
	return core.Out{}, nil
}
