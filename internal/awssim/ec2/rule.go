package ec2

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// peers are the members that say whom a rule is about: CloudFormation name, list of the API, member in it, member of
// DescribeSecurityGroupRules.
func peers() [][4]string {
	return [][4]string{
		{"CidrIp", "ipRanges", "cidrIp", "cidrIpv4"},
		{"CidrIpv6", "ipv6Ranges", "cidrIpv6", "cidrIpv6"},
		{"SourcePrefixListId", "prefixListIds", "prefixListId", "prefixListId"},
		{"DestinationPrefixListId", "prefixListIds", "prefixListId", "prefixListId"},
		{"SourceSecurityGroupId", "groups", "groupId", ""},
		{"DestinationSecurityGroupId", "groups", "groupId", ""},
	}
}

// ports are the port members of a rule; there are none for all protocols.
func ports(rule wire.Object) (from, to any) {
	if protocol(rule) == "-1" || !rule.Has("FromPort") {
		return nil, nil
	}
	return rule.Int("FromPort", -1), rule.Int("ToPort", -1)
}

func protocol(rule wire.Object) string {
	p := strings.ToLower(rule.String("IpProtocol"))
	if name := map[string]string{"6": "tcp", "17": "udp", "1": "icmp", "all": "-1"}[p]; name != "" {
		return name
	}
	return p
}

// fingerprint identifies a rule: everything but its description.
func fingerprint(rule wire.Object) string {
	from, to := ports(rule)
	parts := []string{protocol(rule), wire.Text(from), wire.Text(to)}
	for _, p := range peers() {
		parts = append(parts, rule.String(p[0]))
	}
	return strings.Join(parts, "|")
}

// sentence names a rule the way EC2's errors do.
func sentence(rule wire.Object) string {
	from, to := ports(rule)
	peer := ""
	for _, p := range peers() {
		peer += rule.String(p[0])
	}
	return "peer: " + peer + ", " + strings.ToUpper(protocol(rule)) + ", from port: " + wire.Text(from) + ", to port: " + wire.Text(to) + ", ALLOW"
}

// ruleIndex is the rules that are resources of their own, by direction and group.
type ruleIndex map[[2]string][]wire.Object

func allRules(c *core.Call) ruleIndex {
	out := ruleIndex{}
	for _, direction := range []string{"SecurityGroupIngress", "SecurityGroupEgress"} {
		for _, r := range c.List("AWS::EC2::" + direction) {
			key := [2]string{direction, wire.Text(r.Properties["GroupId"])}
			out[key] = append(out[key], r.Properties)
		}
	}
	return out
}

// of lists the rules of a group in one direction: its own, and those that are resources of their own.
func (x ruleIndex) of(g store.Resource, direction string) []wire.Object {
	return append(wire.Object(g.Properties).Objects(direction), x[[2]string{direction, g.ID}]...)
}

// permissions groups rules by protocol and ports, as DescribeSecurityGroups does.
func permissions(g store.Resource, rules []wire.Object) []any {
	byPort := map[string]core.Out{}
	var order []string
	for _, rule := range rules {
		from, to := ports(rule)
		key := protocol(rule) + "|" + wire.Text(from) + "|" + wire.Text(to)
		p := byPort[key]
		if p == nil {
			p = core.Out{"ipProtocol": protocol(rule), "fromPort": from, "toPort": to, "ipRanges": []any{}, "ipv6Ranges": []any{}, "prefixListIds": []any{}, "groups": []any{}}
			byPort[key] = p
			order = append(order, key)
		}
		for _, peer := range peers() {
			v := rule.String(peer[0])
			if v == "" {
				continue
			}
			one := core.Out{peer[2]: v}
			if d := rule.String("Description"); d != "" {
				one["description"] = d
			}
			if peer[1] == "groups" {
				one["userId"] = g.Account
			}
			p[peer[1]] = append(p.List(peer[1]), one)
		}
	}
	slices.Sort(order)
	out := []any{}
	for _, key := range order {
		out = append(out, byPort[key])
	}
	return out
}

func ruleID(g store.Resource, direction string, rule wire.Object) string {
	return "sgr-" + digest(17, g.ID, direction, fingerprint(rule))
}

func presentRule(g store.Resource, direction string, rule wire.Object) core.Out {
	from, to := ports(rule)
	if from == nil {
		from, to = -1, -1
	}
	id := ruleID(g, direction, rule)
	out := core.Out{"securityGroupRuleId": id, "groupId": g.ID, "groupOwnerId": g.Account, "isEgress": direction == "SecurityGroupEgress",
		"ipProtocol": protocol(rule), "fromPort": from, "toPort": to, "tagSet": []any{},
		"securityGroupRuleArn": "arn:aws:ec2:" + g.Region + ":" + g.Account + ":security-group-rule/" + id}
	if d := rule.String("Description"); d != "" {
		out["description"] = d
	}
	for _, peer := range peers() {
		v := rule.String(peer[0])
		switch {
		case v == "":
		case peer[3] == "":
			out["referencedGroupInfo"] = core.Out{"groupId": v, "userId": g.Account}
		default:
			out[peer[3]] = v
		}
	}
	return out
}

