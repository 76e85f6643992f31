package stepfunctions

import (
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// publish keeps what a state machine is now under the next number.
func publish(c *core.Change) error {
	r := c.Resource
	arn := wire.Text(r.Properties["StateMachineArn"])
	machine, ok := c.World.Store.Get(r.Scope, Type, arn)
	if !ok {
		return missing("StateMachineDoesNotExist", "State Machine Does Not Exist: '%s'", arn)
	}
	if want := wire.Text(r.Properties["StateMachineRevisionId"]); want != "" && want != wire.Text(machine.Attributes["StateMachineRevisionId"]) {
		return missing("ConflictException", "Failed to publish the State Machine version for revision %s. The current State Machine revision is %s.",
			want, wire.Text(machine.Attributes["StateMachineRevisionId"]))
	}
	last := 0
	for _, v := range c.World.Store.View(0).Prefix(r.Scope, VersionType, arn+":") {
		last = max(last, shape.Int(shape.Last(v.ID, ":"), 0))
	}
	r.Attributes["Arn"] = arn + ":" + strconv.Itoa(last+1)
	shown := showMachine(nil, machine)
	shown["stateMachineArn"], shown["description"] = r.Attributes["Arn"], r.Properties["Description"]
	shown["creationDate"] = float64(c.World.Clock.Now().Unix())
	r.Private["Shown"] = shape.Plain(shown)
	return nil
}

func dropVersions(c *core.Change) error {
	for _, typ := range []string{VersionType, AliasType} {
		for _, v := range c.World.Store.View(0).Prefix(c.Resource.Scope, typ, c.Resource.ID+":") {
			c.World.Store.Delete(v.Scope, typ, v.ID)
		}
	}
	return nil
}

func publishVersion(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "stateMachineArn", "description")))
	if c.In.Has("revisionId") {
		given["StateMachineRevisionId"] = c.In.String("revisionId")
	}
	r, err := c.Create(VersionType, given, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"stateMachineVersionArn": r.ID, "creationDate": r.Created}, nil
}

func listVersions(c *core.Call) (any, error) {
	list := []any{}
	for _, v := range c.Read().Prefix(c.Scope, VersionType, c.In.String("stateMachineArn")+":") {
		list = append(list, core.Out{"stateMachineVersionArn": v.ID, "creationDate": v.Created})
	}
	return core.Page{Size: 100, Token: "nextToken", Max: "maxResults"}.Cut(c, "stateMachineVersions", list)
}

// checkAlias names an alias after the machine of the versions it leads to.
func checkAlias(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	routes := p.Objects("RoutingConfiguration")
	if arn := p.Object("DeploymentPreference").String("StateMachineVersionArn"); arn != "" {
		r.Properties["RoutingConfiguration"] = []any{map[string]any{"StateMachineVersionArn": arn, "Weight": 100.0}}
		routes = wire.Object(r.Properties).Objects("RoutingConfiguration")
	}
	if len(routes) == 0 {
		return wire.Errorf(400, "ValidationException", "An alias needs a version to lead to")
	}
	for _, route := range routes {
		if _, ok := c.World.Store.Get(r.Scope, VersionType, route.String("StateMachineVersionArn")); !ok {
			return missing("ResourceNotFound", "Resource not found: '%s'", route.String("StateMachineVersionArn"))
		}
	}
	arn := routes[0].String("StateMachineVersionArn")
	r.Attributes["Arn"] = arn[:strings.LastIndex(arn, ":")+1] + p.String("Name")
	return nil
}

func aliasEntity() core.Entity {
	show := func(_ *core.Call, r store.Resource) core.Out {
		out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "Name", "Description", "RoutingConfiguration"))))
		out["stateMachineAliasArn"], out["creationDate"], out["updateDate"] = r.ID, r.Created, r.Updated
		return out
	}
	return core.Entity{
		Type: AliasType, Show: show,
		ID: func(c *core.Call) string { return c.In.String("stateMachineAliasArn") },
		Missing: func(c *core.Call) error {
			return missing("ResourceNotFound", "Request references a resource that does not exist: '%s'", c.In.String("stateMachineAliasArn"))
		},
		Take: func(c *core.Call) (map[string]any, error) {
			return wire.AsObject(shape.Upper(shape.Pick(c.In, "name", "description", "routingConfiguration"))), nil
		},
		Among: func(c *core.Call, all []store.Resource) []store.Resource {
			var own []store.Resource
			for _, r := range all {
				if strings.HasPrefix(r.ID, c.In.String("stateMachineArn")+":") {
					own = append(own, r)
				}
			}
			return own
		},
	}
}
