// Package organizations simulates an organization: every account hangs on its root. It owns service control policies, as resources
// of type Type, id of the policy, with Name, Content and Targets. They deny nothing: the simulator only tells them.
package organizations

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Type is the type of a policy; Root is the id of the organization's root.
const (
	Type = "sim::Organizations::Policy"
	Root = "r-sim1"
)

const everything = "p-FullAWSAccess"

// Service returns AWS Organizations.
func Service() core.Service {
	return core.Service{
		Name: "organizations", Global: true,
		Operations: map[string]core.Handler{
			"ListParents": parents, "ListPoliciesForTarget": policies, "DescribePolicy": describe, "CreatePolicy": create, "AttachPolicy": attach,
		},
	}
}

func parents(c *core.Call) (any, error) {
	list := []any{}
	if c.In.String("ChildId") != Root {
		list = append(list, core.Out{"Id": Root, "Type": "ROOT"})
	}
	return core.Out{"Parents": list}, nil
}

func summary(id, name string) core.Out {
	return core.Out{"Id": id, "Name": name, "Type": "SERVICE_CONTROL_POLICY", "AwsManaged": id == everything,
		"Arn": "arn:aws:organizations::aws:policy/service_control_policy/" + id}
}

// policies are those of a target alone, not those it inherits: what Organizations has on everything is on each target.
func policies(c *core.Call) (any, error) {
	list := []any{summary(everything, "FullAWSAccess")}
	for _, r := range c.List(Type) {
		if slices.Contains(wire.Object(r.Properties).Strings("Targets"), c.In.String("TargetId")) {
			list = append(list, summary(r.ID, wire.Text(r.Properties["Name"])))
		}
	}
	return core.Out{"Policies": list}, nil
}

func missing() error {
	return wire.Errorf(400, "PolicyNotFoundException", "We can't find a policy with the PolicyId that you specified.")
}

func describe(c *core.Call) (any, error) {
	id := c.In.String("PolicyId")
	if id == everything {
		return core.Out{"Policy": core.Out{"PolicySummary": summary(id, "FullAWSAccess"),
			"Content": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`}}, nil
	}
	r, ok := c.Get(Type, id)
	if !ok {
		return nil, missing()
	}
	return core.Out{"Policy": core.Out{"PolicySummary": summary(id, wire.Text(r.Properties["Name"])), "Content": r.Properties["Content"]}}, nil
}

func create(c *core.Call) (any, error) {
	name := c.In.String("Name")
	id := "p-" + c.World.IDs.Hex(8, c.Account, name)
	c.World.Store.Put(store.Resource{Scope: c.Scope, Type: Type, ID: id, Properties: map[string]any{"Name": name, "Content": c.In.String("Content"), "Targets": []any{}}})
	return core.Out{"Policy": core.Out{"PolicySummary": summary(id, name), "Content": c.In.String("Content")}}, nil
}

func attach(c *core.Call) (any, error) {
	r, ok := c.Get(Type, c.In.String("PolicyId"))
	if !ok {
		return nil, missing()
	}
	r.Properties = map[string]any{"Name": r.Properties["Name"], "Content": r.Properties["Content"],
		"Targets": append(wire.Object(r.Properties).List("Targets"), c.In.String("TargetId"))}
	c.World.Store.Put(r)
	return core.Out{}, nil
}
