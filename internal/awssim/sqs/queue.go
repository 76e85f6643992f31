package sqs

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// attributes are the queue attributes that are properties of the type, under the same name.
func attributes() []string {
	return []string{
		"ContentBasedDeduplication", "DeduplicationScope", "DelaySeconds", "FifoQueue", "FifoThroughputLimit",
		"KmsDataKeyReusePeriodSeconds", "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod",
		"ReceiveMessageWaitTimeSeconds", "RedriveAllowPolicy", "RedrivePolicy", "SqsManagedSseEnabled", "VisibilityTimeout",
	}
}

// checkQueue applies what relates properties to each other.
func checkQueue(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	name := p.String("QueueName")
	if p.Bool("FifoQueue") != strings.HasSuffix(name, ".fifo") {
		if !p.Bool("FifoQueue") {
			return invalidValue("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
		}
		if c.Origin.Logical == "" || c.Before != nil {
			return invalidValue("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.")
		}
		c.Resource.Properties["QueueName"] = name + ".fifo"
	}
	if !p.Has("SqsManagedSseEnabled") {
		c.Resource.Properties["SqsManagedSseEnabled"] = p.String("KmsMasterKeyId") == ""
	}
	if p.String("KmsMasterKeyId") != "" && p.Bool("SqsManagedSseEnabled") {
		c.Resource.Properties["SqsManagedSseEnabled"] = false
	}
	return checkRedrive(c)
}

// checkRedrive wants the dead-letter queue to exist in the same Region and to be of the same sort.
func checkRedrive(c *core.Change) error {
	redrive := tree(c.Resource.Properties["RedrivePolicy"])
	if redrive == nil {
		return nil
	}
	target := redrive.String("deadLetterTargetArn")
	arn, ok := shape.ParseARN(target)
	if !ok || redrive.Int("maxReceiveCount", 0) < 1 {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: Redrive policy does not contain mandatory attribute: maxReceiveCount.", shape.Document(redrive))
	}
	if arn.Region != c.Resource.Region || arn.Account != c.Resource.Account {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: Dead-letter target owner should be same as the source.", shape.Document(redrive))
	}
	if _, ok := find(c.World.Store.View(0), c.Resource.Scope, arn.Resource); !ok {
		return invalidParameter("Value %s for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.", shape.Document(redrive))
	}
	return nil
}

func tree(v any) wire.Object {
	if text, ok := v.(string); ok {
		doc, _ := shape.ParseDocument(text)
		return doc
	}
	return wire.AsObject(v)
}

func invalidParameter(format string, args ...any) error {
	return wire.Errorf(400, "InvalidParameterValue", format, args...)
}

func invalidValue(reason string) error { return invalidParameter("%s", reason) }

// find returns a queue by its name.
func find(v store.View, scope store.Scope, name string) (store.Resource, bool) {
	return v.Get(scope, Type, "https://sqs."+scope.Region+".amazonaws.com/"+scope.Account+"/"+name)
}

// queue finds the queue of the request. Only account and name of its URL count, as the host may be the simulator's own.
func queue(c *core.Call) (store.Resource, error) {
	url := c.In.String("QueueUrl")
	if r, ok := find(c.Read(), c.Scope, shape.Last(strings.TrimSuffix(url, "/"), "/")); ok && url != "" {
		return r, nil
	}
	return store.Resource{}, nonExistent()
}

func nonExistent() error {
	e := wire.Errorf(400, "QueueDoesNotExist", "The specified queue does not exist.")
	e.QueryCode = "AWS.SimpleQueueService.NonExistentQueue"
	return e
}

func createQueue(c *core.Call) (any, error) {
	name := c.In.String("QueueName")
	properties, policy, err := read(c.In.StringMap("Attributes"))
	if err != nil {
		return nil, err
	}
	properties["QueueName"] = name
	if old, exists := find(c.World.Store.View(0), c.Scope, name); exists {
		for k, v := range properties {
			if shape.Document(wire.Text(old.Properties[k])) != shape.Document(wire.Text(v)) {
				e := wire.Errorf(400, "QueueNameExists", "A queue already exists with the same name and a different value for attribute %s", k)
				e.QueryCode = "QueueAlreadyExists"
				return nil, e
			}
		}
		return core.Out{"QueueUrl": old.ID}, nil
	}
	tags := c.In.StringMap("tags")
	if len(tags) == 0 {
		tags = c.In.StringMap("Tags")
	}
	r, err := c.Create(Type, properties, tags)
	if err != nil {
		return nil, err
	}
	if policy != nil {
		policies().Set(c.World, r, *policy)
	}
	return core.Out{"QueueUrl": r.ID}, nil
}

// read turns attributes, which are all text, into properties. The policy is kept apart: it is no property of the queue.
func read(in map[string]string) (properties map[string]any, policy *string, err error) {
	properties = map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		text := in[name]
		switch {
		case name == "Policy":
			if _, ok := shape.ParseDocument(text); !ok && text != "" {
				return nil, nil, wire.Errorf(400, "InvalidAttributeValue", "Invalid value for the parameter Policy.")
			}
			policy = &text
		case !slices.Contains(attributes(), name):
			return nil, nil, wire.Errorf(400, "InvalidAttributeName", "Unknown Attribute %s.", name)
		case text == "":
			properties[name] = nil
		case name == "RedrivePolicy" || name == "RedriveAllowPolicy":
			doc, ok := shape.ParseDocument(text)
			if !ok {
				return nil, nil, wire.Errorf(400, "InvalidAttributeValue", "Invalid value for the parameter %s.", name)
			}
			properties[name] = doc
		default:
			properties[name] = scalar(text)
		}
	}
	return properties, policy, nil
}

