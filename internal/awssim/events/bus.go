package events

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func presentBus(c *core.Call, name string) core.Out {
	return core.Out{"Name": name, "Arn": "arn:aws:events:" + c.Region + ":" + c.Account + ":event-bus/" + name}
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
	r, err := c.Create(BusType, map[string]any{"Name": c.In.String("Name")}, core.Tags(c.In["Tags"]))
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
