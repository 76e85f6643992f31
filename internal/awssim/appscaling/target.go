package appscaling

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func invalid(format string, args ...any) error {
	return wire.Errorf(400, "ValidationException", format, args...)
}

// checkTarget wants a minimum below the maximum; a target without a role gets the service's own.
func checkTarget(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if p.Int("MinCapacity", 0) > p.Int("MaxCapacity", 0) {
		return invalid("Maximum capacity cannot be less than minimum capacity")
	}
	if !p.Has("RoleARN") {
		service := strings.ReplaceAll(p.String("ServiceNamespace"), "-", "")
		r.Properties["RoleARN"] = "arn:aws:iam::" + r.Account + ":role/aws-service-role/" + service +
			".application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_" + strings.ToUpper(service)
	}
	if c.Before == nil {
		id := c.World.IDs.Hex(20, r.Account, r.Region, r.Type, r.ID)
		r.Attributes["ScalableTargetARN"] = "arn:aws:application-autoscaling:" + r.Region + ":" + r.Account + ":scalable-target/" + id
	}
	return nil
}

func dropPolicies(c *core.Change) error {
	for _, p := range c.World.Store.List(c.Resource.Scope, PolicyType) {
		if targetID(p.Properties) == c.Resource.ID {
			c.World.Store.Delete(p.Scope, PolicyType, p.ID)
		}
	}
	return nil
}

// targetID is the identifier of the target that a structure names.
func targetID(p map[string]any) string {
	return wire.Text(p["ResourceId"]) + "|" + wire.Text(p["ScalableDimension"]) + "|" + wire.Text(p["ServiceNamespace"])
}

func target(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(Type, targetID(c.In))
	if !ok {
		return r, wire.Errorf(400, "ObjectNotFoundException", "No scalable target registered for service namespace: %s, resource ID: %s, scalable dimension: %s",
			c.In.String("ServiceNamespace"), c.In.String("ResourceId"), c.In.String("ScalableDimension"))
	}
	return r, nil
}

// asked reports whether a description is about a resource: of the service, and of those that the request lists, if it does.
func asked(c *core.Call, r store.Resource, member, property string) bool {
	p := wire.Object(r.Properties)
	names := c.In.Strings(member)
	return p.String("ServiceNamespace") == c.In.String("ServiceNamespace") &&
		(len(names) == 0 || slices.Contains(names, p.String(property))) &&
		(!c.In.Has("ResourceId") || c.In.String("ResourceId") == p.String("ResourceId")) &&
		(!c.In.Has("ScalableDimension") || c.In.String("ScalableDimension") == p.String("ScalableDimension"))
}

func page(c *core.Call, name string, list []any) (any, error) {
	if !c.In.Has("ServiceNamespace") {
		return nil, invalid("1 validation error detected: Value null at 'serviceNamespace' failed to satisfy constraint: Member must not be null")
	}
	return core.Page{Size: 50, CodeOfInvalid: "InvalidNextTokenException"}.Cut(c, name, list)
}

func describeTargets(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(Type) {
		if !asked(c, r, "ResourceIds", "ResourceId") {
			continue
		}
		out := core.Out(shape.Pick(r.Properties, "MaxCapacity", "MinCapacity", "ResourceId", "RoleARN", "ScalableDimension", "ServiceNamespace"))
		out["CreationTime"], out["ScalableTargetARN"] = r.Created, r.Attributes["ScalableTargetARN"]
		out["SuspendedState"] = core.Merge(map[string]any{"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false,
			"ScheduledScalingSuspended": false}, wire.AsObject(r.Properties["SuspendedState"]))
		list = append(list, out)
	}
	return page(c, "ScalableTargets", list)
}

// register makes a target, or changes what the request names of one.
func register(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, "MaxCapacity", "MinCapacity", "ResourceId", "RoleARN", "ScalableDimension", "ServiceNamespace",
		"SuspendedState")))
	r, err := target(c)
	if err == nil {
		r, err = c.Update(Type, r.ID, given)
	} else {
		r, err = c.Create(Type, given, core.Tags(c.In["Tags"]))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"ScalableTargetARN": r.Attributes["ScalableTargetARN"]}, nil
}

func deregister(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	return nil, c.Delete(Type, r.ID)
}

func describeActions(c *core.Call) (any, error) {
	list := []any{}
	names := c.In.Strings("ScheduledActionNames")
	for _, r := range c.List(Type) {
		for _, a := range wire.Object(r.Properties).Objects("ScheduledActions") {
			if !asked(c, r, "ResourceIds", "ResourceId") || len(names) > 0 && !slices.Contains(names, a.String("ScheduledActionName")) {
				continue
			}
			out := core.Merge(shape.Pick(r.Properties, "ResourceId", "ScalableDimension", "ServiceNamespace"),
				shape.Pick(a, "ScheduledActionName", "Schedule", "Timezone", "ScalableTargetAction"))
			out["CreationTime"] = r.Created
			out["ScheduledActionARN"] = "arn:aws:autoscaling:" + r.Region + ":" + r.Account + ":scheduledAction:" + c.World.IDs.UUID(r.ID) +
				":resource/" + wire.Text(r.Properties["ServiceNamespace"]) + "/" + wire.Text(r.Properties["ResourceId"]) + ":scheduledActionName/" + a.String("ScheduledActionName")
			list = append(list, out)
		}
	}
	return page(c, "ScheduledActions", list)
}

func withoutAction(r store.Resource, name string) []any {
	return slices.DeleteFunc(slices.Clone(wire.Object(r.Properties).List("ScheduledActions")), func(a any) bool {
		return wire.AsObject(a).String("ScheduledActionName") == name
	})
}

func putAction(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	action := shape.Plain(shape.Pick(c.In, "ScheduledActionName", "Schedule", "Timezone", "ScalableTargetAction"))
	_, err = c.Update(Type, r.ID, map[string]any{"ScheduledActions": append(withoutAction(r, c.In.String("ScheduledActionName")), action)})
	return nil, err
}

func deleteAction(c *core.Call) (any, error) {
	r, err := target(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(Type, r.ID, map[string]any{"ScheduledActions": withoutAction(r, c.In.String("ScheduledActionName"))})
	return nil, err
}
