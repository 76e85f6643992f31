package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type snsAPI interface {
	GetTopicAttributes(context.Context, *sns.GetTopicAttributesInput, ...func(*sns.Options)) (*sns.GetTopicAttributesOutput, error)
	GetSubscriptionAttributes(context.Context, *sns.GetSubscriptionAttributesInput, ...func(*sns.Options)) (*sns.GetSubscriptionAttributesOutput, error)
	ListSubscriptionsByTopic(context.Context, *sns.ListSubscriptionsByTopicInput, ...func(*sns.Options)) (*sns.ListSubscriptionsByTopicOutput, error)
	ListTagsForResource(context.Context, *sns.ListTagsForResourceInput, ...func(*sns.Options)) (*sns.ListTagsForResourceOutput, error)
}

func snsReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::SNS::Topic",
				Properties: append([]string{"TopicName", "ArchivePolicy", "Policy", "Subscription", "Tags"}, keysOf(topicScalars)...),
				Actions:    []string{"sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"},
				Identities: []string{"TopicArn", "TopicName"},
				Facts:      []string{drift.FactSubscriptions},
			},
			{
				Type:       "AWS::SNS::TopicPolicy",
				Properties: []string{"Topics", "PolicyDocument"},
				Actions:    []string{"sns:GetTopicAttributes"},
			},
			{
				Type: "AWS::SNS::Subscription",
				Properties: append([]string{"TopicArn", "Protocol", "Endpoint", "RawMessageDelivery", "FilterPolicyScope",
					"SubscriptionRoleArn", "Region", "ReplayPolicy", "Confirmed"}, subscriptionDocuments...),
				Actions: []string{"sns:GetSubscriptionAttributes"},
				Secret:  "credentials in an https endpoint",
			},
		},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				switch item.Type {
				case "AWS::SNS::Topic":
					r.topic(ctx, item)
				case "AWS::SNS::TopicPolicy":
					r.topicPolicy(ctx, item)
				case "AWS::SNS::Subscription":
					r.subscription(ctx, item)
				}
			})
		},
	}
}

// topicScalars are attributes with the name of the property they set.
// Source: SetTopicAttributes, SNS API reference.
var topicScalars = map[string]scalar{
	"DisplayName": asText, "KmsMasterKeyId": asText, "FifoTopic": asSwitch, "ContentBasedDeduplication": asSwitch,
	"FifoThroughputScope": asText, "SignatureVersion": asText, "TracingConfig": asText,
}

var subscriptionDocuments = []string{"FilterPolicy", "RedrivePolicy", "DeliveryPolicy"}

func (r *run) topic(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a topic ARN")
		return
	}
	out, err := r.clients.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	name := item.ID[strings.LastIndexByte(item.ID, ':')+1:]
	o := newObject().set("TopicName", name).identity("TopicName", name).identity("TopicArn", item.ID)
	o.scalars(out.Attributes, topicScalars)
	o.document("ArchivePolicy", out.Attributes["ArchivePolicy"])
	if policy := parsed(out.Attributes["Policy"]); !policyOfEveryTopic(policy, item.ID) {
		o.document("Policy", out.Attributes["Policy"])
	}
	tags, err := r.clients.sns.ListTagsForResource(ctx, &sns.ListTagsForResourceInput{ResourceArn: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.subscriptions(ctx, item, o)
	r.found(item, o)
}

// subscriptions records who listens to a topic and whether they confirmed,
// subscriptions made by hand included.
func (r *run) subscriptions(ctx context.Context, item inventory.Item, o *object) {
	list, declared := []map[string]any{}, []map[string]any{}
	pages := sns.NewListSubscriptionsByTopicPaginator(r.clients.sns, &sns.ListSubscriptionsByTopicInput{TopicArn: &item.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.factGap(item, drift.FactSubscriptions, err)
			if inline(item) {
				r.partial(item, "Subscription", err)
			}
			return
		}
		for _, s := range page.Subscriptions {
			list = append(list, map[string]any{
				"Protocol": aws.ToString(s.Protocol), "Confirmed": strings.HasPrefix(aws.ToString(s.SubscriptionArn), "arn:"),
			})
			declared = append(declared, map[string]any{"Protocol": aws.ToString(s.Protocol), "Endpoint": aws.ToString(s.Endpoint)})
		}
	}
	sortObjects(list, "Protocol")
	sortObjects(declared, "Protocol")
	if inline(item) {
		o.set("Subscription", declared)
	}
	r.fact(item, drift.FactSubscriptions, list)
}

// inline reports whether the topic is where its subscriptions are compared: its
// template says them there, or tags list the topic, and subscriptions have none.
func inline(item inventory.Item) bool { return item.Declared["Subscription"] != nil || item.FromTags() }

func (r *run) topicPolicy(ctx context.Context, item inventory.Item) {
	r.attachedPolicy(item, "Topics", func(arn string) (string, error) {
		out, err := r.clients.sns.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: &arn})
		if err != nil {
			return "", err
		}
		return out.Attributes["Policy"], nil
	})
}

func (r *run) subscription(ctx context.Context, item inventory.Item) {
	if !strings.HasPrefix(item.ID, "arn:") {
		r.unaddressable(item, "a subscription ARN (is it confirmed?)")
		return
	}
	out, err := r.clients.sns.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().identity("Arn", item.ID)
	for _, name := range []string{"TopicArn", "Protocol", "Endpoint", "FilterPolicyScope", "SubscriptionRoleArn"} {
		if value := out.Attributes[name]; value != "" {
			o.set(name, value)
		}
	}
	if raw, ok := out.Attributes["RawMessageDelivery"]; ok {
		o.set("RawMessageDelivery", scalarOf(raw, asSwitch))
	}
	if pending, ok := out.Attributes["PendingConfirmation"]; ok {
		o.set("Confirmed", pending == "false") // until then nothing is sent to it
	}
	for _, name := range append(subscriptionDocuments, "ReplayPolicy") {
		o.document(name, out.Attributes[name])
	}
	r.found(item, o)
}
