// Package sns simulates the Simple Notification Service as far as its configuration goes: topics, subscriptions, policies
// and tags. It owns AWS::SNS::Topic, AWS::SNS::Subscription and AWS::SNS::TopicPolicy. It delivers nothing: Publish is an
// unknown operation. Subscriptions by e-mail and HTTP stay pending, all others are confirmed at once.
package sns

import "github.com/lockstep-dr/lockstep/internal/awssim/core"

// Types of the package.
const (
	Type             = "AWS::SNS::Topic"
	SubscriptionType = "AWS::SNS::Subscription"
	PolicyType       = "AWS::SNS::TopicPolicy"
)

// Service returns SNS.
func Service() core.Service {
	tags := core.Tagging{Find: tagged}
	return core.Service{
		Name:      "sns",
		Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		Operations: map[string]core.Handler{
			"CreateTopic":               createTopic,
			"DeleteTopic":               deleteTopic,
			"GetTopicAttributes":        getTopicAttributes,
			"SetTopicAttributes":        setTopicAttributes,
			"ListTopics":                listTopics,
			"Subscribe":                 subscribe,
			"Unsubscribe":               unsubscribe,
			"ListSubscriptions":         listSubscriptions,
			"ListSubscriptionsByTopic":  listSubscriptionsByTopic,
			"GetSubscriptionAttributes": getSubscriptionAttributes,
			"SetSubscriptionAttributes": setSubscriptionAttributes,
			"ListTagsForResource":       tags.List,
			"TagResource":               tags.Add,
			"UntagResource":             tags.Remove,
		},
		Kinds: []core.Kind{topicKind(), subscriptionKind(), policies().Kind()},
	}
}

func topicKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "TopicName", Max: 256},
		Identifier: []string{"TopicArn"},
		Attributes: map[string]string{"TopicArn": "arn:aws:sns:{Region}:{Account}:{TopicName}"},
		Ref:        "{TopicArn}",
		Replace:    []string{"TopicName", "FifoTopic"},
		Invalid:    "InvalidParameter",
		Schema: core.Schema{
			Booleans: []string{"FifoTopic", "ContentBasedDeduplication"},
			Allowed:  map[string][]string{"TracingConfig": {"PassThrough", "Active"}, "SignatureVersion": {"1", "2"}},
		},
		Create: checkTopic,
		Update: checkTopic,
		Delete: dropSubscriptions,
	}
}

func subscriptionKind() core.Kind {
	return core.Kind{
		Type:       SubscriptionType,
		Identifier: []string{"Arn"},
		Ref:        "{Arn}",
		Replace:    []string{"TopicArn", "Protocol", "Endpoint"},
		Invalid:    "InvalidParameter",
		Schema: core.Schema{
			Required: []string{"TopicArn", "Protocol"},
			Booleans: []string{"RawMessageDelivery"},
			Allowed: map[string][]string{"Protocol": {"http", "https", "email", "email-json", "sms", "sqs", "application",
				"lambda", "firehose"}},
		},
		Create: checkSubscription,
		Update: checkSubscription,
	}
}

func policies() core.PolicyKind {
	return core.PolicyKind{Type: PolicyType, Into: Type, Members: "Topics", Missing: func() error { return notFound("Topic") }}
}
