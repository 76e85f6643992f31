package elb

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/autoscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func hexOf(about string, n int) string {
	sum := sha256.Sum256([]byte(about))
	return hex.EncodeToString(sum[:])[:n]
}

// checkTargetGroup fills in the health check that follows from the protocol.
func checkTargetGroup(c *core.Change) error {
	r, p := c.Resource, wire.Object(c.Resource.Properties)
	if c.Before == nil {
		r.Attributes["Unique"] = c.World.IDs.Hex(16, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
		r.Attributes["LoadBalancerArns"] = []any{}
		for _, other := range c.World.Store.List(r.Scope, TargetGroupType) {
			if other.Properties["Name"] == p["Name"] {
				return wire.Errorf(400, "DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different settings", p.String("Name"))
			}
		}
	}
	fill := func(name string, v any) {
		if !p.Has(name) {
			p[name] = v
		}
	}
	switch p.String("Protocol") {
	case "HTTP", "HTTPS":
		fill("ProtocolVersion", "HTTP1")
		fill("HealthCheckProtocol", "HTTP")
		fill("HealthCheckTimeoutSeconds", 5.0)
		fill("UnhealthyThresholdCount", 2.0)
	case "":
		if p.String("TargetType") != "lambda" {
			return wire.Errorf(400, "ValidationError", "A protocol must be specified")
		}
		return nil
	default:
		fill("HealthCheckProtocol", "TCP")
		fill("HealthCheckTimeoutSeconds", 10.0)
		fill("UnhealthyThresholdCount", p["HealthyThresholdCount"])
	}
	if check := p.String("HealthCheckProtocol"); check == "HTTP" || check == "HTTPS" {
		fill("HealthCheckPath", "/")
		fill("Matcher", map[string]any{"HttpCode": "200"})
	}
	return nil
}

// unused refuses to delete a target group that a listener or a rule leads to.
func unused(c *core.Change) error {
	for _, typ := range []string{ListenerType, RuleType} {
		for _, r := range c.World.Store.List(c.Resource.Scope, typ) {
			if slices.Contains(targetGroupsOf(r), c.Resource.ID) {
				return wire.Errorf(400, "ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", c.Resource.ID)
			}
		}
	}
	return nil
}

// targetGroupsOf are the target groups that the actions of a listener or a rule name.
func targetGroupsOf(r store.Resource) []string {
	p := wire.Object(r.Properties)
	var list []string
	for _, a := range append(p.Objects("DefaultActions"), p.Objects("Actions")...) {
		list = append(list, a.String("TargetGroupArn"))
		for _, t := range a.Object("ForwardConfig").Objects("TargetGroups") {
			list = append(list, t.String("TargetGroupArn"))
		}
	}
	return list
}

func targetGroupMembers() []string {
	return []string{"Port", "Protocol", "ProtocolVersion", "VpcId", "TargetType", "IpAddressType", "Matcher", "HealthCheckEnabled",
		"HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol", "HealthCheckTimeoutSeconds",
		"HealthyThresholdCount", "UnhealthyThresholdCount"}
}

func presentTargetGroup(c *core.Call, r store.Resource) core.Out {
	out := core.Out(shape.Pick(r.Properties, targetGroupMembers()...))
	balancers := []any{}
	for _, l := range c.List(ListenerType) {
		arn := l.Properties["LoadBalancerArn"]
		if slices.Contains(targetGroupsOf(l), r.ID) && !slices.Contains(balancers, arn) {
			balancers = append(balancers, arn)
		}
	}
	out["TargetGroupArn"], out["TargetGroupName"], out["LoadBalancerArns"] = r.ID, r.Properties["Name"], balancers
	return out
}

func describeTargetGroups(c *core.Call) (any, error) {
	found, err := some(c, TargetGroupType, c.In.Strings("TargetGroupArns"), noTargetGroup)
	if err != nil {
		return nil, err
	}
	names, balancer := c.In.Strings("Names"), c.In.String("LoadBalancerArn")
	list := []any{}
	for _, r := range found {
		out := presentTargetGroup(c, r)
		if len(names) > 0 && !slices.Contains(names, wire.Text(r.Properties["Name"])) || balancer != "" && !slices.Contains(out.Strings("LoadBalancerArns"), balancer) {
			continue
		}
		list = append(list, out)
	}
	return page(c, "TargetGroups", list)
}

func createTargetGroup(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, append(targetGroupMembers(), "Name")...)
	r, err := c.Create(TargetGroupType, wire.AsObject(shape.Plain(properties)), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"TargetGroups": []any{presentTargetGroup(c, r)}}, nil
}

func modifyTargetGroup(c *core.Call) (any, error) {
	r, err := one(c, TargetGroupType, "TargetGroupArn", noTargetGroup)
	if err != nil {
		return nil, err
	}
	patch := shape.Pick(c.In, "Matcher", "HealthCheckEnabled", "HealthCheckIntervalSeconds", "HealthCheckPath", "HealthCheckPort", "HealthCheckProtocol",
		"HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount")
	r, err = c.Update(TargetGroupType, r.ID, wire.AsObject(shape.Plain(patch)))
	if err != nil {
		return nil, err
	}
	return core.Out{"TargetGroups": []any{presentTargetGroup(c, r)}}, nil
}

// describeTargetHealth lists the targets that were registered and the instances
// of the groups that register theirs: all healthy.
func describeTargetHealth(c *core.Call) (any, error) {
	r, err := one(c, TargetGroupType, "TargetGroupArn", noTargetGroup)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties)
	list := []any{}
	healthy := func(target core.Out) {
		if !target.Has("Port") && p.Has("Port") {
			target["Port"] = p["Port"]
		}
		list = append(list, core.Out{"Target": target, "TargetHealth": core.Out{"State": "healthy"}, "HealthCheckPort": wire.Text(target["Port"])})
	}
	for _, t := range p.Objects("Targets") {
		healthy(core.Out(shape.Pick(t, "Id", "Port", "AvailabilityZone")))
	}
	for _, group := range c.List(autoscaling.GroupType) {
		if slices.Contains(wire.Object(group.Properties).Strings("TargetGroupARNs"), r.ID) {
			for _, i := range autoscaling.Instances(c.Read(), group) {
				healthy(core.Out{"Id": i.ID})
			}
		}
	}
	return core.Out{"TargetHealthDescriptions": list}, nil
}

// retarget replaces the targets that were registered one by one.
func retarget(c *core.Call, added []any) (any, error) {
	r, err := one(c, TargetGroupType, "TargetGroupArn", noTargetGroup)
	if err != nil {
		return nil, err
	}
	named := func(v any) bool {
		return slices.ContainsFunc(c.In.Objects("Targets"), func(t wire.Object) bool { return t.String("Id") == wire.AsObject(v).String("Id") })
	}
	kept := slices.DeleteFunc(wire.Object(r.Properties).List("Targets"), named)
	_, err = c.Update(TargetGroupType, r.ID, wire.AsObject(shape.Plain(map[string]any{"Targets": append(kept, added...)})))
	return core.Out{}, err
}

func register(c *core.Call) (any, error) { return retarget(c, c.In.List("Targets")) }

func deregister(c *core.Call) (any, error) { return retarget(c, nil) }
