package read

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// declaredFacets are those that few buckets have. Each costs a call, so they are
// asked for where a template or a state sets them, and only there.
func declaredFacets() []facet {
	return []facet{
		{"WebsiteConfiguration", bucketWebsite},
		{"AccelerateConfiguration", bucketAcceleration},
		{"AnalyticsConfigurations", bucketAnalytics},
		{"IntelligentTieringConfigurations", bucketTiering},
		{"InventoryConfigurations", bucketInventory},
		{"MetricsConfigurations", bucketMetrics},
	}
}

func bucketWebsite(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketWebsite(ctx, &s3.GetBucketWebsiteInput{Bucket: &b})
	if err != nil {
		return err
	}
	site := map[string]any{"RedirectAllRequestsTo": out.RedirectAllRequestsTo}
	if d := out.IndexDocument; d != nil {
		site["IndexDocument"] = d.Suffix
	}
	if d := out.ErrorDocument; d != nil {
		site["ErrorDocument"] = d.Key
	}
	if len(out.RoutingRules) > 0 {
		site["RoutingRules"] = mapped(out.RoutingRules, func(r types.RoutingRule) map[string]any {
			return map[string]any{"RedirectRule": r.Redirect, "RoutingRuleCondition": r.Condition}
		})
	}
	o.set("WebsiteConfiguration", site)
	return nil
}

func bucketAcceleration(ctx context.Context, c s3API, b string, o *object) error {
	out, err := c.GetBucketAccelerateConfiguration(ctx, &s3.GetBucketAccelerateConfigurationInput{Bucket: &b})
	if err == nil && out.Status != "" {
		o.set("AccelerateConfiguration", map[string]any{"AccelerationStatus": string(out.Status)})
	}
	return err
}

// errEndless is a list that says it goes on and not where.
var errEndless = errors.New("the list is not complete and does not say how it goes on")

// whole reads all pages of a list of configurations.
func whole[T any](page func(token *string) (list []T, next *string, more *bool, err error)) ([]T, error) {
	var all []T
	var token *string
	for {
		list, next, more, err := page(token)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
		if !aws.ToBool(more) {
			return all, nil
		}
		if aws.ToString(next) == "" {
			return nil, errEndless
		}
		token = next
	}
}

// setList sets configurations by their ids; a bucket without any has none.
func setList[T any](o *object, property string, list []T, shape func(T) map[string]any) {
	if len(list) > 0 {
		o.set(property, mapped(list, shape))
	}
}

func bucketAnalytics(ctx context.Context, c s3API, b string, o *object) error {
	list, err := whole(func(token *string) ([]types.AnalyticsConfiguration, *string, *bool, error) {
		out, err := c.ListBucketAnalyticsConfigurations(ctx, &s3.ListBucketAnalyticsConfigurationsInput{Bucket: &b, ContinuationToken: token})
		if err != nil {
			return nil, nil, nil, err
		}
		return out.AnalyticsConfigurationList, out.NextContinuationToken, out.IsTruncated, nil
	})
	setList(o, "AnalyticsConfigurations", list, func(a types.AnalyticsConfiguration) map[string]any {
		one := map[string]any{"Id": a.Id, "StorageClassAnalysis": analysis(a.StorageClassAnalysis)}
		switch f := a.Filter.(type) {
		case *types.AnalyticsFilterMemberPrefix:
			one["Prefix"] = f.Value
		case *types.AnalyticsFilterMemberTag:
			one["TagFilters"] = []types.Tag{f.Value}
		case *types.AnalyticsFilterMemberAnd:
			one["Prefix"], one["TagFilters"] = f.Value.Prefix, f.Value.Tags
		}
		return one
	})
	return err
}

func analysis(a *types.StorageClassAnalysis) map[string]any {
	if a == nil || a.DataExport == nil {
		return map[string]any{}
	}
	export := map[string]any{"OutputSchemaVersion": a.DataExport.OutputSchemaVersion}
	if d := a.DataExport.Destination; d != nil && d.S3BucketDestination != nil {
		s := d.S3BucketDestination
		export["Destination"] = map[string]any{"BucketArn": s.Bucket, "BucketAccountId": s.BucketAccountId, "Format": s.Format, "Prefix": s.Prefix}
	}
	return map[string]any{"DataExport": export}
}

