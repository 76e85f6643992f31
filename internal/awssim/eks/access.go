package eks

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func entryEntity() core.Entity {
	names := []string{"PrincipalArn", "KubernetesGroups", "Type", "Username"}
	e := member(EntryType, "principalArn", "accessEntry", func(_ *core.Call, r store.Resource) core.Out {
		out := core.Merge(lowered(r, append(names, "ClusterName")...), map[string]any{"accessEntryArn": r.Attributes["AccessEntryArn"], "modifiedAt": r.Updated})
		if out["kubernetesGroups"] == nil {
			out["kubernetesGroups"] = []any{}
		}
		return out
	}, names)
	e.ID = func(c *core.Call) string { return c.In.String("principalArn") + "|" + c.In.String("name") }
	e.Changed = nil
	return e
}

func listPolicies(c *core.Call) (any, error) {
	r, err := entryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, p := range wire.Object(r.Properties).Objects("AccessPolicies") {
		list = append(list, core.Merge(wire.AsObject(shape.Lower(p)), map[string]any{"associatedAt": r.Updated, "modifiedAt": r.Updated}))
	}
	out, err := core.Page{Size: 100, Token: "nextToken", Max: "maxResults"}.Cut(c, "associatedAccessPolicies", list)
	if err != nil {
		return nil, err
	}
	return core.Merge(wire.AsObject(out), map[string]any{"clusterName": c.In.String("name"), "principalArn": c.In.String("principalArn")}), nil
}

func without(r store.Resource, policy string) []any {
	return slices.DeleteFunc(slices.Clone(wire.Object(r.Properties).List("AccessPolicies")), func(p any) bool {
		return wire.AsObject(p).String("PolicyArn") == policy
	})
}

func associate(c *core.Call) (any, error) {
	r, err := entryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	policy := taken(c.In, "PolicyArn", "AccessScope")
	if _, err := c.Update(EntryType, r.ID, map[string]any{"AccessPolicies": append(without(r, c.In.String("policyArn")), policy)}); err != nil {
		return nil, err
	}
	return core.Out{"clusterName": c.In.String("name"), "principalArn": c.In.String("principalArn"), "associatedAccessPolicy": shape.Lower(policy)}, nil
}

func dissociate(c *core.Call) (any, error) {
	r, err := entryEntity().Find(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(EntryType, r.ID, map[string]any{"AccessPolicies": without(r, c.In.String("policyArn"))})
	return nil, err
}
