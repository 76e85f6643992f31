package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type logsFilterAPI interface {
	DescribeMetricFilters(context.Context, *cloudwatchlogs.DescribeMetricFiltersInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeMetricFiltersOutput, error)
	DescribeSubscriptionFilters(context.Context, *cloudwatchlogs.DescribeSubscriptionFiltersInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeSubscriptionFiltersOutput, error)
	DescribeResourcePolicies(context.Context, *cloudwatchlogs.DescribeResourcePoliciesInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.DescribeResourcePoliciesOutput, error)
}

func logsFilterSpecs() []Spec {
	return []Spec{
		{Type: "AWS::Logs::MetricFilter", Properties: []string{"FilterName", "LogGroupName", "FilterPattern", "MetricTransformations", "ApplyOnTransformedLogs",
			"FieldSelectionCriteria", "EmitSystemFieldDimensions"}, Actions: []string{"logs:DescribeMetricFilters"}, Batch: "all of a log group in a call"},
		{Type: "AWS::Logs::SubscriptionFilter", Properties: []string{"FilterName", "LogGroupName", "FilterPattern", "DestinationArn", "Distribution", "RoleArn",
			"ApplyOnTransformedLogs", "FieldSelectionCriteria", "EmitSystemFields"}, Actions: []string{"logs:DescribeSubscriptionFilters"},
			Batch: "all of a log group in a call"},
		{Type: "AWS::Logs::ResourcePolicy", Properties: []string{"PolicyName", "PolicyDocument"}, Actions: []string{"logs:DescribeResourcePolicies"},
			Batch: perCall(50)},
	}
}

// logFilters reads filters by the log group they filter.
func (r *run) logFilters(ctx context.Context, items []inventory.Item, read func(context.Context, string, []inventory.Item)) {
	byGroup := map[string][]inventory.Item{}
	for _, item := range items {
		group := text(item.Resolved, "LogGroupName")
		if group == "" || unresolved(group) || item.ID == "" {
			r.unaddressable(item, "the log group and the name of the filter")
			continue
		}
		byGroup[group] = append(byGroup[group], item)
	}
	each(ctx, keysOf(byGroup), func(group string) { read(ctx, group, byGroup[group]) })
}

func (r *run) metricFilters(ctx context.Context, group string, items []inventory.Item) {
	found := map[string]types.MetricFilter{}
	pages := cloudwatchlogs.NewDescribeMetricFiltersPaginator(r.clients.logs, &cloudwatchlogs.DescribeMetricFiltersInput{LogGroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.allFailed(items, err)
			return
		}
		for _, f := range page.MetricFilters {
			found[aws.ToString(f.FilterName)] = f
		}
	}
	for _, item := range items {
		f, ok := found[filterName(item)]
		if !ok {
			r.gone(item)
			continue
		}
		transformations := []any{}
		for _, t := range f.MetricTransformations {
			one := newObject().take(t, "MetricName", "MetricNamespace", "MetricValue", "DefaultValue", "Unit")
			var dimensions []map[string]any
			for _, key := range keysOf(t.Dimensions) {
				dimensions = append(dimensions, map[string]any{"Key": key, "Value": t.Dimensions[key]})
			}
			one.set("Dimensions", dimensions)
			transformations = append(transformations, one.properties)
		}
		r.found(item, newObject().take(f, "FilterName", "FilterPattern", "ApplyOnTransformedLogs", "FieldSelectionCriteria", "EmitSystemFieldDimensions").
			set("LogGroupName", group).set("MetricTransformations", transformations))
	}
}

func (r *run) subscriptionFilters(ctx context.Context, group string, items []inventory.Item) {
	found := map[string]types.SubscriptionFilter{}
	pages := cloudwatchlogs.NewDescribeSubscriptionFiltersPaginator(r.clients.logs, &cloudwatchlogs.DescribeSubscriptionFiltersInput{LogGroupName: &group})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.allFailed(items, err)
			return
		}
		for _, f := range page.SubscriptionFilters {
			found[aws.ToString(f.FilterName)] = f
		}
	}
	for _, item := range items {
		if f, ok := found[filterName(item)]; ok {
			r.found(item, newObject().take(f, "FilterName", "FilterPattern", "DestinationArn", "Distribution", "RoleArn", "ApplyOnTransformedLogs",
				"FieldSelectionCriteria", "EmitSystemFields").set("LogGroupName", group))
		} else {
			r.gone(item)
		}
	}
}

// filterName is the filter's name: alone, or joined with its group's.
func filterName(item inventory.Item) string {
	if name := text(item.Resolved, "FilterName"); name != "" && !unresolved(name) {
		return name
	}
	name, _, _ := strings.Cut(item.ID, "|")
	return name
}

func (r *run) allFailed(items []inventory.Item, err error) {
	for _, item := range items {
		r.failed(item, err)
	}
}

// logsPolicies finds the Region's policies in their list.
func (r *run) logsPolicies() catalogue[types.ResourcePolicy] {
	return catalogue[types.ResourcePolicy]{
		what: "a policy name",
		page: func(ctx context.Context, token *string) ([]types.ResourcePolicy, *string, error) {
			out, err := r.clients.logs.DescribeResourcePolicies(ctx, &cloudwatchlogs.DescribeResourcePoliciesInput{NextToken: token, Limit: aws.Int32(50)})
			if err != nil {
				return nil, nil, err
			}
			return out.ResourcePolicies, out.NextToken, nil
		},
		id: func(p types.ResourcePolicy) string { return aws.ToString(p.PolicyName) },
		found: func(_ context.Context, item inventory.Item, p types.ResourcePolicy) {
			r.found(item, newObject().take(p, "PolicyName").document("PolicyDocument", aws.ToString(p.PolicyDocument)))
		},
	}
}