func scalar(text string) any {
	if f, err := strconv.ParseFloat(text, 64); err == nil {
		return f
	}
	if text == "true" || text == "false" {
		return text == "true"
	}
	return text
}

func setQueueAttributes(c *core.Call) (any, error) {
	q, err := queue(c)
	if err != nil {
		return nil, err
	}
	properties, policy, err := read(c.In.StringMap("Attributes"))
	if err != nil {
		return nil, err
	}
	if len(properties) > 0 {
		if _, err := c.Update(Type, q.ID, properties); err != nil {
			return nil, err
		}
	}
	if policy != nil {
		policies().Set(c.World, q, *policy)
	}
	return nil, nil
}

func getQueueAttributes(c *core.Call) (any, error) {
	q, err := queue(c)
	if err != nil {
		return nil, err
	}
	all := describe(q)
	names := c.In.Strings("AttributeNames")
	out := wire.Map{}
	for name, v := range all {
		if slices.Contains(names, "All") || slices.Contains(names, name) {
			out[name] = v
		}
	}
	if len(out) == 0 {
		return core.Out{}, nil
	}
	return core.Out{"Attributes": out}, nil
}

// describe is a queue as GetQueueAttributes returns it: everything is text.
func describe(q store.Resource) map[string]string {
	out := map[string]string{
		"QueueArn":                              wire.Text(q.Attributes["Arn"]),
		"CreatedTimestamp":                      strconv.FormatInt(q.Created.Unix(), 10),
		"LastModifiedTimestamp":                 strconv.FormatInt(q.Updated.Unix(), 10),
		"ApproximateNumberOfMessages":           "0",
		"ApproximateNumberOfMessagesDelayed":    "0",
		"ApproximateNumberOfMessagesNotVisible": "0",
	}
	for _, name := range attributes() {
		v := q.Properties[name]
		if v == nil || name == "FifoQueue" && !shape.Bool(v) {
			continue
		}
		out[name] = wire.Text(v)
		if doc := wire.AsObject(v); doc != nil {
			out[name] = shape.Document(doc)
		}
	}
	if policy := wire.Text(q.Private["Policy"]); policy != "" {
		out["Policy"] = policy
	}
	return out
}
