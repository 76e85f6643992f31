package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type logsAPI interface {
	logsFilterAPI
	DescribeLogGroups(context.Context, *cloudwatchlogs.DescribeLogGroupsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeLogGroupsOutput, error)
	ListTagsForResource(context.Context, *cloudwatchlogs.ListTagsForResourceInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.ListTagsForResourceOutput, error)
}

func logsReader() reader {
	return reader{
		specs: append(logsFilterSpecs(), Spec{
			Type:       "AWS::Logs::LogGroup",
			Properties: []string{"LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass", "DeletionProtectionEnabled", "Tags"},
			Actions:    []string{"logs:DescribeLogGroups", "logs:ListTagsForResource"},
			Identities: []string{"Arn", "LogGroupName"},
		}),
		early: []string{"AWS::Logs::LogGroup"},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			byType(ctx, items, map[string]func([]inventory.Item){
				"AWS::Logs::LogGroup":           func(l []inventory.Item) { each(ctx, l, func(i inventory.Item) { r.logGroup(ctx, i) }) },
				"AWS::Logs::MetricFilter":       func(l []inventory.Item) { r.logFilters(ctx, l, r.metricFilters) },
				"AWS::Logs::SubscriptionFilter": func(l []inventory.Item) { r.logFilters(ctx, l, r.subscriptionFilters) },
				"AWS::Logs::ResourcePolicy":     func(l []inventory.Item) { r.logsPolicies().read(ctx, r, l) },
			})
		},
	}
}

func (r *run) logGroup(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a name")
		return
	}
	group, err := r.findLogGroup(ctx, item.ID)
	if err != nil {
		r.failed(item, err)
		return
	}
	if group == nil {
		r.gone(item)
		return
	}
	arn := strings.TrimSuffix(aws.ToString(group.Arn), ":*")
	o := newObject().take(group, "LogGroupName", "RetentionInDays", "KmsKeyId", "LogGroupClass", "DeletionProtectionEnabled").
		identity("Arn", aws.ToString(group.Arn)).identity("LogGroupName", aws.ToString(group.LogGroupName))
	tags, err := r.clients.logs.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: &arn})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tags = tags.Tags
	}
	r.found(item, o)
}

// findLogGroup looks the name up by prefix, the only way there is. The exact
// name sorts before the longer ones, so the first page almost always has it.
func (r *run) findLogGroup(ctx context.Context, name string) (*types.LogGroup, error) {
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(r.clients.logs, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, g := range page.LogGroups {
			if aws.ToString(g.LogGroupName) == name {
				return &g, nil
			}
		}
	}
	return nil, nil
}
