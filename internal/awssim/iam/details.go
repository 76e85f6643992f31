package iam

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// authorizationDetails answers roles and managed policies in one list of pages: roles first.
func authorizationDetails(c *core.Call) (any, error) {
	filter := c.In.Strings("Filter")
	wanted := func(kind string) bool { return len(filter) == 0 || slices.Contains(filter, kind) }
	type entry struct {
		kind  string
		value core.Out
	}
	var all []entry
	if wanted("Role") {
		for _, r := range c.List(RoleType) {
			all = append(all, entry{"RoleDetailList", roleDetail(c, r)})
		}
	}
	if wanted("LocalManagedPolicy") {
		for _, m := range c.List(ManagedType) {
			detail := presentPolicy(c, m)
			detail["PolicyVersionList"] = presentVersions(m, true)
			all = append(all, entry{"Policies", detail})
		}
	}
	part, next, err := core.Paginate(all, c.In.String("Marker"), min(c.In.Int("MaxItems", 100), 1000))
	if err != nil {
		return nil, wire.Errorf(400, "ValidationError", "Invalid Marker")
	}
	lists := map[string][]any{"RoleDetailList": {}, "Policies": {}}
	for _, e := range part {
		lists[e.kind] = append(lists[e.kind], e.value)
	}
	out := core.Out{"UserDetailList": []any{}, "GroupDetailList": []any{}, "IsTruncated": next != nil,
		"RoleDetailList": lists["RoleDetailList"], "Policies": lists["Policies"]}
	if next != nil {
		out["Marker"] = next
	}
	return out, nil
}

func roleDetail(c *core.Call, r store.Resource) core.Out {
	out := presentRole(r, true)
	policies := []any{}
	documents := inline(c, r)
	for _, name := range slices.Sorted(maps.Keys(documents)) {
		policies = append(policies, core.Out{"PolicyName": name, "PolicyDocument": encoded(documents[name])})
	}
	out["RolePolicyList"], out["AttachedManagedPolicies"] = policies, presentAttached(attached(c, r))
	profiles := []any{}
	for _, p := range profilesOf(c, r.ID) {
		profiles = append(profiles, presentProfile(c, p))
	}
	out["InstanceProfileList"] = profiles
	return out
}

func profilesOf(c *core.Call, roleName string) []store.Resource {
	var out []store.Resource
	for _, p := range c.List(ProfileType) {
		if slices.Contains(wire.Object(p.Properties).Strings("Roles"), roleName) {
			out = append(out, p)
		}
	}
	return out
}

func presentProfile(c *core.Call, p store.Resource) core.Out {
	roles := []any{}
	for _, name := range wire.Object(p.Properties).Strings("Roles") {
		if r, ok := c.Get(RoleType, name); ok {
			roles = append(roles, presentRole(r, false))
		}
	}
	return core.Out{"InstanceProfileName": p.ID, "InstanceProfileId": "AIPA" + wire.Text(p.Properties["InstanceProfileName"]), "Arn": p.Attributes["Arn"],
		"Path": p.Properties["Path"], "CreateDate": p.Created, "Roles": roles}
}

func listProfilesForRole(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, p := range profilesOf(c, r.ID) {
		list = append(list, presentProfile(c, p))
	}
	return page(c, core.Out{}, "InstanceProfiles", list)
}

func getProfile(c *core.Call) (any, error) {
	p, ok := c.Get(ProfileType, c.In.String("InstanceProfileName"))
	if !ok {
		return nil, noSuchEntity("Instance Profile %s cannot be found.", c.In.String("InstanceProfileName"))
	}
	return core.Out{"InstanceProfile": presentProfile(c, p)}, nil
}
