package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type kinesisAPI interface {
	DescribeStreamSummary(context.Context, *kinesis.DescribeStreamSummaryInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamSummaryOutput, error)
	DescribeStreamConsumer(context.Context, *kinesis.DescribeStreamConsumerInput, ...func(*kinesis.Options)) (*kinesis.DescribeStreamConsumerOutput, error)
	ListTagsForStream(context.Context, *kinesis.ListTagsForStreamInput, ...func(*kinesis.Options)) (*kinesis.ListTagsForStreamOutput, error)
	ListTagsForResource(context.Context, *kinesis.ListTagsForResourceInput, ...func(*kinesis.Options)) (*kinesis.ListTagsForResourceOutput, error)
}

func kinesisReader() reader {
	return oneByOne(
		alone{Spec{
			Type: "AWS::Kinesis::Stream",
			Properties: []string{"Name", "ShardCount", "RetentionPeriodHours", "StreamModeDetails", "StreamEncryption",
				"DesiredShardLevelMetrics", "MaxRecordSizeInKiB", "Tags"},
			Actions:    []string{"kinesis:DescribeStreamSummary", "kinesis:ListTagsForStream"},
			Identities: []string{"Arn", "Name"},
			Facts:      []string{drift.FactStreamStatus},
		}, (*run).stream},
		alone{Spec{
			Type:       "AWS::Kinesis::StreamConsumer",
			Properties: []string{"ConsumerName", "StreamARN", "Tags"},
			Actions:    []string{"kinesis:DescribeStreamConsumer", "kinesis:ListTagsForResource"},
			Identities: []string{"ConsumerARN"},
			Facts:      []string{drift.FactStreamConsumerStatus},
		}, (*run).streamConsumer},
	)
}

func (r *run) stream(ctx context.Context, item inventory.Item) {
	out, err := r.clients.kinesis.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	s := out.StreamDescriptionSummary
	if s == nil {
		r.empty(item, "kinesis:DescribeStreamSummary", "stream")
		return
	}
	r.fact(item, drift.FactStreamStatus, map[string]any{"StreamStatus": string(s.StreamStatus), "OpenShardCount": s.OpenShardCount})
	o := newObject().take(s, "StreamName:Name", "RetentionPeriodHours", "StreamModeDetails", "MaxRecordSizeInKiB").
		identity("Arn", aws.ToString(s.StreamARN)).identity("Name", aws.ToString(s.StreamName))
	if s.StreamModeDetails == nil || s.StreamModeDetails.StreamMode != types.StreamModeOnDemand {
		o.set("ShardCount", s.OpenShardCount) // on demand, AWS counts the shards as load comes and goes
	}
	if s.EncryptionType == types.EncryptionTypeKms {
		o.set("StreamEncryption", map[string]any{"EncryptionType": s.EncryptionType, "KeyId": s.KeyId})
	}
	var metrics []types.MetricsName
	for _, m := range s.EnhancedMonitoring {
		metrics = append(metrics, m.ShardLevelMetrics...)
	}
	if len(metrics) > 0 {
		o.set("DesiredShardLevelMetrics", metrics)
	}
	r.streamTags(ctx, item, o)
	r.found(item, o)
}

// streamTags reads the tags page by page: the answer only says that there are more.
func (r *run) streamTags(ctx context.Context, item inventory.Item, o *object) {
	tags := map[string]string{}
	in := &kinesis.ListTagsForStreamInput{StreamName: &item.ID}
	for {
		page, err := r.clients.kinesis.ListTagsForStream(ctx, in)
		if err != nil {
			r.partial(item, "Tags", err)
			return
		}
		for _, t := range page.Tags {
			tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			in.ExclusiveStartTagKey = t.Key
		}
		if !aws.ToBool(page.HasMoreTags) || len(page.Tags) == 0 {
			o.tags = tags
			return
		}
	}
}

func (r *run) streamConsumer(ctx context.Context, item inventory.Item) {
	out, err := r.clients.kinesis.DescribeStreamConsumer(ctx, &kinesis.DescribeStreamConsumerInput{ConsumerARN: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	c := out.ConsumerDescription
	if c == nil {
		r.empty(item, "kinesis:DescribeStreamConsumer", "consumer")
		return
	}
	r.fact(item, drift.FactStreamConsumerStatus, map[string]any{"ConsumerStatus": string(c.ConsumerStatus)})
	o := newObject().take(c, "ConsumerName", "StreamARN").identity("ConsumerARN", aws.ToString(c.ConsumerARN))
	tags, err := r.clients.kinesis.ListTagsForResource(ctx, &kinesis.ListTagsForResourceInput{ResourceARN: &item.ID})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	r.found(item, o)
}
