package classicelb

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/autoscaling"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// assign gives a load balancer what AWS assigns: the number in its host name and
// the hosted zone, which all of a Region share.
func assign(c *core.Change) error {
	r, p := c.Resource, wire.Object(c.Resource.Properties)
	if len(p.List("Subnets"))+len(p.List("AvailabilityZones")) == 0 {
		return wire.Errorf(400, "ValidationError", "Either AvailabilityZones or SubnetIds must be specified")
	}
	r.Attributes["Prefix"] = ""
	if p.String("Scheme") == "internal" {
		r.Attributes["Prefix"] = "internal-"
	}
	number := 0
	for _, b := range c.World.IDs.Bytes(4, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical) {
		number = number<<8 | int(b)
	}
	r.Attributes["Number"] = strconv.Itoa(number)
	r.Attributes["CanonicalHostedZoneNameID"] = "Z" + c.World.IDs.Upper(13, r.Region, r.Type)
	return nil
}

func named(c *core.Call, name string) (store.Resource, error) {
	r, ok := c.Get(Type, name)
	if !ok {
		return r, wire.Errorf(400, "LoadBalancerNotFound", "There is no ACTIVE Load Balancer named '%s'", name)
	}
	return r, nil
}

func one(c *core.Call) (store.Resource, error) { return named(c, c.In.String("LoadBalancerName")) }

func describe(c *core.Call) (any, error) {
	found := c.List(Type)
	if names := c.In.Strings("LoadBalancerNames"); len(names) > 0 {
		found = nil
		for _, name := range names {
			r, err := named(c, name)
			if err != nil {
				return nil, err
			}
			found = append(found, r)
		}
	}
	list := []any{}
	for _, r := range found {
		list = append(list, show(c, r))
	}
	return core.Page{Size: 400, Token: "Marker", Next: "NextMarker", Max: "PageSize", CodeOfInvalid: "ValidationError"}.Cut(c, "LoadBalancerDescriptions", list)
}

func show(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	listeners := []any{}
	for _, l := range p.Objects("Listeners") {
		one := core.Out(shape.Pick(l, "InstancePort", "Protocol", "LoadBalancerPort", "SSLCertificateId"))
		one["InstanceProtocol"] = cmp.Or(l.String("InstanceProtocol"), l.String("Protocol"))
		listeners = append(listeners, core.Out{"Listener": one, "PolicyNames": l.Strings("PolicyNames")})
	}
	instances := []any{}
	for _, id := range instancesOf(c, r) {
		instances = append(instances, core.Out{"InstanceId": id})
	}
	others := []any{}
	for _, policy := range p.Objects("Policies") {
		others = append(others, policy.String("PolicyName"))
	}
	out := core.Out(shape.Pick(r.Properties, "LoadBalancerName", "Scheme", "SecurityGroups", "Subnets", "AvailabilityZones"))
	out["HealthCheck"], out["BackendServerDescriptions"] = checkOf(p), backends(p)
	out["ListenerDescriptions"], out["Instances"] = listeners, instances
	out["Policies"] = core.Out{"OtherPolicies": others, "LBCookieStickinessPolicies": p.List("LBCookieStickinessPolicy"),
		"AppCookieStickinessPolicies": p.List("AppCookieStickinessPolicy")}
	for _, name := range []string{"DNSName", "CanonicalHostedZoneName", "CanonicalHostedZoneNameID"} {
		out[name] = r.Attributes[name]
	}
	out["CreatedTime"] = r.Created
	return out
}

// backends are the ports of the instances with the policies in force there.
func backends(p wire.Object) []any {
	byPort := map[string][]any{}
	for _, policy := range p.Objects("Policies") {
		for _, port := range policy.Strings("InstancePorts") {
			byPort[port] = append(byPort[port], policy["PolicyName"])
		}
	}
	list := []any{}
	for _, port := range slices.Sorted(maps.Keys(byPort)) {
		list = append(list, core.Out{"InstancePort": shape.Int(port, 0), "PolicyNames": byPort[port]})
	}
	return list
}

// forBackend replaces the policies in force for a port of the instances.
func forBackend(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	port, names := wire.Text(c.In["InstancePort"]), c.In.Strings("PolicyNames")
	list := []any{}
	for _, policy := range wire.Object(r.Properties).Objects("Policies") {
		ports := slices.DeleteFunc(policy.Strings("InstancePorts"), func(p string) bool { return p == port })
		if slices.Contains(names, policy.String("PolicyName")) {
			ports = append(ports, port)
		}
		changed := maps.Clone(policy)
		delete(changed, "InstancePorts")
		if len(ports) > 0 {
			changed["InstancePorts"] = ports
		}
		list = append(list, shape.Plain(changed))
	}
	_, err = c.Update(Type, r.ID, map[string]any{"Policies": list})
	return core.Out{}, err
}

// checkOf is the health check, which is never missing: without one in the
// template, AWS tries to open the first listener's port of the instance. Source:
// Classic Load Balancers user guide, Configure health checks.
func checkOf(p wire.Object) core.Out {
	if given := p.Object("HealthCheck"); given != nil {
		return core.Out(given)
	}
	port := ""
	if l := p.Objects("Listeners"); len(l) > 0 {
		port = wire.Text(l[0]["InstancePort"])
	}
	return core.Out{"Target": "TCP:" + port, "Interval": 30, "Timeout": 5, "UnhealthyThreshold": 2, "HealthyThreshold": 10}
}

