package elb

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// The codes for what does not exist.
const (
	noBalancer    = "LoadBalancerNotFound"
	noTargetGroup = "TargetGroupNotFound"
	noListener    = "ListenerNotFound"
	noRule        = "RuleNotFound"
)

// one finds a resource by the ARN in a member of the request.
func one(c *core.Call, typ, member, missing string) (store.Resource, error) {
	r, ok := c.World.Store.Get(c.Scope, typ, c.In.String(member))
	if !ok {
		return r, wire.Errorf(400, missing, "One or more %ss not found", shape.Last(typ, "::"))
	}
	return r, nil
}

// exists wants the resource that a property names.
func exists(c *core.Change, typ, property, missing string) (store.Resource, error) {
	r, ok := c.World.Store.Get(c.Resource.Scope, typ, wire.Text(c.Resource.Properties[property]))
	if !ok {
		return r, wire.Errorf(400, missing, "%s '%s' not found", shape.Last(typ, "::"), wire.Text(c.Resource.Properties[property]))
	}
	return r, nil
}

// some are the resources of the ARNs of a request, or all; one that is missing fails the call.
func some(c *core.Call, typ string, arns []string, missing string) ([]store.Resource, error) {
	if len(arns) == 0 {
		return c.List(typ), nil
	}
	var list []store.Resource
	for _, arn := range arns {
		r, ok := c.Get(typ, arn)
		if !ok {
			return nil, wire.Errorf(400, missing, "One or more %ss not found", shape.Last(typ, "::"))
		}
		list = append(list, r)
	}
	return list, nil
}

// page answers a list under a name, cut by Marker and PageSize.
func page(c *core.Call, name string, list []any) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("Marker"), c.In.Int("PageSize", 400))
	if err != nil {
		return nil, wire.Errorf(400, "ValidationError", "The marker '%s' is invalid", c.In.String("Marker"))
	}
	return core.Out{name: part, "NextMarker": next}, nil
}

func deleting(typ, member, missing string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := one(c, typ, member, missing)
		if err != nil {
			return nil, err
		}
		return core.Out{}, c.Delete(typ, r.ID)
	}
}

// checkBalancer gives a load balancer what AWS assigns: part of its ARN, its name
// and the hosted zone, which all of its kind share in a Region.
func checkBalancer(c *core.Change) error {
	r, p := c.Resource, wire.Object(c.Resource.Properties)
	about := []string{r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical}
	r.Attributes["Unique"] = c.World.IDs.Hex(16, about...)
	number := 0
	for _, b := range c.World.IDs.Bytes(4, about...) {
		number = number<<8 | int(b)
	}
	r.Attributes["Number"], r.Attributes["Where"] = strconv.Itoa(number), r.Region+".elb"
	r.Attributes["Short"] = map[string]string{"application": "app", "network": "net", "gateway": "gwy"}[p.String("Type")]
	if p.String("Type") == "network" {
		r.Attributes["Where"] = "elb." + r.Region
	}
	r.Attributes["Prefix"] = ""
	if p.String("Scheme") == "internal" {
		r.Attributes["Prefix"] = "internal-"
	}
	r.Attributes["CanonicalHostedZoneID"] = "Z" + strings.ToUpper(hexOf(r.Region+p.String("Type"), 13))
	if len(p.List("Subnets"))+len(p.List("SubnetMappings")) == 0 {
		return wire.Errorf(400, "ValidationError", "You must specify subnets")
	}
	for _, other := range c.World.Store.List(r.Scope, BalancerType) {
		if other.Properties["Name"] == p["Name"] {
			return wire.Errorf(400, "DuplicateLoadBalancerName", "A load balancer with the same name '%s' exists, but with different settings", p.String("Name"))
		}
	}
	return nil
}

func deleteListeners(c *core.Change) error {
	for _, l := range c.World.Store.List(c.Resource.Scope, ListenerType) {
		if l.Properties["LoadBalancerArn"] == c.Resource.ID {
			removeRules(c.World, l)
			c.World.Store.Delete(l.Scope, ListenerType, l.ID)
		}
	}
	return nil
}