func bucketTiering(ctx context.Context, c s3API, b string, o *object) error {
	list, err := whole(func(token *string) ([]types.IntelligentTieringConfiguration, *string, *bool, error) {
		out, err := c.ListBucketIntelligentTieringConfigurations(ctx, &s3.ListBucketIntelligentTieringConfigurationsInput{Bucket: &b, ContinuationToken: token})
		if err != nil {
			return nil, nil, nil, err
		}
		return out.IntelligentTieringConfigurationList, out.NextContinuationToken, out.IsTruncated, nil
	})
	setList(o, "IntelligentTieringConfigurations", list, func(t types.IntelligentTieringConfiguration) map[string]any {
		one := map[string]any{"Id": t.Id, "Status": t.Status, "Tierings": t.Tierings}
		if f := t.Filter; f != nil {
			one["Prefix"] = f.Prefix
			if f.Tag != nil {
				one["TagFilters"] = []types.Tag{*f.Tag}
			}
			if f.And != nil {
				one["Prefix"], one["TagFilters"] = f.And.Prefix, f.And.Tags
			}
		}
		return one
	})
	return err
}

func bucketInventory(ctx context.Context, c s3API, b string, o *object) error {
	list, err := whole(func(token *string) ([]types.InventoryConfiguration, *string, *bool, error) {
		out, err := c.ListBucketInventoryConfigurations(ctx, &s3.ListBucketInventoryConfigurationsInput{Bucket: &b, ContinuationToken: token})
		if err != nil {
			return nil, nil, nil, err
		}
		return out.InventoryConfigurationList, out.NextContinuationToken, out.IsTruncated, nil
	})
	setList(o, "InventoryConfigurations", list, func(i types.InventoryConfiguration) map[string]any {
		one := map[string]any{"Id": i.Id, "Enabled": i.IsEnabled, "IncludedObjectVersions": i.IncludedObjectVersions, "OptionalFields": i.OptionalFields}
		if d := i.Destination; d != nil && d.S3BucketDestination != nil {
			s := d.S3BucketDestination
			one["Destination"] = map[string]any{"BucketArn": s.Bucket, "BucketAccountId": s.AccountId, "Format": s.Format, "Prefix": s.Prefix}
		}
		if i.Schedule != nil {
			one["ScheduleFrequency"] = i.Schedule.Frequency
		}
		if i.Filter != nil {
			one["Prefix"] = i.Filter.Prefix
		}
		return one
	})
	return err
}

func bucketMetrics(ctx context.Context, c s3API, b string, o *object) error {
	list, err := whole(func(token *string) ([]types.MetricsConfiguration, *string, *bool, error) {
		out, err := c.ListBucketMetricsConfigurations(ctx, &s3.ListBucketMetricsConfigurationsInput{Bucket: &b, ContinuationToken: token})
		if err != nil {
			return nil, nil, nil, err
		}
		return out.MetricsConfigurationList, out.NextContinuationToken, out.IsTruncated, nil
	})
	setList(o, "MetricsConfigurations", list, func(m types.MetricsConfiguration) map[string]any {
		one := map[string]any{"Id": m.Id}
		switch f := m.Filter.(type) {
		case *types.MetricsFilterMemberPrefix:
			one["Prefix"] = f.Value
		case *types.MetricsFilterMemberAccessPointArn:
			one["AccessPointArn"] = f.Value
		case *types.MetricsFilterMemberTag:
			one["TagFilters"] = []types.Tag{f.Value}
		case *types.MetricsFilterMemberAnd:
			one["Prefix"], one["AccessPointArn"], one["TagFilters"] = f.Value.Prefix, f.Value.AccessPointArn, f.Value.Tags
		}
		return one
	})
	return err
}
