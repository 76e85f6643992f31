package sqs_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/sqs"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func attributes(b *coretest.Bench, url string) wire.Object {
	b.Helper()
	return b.Call(coretest.East, "sqs.GetQueueAttributes", wire.Object{"QueueUrl": url, "AttributeNames": []any{"All"}}).Object("Attributes")
}

func TestADeadLetterQueueMustBeAtHome(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	east := b.Made(coretest.East, "D", sqs.Type, map[string]any{})
	redrive := func(arn any) map[string]any {
		return map[string]any{"RedrivePolicy": map[string]any{"deadLetterTargetArn": arn, "maxReceiveCount": "5"}}
	}
	b.Made(coretest.East, "Q", sqs.Type, redrive(east.Attributes["Arn"]))
	_, err := b.Make(coretest.West, "Q", sqs.Type, redrive(east.Attributes["Arn"]))
	b.Code("InvalidParameterValue", err)
	_, err = b.Make(coretest.East, "Q2", sqs.Type, redrive("arn:aws:sqs:us-east-1:111111111111:none"))
	if message := b.Code("InvalidParameterValue", err); !strings.Contains(message, "does not exist") {
		t.Error(message)
	}
}

func TestAttributesAreChangedByHandAndChecked(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	q := b.Made(coretest.East, "Q", sqs.Type, map[string]any{"VisibilityTimeout": "180"})
	set := func(name, value string) wire.Object {
		return wire.Object{"QueueUrl": "http://127.0.0.1:4599/111111111111/" + q.Properties["QueueName"].(string), "Attributes": wire.Object{name: value}}
	}
	b.Call(coretest.East, "sqs.SetQueueAttributes", set("VisibilityTimeout", "30"))
	if got := attributes(b, q.ID); got["VisibilityTimeout"] != "30" || got["SqsManagedSseEnabled"] != "true" {
		t.Errorf("%v", got)
	}
	if got := b.Live(q).Properties["VisibilityTimeout"]; got != 30.0 {
		t.Errorf("CloudFormation sees %v", got)
	}
	b.Refused("InvalidAttributeValue", coretest.East, "sqs.SetQueueAttributes", set("VisibilityTimeout", "99999"))
	b.Refused("InvalidAttributeName", coretest.East, "sqs.SetQueueAttributes", set("Colour", "blue"))
	b.Call(coretest.East, "sqs.SetQueueAttributes", set("KmsMasterKeyId", "alias/x"))
	if got := attributes(b, q.ID); got["SqsManagedSseEnabled"] != "false" {
		t.Errorf("%v", got)
	}
}

func TestTheQueuePolicyAndTheAttributeAreOne(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	q := b.Made(coretest.East, "Q", sqs.Type, map[string]any{})
	p := b.Made(coretest.East, "P", sqs.PolicyType, map[string]any{"Queues": []any{q.ID}, "PolicyDocument": map[string]any{"Version": "1"}})
	if got := attributes(b, q.ID)["Policy"]; got != `{"Version":"1"}` {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "sqs.SetQueueAttributes", wire.Object{"QueueUrl": q.ID, "Attributes": wire.Object{"Policy": `{"Version":"hand"}`}})
	if got := wire.AsObject(b.Live(p).Properties["PolicyDocument"])["Version"]; got != "hand" {
		t.Errorf("the policy resource shows %v", got)
	}
	if err := b.World.Delete(p.Scope, p.Type, p.ID); err != nil {
		t.Fatal(err)
	}
	if attributes(b, q.ID).Has("Policy") {
		t.Error("the policy outlives its resource")
	}
	_, err := b.Make(coretest.East, "P2", sqs.PolicyType, map[string]any{"Queues": []any{"none"}, "PolicyDocument": map[string]any{}})
	b.Code("QueueDoesNotExist", err)
}

func TestAQueueThatIsNoLongerListedAndOneWhosePolicyIsTakenAwayHaveNone(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	one, two := b.Made(coretest.East, "Q", sqs.Type, map[string]any{}), b.Made(coretest.East, "R", sqs.Type, map[string]any{})
	p := b.Made(coretest.East, "P", sqs.PolicyType, map[string]any{"Queues": []any{one.ID, two.ID}, "PolicyDocument": map[string]any{"Version": "1"}})
	if _, err := b.World.Update(p.Scope, p.Type, p.ID, core.Patch{Properties: map[string]any{"Queues": []any{two.ID}}}); err != nil {
		t.Fatal(err)
	}
	if attributes(b, one.ID).Has("Policy") || !attributes(b, two.ID).Has("Policy") {
		t.Errorf("%v, %v", attributes(b, one.ID), attributes(b, two.ID))
	}
	b.Call(coretest.East, "sqs.SetQueueAttributes", wire.Object{"QueueUrl": two.ID, "Attributes": wire.Object{"Policy": ""}})
	if _, there := b.World.Store.Get(p.Scope, p.Type, p.ID); there || attributes(b, two.ID).Has("Policy") {
		t.Error("the policy is still there")
	}
}

func TestFifoQueuesEndInFifo(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	if q := b.Made(coretest.East, "Q", sqs.Type, map[string]any{"FifoQueue": "true"}); !strings.HasSuffix(q.ID, ".fifo") {
		t.Error(q.ID)
	}
	b.Refused("InvalidParameterValue", coretest.East, "sqs.CreateQueue", wire.Object{"QueueName": "q.fifo"})
	b.Refused("InvalidParameterValue", coretest.East, "sqs.CreateQueue", wire.Object{"QueueName": "q", "Attributes": wire.Object{"FifoQueue": "true"}})
}

func TestANameIsTakenOnlyByADifferentQueue(t *testing.T) {
	b := coretest.New(t, sqs.Service())
	first := b.Call(coretest.East, "sqs.CreateQueue", wire.Object{"QueueName": "q", "Attributes": wire.Object{"DelaySeconds": "5"}})
	again := b.Call(coretest.East, "sqs.CreateQueue", wire.Object{"QueueName": "q", "Attributes": wire.Object{"DelaySeconds": "5"}})
	if first["QueueUrl"] != again["QueueUrl"] {
		t.Error("two queues of one name")
	}
	b.Refused("QueueNameExists", coretest.East, "sqs.CreateQueue", wire.Object{"QueueName": "q", "Attributes": wire.Object{"DelaySeconds": "6"}})
	b.Refused("QueueDoesNotExist", coretest.West, "sqs.GetQueueUrl", wire.Object{"QueueName": "q"})
	_, err := b.World.Update(coretest.Scope(coretest.East), sqs.Type, first.String("QueueUrl"), core.Patch{Properties: map[string]any{"DelaySeconds": nil}})
	if err != nil || attributes(b, first.String("QueueUrl"))["DelaySeconds"] != "0" {
		t.Errorf("a removed property keeps its value: %v", err)
	}
}
