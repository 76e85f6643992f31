package appscaling

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkPolicy fills in the target that is given as one id and wants it to exist; it gives the policy its ARN.
func checkPolicy(c *core.Change) error {
	r := c.Resource
	if parts := strings.Split(wire.Text(r.Properties["ScalingTargetId"]), "|"); len(parts) == 3 {
		r.Properties["ResourceId"], r.Properties["ScalableDimension"], r.Properties["ServiceNamespace"] = parts[0], parts[1], parts[2]
	}
	if _, ok := c.World.Store.Get(r.Scope, Type, targetID(r.Properties)); !ok {
		p := wire.Object(r.Properties)
		return wire.Errorf(400, "ObjectNotFoundException", "No scalable target registered for service namespace: %s, resource ID: %s, scalable dimension: %s",
			p.String("ServiceNamespace"), p.String("ResourceId"), p.String("ScalableDimension"))
	}
	if c.Before == nil {
		p := wire.Object(r.Properties)
		r.Attributes["Arn"] = "arn:aws:autoscaling:" + r.Region + ":" + r.Account + ":scalingPolicy:" +
			c.World.IDs.UUID(r.Account, r.Region, r.Type, targetID(r.Properties), p.String("PolicyName")) +
			":resource/" + p.String("ServiceNamespace") + "/" + p.String("ResourceId") + ":policyName/" + p.String("PolicyName")
	}
	return nil
}

func configurations() []string {
	return []string{"StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration", "PredictiveScalingPolicyConfiguration"}
}

func describePolicies(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(PolicyType) {
		if !asked(c, r, "PolicyNames", "PolicyName") {
			continue
		}
		out := core.Out(shape.Pick(r.Properties, append(configurations(), "PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ServiceNamespace")...))
		out["PolicyARN"], out["CreationTime"], out["Alarms"] = r.Attributes["Arn"], r.Created, []any{}
		list = append(list, out)
	}
	return page(c, "ScalingPolicies", list)
}

// policy finds the policy of a target by name.
func policy(c *core.Call) (store.Resource, bool) {
	for _, r := range c.List(PolicyType) {
		if targetID(r.Properties) == targetID(c.In) && wire.Text(r.Properties["PolicyName"]) == c.In.String("PolicyName") {
			return r, true
		}
	}
	return store.Resource{}, false
}

func putPolicy(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, append(configurations(), "PolicyName", "PolicyType", "ResourceId", "ScalableDimension", "ServiceNamespace")...)))
	r, ok := policy(c)
	var err error
	if ok {
		r, err = c.Update(PolicyType, r.ID, given)
	} else {
		r, err = c.Create(PolicyType, given, nil)
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"PolicyARN": r.Attributes["Arn"], "Alarms": []any{}}, nil
}

func deletePolicy(c *core.Call) (any, error) {
	r, ok := policy(c)
	if !ok {
		return nil, wire.Errorf(400, "ObjectNotFoundException", "No scaling policy found for service namespace: %s, resource ID: %s, scalable dimension: %s",
			c.In.String("ServiceNamespace"), c.In.String("ResourceId"), c.In.String("ScalableDimension"))
	}
	return nil, c.Delete(PolicyType, r.ID)
}
