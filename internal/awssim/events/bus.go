package events

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func presentBus(c *core.Call, name string) core.Out {
	out := core.Out{"Name": name, "Arn": "arn:aws:events:" + c.Region + ":" + c.Account + ":event-bus/" + name}
	r, ok := c.Get(BusType, name)
	if ok {
		out = core.Merge(out, shape.Pick(r.Properties, "Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig"))
	}
	if statements := busStatements(c, name); len(statements) > 0 {
		out["Policy"] = shape.Document(map[string]any{"Version": "2012-10-17", "Statement": statements})
	}
	return out
}

// busStatements are those of the bus's own policy and those that resources of their own add to it.
func busStatements(c *core.Call, name string) []any {
	var statements []any
	if r, ok := c.Get(BusType, name); ok {
		statements = append(statements, wire.AsObject(r.Properties["Policy"]).List("Statement")...)
	}
	for _, p := range c.Read().Prefix(c.Scope, BusPolicyType, name+"|") {
		statements = append(statements, busStatement(c, name, p.Properties))
	}
	return statements
}

// busStatement is a statement as given, or the one that action, principal and condition make.
func busStatement(c *core.Call, bus string, p wire.Object) any {
	if given := p.Object("Statement"); given != nil {
		return core.Merge(given, map[string]any{"Sid": p.String("StatementId")})
	}
	s := core.Out{"Sid": p.String("StatementId"), "Effect": "Allow", "Action": p.Or("Action", "events:PutEvents"), "Principal": p.String("Principal"),
		"Resource": "arn:aws:events:" + c.Region + ":" + c.Account + ":event-bus/" + bus}
	if account := p.String("Principal"); account != "*" {
		s["Principal"] = map[string]any{"AWS": "arn:aws:iam::" + account + ":root"}
	}
	if condition := p.Object("Condition"); condition != nil {
		s["Condition"] = map[string]any{condition.String("Type"): map[string]any{condition.String("Key"): condition.String("Value")}}
	}
	return s
}

// putPermission adds a statement, or sets the whole policy, of a bus.
func putPermission(c *core.Call) (any, error) {
	bus := busName(c.In.String("EventBusName"))
	if _, ok := c.Get(BusType, bus); !ok && bus != "default" {
		return nil, wire.Errorf(400, "ResourceNotFoundException", "Event bus %s does not exist.", bus)
	}
	if text := c.In.String("Policy"); text != "" {
		document, ok := shape.ParseDocument(text)
		if !ok {
			return nil, invalid("Provided policy is not valid JSON.")
		}
		_, err := c.Update(BusType, bus, map[string]any{"Policy": document})
		return nil, err
	}
	given := shape.Pick(c.In, "Action", "Principal", "StatementId", "Condition")
	given["EventBusName"] = bus
	c.World.Store.Delete(c.Scope, BusPolicyType, bus+"|"+c.In.String("StatementId"))
	_, err := c.Create(BusPolicyType, wire.AsObject(shape.Plain(given)), nil)
	return nil, err
}

func removePermission(c *core.Call) (any, error) {
	bus := busName(c.In.String("EventBusName"))
	if c.World.Store.Delete(c.Scope, BusPolicyType, bus+"|"+c.In.String("StatementId")) {
		return nil, nil
	}
	return nil, wire.Errorf(400, "ResourceNotFoundException", "Statement with StatementId '%s' not found.", c.In.String("StatementId"))
}

func updateBus(c *core.Call) (any, error) {
	name := busName(c.In.String("Name"))
	r, err := c.Update(BusType, name, wire.AsObject(shape.Plain(shape.Pick(c.In, "Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig"))))
	if core.Code(err) == "NotFound" {
		return nil, wire.Errorf(400, "ResourceNotFoundException", "Event bus %s does not exist.", name)
	}
	if err != nil {
		return nil, err
	}
	return presentBus(c, r.ID), nil
}

func describeBus(c *core.Call) (any, error) {
	name := busName(c.In.String("Name"))
	if _, ok := c.Get(BusType, name); !ok && name != "default" {
		return nil, wire.Errorf(400, "ResourceNotFoundException", "Event bus %s does not exist.", name)
	}
	return presentBus(c, name), nil
}

func listBuses(c *core.Call) (any, error) {
	list := []any{}
	names := []string{"default"}
	for _, r := range c.List(BusType) {
		names = append(names, r.ID)
	}
	for _, name := range names {
		if strings.HasPrefix(name, c.In.String("NamePrefix")) {
			list = append(list, presentBus(c, name))
		}
	}
	return page(c, "EventBuses", list)
}

func createBus(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, "Name", "Description", "KmsKeyIdentifier", "DeadLetterConfig", "LogConfig")))
	r, err := c.Create(BusType, given, core.Tags(c.In["Tags"]))
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "ResourceAlreadyExistsException", "Event bus %s already exists.", c.In.String("Name"))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"EventBusArn": r.Attributes["Arn"]}, nil
}

func deleteBus(c *core.Call) (any, error) {
	if err := c.Delete(BusType, c.In.String("Name")); err != nil && core.Code(err) != "NotFound" {
		return nil, err
	}
	return nil, nil
}

// tagged finds the rule or bus of a tag operation.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("ResourceARN")
	if r, ok := c.Get(Type, arn); ok {
		return r, nil
	}
	if r, ok := c.Get(BusType, busName(arn)); ok && strings.Contains(arn, ":event-bus/") {
		return r, nil
	}
	return store.Resource{}, wire.Errorf(400, "ResourceNotFoundException", "Resource %s does not exist.", arn)
}
