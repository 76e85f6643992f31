package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type dynamoDBMoreAPI interface {
	DescribeKinesisStreamingDestination(context.Context, *dynamodb.DescribeKinesisStreamingDestinationInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeKinesisStreamingDestinationOutput, error)
	DescribeContributorInsights(context.Context, *dynamodb.DescribeContributorInsightsInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeContributorInsightsOutput, error)
	GetResourcePolicy(context.Context, *dynamodb.GetResourcePolicyInput, ...func(*dynamodb.Options)) (*dynamodb.GetResourcePolicyOutput, error)
	DescribeTableReplicaAutoScaling(context.Context, *dynamodb.DescribeTableReplicaAutoScalingInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableReplicaAutoScalingOutput, error)
}

// globalTableSpec is a table with its replicas. What is set replica by replica is
// read of the one in this Region; the others tell their Region, class and key.
func globalTableSpec() Spec {
	return Spec{
		Type: "AWS::DynamoDB::GlobalTable",
		Properties: []string{"TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
			"StreamSpecification", "SSESpecification", "TimeToLiveSpecification", "WriteProvisionedThroughputSettings", "WriteOnDemandThroughputSettings",
			"MultiRegionConsistency", "Replicas"},
		Actions: []string{"dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource",
			"dynamodb:DescribeKinesisStreamingDestination", "dynamodb:DescribeContributorInsights", "dynamodb:GetResourcePolicy",
			"dynamodb:DescribeTableReplicaAutoScaling"},
		Identities: []string{"Arn", "StreamArn", "TableName"},
		Facts:      []string{drift.FactTableReplicas},
	}
}

// tableMore reads what DescribeTable leaves out: where changes stream to, who
// watches the hot keys, and who else may use the table.
func (r *run) tableMore(ctx context.Context, item inventory.Item, t *types.TableDescription, o *object) {
	out, err := r.clients.dynamoDB.DescribeKinesisStreamingDestination(ctx, &dynamodb.DescribeKinesisStreamingDestinationInput{TableName: &item.ID})
	if err != nil {
		r.partial(item, "KinesisStreamSpecification", err)
	} else {
		for _, d := range out.KinesisDataStreamDestinations {
			switch d.DestinationStatus {
			case types.DestinationStatusActive, types.DestinationStatusEnabling, types.DestinationStatusUpdating:
				o.set("KinesisStreamSpecification", map[string]any{"StreamArn": d.StreamArn,
					"ApproximateCreationDateTimePrecision": textOrNil(string(d.ApproximateCreationDateTimePrecision))})
			}
		}
	}
	r.tableInsights(ctx, item, o)
	policy, err := r.clients.dynamoDB.GetResourcePolicy(ctx, &dynamodb.GetResourcePolicyInput{ResourceArn: t.TableArn})
	switch {
	case err == nil:
		if document := aws.ToString(policy.Policy); document != "" {
			o.set("ResourcePolicy", map[string]any{"PolicyDocument": parsed(document)})
		}
	case session.Classify(err).Reason != session.NotFound:
		r.partial(item, "ResourcePolicy", err)
	}
	r.tableReplicas(item, t)
}

