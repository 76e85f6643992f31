// Package dynamodb simulates tables as far as their configuration goes: keys, indexes, capacity, streams, backups, time to
// live and tags. It owns AWS::DynamoDB::Table and GlobalTable, whose replicas are tables of their Regions and in step at once.
// It stores no items, and replicas come with the template only; by hand they can be taken away.
package dynamodb

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
)

// Type is the resource type of a table.
const Type = "AWS::DynamoDB::Table"

// Service returns DynamoDB.
func Service() core.Service {
	tags := core.Tagging{
		Find: func(c *core.Call) (store.Resource, error) { return find(c, "ResourceArn") },
		Show: func(c *core.Call, tags map[string]string) (any, error) {
			page, next, err := core.Paginate(core.TagList(tags), c.In.String("NextToken"), 10)
			return core.Out{"Tags": page, "NextToken": next}, err
		},
	}
	return core.Service{
		Name: "dynamodb",
		Operations: map[string]core.Handler{
			"ListTables":                          listTables,
			"DescribeTable":                       describeTable,
			"CreateTable":                         createTable,
			"UpdateTable":                         updateTable,
			"DeleteTable":                         deleteTable,
			"DescribeContinuousBackups":           describeBackups,
			"UpdateContinuousBackups":             updateBackups,
			"DescribeTimeToLive":                  describeTTL,
			"UpdateTimeToLive":                    updateTTL,
			"ListTagsOfResource":                  tags.List,
			"TagResource":                         tags.Add,
			"UntagResource":                       tags.Remove,
			"DescribeKinesisStreamingDestination": describeKinesis,
			"DescribeContributorInsights":         describeInsights,
			"GetResourcePolicy":                   getResourcePolicy,
		},
		Kinds: []core.Kind{tableKind(), globalKind()},
	}
}

func tableKind() core.Kind {
	return core.Kind{
		Type:       Type,
		Name:       core.NameRule{Property: "TableName", Max: 255},
		Attributes: map[string]string{"Arn": "arn:aws:dynamodb:{Region}:{Account}:table/{TableName}"},
		Ref:        "{TableName}",
		Replace:    []string{"TableName", "KeySchema", "LocalSecondaryIndexes", "ImportSourceSpecification"},
		WriteOnly:  []string{"ImportSourceSpecification"},
		Defaults:   map[string]any{"BillingMode": "PROVISIONED", "DeletionProtectionEnabled": false, "TableClass": "STANDARD"},
		Schema: core.Schema{
			Required: []string{"KeySchema"},
			Numbers: []string{"ProvisionedThroughput.ReadCapacityUnits", "ProvisionedThroughput.WriteCapacityUnits",
				"GlobalSecondaryIndexes.ProvisionedThroughput.ReadCapacityUnits", "GlobalSecondaryIndexes.ProvisionedThroughput.WriteCapacityUnits",
				"OnDemandThroughput.MaxReadRequestUnits", "OnDemandThroughput.MaxWriteRequestUnits",
				"PointInTimeRecoverySpecification.RecoveryPeriodInDays"},
			Booleans: []string{"DeletionProtectionEnabled", "SSESpecification.SSEEnabled", "TimeToLiveSpecification.Enabled",
				"PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "ContributorInsightsSpecification.Enabled"},
			Allowed: map[string][]string{
				"BillingMode": {"PROVISIONED", "PAY_PER_REQUEST"}, "TableClass": {"STANDARD", "STANDARD_INFREQUENT_ACCESS"},
				"StreamSpecification.StreamViewType": {"NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"},
				"AttributeDefinitions.AttributeType": {"S", "N", "B"}, "KeySchema.KeyType": {"HASH", "RANGE"},
			},
			Range: map[string][2]float64{"PointInTimeRecoverySpecification.RecoveryPeriodInDays": {1, 35}},
		},
		Create: checkTable,
		Update: checkTable,
		Delete: checkDeletion,
	}
}
