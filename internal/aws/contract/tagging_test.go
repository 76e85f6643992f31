package contract

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi"
	"github.com/aws/aws-sdk-go-v2/service/resourcegroupstaggingapi/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Resources are listed by their tags, whatever service they are of: all filters must hold, one of the values of each.
// The Region is one of its own: moto answers with an error as soon as some ECS service of the Region has no tags.
func TestResourcesByTag(t *testing.T) {
	both(t, "", func(s side) {
		ctx, app := context.Background(), s.unique("app")
		queues, topics := sqs.NewFromConfig(s.config("eu-north-1")), sns.NewFromConfig(s.config("eu-north-1"))
		api := resourcegroupstaggingapi.NewFromConfig(s.config("eu-north-1"))
		var want []string
		for i, stage := range []string{"prod", "prod", "test"} {
			name := fmt.Sprintf("%s-%d", app, i)
			q, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &name, Tags: map[string]string{"app": app, "stage": stage}})
			s.ok(err)
			a, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: q.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{"QueueArn"}})
			s.ok(err)
			if stage == "prod" {
				want = append(want, a.Attributes["QueueArn"])
			}
		}
		topic, err := topics.CreateTopic(ctx, &sns.CreateTopicInput{Name: &app, Tags: []snstypes.Tag{
			{Key: aws.String("app"), Value: &app}, {Key: aws.String("stage"), Value: aws.String("prod")}}})
		s.ok(err)
		want = append(want, *topic.TopicArn)
		slices.Sort(want)
		filters := []types.TagFilter{{Key: aws.String("app"), Values: []string{app, "other"}}, {Key: aws.String("stage"), Values: []string{"prod"}}}
		var have []string
		pages := resourcegroupstaggingapi.NewGetResourcesPaginator(api, &resourcegroupstaggingapi.GetResourcesInput{ResourcesPerPage: aws.Int32(2), TagFilters: filters})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			s.ok(err)
			if len(page.ResourceTagMappingList) > 2 {
				s.Errorf("%d on a page of 2", len(page.ResourceTagMappingList))
			}
			for _, r := range page.ResourceTagMappingList {
				have = append(have, *r.ResourceARN)
				if len(r.Tags) != 2 {
					s.Errorf("%s: tags %v", *r.ResourceARN, r.Tags)
				}
			}
		}
		slices.Sort(have)
		if !slices.Equal(have, want) {
			s.Errorf("have %v, want %v", have, want)
		}
		elsewhere, err := resourcegroupstaggingapi.NewFromConfig(s.config("us-east-1")).GetResources(ctx, &resourcegroupstaggingapi.GetResourcesInput{TagFilters: filters})
		s.ok(err)
		if len(elsewhere.ResourceTagMappingList) != 0 {
			s.Errorf("another Region lists %v", elsewhere.ResourceTagMappingList)
		}
	})
}