// tableInsights asks where the template says it, or where there is none: few
// tables have it, and nothing depends on it.
func (r *run) tableInsights(ctx context.Context, item inventory.Item, o *object) {
	_, declared := item.Declared["ContributorInsightsSpecification"]
	if !declared && item.Declared != nil {
		return
	}
	insights, err := r.clients.dynamoDB.DescribeContributorInsights(ctx, &dynamodb.DescribeContributorInsightsInput{TableName: &item.ID})
	if err != nil {
		r.partial(item, "ContributorInsightsSpecification", err)
		return
	}
	if on := strings.HasPrefix(string(insights.ContributorInsightsStatus), "ENABL"); on || declared {
		o.set("ContributorInsightsSpecification", map[string]any{"Enabled": on, "Mode": textOrNil(string(insights.ContributorInsightsMode))})
	}
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// tableReplicas says how the replicas of a table in other Regions are; that it
// has none is an answer too.
func (r *run) tableReplicas(item inventory.Item, t *types.TableDescription) {
	list := []map[string]any{}
	for _, replica := range t.Replicas {
		list = append(list, map[string]any{"RegionName": aws.ToString(replica.RegionName), "ReplicaStatus": string(replica.ReplicaStatus),
			"ReplicaStatusDescription": aws.ToString(replica.ReplicaStatusDescription)})
	}
	sortObjects(list, "RegionName")
	r.fact(item, drift.FactTableReplicas, list)
}

// ofReplica are the properties that a global table has replica by replica.
var ofReplica = []string{"DeletionProtectionEnabled", "PointInTimeRecoverySpecification", "TableClass", "KinesisStreamSpecification",
	"ContributorInsightsSpecification", "ResourcePolicy"}

// asGlobal turns what was read of a table into the shape of a global one.
func (r *run) asGlobal(ctx context.Context, item inventory.Item, t *types.TableDescription, o *object) {
	own := map[string]any{"Region": r.Region}
	for _, name := range ofReplica {
		if value, ok := o.properties[name]; ok {
			own[name] = value
			delete(o.properties, name)
		}
	}
	if sse, ok := o.properties["SSESpecification"].(map[string]any); ok {
		if key, ok := sse["KMSMasterKeyId"]; ok {
			own["SSESpecification"] = map[string]any{"KMSMasterKeyId": key}
			delete(sse, "KMSMasterKeyId")
		}
	}
	delete(o.properties, "ProvisionedThroughput")
	delete(o.properties, "OnDemandThroughput")
	replicas := []map[string]any{own}
	for _, replica := range t.Replicas {
		if aws.ToString(replica.RegionName) == r.Region {
			continue
		}
		one := map[string]any{"Region": aws.ToString(replica.RegionName), "TableClass": "STANDARD"}
		if c := replica.ReplicaTableClassSummary; c != nil {
			one["TableClass"] = string(c.TableClass)
		}
		if replica.KMSMasterKeyId != nil {
			one["SSESpecification"] = map[string]any{"KMSMasterKeyId": replica.KMSMasterKeyId}
		}
		replicas = append(replicas, one)
	}
	sortObjects(replicas, "Region")
	o.set("Replicas", replicas).set("MultiRegionConsistency", textOrNil(string(t.MultiRegionConsistency)))
	if t.OnDemandThroughput != nil && t.OnDemandThroughput.MaxWriteRequestUnits != nil {
		o.set("WriteOnDemandThroughputSettings", map[string]any{"MaxWriteRequestUnits": t.OnDemandThroughput.MaxWriteRequestUnits})
	}
	if o.properties["BillingMode"] == string(types.BillingModeProvisioned) {
		r.writeScaling(ctx, item, o)
	}
}

// writeScaling reads how the capacity to write scales, which all replicas share.
func (r *run) writeScaling(ctx context.Context, item inventory.Item, o *object) {
	out, err := r.clients.dynamoDB.DescribeTableReplicaAutoScaling(ctx, &dynamodb.DescribeTableReplicaAutoScalingInput{TableName: &item.ID})
	if err != nil {
		r.partial(item, "WriteProvisionedThroughputSettings", err)
		return
	}
	if out.TableAutoScalingDescription == nil {
		r.partial(item, "WriteProvisionedThroughputSettings", incomplete(dynamodb.ServiceID, "DescribeTableReplicaAutoScaling", item.ID))
		return
	}
	for _, replica := range out.TableAutoScalingDescription.Replicas {
		s := replica.ReplicaProvisionedWriteCapacityAutoScalingSettings
		if s == nil || aws.ToString(replica.RegionName) != r.Region {
			continue
		}
		settings := map[string]any{"MinCapacity": s.MinimumUnits, "MaxCapacity": s.MaximumUnits}
		if len(s.ScalingPolicies) > 0 && s.ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration != nil {
			target := newObject().take(s.ScalingPolicies[0].TargetTrackingScalingPolicyConfiguration, "DisableScaleIn", "ScaleInCooldown", "ScaleOutCooldown", "TargetValue")
			settings["TargetTrackingScalingPolicyConfiguration"] = target.properties
		}
		o.set("WriteProvisionedThroughputSettings", map[string]any{"WriteCapacityAutoScalingSettings": settings})
	}
}