func presentBalancer(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(shape.Pick(r.Properties, "Type", "Scheme", "IpAddressType", "SecurityGroups", "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"))
	zones := []any{}
	vpc := "vpc-" + hexOf(r.Account+r.Region, 17)
	add := func(id string, addresses []any) {
		zone := r.Region + string(rune('a'+len(zones)))
		if subnet, ok := c.Get("AWS::EC2::Subnet", id); ok {
			zone, vpc = wire.Text(subnet.Properties["AvailabilityZone"]), wire.Text(subnet.Properties["VpcId"])
		}
		zones = append(zones, core.Out{"ZoneName": zone, "SubnetId": id, "LoadBalancerAddresses": addresses})
	}
	for _, id := range p.Strings("Subnets") {
		add(id, []any{})
	}
	for _, m := range p.Objects("SubnetMappings") {
		addresses := []any{}
		if given := shape.Pick(m, "AllocationId", "PrivateIPv4Address", "IPv6Address"); len(given) > 0 {
			addresses = append(addresses, core.Out(given))
		}
		add(m.String("SubnetId"), addresses)
	}
	out["LoadBalancerArn"], out["LoadBalancerName"], out["DNSName"] = r.ID, p["Name"], r.Attributes["DNSName"]
	out["CanonicalHostedZoneId"], out["CreatedTime"], out["VpcId"] = r.Attributes["CanonicalHostedZoneID"], r.Created, vpc
	out["State"], out["AvailabilityZones"] = core.Out{"Code": "active"}, zones
	return out
}

func describeBalancers(c *core.Call) (any, error) {
	found, err := some(c, BalancerType, c.In.Strings("LoadBalancerArns"), noBalancer)
	if err != nil {
		return nil, err
	}
	names := c.In.Strings("Names")
	list := []any{}
	for _, r := range found {
		if len(names) == 0 || slices.Contains(names, wire.Text(r.Properties["Name"])) {
			list = append(list, presentBalancer(c, r))
		}
	}
	if len(names) > 0 && len(list) == 0 {
		return nil, wire.Errorf(400, noBalancer, "Load balancers '[%s]' not found", strings.Join(names, ", "))
	}
	return page(c, "LoadBalancers", list)
}

func createBalancer(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "Name", "Type", "Scheme", "IpAddressType", "SecurityGroups", "Subnets", "SubnetMappings")
	r, err := c.Create(BalancerType, wire.AsObject(shape.Plain(properties)), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"LoadBalancers": []any{presentBalancer(c, r)}}, nil
}

// set is an operation that replaces one property of a load balancer.
func set(c *core.Call, patch map[string]any) (store.Resource, error) {
	r, err := one(c, BalancerType, "LoadBalancerArn", noBalancer)
	if err != nil {
		return r, err
	}
	return c.Update(BalancerType, r.ID, wire.AsObject(shape.Plain(patch)))
}

func setSecurityGroups(c *core.Call) (any, error) {
	_, err := set(c, map[string]any{"SecurityGroups": c.In.List("SecurityGroups")})
	return core.Out{"SecurityGroupIds": c.In.List("SecurityGroups")}, err
}

func setSubnets(c *core.Call) (any, error) {
	r, err := set(c, map[string]any{"Subnets": c.In.List("Subnets")})
	if err != nil {
		return nil, err
	}
	return core.Out{"AvailabilityZones": presentBalancer(c, r)["AvailabilityZones"]}, nil
}

func setIPAddressType(c *core.Call) (any, error) {
	_, err := set(c, map[string]any{"IpAddressType": c.In.String("IpAddressType")})
	return core.Out{"IpAddressType": c.In.String("IpAddressType")}, err
}

// attributeProperty is the property that holds the attributes of a type.
func attributeProperty(typ string) string { return shape.Last(typ, "::") + "Attributes" }