// instancesOf are the instances that were registered and those of the groups that register theirs.
func instancesOf(c *core.Call, r store.Resource) []string {
	list := slices.Clone(wire.Object(r.Properties).Strings("Instances"))
	for _, group := range c.List(autoscaling.GroupType) {
		if slices.Contains(wire.Object(group.Properties).Strings("LoadBalancerNames"), r.ID) {
			for _, i := range autoscaling.Instances(c.Read(), group) {
				list = append(list, i.ID)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func health(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, id := range instancesOf(c, r) {
		list = append(list, core.Out{"InstanceId": id, "State": "InService", "ReasonCode": "N/A", "Description": "N/A"})
	}
	return core.Out{"InstanceStates": list}, nil
}

func create(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "LoadBalancerName", "Listeners", "AvailabilityZones", "Subnets", "SecurityGroups", "Scheme")
	r, err := c.Create(Type, wire.AsObject(shape.Plain(properties)), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"DNSName": r.Attributes["DNSName"]}, nil
}

// remove deletes a load balancer; one that is not there is deleted too. Source:
// DeleteLoadBalancer, Elastic Load Balancing API reference, version 2012-06-01.
func remove(c *core.Call) (any, error) {
	if r, ok := c.Get(Type, c.In.String("LoadBalancerName")); ok {
		return core.Out{}, c.Delete(Type, r.ID)
	}
	return core.Out{}, nil
}

func healthCheck(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	check := wire.AsObject(shape.Plain(c.In.Object("HealthCheck")))
	_, err = c.Update(Type, r.ID, map[string]any{"HealthCheck": map[string]any(check)})
	return core.Out{"HealthCheck": check}, err
}

func register(c *core.Call) (any, error)   { return reassign(c, true) }
func deregister(c *core.Call) (any, error) { return reassign(c, false) }

// reassign adds or takes away instances that are registered one by one.
func reassign(c *core.Call, add bool) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	list := slices.Clone(wire.Object(r.Properties).Strings("Instances"))
	for _, i := range c.In.Objects("Instances") {
		list = slices.DeleteFunc(list, func(id string) bool { return id == i.String("InstanceId") })
		if add {
			list = append(list, i.String("InstanceId"))
		}
	}
	ids, shown := []any{}, []any{}
	for _, id := range list {
		ids, shown = append(ids, id), append(shown, core.Out{"InstanceId": id})
	}
	_, err = c.Update(Type, r.ID, map[string]any{"Instances": ids})
	return core.Out{"Instances": shown}, err
}

func tags(c *core.Call) (any, error) {
	list := []any{}
	for _, name := range c.In.Strings("LoadBalancerNames") {
		r, err := named(c, name)
		if err != nil {
			return nil, err
		}
		list = append(list, core.Out{"LoadBalancerName": name, "Tags": core.TagList(r.Tags)})
	}
	return core.Out{"TagDescriptions": list}, nil
}

func policies(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	names, list := c.In.Strings("PolicyNames"), []any{}
	for _, policy := range wire.Object(r.Properties).Objects("Policies") {
		if len(names) > 0 && !slices.Contains(names, policy.String("PolicyName")) {
			continue
		}
		list = append(list, core.Out{"PolicyName": policy["PolicyName"], "PolicyTypeName": policy["PolicyType"],
			"PolicyAttributeDescriptions": renamed(policy.Objects("Attributes"))})
	}
	return core.Out{"PolicyDescriptions": list}, nil
}

func renamed(attributes []wire.Object) []any {
	list := []any{}
	for _, a := range attributes {
		list = append(list, core.Out{"AttributeName": a["Name"], "AttributeValue": wire.Text(a["Value"])})
	}
	return list
}

// attributeOf is where the template keeps what the API calls an attribute.
var attributeOf = []struct{ api, property string }{
	{"AccessLog", "AccessLoggingPolicy"}, {"ConnectionDraining", "ConnectionDrainingPolicy"}, {"ConnectionSettings", "ConnectionSettings"},
}

// attributes shows what is set, and AWS's values of what is not: load balancers
// that are not made in the console draw on one zone alone, do not drain and wait
// 60 s. Source: Classic Load Balancers user guide.
func attributes(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties)
	out := core.Out{"AccessLog": core.Out{"Enabled": false}, "ConnectionDraining": core.Out{"Enabled": false, "Timeout": 300},
		"ConnectionSettings": core.Out{"IdleTimeout": 60}, "CrossZoneLoadBalancing": core.Out{"Enabled": p.Bool("CrossZone")},
		"AdditionalAttributes": []any{core.Out{"Key": "elb.http.desyncmitigationmode", "Value": "defensive"}}}
	for _, a := range attributeOf {
		if given := p.Object(a.property); given != nil {
			out[a.api] = core.Out(given)
		}
	}
	return core.Out{"LoadBalancerAttributes": out}, nil
}

func modify(c *core.Call) (any, error) {
	r, err := one(c)
	if err != nil {
		return nil, err
	}
	given, patch := c.In.Object("LoadBalancerAttributes"), map[string]any{}
	for _, a := range attributeOf {
		if v := given.Object(a.api); v != nil {
			patch[a.property] = shape.Plain(v)
		}
	}
	if v := given.Object("CrossZoneLoadBalancing"); v != nil {
		patch["CrossZone"] = strings.EqualFold(wire.Text(v["Enabled"]), "true")
	}
	_, err = c.Update(Type, r.ID, patch)
	return core.Out{"LoadBalancerName": r.ID, "LoadBalancerAttributes": given}, err
}
