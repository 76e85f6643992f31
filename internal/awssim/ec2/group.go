package ec2

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkGroup gives a group its id and VPC, and wants distinct rules and existing groups in them.
func checkGroup(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if c.Before == nil {
		if !regexp.MustCompile(`^[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}$`).MatchString(p.String("GroupDescription")) {
			return wire.Errorf(400, "InvalidParameterValue", "Invalid security group description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*")
		}
		if strings.HasPrefix(p.String("GroupName"), "sg-") {
			return wire.Errorf(400, "InvalidParameterValue", "Invalid value for parameter GroupName: cannot start with sg-")
		}
		vpc := p.String("VpcId")
		if vpc == "" {
			vpc = defaultVPC(r.Scope)
			r.Properties["VpcId"] = vpc
		}
		for _, other := range c.World.Store.List(r.Scope, Type) {
			if other.Properties["VpcId"] == vpc && other.Properties["GroupName"] == p.String("GroupName") {
				return wire.Errorf(400, "InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", p.String("GroupName"), vpc)
			}
		}
		r.Attributes["Id"] = "sg-" + c.World.IDs.Hex(17, r.Account, r.Region, r.Type, p.String("GroupName"))
	}
	for _, direction := range []string{"SecurityGroupIngress", "SecurityGroupEgress"} {
		if err := checkRules(c.World, *r, p.Objects(direction)); err != nil {
			return err
		}
	}
	return nil
}

func checkRules(w *core.World, g store.Resource, rules []wire.Object) error {
	seen := map[string]bool{}
	for _, rule := range rules {
		print := fingerprint(rule)
		if seen[print] {
			return wire.Errorf(400, "InvalidPermission.Duplicate", "the specified rule %q already exists", sentence(rule))
		}
		seen[print] = true
		peer := reference(rule)
		if _, ok := w.Store.Get(g.Scope, Type, peer); peer != "" && peer != wire.Text(g.Attributes["Id"]) && !ok {
			return wire.Errorf(400, "InvalidGroup.NotFound", "The security group '%s' does not exist", peer)
		}
	}
	return nil
}

func reference(rule wire.Object) string {
	return rule.Or("SourceSecurityGroupId", rule.String("DestinationSecurityGroupId"))
}

// unreferenced refuses to delete a group that a rule of another one names.
func unreferenced(c *core.Change) error {
	for _, g := range c.World.Store.List(c.Resource.Scope, Type) {
		p := wire.Object(g.Properties)
		for _, rule := range append(p.Objects("SecurityGroupIngress"), p.Objects("SecurityGroupEgress")...) {
			if g.ID != c.Resource.ID && reference(rule) == c.Resource.ID {
				return wire.Errorf(400, "DependencyViolation", "resource %s has a dependent object", c.Resource.ID)
			}
		}
	}
	for _, typ := range []string{IngressType, EgressType} {
		for _, rule := range c.World.Store.List(c.Resource.Scope, typ) {
			if wire.Text(rule.Properties["GroupId"]) == c.Resource.ID {
				c.World.Store.Delete(rule.Scope, typ, rule.ID)
			}
		}
	}
	return nil
}

func noGroup(id string) error {
	return wire.Errorf(400, "InvalidGroup.NotFound", "The security group '%s' does not exist", id)
}

// group finds the group of the request by id, or by name in the default VPC.
func group(c *core.Call) (store.Resource, error) {
	id, name := c.In.String("GroupId"), c.In.String("GroupName")
	if r, ok := c.Get(Type, id); ok {
		return r, nil
	}
	for _, r := range c.List(Type) {
		if id == "" && r.Properties["GroupName"] == name && r.Properties["VpcId"] == defaultVPC(c.Scope) {
			return r, nil
		}
	}
	if id == "" {
		id = name
	}
	return store.Resource{}, noGroup(id)
}

// filtered applies the filters of a request to the values something has under their names; tags are tag:KEY and tag-key.
func filtered(c *core.Call, have map[string][]string, tags map[string]string) (bool, error) {
	for _, f := range c.In.Objects("Filter") {
		name := f.String("Name")
		values, known := have[name]
		if key, ok := strings.CutPrefix(name, "tag:"); ok {
			known = true
			if v, set := tags[key]; set {
				values = []string{v}
			}
		}
		if name == "tag-key" {
			known = true
			for k := range tags {
				values = append(values, k)
			}
		}
		if !known {
			return false, wire.Errorf(400, "InvalidParameterValue", "The filter '%s' is invalid", name)
		}
		hit := slices.ContainsFunc(f.Strings("Value"), func(pattern string) bool {
			return slices.ContainsFunc(values, func(v string) bool {
				ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x00"), strings.ReplaceAll(v, "/", "\x00"))
				return err == nil && ok
			})
		})
		if !hit {
			return false, nil
		}
	}
	return true, nil
}