// defaults are the attributes that were not given. Source: "Load balancer
// attributes", "Target group attributes" and "Listener attributes", Elastic Load Balancing.
func defaults(r store.Resource) map[string]string {
	p := wire.Object(r.Properties)
	switch {
	case r.Type == BalancerType && p.String("Type") == "application":
		return map[string]string{"deletion_protection.enabled": "false", "access_logs.s3.enabled": "false", "access_logs.s3.bucket": "",
			"access_logs.s3.prefix": "", "idle_timeout.timeout_seconds": "60", "routing.http.desync_mitigation_mode": "defensive",
			"routing.http.drop_invalid_header_fields.enabled": "false", "routing.http2.enabled": "true", "load_balancing.cross_zone.enabled": "true",
			"client_keep_alive.seconds": "3600", "routing.http.xff_header_processing.mode": "append", "waf.fail_open.enabled": "false"}
	case r.Type == BalancerType:
		return map[string]string{"deletion_protection.enabled": "false", "access_logs.s3.enabled": "false", "load_balancing.cross_zone.enabled": "false"}
	case r.Type == TargetGroupType:
		return map[string]string{"deregistration_delay.timeout_seconds": "300", "stickiness.enabled": "false", "stickiness.type": "lb_cookie",
			"load_balancing.algorithm.type": "round_robin", "slow_start.duration_seconds": "0"}
	}
	return map[string]string{"routing.http.response.server.enabled": "true"}
}

func attributes(r store.Resource) []any {
	all := defaults(r)
	for _, a := range wire.Object(r.Properties).Objects(attributeProperty(r.Type)) {
		all[a.String("Key")] = a.String("Value")
	}
	list := []any{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		list = append(list, core.Out{"Key": key, "Value": all[key]})
	}
	return list
}

func describeAttributes(typ, member, missing string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := one(c, typ, member, missing)
		if err != nil {
			return nil, err
		}
		return core.Out{"Attributes": attributes(r)}, nil
	}
}

func modifyAttributes(typ, member, missing string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := one(c, typ, member, missing)
		if err != nil {
			return nil, err
		}
		given := map[string]string{}
		for _, a := range append(wire.Object(r.Properties).Objects(attributeProperty(typ)), c.In.Objects("Attributes")...) {
			given[a.String("Key")] = a.String("Value")
		}
		list := []any{}
		for _, key := range slices.Sorted(maps.Keys(given)) {
			list = append(list, map[string]any{"Key": key, "Value": given[key]})
		}
		r, err = c.Update(typ, r.ID, map[string]any{attributeProperty(typ): list})
		return core.Out{"Attributes": attributes(r)}, err
	}
}

// tagged are the types whose resources have tags.
func tagged() []string {
	return []string{BalancerType, TargetGroupType, ListenerType, RuleType}
}

func describeTags(c *core.Call) (any, error) {
	list := []any{}
	for _, arn := range c.In.Strings("ResourceArns") {
		known := false
		for _, typ := range tagged() {
			if r, ok := c.Get(typ, arn); ok {
				known = true
				list = append(list, core.Out{"ResourceArn": arn, "Tags": core.TagList(r.Tags)})
			}
		}
		if !known {
			return nil, wire.Errorf(400, noBalancer, "One or more load balancers not found")
		}
	}
	if len(list) > 20 {
		return nil, wire.Errorf(400, "ValidationError", "1 validation error detected: Value at 'resourceArns' failed to satisfy constraint: Member must have length less than or equal to 20")
	}
	return core.Out{"TagDescriptions": list}, nil
}

func changeTags(c *core.Call, change func(map[string]string)) (any, error) {
	for _, arn := range c.In.Strings("ResourceArns") {
		for _, typ := range tagged() {
			if _, _, err := c.World.Store.Update(c.Scope, typ, arn, func(r *store.Resource) error {
				change(r.Tags)
				return nil
			}); err != nil {
				return nil, err
			}
		}
	}
	return core.Out{}, nil
}

func addTags(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) { maps.Copy(tags, core.Tags(c.In["Tags"])) })
}

func removeTags(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) {
		for _, key := range c.In.Strings("TagKeys") {
			delete(tags, key)
		}
	})
}
