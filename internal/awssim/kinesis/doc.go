// Package kinesis simulates the control plane of Kinesis Data Streams: streams and registered consumers. It owns
// AWS::Kinesis::Stream and StreamConsumer. It carries no record: PutRecord is an unknown operation, and a change is done
// when it is asked for.
package kinesis

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type         = "AWS::Kinesis::Stream"
	ConsumerType = "AWS::Kinesis::StreamConsumer"
)

// Service returns Kinesis Data Streams.
func Service() core.Service {
	tags := core.Tagging{Find: tagged}
	streamTags := core.Tagging{Find: stream, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"Tags": core.TagList(tags), "HasMoreTags": false}, nil
	}}
	return core.Service{
		Name: "kinesis",
		Operations: map[string]core.Handler{
			"DescribeStreamSummary": describeSummary, "ListStreams": listStreams, "CreateStream": createStream, "DeleteStream": deleteStream,
			"IncreaseStreamRetentionPeriod": set("RetentionPeriodHours"), "DecreaseStreamRetentionPeriod": set("RetentionPeriodHours"),
			"UpdateShardCount": updateShards, "UpdateStreamMode": set("StreamModeDetails"), "StartStreamEncryption": encrypt, "StopStreamEncryption": decrypt,
			"EnableEnhancedMonitoring": monitor(true), "DisableEnhancedMonitoring": monitor(false),
			"DescribeStreamConsumer": describeConsumer, "RegisterStreamConsumer": registerConsumer, "DeregisterStreamConsumer": deregisterConsumer,
			"ListStreamConsumers": listConsumers,
			"ListTagsForStream":   streamTags.List, "AddTagsToStream": streamTags.Add, "RemoveTagsFromStream": streamTags.Remove,
			"ListTagsForResource": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove,
		},
		Kinds: []core.Kind{streamKind(), consumerKind()},
	}
}

func streamKind() core.Kind {
	return core.Kind{
		Type: Type, Name: core.NameRule{Property: "Name", Max: 128},
		Attributes: map[string]string{"Arn": "arn:aws:kinesis:{Region}:{Account}:stream/{Name}"},
		Replace:    []string{"Name"}, WriteOnly: []string{"WarmThroughputMiBps"},
		Defaults: map[string]any{"RetentionPeriodHours": 24.0, "StreamModeDetails": map[string]any{"StreamMode": "PROVISIONED"}, "MaxRecordSizeInKiB": 1024.0},
		Schema: core.Schema{Numbers: []string{"ShardCount", "RetentionPeriodHours", "MaxRecordSizeInKiB"},
			Range:   map[string][2]float64{"RetentionPeriodHours": {24, 8760}},
			Allowed: map[string][]string{"StreamModeDetails.StreamMode": {"PROVISIONED", "ON_DEMAND"}, "StreamEncryption.EncryptionType": {"KMS"}}},
		Create: checkStream, Update: checkStream, Delete: dropConsumers,
	}
}

func consumerKind() core.Kind {
	return core.Kind{
		Type: ConsumerType, Identifier: []string{"ConsumerARN"}, Replace: []string{"ConsumerName", "StreamARN"},
		Schema: core.Schema{Required: []string{"ConsumerName", "StreamARN"}},
		Create: checkConsumer,
	}
}

// tagged finds the stream or the consumer of a tag operation by its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("ResourceARN")
	if r, ok := c.Get(ConsumerType, arn); ok {
		return r, nil
	}
	if r, ok := c.Get(Type, shape.Last(arn, ":stream/")); ok {
		return r, nil
	}
	return store.Resource{}, notFound("Resource %s", arn)
}

func notFound(format string, args ...any) error {
	return wire.Errorf(400, "ResourceNotFoundException", format+" not found.", args...)
}
