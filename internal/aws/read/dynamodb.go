package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type dynamoDBAPI interface {
	dynamoDBMoreAPI
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	DescribeContinuousBackups(context.Context, *dynamodb.DescribeContinuousBackupsInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeContinuousBackupsOutput, error)
	DescribeTimeToLive(context.Context, *dynamodb.DescribeTimeToLiveInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTimeToLiveOutput, error)
	ListTagsOfResource(context.Context, *dynamodb.ListTagsOfResourceInput, ...func(*dynamodb.Options)) (*dynamodb.ListTagsOfResourceOutput, error)
}

func dynamoDBReader() reader {
	return reader{
		specs: []Spec{{
			Type: "AWS::DynamoDB::Table",
			Properties: []string{"TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
				"OnDemandThroughput", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification", "SSESpecification",
				"TableClass", "DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "TimeToLiveSpecification",
				"KinesisStreamSpecification", "ContributorInsightsSpecification", "ResourcePolicy", "Tags"},
			Actions: []string{"dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive",
				"dynamodb:ListTagsOfResource", "dynamodb:DescribeKinesisStreamingDestination", "dynamodb:DescribeContributorInsights",
				"dynamodb:GetResourcePolicy"},
			Identities: []string{"Arn", "StreamArn", "TableName"},
			Facts:      []string{drift.FactTableReplicas},
		}, globalTableSpec()},
		early: []string{allTypes},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) { r.table(ctx, item) })
		},
	}
}

func (r *run) table(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a table name")
		return
	}
	out, err := r.clients.dynamoDB.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	t := out.Table
	if t == nil {
		r.empty(item, "dynamodb:DescribeTable", "table")
		return
	}
	o := newObject().take(t, "TableName", "AttributeDefinitions", "KeySchema", "OnDemandThroughput", "DeletionProtectionEnabled")
	o.identity("Arn", aws.ToString(t.TableArn)).identity("StreamArn", aws.ToString(t.LatestStreamArn)).
		identity("TableName", aws.ToString(t.TableName))
	tableMode(o, t)
	r.tableBackups(ctx, item, o)
	r.tableTimeToLive(ctx, item, o)
	r.tableMore(ctx, item, t, o)
	tags, err := r.clients.dynamoDB.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: t.TableArn})
	if err != nil {
		r.partial(item, "Tags", err)
	} else {
		o.tagList(tags.Tags, "Key", "Value")
	}
	if item.Type == "AWS::DynamoDB::GlobalTable" {
		r.asGlobal(ctx, item, t, o)
	}
	r.found(item, o)
}

// tableMode fills what CloudFormation says in another shape than DescribeTable,
// leaving out counters and states.
func tableMode(o *object, t *types.TableDescription) {
	mode := types.BillingModeProvisioned
	if t.BillingModeSummary != nil && t.BillingModeSummary.BillingMode != "" {
		mode = t.BillingModeSummary.BillingMode
	}
	o.set("BillingMode", mode)
	if mode == types.BillingModeProvisioned {
		o.set("ProvisionedThroughput", throughput(t.ProvisionedThroughput))
	}
	var global, local []map[string]any
	for _, g := range t.GlobalSecondaryIndexes {
		index := map[string]any{"IndexName": g.IndexName, "KeySchema": g.KeySchema, "Projection": g.Projection,
			"OnDemandThroughput": g.OnDemandThroughput}
		if mode == types.BillingModeProvisioned {
			index["ProvisionedThroughput"] = throughput(g.ProvisionedThroughput)
		}
		global = append(global, index)
	}
	for _, l := range t.LocalSecondaryIndexes {
		local = append(local, map[string]any{"IndexName": l.IndexName, "KeySchema": l.KeySchema, "Projection": l.Projection})
	}
	sortIndexes(global)
	sortIndexes(local)
	o.set("GlobalSecondaryIndexes", global).set("LocalSecondaryIndexes", local)
	if s := t.StreamSpecification; s != nil && aws.ToBool(s.StreamEnabled) {
		o.set("StreamSpecification", map[string]any{"StreamViewType": s.StreamViewType})
	}
	if s := t.SSEDescription; s != nil {
		o.set("SSESpecification", map[string]any{"SSEEnabled": s.Status == types.SSEStatusEnabled || s.Status == types.SSEStatusUpdating,
			"SSEType": s.SSEType, "KMSMasterKeyId": s.KMSMasterKeyArn})
	}
	if t.TableClassSummary != nil {
		o.set("TableClass", t.TableClassSummary.TableClass)
	}
}

func throughput(p *types.ProvisionedThroughputDescription) any {
	if p == nil {
		return nil
	}
	return map[string]any{"ReadCapacityUnits": p.ReadCapacityUnits, "WriteCapacityUnits": p.WriteCapacityUnits}
}

func sortIndexes(list []map[string]any) {
	for _, index := range list {
		index["IndexName"] = aws.ToString(index["IndexName"].(*string))
	}
	sortObjects(list, "IndexName")
}

func (r *run) tableBackups(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.dynamoDB.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &item.ID})
	if err != nil {
		r.partial(item, "PointInTimeRecoverySpecification", err)
		return
	}
	if d := out.ContinuousBackupsDescription; d != nil && d.PointInTimeRecoveryDescription != nil {
		p := d.PointInTimeRecoveryDescription
		on := p.PointInTimeRecoveryStatus == types.PointInTimeRecoveryStatusEnabled
		spec := map[string]any{"PointInTimeRecoveryEnabled": on}
		if on {
			spec["RecoveryPeriodInDays"] = p.RecoveryPeriodInDays
		}
		o.set("PointInTimeRecoverySpecification", spec)
	}
}

func (r *run) tableTimeToLive(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.dynamoDB.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &item.ID})
	if err != nil {
		r.partial(item, "TimeToLiveSpecification", err)
		return
	}
	d := out.TimeToLiveDescription
	if d == nil {
		return
	}
	switch d.TimeToLiveStatus {
	case types.TimeToLiveStatusEnabled, types.TimeToLiveStatusEnabling:
		o.set("TimeToLiveSpecification", map[string]any{"Enabled": true, "AttributeName": d.AttributeName})
	}
}
