package sns

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// subscriptionSettings are the attributes of a subscription that are properties of the type, under the same name.
func subscriptionSettings() []string {
	return []string{"RawMessageDelivery", "FilterPolicy", "FilterPolicyScope", "RedrivePolicy", "DeliveryPolicy", "SubscriptionRoleArn", "ReplayPolicy"}
}

// checkSubscription wants the topic and, for queues and functions, an endpoint ARN; it gives the subscription its ARN.
func checkSubscription(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	arn, ok := shape.ParseARN(p.String("TopicArn"))
	if !ok {
		return invalidParameter("TopicArn")
	}
	home := store.Scope{Account: arn.Account, Region: arn.Region}
	if _, exists := c.World.Store.Get(home, Type, p.String("TopicArn")); !exists {
		return notFound("Topic")
	}
	switch p.String("Protocol") {
	case "sqs", "lambda", "firehose":
		if _, ok := shape.ParseARN(p.String("Endpoint")); !ok {
			return invalidParameter(strings.ToUpper(p.String("Protocol")) + " endpoint ARN")
		}
	}
	if c.Before == nil {
		confirm(c.World, c.Resource)
	}
	return nil
}

// confirm gives a subscription its ARN and says whether its endpoint still has to confirm it.
func confirm(w *core.World, r *store.Resource) {
	p := wire.Object(r.Properties)
	r.Attributes["Arn"] = p.String("TopicArn") + ":" + w.IDs.UUID("subscription", p.String("TopicArn"), p.String("Protocol"), p.String("Endpoint"))
	switch p.String("Protocol") {
	case "email", "email-json", "http", "https":
		r.Private["Pending"] = true
	}
}

// subscriptions lists those of a topic of the Region; their ids begin with its ARN.
func subscriptions(v store.View, scope store.Scope, topic string) []store.Resource {
	return v.Prefix(scope, SubscriptionType, topic+":")
}

// same finds the subscription of an endpoint to a topic.
func same(w *core.World, scope store.Scope, properties map[string]any) (store.Resource, bool) {
	for _, r := range subscriptions(w.Store.View(0), scope, wire.Text(properties["TopicArn"])) {
		if r.Properties["Protocol"] == properties["Protocol"] && wire.Text(r.Properties["Endpoint"]) == wire.Text(properties["Endpoint"]) {
			return r, true
		}
	}
	return store.Resource{}, false
}

func subscribe(c *core.Call) (any, error) {
	properties := map[string]any{
		"TopicArn": c.In.String("TopicArn"), "Protocol": c.In.String("Protocol"), "Endpoint": c.In.String("Endpoint"),
	}
	r, exists := same(c.World, c.Scope, properties)
	if !exists {
		for name, text := range c.In.StringMap("Attributes") {
			if err := setting(properties, name, text); err != nil {
				return nil, err
			}
		}
		var err error
		if r, err = c.Create(SubscriptionType, properties, nil); err != nil {
			return nil, err
		}
	}
	if shape.Bool(r.Private["Pending"]) && !c.In.Bool("ReturnSubscriptionArn") {
		return core.Out{"SubscriptionArn": "pending confirmation"}, nil
	}
	return core.Out{"SubscriptionArn": r.ID}, nil
}

// setting writes one attribute, given as text, into properties.
func setting(properties map[string]any, name, text string) error {
	switch name {
	case "RawMessageDelivery":
		properties[name] = text == "true"
	case "FilterPolicy", "RedrivePolicy", "DeliveryPolicy", "ReplayPolicy":
		doc, ok := shape.ParseDocument(text)
		if !ok && text != "" {
			return invalidParameter(name + ": failed to parse JSON.")
		}
		properties[name] = nil
		if ok {
			properties[name] = doc
		}
	case "FilterPolicyScope", "SubscriptionRoleArn":
		properties[name] = text
	default:
		return invalidParameter("AttributeName")
	}
	return nil
}

func unsubscribe(c *core.Call) (any, error) {
	if err := c.Delete(SubscriptionType, c.In.String("SubscriptionArn")); err != nil && core.Code(err) != "NotFound" {
		return nil, err
	}
	return nil, nil
}

func listSubscriptions(c *core.Call) (any, error) { return list(c, "") }

func listSubscriptionsByTopic(c *core.Call) (any, error) {
	t, err := topic(c, "TopicArn")
	if err != nil {
		return nil, err
	}
	return list(c, t.ID)
}

func list(c *core.Call, topicARN string) (any, error) {
	out := []any{}
	found := c.List(SubscriptionType)
	if topicARN != "" {
		found = subscriptions(c.Read(), c.Scope, topicARN)
	}
	for _, s := range found {
		p := wire.Object(s.Properties)
		arn := s.ID
		if shape.Bool(s.Private["Pending"]) {
			arn = "PendingConfirmation"
		}
		out = append(out, core.Out{"SubscriptionArn": arn, "Owner": s.Account, "Protocol": p.String("Protocol"),
			"Endpoint": p.String("Endpoint"), "TopicArn": p.String("TopicArn")})
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"Subscriptions": page, "NextToken": next}, err
}

func getSubscriptionAttributes(c *core.Call) (any, error) {
	s, ok := c.Get(SubscriptionType, c.In.String("SubscriptionArn"))
	if !ok {
		return nil, notFound("Subscription")
	}
	p := wire.Object(s.Properties)
	out := wire.Map{
		"SubscriptionArn": s.ID, "TopicArn": p.String("TopicArn"), "Protocol": p.String("Protocol"), "Endpoint": p.String("Endpoint"),
		"Owner": s.Account, "ConfirmationWasAuthenticated": "true", "RawMessageDelivery": wire.Text(p.Bool("RawMessageDelivery")),
		"PendingConfirmation": wire.Text(shape.Bool(s.Private["Pending"])), "SubscriptionPrincipal": "arn:aws:iam::" + s.Account + ":user/simulated",
	}
	for _, name := range subscriptionSettings() {
		if doc := p.Object(name); doc != nil {
			out[name] = shape.Document(doc)
		} else if p.String(name) != "" {
			out[name] = p.String(name)
		}
	}
	if p.Has("FilterPolicy") && !p.Has("FilterPolicyScope") {
		out["FilterPolicyScope"] = "MessageAttributes"
	}
	return core.Out{"Attributes": out}, nil
}

func setSubscriptionAttributes(c *core.Call) (any, error) {
	patch := map[string]any{}
	if err := setting(patch, c.In.String("AttributeName"), c.In.String("AttributeValue")); err != nil {
		return nil, err
	}
	_, err := c.Update(SubscriptionType, c.In.String("SubscriptionArn"), patch)
	if core.Code(err) == "NotFound" {
		return nil, notFound("Subscription")
	}
	return nil, err
}