func describeGroups(c *core.Call) (any, error) {
	ids, names := c.In.Strings("GroupId"), c.In.Strings("GroupName")
	found, err := groups(c, ids)
	if err != nil {
		return nil, err
	}
	rules := allRules(c)
	list := []any{}
	for _, r := range found {
		p := wire.Object(r.Properties)
		if len(names) > 0 && !slices.Contains(names, p.String("GroupName")) {
			continue
		}
		ok, err := filtered(c, map[string][]string{"group-id": {r.ID}, "group-name": {p.String("GroupName")}, "vpc-id": {p.String("VpcId")},
			"owner-id": {r.Account}, "description": {p.String("GroupDescription")}}, r.Tags)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, present(r, rules))
		}
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), c.In.Int("MaxResults", 1000))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidPaginationToken", "The pagination token is invalid")
	}
	return core.Out{"securityGroupInfo": page, "nextToken": next}, nil
}

// groups are the groups of the ids, or all.
func groups(c *core.Call, ids []string) ([]store.Resource, error) {
	if len(ids) == 0 {
		return c.List(Type), nil
	}
	var out []store.Resource
	for _, id := range ids {
		r, ok := c.Get(Type, id)
		if !ok {
			return nil, noGroup(id)
		}
		out = append(out, r)
	}
	return out, nil
}

func present(r store.Resource, rules ruleIndex) core.Out {
	p := wire.Object(r.Properties)
	return core.Out{
		"groupId": r.ID, "groupName": p["GroupName"], "groupDescription": p["GroupDescription"], "ownerId": r.Account, "vpcId": p["VpcId"],
		"securityGroupArn": "arn:aws:ec2:" + r.Region + ":" + r.Account + ":security-group/" + r.ID, "tagSet": tagSet(r.Tags),
		"ipPermissions":       permissions(r, rules.of(r, "SecurityGroupIngress")),
		"ipPermissionsEgress": permissions(r, rules.of(r, "SecurityGroupEgress")),
	}
}

func tagSet(tags map[string]string) []any {
	out := []any{}
	for _, t := range core.TagList(tags) {
		tag := wire.AsObject(t)
		out = append(out, core.Out{"key": tag["Key"], "value": tag["Value"]})
	}
	return out
}

func createGroup(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "GroupName", "GroupDescription", "VpcId")
	r, err := c.Create(Type, properties, specTags(c.In, "security-group"))
	if err != nil {
		return nil, err
	}
	return core.Out{"groupId": r.ID, "tagSet": tagSet(r.Tags)}, nil
}

// specTags reads the TagSpecifications for one type of resource.
func specTags(in wire.Object, typ string) map[string]string {
	out := map[string]string{}
	for _, spec := range in.Objects("TagSpecification") {
		if spec.String("ResourceType") == typ {
			maps.Copy(out, core.Tags(spec["Tag"]))
		}
	}
	return out
}

func deleteGroup(c *core.Call) (any, error) {
	r, err := group(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"return": true, "groupId": r.ID}, c.Delete(Type, r.ID)
}

func createTags(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) { maps.Copy(tags, core.Tags(c.In["Tag"])) })
}

func deleteTags(c *core.Call) (any, error) {
	return changeTags(c, func(tags map[string]string) {
		for _, t := range c.In.Objects("Tag") {
			if !t.Has("Value") || t.String("Value") == tags[t.String("Key")] {
				delete(tags, t.String("Key"))
			}
		}
	})
}

// taggable are the types whose resources EC2 knows by their id.
func taggable() []string {
	return []string{Type, VPCType, DHCPType, SubnetType, TableType, ACLType, GatewayType, EgressOnlyType, NATType, EndpointType, PrefixListType,
		FlowLogType, TemplateType, InstanceType, imageType}
}

func changeTags(c *core.Call, change func(map[string]string)) (any, error) {
	for _, id := range c.In.Strings("ResourceId") {
		known := false
		for _, typ := range taggable() {
			_, found, err := c.World.Store.Update(c.Scope, typ, id, func(r *store.Resource) error {
				change(r.Tags)
				return nil
			})
			if err != nil {
				return nil, err
			}
			known = known || found
		}
		if !known {
			return nil, wire.Errorf(400, "InvalidID", "The ID '%s' is not valid", id)
		}
	}
	return core.Out{"return": true}, nil
}
