package lambda

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkAlias wants function and versions to exist and gives the alias its ARN and a new revision.
func checkAlias(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	name, _ := split(p.String("FunctionName"))
	arn := functionARN(r.Scope, name)
	if _, ok := c.World.Store.Get(r.Scope, Type, name); !ok {
		return notFound("Function not found: %s", arn)
	}
	wanted := []string{p.String("FunctionVersion")}
	for _, w := range p.Object("RoutingConfig").Objects("AdditionalVersionWeights") {
		wanted = append(wanted, w.String("FunctionVersion"))
	}
	for _, version := range wanted {
		if _, ok := c.World.Store.Get(r.Scope, VersionType, arn+":"+version); !ok && (version != "$LATEST" || len(wanted) > 1) {
			return notFound("Function not found: %s:%s", arn, version)
		}
	}
	r.Attributes["AliasArn"] = arn + ":" + p.String("Name")
	r.Private["RevisionId"] = c.World.IDs.UUID("revision", arn, p.String("Name"))
	return nil
}

func aliasesOf(v store.View, scope store.Scope, function string) []store.Resource {
	return v.Prefix(scope, AliasType, functionARN(scope, function)+":")
}

// presentAlias is an alias as GetAlias returns it: the weights are a map of versions.
func presentAlias(a store.Resource) core.Out {
	p := wire.Object(a.Properties)
	out := core.Out{"AliasArn": a.ID, "Name": p["Name"], "FunctionVersion": p["FunctionVersion"], "Description": p.String("Description"),
		"RevisionId": a.Private["RevisionId"]}
	weights := core.Out{}
	for _, w := range p.Object("RoutingConfig").Objects("AdditionalVersionWeights") {
		weights[w.String("FunctionVersion")] = w["FunctionWeight"]
	}
	if len(weights) > 0 {
		out["RoutingConfig"] = core.Out{"AdditionalVersionWeights": weights}
	}
	return out
}

// readAlias turns the members of a request into properties.
func readAlias(in wire.Object) map[string]any {
	out := map[string]any{}
	for _, name := range []string{"FunctionVersion", "Description"} {
		if in.Has(name) {
			out[name] = in[name]
		}
	}
	if routing := in.Object("RoutingConfig"); routing != nil {
		weights := routing.Object("AdditionalVersionWeights")
		out["RoutingConfig"] = nil
		list := []any{}
		for _, version := range weights.Keys() {
			list = append(list, map[string]any{"FunctionVersion": version, "FunctionWeight": weights[version]})
		}
		if len(list) > 0 {
			out["RoutingConfig"] = map[string]any{"AdditionalVersionWeights": list}
		}
	}
	return out
}

func alias(c *core.Call) (store.Resource, error) {
	f, _, err := function(c)
	if err != nil {
		return f, err
	}
	id := functionARN(f.Scope, f.ID) + ":" + c.In.String("Name")
	a, ok := c.Get(AliasType, id)
	if !ok {
		return a, notFound("Cannot find alias arn: %s", id)
	}
	return a, nil
}

func getAlias(c *core.Call) (any, error) {
	a, err := alias(c)
	if err != nil {
		return nil, err
	}
	return presentAlias(a), nil
}

func listAliases(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, a := range aliasesOf(c.Read(), f.Scope, f.ID) {
		if v := c.In.String("FunctionVersion"); v == "" || v == wire.Text(a.Properties["FunctionVersion"]) {
			list = append(list, presentAlias(a))
		}
	}
	return page(c, "Aliases", list, 50)
}

func createAlias(c *core.Call) (any, error) {
	properties := readAlias(c.In)
	properties["FunctionName"], _ = split(c.In.String("FunctionName"))
	properties["Name"] = c.In.String("Name")
	a, err := c.Create(AliasType, properties, nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, conflict("Alias already exists: %s:%s", functionARN(c.Scope, wire.Text(properties["FunctionName"])), c.In.String("Name"))
	}
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, presentAlias(a)), nil
}

func updateAlias(c *core.Call) (any, error) {
	a, err := alias(c)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(c, a); err != nil {
		return nil, err
	}
	a, err = c.Update(AliasType, a.ID, readAlias(c.In))
	if err != nil {
		return nil, err
	}
	return presentAlias(a), nil
}

func deleteAlias(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	for _, p := range permissions(c.World.Store.View(0), f.Scope, f.ID, c.In.String("Name")) {
		c.World.Store.Delete(p.Scope, PermissionType, p.ID) // the policy of an alias goes with it
	}
	c.World.Store.Delete(f.Scope, AliasType, functionARN(f.Scope, f.ID)+":"+c.In.String("Name"))
	return &wire.Raw{Status: 204}, nil
}
