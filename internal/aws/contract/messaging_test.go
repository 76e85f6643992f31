package contract

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestQueues(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("q")
		api := sqs.NewFromConfig(s.config("eu-west-1"))
		made, err := api.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: map[string]string{"VisibilityTimeout": "77"}, Tags: map[string]string{"team": "a"}})
		s.ok(err)
		found, err := api.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
		s.ok(err)
		if *found.QueueUrl != *made.QueueUrl {
			s.Errorf("urls %s and %s", *found.QueueUrl, *made.QueueUrl)
		}
		_, err = api.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: made.QueueUrl, Attributes: map[string]string{"MessageRetentionPeriod": "1200"}})
		s.ok(err)
		got, err := api.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: made.QueueUrl, AttributeNames: []types.QueueAttributeName{"All"}})
		s.ok(err)
		for k, want := range map[string]string{"VisibilityTimeout": "77", "MessageRetentionPeriod": "1200", "DelaySeconds": "0", "ApproximateNumberOfMessages": "0"} {
			if got.Attributes[k] != want {
				s.Errorf("%s is %q, want %q", k, got.Attributes[k], want)
			}
		}
		if !strings.HasSuffix(got.Attributes["QueueArn"], ":"+name) || !strings.HasPrefix(got.Attributes["QueueArn"], "arn:aws:sqs:eu-west-1:") {
			s.Errorf("arn %s", got.Attributes["QueueArn"])
		}
		tags, err := api.ListQueueTags(ctx, &sqs.ListQueueTagsInput{QueueUrl: made.QueueUrl})
		s.ok(err)
		if tags.Tags["team"] != "a" {
			s.Errorf("tags %v", tags.Tags)
		}
		_, err = sqs.NewFromConfig(s.config("us-east-1")).GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
		s.code(err, "AWS.SimpleQueueService.NonExistentQueue")
		_, err = api.DeleteQueue(ctx, &sqs.DeleteQueueInput{QueueUrl: made.QueueUrl})
		s.ok(err)
		_, err = api.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
		s.code(err, "AWS.SimpleQueueService.NonExistentQueue")
	})
}

func TestTopics(t *testing.T) {
	both(t, "", func(s side) {
		ctx, name := context.Background(), s.unique("t")
		api := sns.NewFromConfig(s.config("eu-west-1"))
		made, err := api.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name, Attributes: map[string]string{"DisplayName": "Events"}})
		s.ok(err)
		again, err := api.CreateTopic(ctx, &sns.CreateTopicInput{Name: &name, Attributes: map[string]string{"DisplayName": "Events"}})
		s.ok(err)
		if *again.TopicArn != *made.TopicArn || !strings.HasSuffix(*made.TopicArn, ":"+name) {
			s.Errorf("%s and %s", *made.TopicArn, *again.TopicArn)
		}
		sub, err := api.Subscribe(ctx, &sns.SubscribeInput{TopicArn: made.TopicArn, Protocol: str("sqs"), Endpoint: str("arn:aws:sqs:eu-west-1:123456789012:q"), ReturnSubscriptionArn: true})
		s.ok(err)
		got, err := api.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: made.TopicArn})
		s.ok(err)
		if got.Attributes["DisplayName"] != "Events" || got.Attributes["TopicArn"] != *made.TopicArn || got.Attributes["Policy"] == "" {
			s.Errorf("%v", got.Attributes)
		}
		list, err := api.ListSubscriptionsByTopic(ctx, &sns.ListSubscriptionsByTopicInput{TopicArn: made.TopicArn})
		s.ok(err)
		if len(list.Subscriptions) != 1 || *list.Subscriptions[0].SubscriptionArn != *sub.SubscriptionArn {
			s.Errorf("%+v", list.Subscriptions)
		}
		_, err = api.SetSubscriptionAttributes(ctx, &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn, AttributeName: str("RawMessageDelivery"), AttributeValue: str("true")})
		s.ok(err)
		attributes, err := api.GetSubscriptionAttributes(ctx, &sns.GetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn})
		s.ok(err)
		if attributes.Attributes["RawMessageDelivery"] != "true" {
			s.Errorf("%v", attributes.Attributes)
		}
		_, err = api.DeleteTopic(ctx, &sns.DeleteTopicInput{TopicArn: made.TopicArn})
		s.ok(err)
		_, err = api.GetTopicAttributes(ctx, &sns.GetTopicAttributesInput{TopicArn: made.TopicArn})
		s.code(err, "NotFound")
	})
}
