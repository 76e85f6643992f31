package sns

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// settings are the topic attributes that are properties of the type, under the same name.
func settings() []string {
	return []string{"DisplayName", "KmsMasterKeyId", "FifoTopic", "ContentBasedDeduplication", "SignatureVersion", "TracingConfig", "ArchivePolicy"}
}

// checkTopic completes the name of a FIFO topic and makes the subscriptions that are given with the topic.
func checkTopic(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	name := p.String("TopicName")
	if p.Bool("FifoTopic") && !strings.HasSuffix(name, ".fifo") {
		if c.Origin.Logical == "" {
			return invalidParameter("Topic Name")
		}
		name += ".fifo"
		c.Resource.Properties["TopicName"] = name
	}
	arn := "arn:aws:sns:" + c.Resource.Region + ":" + c.Resource.Account + ":" + name
	for _, s := range p.Objects("Subscription") {
		properties := map[string]any{"TopicArn": arn, "Protocol": s.String("Protocol"), "Endpoint": s.String("Endpoint")}
		if _, exists := same(c.World, c.Resource.Scope, properties); exists {
			continue
		}
		r := store.Resource{Scope: c.Resource.Scope, Type: SubscriptionType, Properties: properties,
			Attributes: map[string]any{}, Private: map[string]any{}}
		confirm(c.World, &r)
		r.ID = wire.Text(r.Attributes["Arn"])
		c.World.Store.Insert(r)
	}
	return nil
}

func dropSubscriptions(c *core.Change) error {
	for _, s := range subscriptions(c.World.Store.View(0), c.Resource.Scope, c.Resource.ID) {
		c.World.Store.Delete(s.Scope, SubscriptionType, s.ID)
	}
	return nil
}

func invalidParameter(reason string) error {
	return wire.Errorf(400, "InvalidParameter", "Invalid parameter: %s", reason)
}

func notFound(what string) error { return wire.Errorf(404, "NotFound", "%s does not exist", what) }

func topic(c *core.Call, member string) (store.Resource, error) {
	arn := c.In.String(member)
	if _, ok := shape.ParseARN(arn); !ok {
		return store.Resource{}, invalidParameter(member)
	}
	r, ok := c.Get(Type, arn)
	if !ok {
		return r, notFound("Topic")
	}
	return r, nil
}

func createTopic(c *core.Call) (any, error) {
	properties := map[string]any{"TopicName": c.In.String("Name")}
	for name, v := range c.In.StringMap("Attributes") {
		if slices.Contains(settings(), name) {
			properties[name] = v
		}
	}
	arn := "arn:aws:sns:" + c.Region + ":" + c.Account + ":" + c.In.String("Name")
	if _, exists := c.World.Store.Get(c.Scope, Type, arn); exists {
		return core.Out{"TopicArn": arn}, nil
	}
	r, err := c.Create(Type, properties, core.Tags(c.In["Tags"]))
	if err != nil {
		return nil, err
	}
	return core.Out{"TopicArn": r.ID}, nil
}

func deleteTopic(c *core.Call) (any, error) {
	if err := c.Delete(Type, c.In.String("TopicArn")); err != nil && core.Code(err) != "NotFound" {
		return nil, err
	}
	return nil, nil
}

func listTopics(c *core.Call) (any, error) {
	list := []any{}
	for _, t := range c.List(Type) {
		list = append(list, core.Out{"TopicArn": t.ID})
	}
	page, next, err := core.Paginate(list, c.In.String("NextToken"), 100)
	return core.Out{"Topics": page, "NextToken": next}, err
}

func getTopicAttributes(c *core.Call) (any, error) {
	t, err := topic(c, "TopicArn")
	if err != nil {
		return nil, err
	}
	confirmed, pending := 0, 0
	for _, s := range subscriptions(c.Read(), c.Scope, t.ID) {
		switch {
		case shape.Bool(s.Private["Pending"]):
			pending++
		default:
			confirmed++
		}
	}
	out := wire.Map{
		"TopicArn": t.ID, "Owner": t.Account, "DisplayName": wire.Text(t.Properties["DisplayName"]),
		"Policy": currentPolicy(t), "SubscriptionsConfirmed": wire.Text(confirmed), "SubscriptionsPending": wire.Text(pending),
		"SubscriptionsDeleted":    "0",
		"EffectiveDeliveryPolicy": `{"http":{"defaultHealthyRetryPolicy":{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{"headerContentType":"text/plain; charset=UTF-8"}}}`,
	}
	for _, name := range settings() {
		v := t.Properties[name]
		if doc := wire.AsObject(v); doc != nil {
			out[name] = shape.Document(doc)
		} else if wire.Text(v) != "" {
			out[name] = wire.Text(v)
		}
	}
	if v := wire.Text(t.Private["DeliveryPolicy"]); v != "" {
		out["DeliveryPolicy"] = v
	}
	return core.Out{"Attributes": out}, nil
}

func setTopicAttributes(c *core.Call) (any, error) {
	t, err := topic(c, "TopicArn")
	if err != nil {
		return nil, err
	}
	name, value := c.In.String("AttributeName"), c.In.String("AttributeValue")
	switch {
	case name == "Policy":
		if _, ok := shape.ParseDocument(value); !ok {
			return nil, invalidParameter("Policy Error: null")
		}
		policies().Set(c.World, t, value)
		return nil, nil
	case name == "DeliveryPolicy":
		_, _, err := c.World.Store.Update(t.Scope, Type, t.ID, func(r *store.Resource) error {
			r.Private["DeliveryPolicy"] = value
			return nil
		})
		return nil, err
	case name == "FifoTopic" || !slices.Contains(settings(), name):
		return nil, invalidParameter("AttributeName")
	}
	var v any
	if value != "" {
		v = value
	}
	_, err = c.Update(Type, t.ID, map[string]any{name: v})
	return nil, err
}
