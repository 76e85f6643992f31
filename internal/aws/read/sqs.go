package read

import (
	"context"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type sqsAPI interface {
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
	ListQueueTags(context.Context, *sqs.ListQueueTagsInput, ...func(*sqs.Options)) (*sqs.ListQueueTagsOutput, error)
}

func sqsReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::SQS::Queue",
				Properties: append(append([]string{"QueueName", "Tags"}, keysOf(queueScalars)...), queueDocuments...),
				Actions:    []string{"sqs:GetQueueAttributes", "sqs:ListQueueTags"},
				Identities: []string{"Arn", "QueueName", "QueueUrl"},
			},
			{
				Type:       "AWS::SQS::QueuePolicy",
				Properties: []string{"Queues", "PolicyDocument"},
				Actions:    []string{"sqs:GetQueueAttributes"},
			},
		},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				if item.Type == "AWS::SQS::QueuePolicy" {
					r.queuePolicy(ctx, item)
					return
				}
				r.queue(ctx, item)
			})
		},
	}
}

// scalar says how the text of an attribute is to be read.
type scalar byte

const (
	asText scalar = iota
	asNumber
	asSwitch
)

// queueScalars are the attributes with the name of the property they set.
// Source: SetQueueAttributes, SQS API reference.
var queueScalars = map[string]scalar{
	"DelaySeconds": asNumber, "MaximumMessageSize": asNumber, "MessageRetentionPeriod": asNumber,
	"ReceiveMessageWaitTimeSeconds": asNumber, "VisibilityTimeout": asNumber, "KmsDataKeyReusePeriodSeconds": asNumber,
	"FifoQueue": asSwitch, "ContentBasedDeduplication": asSwitch, "SqsManagedSseEnabled": asSwitch,
	"DeduplicationScope": asText, "FifoThroughputLimit": asText, "KmsMasterKeyId": asText,
}

// queueDocuments are the attributes that are JSON. A policy is declared as a
// resource of its own, where one is declared, and otherwise was put there by hand.
var queueDocuments = []string{"Policy", "RedrivePolicy", "RedriveAllowPolicy"}

// scalars sets properties from text attributes, by table.
func (o *object) scalars(attributes map[string]string, table map[string]scalar) {
	for name, kind := range table {
		value, ok := attributes[name]
		if !ok || value == "" {
			continue
		}
		o.set(name, scalarOf(value, kind))
	}
}

// scalarOf reads a number or a switch; text that is neither stays text.
func scalarOf(value string, kind scalar) any {
	switch kind {
	case asNumber:
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return n
		}
	case asSwitch:
		if b, err := strconv.ParseBool(value); err == nil {
			return b
		}
	}
	return value
}

func (r *run) queue(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a queue URL")
		return
	}
	out, err := r.clients.sqs.GetQueueAttributes(ctx,
		&sqs.GetQueueAttributesInput{QueueUrl: &item.ID, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll}})
	if err != nil {
		r.failed(item, err)
		return
	}
	name := item.ID[strings.LastIndexByte(item.ID, '/')+1:]
	o := newObject().set("QueueName", name).identity("QueueName", name).identity("QueueUrl", item.ID).
		identity("Arn", out.Attributes["QueueArn"])
	o.scalars(out.Attributes, queueScalars)
	for _, d := range queueDocuments {
		o.document(d, out.Attributes[d])
	}
	tags, err := r.clients.sqs.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tags = tags.Tags
	}
	r.found(item, o)
}

// queuePolicy reads the policy of the queues it is declared for: it has no
// address of its own. A queue without any policy means that it is gone.
func (r *run) queuePolicy(ctx context.Context, item inventory.Item) {
	r.attachedPolicy(item, "Queues", func(url string) (string, error) {
		out, err := r.clients.sqs.GetQueueAttributes(ctx,
			&sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNamePolicy}})
		if err != nil {
			return "", err
		}
		return out.Attributes["Policy"], nil
	})
}

// attachedPolicy reads a policy that lives on other resources, named by a
// property of its declaration. Where they carry different policies, all are
// given, in the order declared.
func (r *run) attachedPolicy(item inventory.Item, property string, policy func(id string) (string, error)) {
	owners := texts(item.Resolved[property])
	if len(owners) == 0 || unresolved(strings.Join(owners, "")) {
		r.unaddressable(item, "what it is attached to")
		return
	}
	var documents []any
	for _, owner := range owners {
		document, err := policy(owner)
		if err != nil {
			r.failed(item, err)
			return
		}
		if document == "" {
			r.gone(item)
			return
		}
		documents = append(documents, parsed(document))
	}
	o := newObject().set(property, owners).set("PolicyName", item.Resolved["PolicyName"]) // IAM's have a name of their own
	o.set("PolicyDocument", documents[0])
	for _, other := range documents[1:] {
		if !reflect.DeepEqual(other, documents[0]) {
			o.set("PolicyDocument", documents)
		}
	}
	r.found(item, o)
}
