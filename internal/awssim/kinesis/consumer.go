package kinesis

import (
	"strconv"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkConsumer wants the stream to exist; the ARN of a consumer ends with the time of its registration.
func checkConsumer(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if _, ok := c.World.Store.Get(r.Scope, Type, shape.Last(p.String("StreamARN"), ":stream/")); !ok {
		return wire.Errorf(400, "ResourceNotFoundException", "Stream %s under account %s not found.", p.String("StreamARN"), r.Account)
	}
	at := c.World.Clock.Now().Truncate(time.Second)
	r.Attributes["ConsumerCreationTimestamp"], r.Attributes["ConsumerStatus"] = strconv.FormatInt(at.Unix(), 10), "ACTIVE"
	r.Attributes["ConsumerARN"] = p.String("StreamARN") + "/consumer/" + p.String("ConsumerName") + ":" + strconv.FormatInt(at.Unix(), 10)
	return nil
}

func consumers(c *core.Call, of store.Resource) []store.Resource {
	var out []store.Resource
	for _, r := range c.List(ConsumerType) {
		if r.Properties["StreamARN"] == of.Attributes["Arn"] {
			out = append(out, r)
		}
	}
	return out
}

// consumer finds a consumer by its ARN, or by its name and the ARN of its stream.
func consumer(c *core.Call) (store.Resource, error) {
	for _, r := range c.List(ConsumerType) {
		if r.ID == c.In.String("ConsumerARN") || c.In.Has("ConsumerName") && r.Properties["ConsumerName"] == c.In.String("ConsumerName") &&
			r.Properties["StreamARN"] == c.In.String("StreamARN") {
			return r, nil
		}
	}
	return store.Resource{}, notFound("Consumer %s", c.In.Or("ConsumerARN", c.In.String("ConsumerName")))
}

func presentConsumer(r store.Resource) core.Out {
	return core.Out{"ConsumerName": r.Properties["ConsumerName"], "ConsumerARN": r.ID, "ConsumerStatus": "ACTIVE", "ConsumerCreationTimestamp": r.Created}
}

func describeConsumer(c *core.Call) (any, error) {
	r, err := consumer(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"ConsumerDescription": core.Merge(presentConsumer(r), map[string]any{"StreamARN": r.Properties["StreamARN"]})}, nil
}

func registerConsumer(c *core.Call) (any, error) {
	if _, err := consumer(c); err == nil {
		return nil, wire.Errorf(400, "ResourceInUseException", "Consumer %s already exists.", c.In.String("ConsumerName"))
	}
	r, err := c.Create(ConsumerType, shape.Pick(c.In, "ConsumerName", "StreamARN"), core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"Consumer": presentConsumer(r)}, nil
}

func deregisterConsumer(c *core.Call) (any, error) {
	r, err := consumer(c)
	if err != nil {
		return nil, err
	}
	return nil, c.Delete(ConsumerType, r.ID)
}

func listConsumers(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(ConsumerType) {
		if r.Properties["StreamARN"] == c.In.String("StreamARN") {
			list = append(list, presentConsumer(r))
		}
	}
	return core.Page{Size: 100, CodeOfInvalid: "InvalidArgumentException"}.Cut(c, "Consumers", list)
}
