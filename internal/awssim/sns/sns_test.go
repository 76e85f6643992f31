package sns_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/sns"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

const queueARN = "arn:aws:sqs:us-east-1:111111111111:q"

func attributes(b *coretest.Bench, arn string) wire.Object {
	b.Helper()
	return b.Call(coretest.East, "sns.GetTopicAttributes", wire.Object{"TopicArn": arn}).Object("Attributes")
}

func TestSubscriptionsAreCountedAndGoWithTheirTopic(t *testing.T) {
	b := coretest.New(t, sns.Service())
	topic := b.Made(coretest.East, "T", sns.Type, map[string]any{"Subscription": []any{map[string]any{"Protocol": "email", "Endpoint": "a@example.com"}}})
	s := b.Made(coretest.East, "S", sns.SubscriptionType, map[string]any{"TopicArn": topic.ID, "Protocol": "sqs", "Endpoint": queueARN, "RawMessageDelivery": "true"})
	again := b.Call(coretest.East, "sns.Subscribe", wire.Object{"TopicArn": topic.ID, "Protocol": "sqs", "Endpoint": queueARN})
	if again["SubscriptionArn"] != s.ID || !strings.HasPrefix(s.ID, topic.ID+":") {
		t.Errorf("%v and %s", again, s.ID)
	}
	if got := attributes(b, topic.ID); got["SubscriptionsConfirmed"] != "1" || got["SubscriptionsPending"] != "1" {
		t.Errorf("%v", got)
	}
	got := b.Call(coretest.East, "sns.GetSubscriptionAttributes", wire.Object{"SubscriptionArn": s.ID}).Object("Attributes")
	if got["RawMessageDelivery"] != "true" || got["PendingConfirmation"] != "false" {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "sns.DeleteTopic", wire.Object{"TopicArn": topic.ID})
	if left := b.World.Store.List(topic.Scope, sns.SubscriptionType); len(left) != 0 {
		t.Errorf("%d subscriptions left", len(left))
	}
}

func TestASubscriptionNeedsItsTopicAndAnEndpoint(t *testing.T) {
	b := coretest.New(t, sns.Service())
	topic := b.Made(coretest.East, "T", sns.Type, map[string]any{})
	for code, p := range map[string]map[string]any{
		"NotFound":            {"TopicArn": topic.ID + "x", "Protocol": "sqs", "Endpoint": queueARN},
		"InvalidParameter":    {"TopicArn": topic.ID, "Protocol": "sqs", "Endpoint": "https://queue"},
		"ValidationException": {"TopicArn": topic.ID, "Protocol": "pigeon", "Endpoint": "x"},
	} {
		_, err := b.Make(coretest.East, "S", sns.SubscriptionType, p)
		b.Code(code, err)
	}
}

func TestTheTopicPolicyAndTheAttributeAreOne(t *testing.T) {
	b := coretest.New(t, sns.Service())
	topic := b.Made(coretest.East, "T", sns.Type, map[string]any{"DisplayName": "d"})
	if got := attributes(b, topic.ID).String("Policy"); !strings.Contains(got, "__default_policy_ID") {
		t.Error(got)
	}
	p := b.Made(coretest.East, "P", sns.PolicyType, map[string]any{"Topics": []any{topic.ID}, "PolicyDocument": map[string]any{"Id": "mine"}})
	set := func(name, value string) wire.Object {
		return wire.Object{"TopicArn": topic.ID, "AttributeName": name, "AttributeValue": value}
	}
	b.Call(coretest.East, "sns.SetTopicAttributes", set("Policy", `{"Id":"hand"}`))
	if got := wire.AsObject(b.Live(p).Properties["PolicyDocument"])["Id"]; got != "hand" {
		t.Errorf("the policy resource shows %v", got)
	}
	b.Call(coretest.East, "sns.SetTopicAttributes", set("DisplayName", "by hand"))
	if got := b.Live(topic).Properties["DisplayName"]; got != "by hand" {
		t.Errorf("%v", got)
	}
	b.Refused("InvalidParameter", coretest.East, "sns.SetTopicAttributes", set("Colour", "x"))
	if err := b.World.Delete(p.Scope, p.Type, p.ID); err != nil {
		t.Fatal(err)
	}
	if got := attributes(b, topic.ID).String("Policy"); !strings.Contains(got, "__default_policy_ID") {
		t.Error("the default policy does not come back")
	}
}