func describeRules(c *core.Call) (any, error) {
	ids := c.In.Strings("SecurityGroupRuleId")
	list := []any{}
	rules := allRules(c)
	for _, g := range c.List(Type) {
		for _, direction := range []string{"SecurityGroupEgress", "SecurityGroupIngress"} {
			for _, rule := range rules.of(g, direction) {
				one := presentRule(g, direction, rule)
				id := one.String("securityGroupRuleId")
				ok, err := filtered(c, map[string][]string{"group-id": {g.ID}, "security-group-rule-id": {id}}, nil)
				if err != nil {
					return nil, err
				}
				if ok && (len(ids) == 0 || slices.Contains(ids, id)) {
					list = append(list, one)
				}
			}
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 1000))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidPaginationToken", "The pagination token is invalid")
	}
	return core.Out{"securityGroupRuleSet": page, "nextToken": next}, nil
}

// requested reads the rules of an Authorize or Revoke request: a list of permissions, or the members of a single one.
func requested(in wire.Object, direction string) []wire.Object {
	group := "SourceSecurityGroupId"
	prefixes := "SourcePrefixListId"
	if direction == "SecurityGroupEgress" {
		group, prefixes = "DestinationSecurityGroupId", "DestinationPrefixListId"
	}
	list := in.Objects("IpPermissions")
	if len(list) == 0 && in.Has("IpProtocol") {
		one := wire.Object(shape.Pick(in, "IpProtocol", "FromPort", "ToPort"))
		if cidr := in.String("CidrIp"); cidr != "" {
			one["IpRanges"] = []any{wire.Object{"CidrIp": cidr}}
		}
		list = []wire.Object{one}
	}
	var out []wire.Object
	for _, p := range list {
		for _, peer := range [][3]string{{"IpRanges", "CidrIp", "CidrIp"}, {"Ipv6Ranges", "CidrIpv6", "CidrIpv6"},
			{"PrefixListIds", "PrefixListId", prefixes}, {"Groups", "GroupId", group}, {"UserIdGroupPairs", "GroupId", group}} {
			for _, e := range p.Objects(peer[0]) {
				rule := wire.Object{"IpProtocol": protocol(p), peer[2]: e.String(peer[1])}
				for _, name := range []string{"FromPort", "ToPort"} {
					if p.Has(name) {
						rule[name] = float64(p.Int(name, -1))
					}
				}
				if d := e.String("Description"); d != "" {
					rule["Description"] = d
				}
				out = append(out, rule)
			}
		}
	}
	return out
}

func authorize(direction string) core.Handler {
	return func(c *core.Call) (any, error) {
		g, err := group(c)
		if err != nil {
			return nil, err
		}
		added := requested(c.In, direction)
		if len(added) == 0 {
			return nil, wire.Errorf(400, "MissingParameter", "The request must contain the parameter ipPermissions")
		}
		existing := map[string]bool{}
		for _, rule := range allRules(c).of(g, direction) {
			existing[fingerprint(rule)] = true
		}
		list := wire.Object(g.Properties).List(direction)
		shown := []any{}
		for _, rule := range added {
			if existing[fingerprint(rule)] {
				return nil, wire.Errorf(400, "InvalidPermission.Duplicate", "the specified rule %q already exists", sentence(rule))
			}
			list = append(list, map[string]any(rule))
			shown = append(shown, presentRule(g, direction, rule))
		}
		if _, err := c.Update(Type, g.ID, map[string]any{direction: list}); err != nil {
			return nil, err
		}
		return core.Out{"return": true, "securityGroupRuleSet": shown}, nil
	}
}

// revoke removes rules by their ids or by what they say, wherever they are.
func revoke(direction string) core.Handler {
	return func(c *core.Call) (any, error) {
		g, err := group(c)
		if err != nil {
			return nil, err
		}
		ids := c.In.Strings("SecurityGroupRuleId")
		for _, rule := range requested(c.In, direction) {
			ids = append(ids, ruleID(g, direction, rule))
		}
		left := []any{}
		found := 0
		for _, e := range wire.Object(g.Properties).List(direction) {
			if slices.Contains(ids, ruleID(g, direction, wire.AsObject(e))) {
				found++
			} else {
				left = append(left, e)
			}
		}
		for _, r := range c.List("AWS::EC2::" + direction) {
			if wire.Text(r.Properties["GroupId"]) == g.ID && slices.Contains(ids, ruleID(g, direction, r.Properties)) {
				found++
				c.World.Store.Delete(r.Scope, r.Type, r.ID)
			}
		}
		if found < len(ids) {
			return nil, wire.Errorf(400, "InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		_, _, err = c.World.Store.Update(g.Scope, Type, g.ID, func(r *store.Resource) error {
			r.Properties[direction] = left // an empty list is no rule at all, not the default of new groups
			return nil
		})
		return core.Out{"return": true}, err
	}
}

// checkRule gives a rule that is a resource of its own its id; its group must exist and not have it yet.
func checkRule(c *core.Change) error {
	r := c.Resource
	g, ok := c.World.Store.Get(r.Scope, Type, wire.Text(r.Properties["GroupId"]))
	if !ok {
		return noGroup(wire.Text(r.Properties["GroupId"]))
	}
	direction := shape.Last(r.Type, "::")
	if c.Before == nil {
		for _, rule := range wire.Object(g.Properties).Objects(direction) {
			if fingerprint(rule) == fingerprint(r.Properties) {
				return wire.Errorf(400, "InvalidPermission.Duplicate", "the specified rule %q already exists", sentence(rule))
			}
		}
		r.Attributes["Id"] = ruleID(g, direction, r.Properties)
	}
	return nil
}
