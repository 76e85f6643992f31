package iam

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// inline is the inline policies of a role by name: those in its properties, and those that resources of their own put there.
func inline(c *core.Call, r store.Resource) map[string]any {
	out := map[string]any{}
	for _, p := range wire.Object(r.Properties).Objects("Policies") {
		out[p.String("PolicyName")] = p["PolicyDocument"]
	}
	for _, other := range separate(c, r) {
		out[wire.Text(other.Properties["PolicyName"])] = other.Properties["PolicyDocument"]
	}
	return out
}

// separate lists the resources that put inline policies into a role.
func separate(c *core.Call, r store.Resource) []store.Resource {
	var out []store.Resource
	for _, other := range append(c.List(InlineType), c.List(RolePolicyType)...) {
		if slices.Contains(rolesOf(other), r.ID) {
			out = append(out, other)
		}
	}
	return out
}

func listRolePolicies(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	names := []any{}
	for _, name := range slices.Sorted(maps.Keys(inline(c, r))) {
		names = append(names, name)
	}
	return page(c, core.Out{}, "PolicyNames", names)
}

func getRolePolicy(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	name := c.In.String("PolicyName")
	doc, ok := inline(c, r)[name]
	if !ok {
		return nil, noPolicy(name)
	}
	return core.Out{"RoleName": r.ID, "PolicyName": name, "PolicyDocument": encoded(doc)}, nil
}

func noPolicy(name string) error {
	return noSuchEntity("The role policy with name %s cannot be found.", name)
}

// putRolePolicy writes where the policy already is, else into the properties of the role.
func putRolePolicy(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	name, doc := c.In.String("PolicyName"), parsed(c.In.String("PolicyDocument"))
	if err := checkDocument(doc); err != nil {
		return nil, err
	}
	for _, other := range separate(c, r) {
		if wire.Text(other.Properties["PolicyName"]) == name {
			_, err := c.Update(other.Type, other.ID, map[string]any{"PolicyDocument": doc})
			return nil, err
		}
	}
	list := withoutPolicy(r, name)
	list = append(list, map[string]any{"PolicyName": name, "PolicyDocument": doc})
	_, err = c.Update(RoleType, r.ID, map[string]any{"Policies": list})
	return nil, err
}

func withoutPolicy(r store.Resource, name string) []any {
	return slices.DeleteFunc(wire.Object(r.Properties).List("Policies"), func(e any) bool {
		return wire.AsObject(e).String("PolicyName") == name
	})
}

func deleteRolePolicy(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	name := c.In.String("PolicyName")
	for _, other := range separate(c, r) {
		if wire.Text(other.Properties["PolicyName"]) == name {
			return nil, c.Delete(other.Type, other.ID)
		}
	}
	before := len(wire.Object(r.Properties).List("Policies"))
	list := withoutPolicy(r, name)
	if len(list) == before {
		return nil, noPolicy(name)
	}
	_, err = c.Update(RoleType, r.ID, map[string]any{"Policies": orNil(list)})
	return nil, err
}

// orNil removes a property rather than leaving an empty list.
func orNil(list []any) any {
	if len(list) == 0 {
		return nil
	}
	return list
}

// attached lists the ARNs of the managed policies of a role, sorted.
func attached(c *core.Call, r store.Resource) []string {
	arns := wire.Object(r.Properties).Strings("ManagedPolicyArns")
	for _, m := range c.List(ManagedType) {
		if slices.Contains(wire.Object(m.Properties).Strings("Roles"), r.ID) {
			arns = append(arns, m.ID)
		}
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

func presentAttached(arns []string) []any {
	list := []any{}
	for _, arn := range arns {
		list = append(list, core.Out{"PolicyName": shape.Last(arn, "/"), "PolicyArn": arn})
	}
	return list
}

func listAttached(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	return page(c, core.Out{}, "AttachedPolicies", presentAttached(attached(c, r)))
}

func attach(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	arn := c.In.String("PolicyArn")
	if slices.Contains(attached(c, r), arn) {
		return nil, nil
	}
	_, err = c.Update(RoleType, r.ID, map[string]any{"ManagedPolicyArns": append(wire.Object(r.Properties).List("ManagedPolicyArns"), arn)})
	return nil, err
}

func detach(c *core.Call) (any, error) {
	r, err := role(c)
	if err != nil {
		return nil, err
	}
	arn := c.In.String("PolicyArn")
	if !slices.Contains(attached(c, r), arn) {
		return nil, noSuchEntity("Policy %s was not found.", arn)
	}
	drop := func(list []any, what string) any {
		return orNil(slices.DeleteFunc(list, func(e any) bool { return wire.Text(e) == what }))
	}
	if m, ok := c.Get(ManagedType, arn); ok && slices.Contains(wire.Object(m.Properties).Strings("Roles"), r.ID) {
		patch := map[string]any{"Roles": drop(wire.Object(m.Properties).List("Roles"), r.ID)}
		if _, err := c.Update(ManagedType, arn, patch); err != nil {
			return nil, err
		}
	}
	_, err = c.Update(RoleType, r.ID, map[string]any{"ManagedPolicyArns": drop(wire.Object(r.Properties).List("ManagedPolicyArns"), arn)})
	return nil, err
}
