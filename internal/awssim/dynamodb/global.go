package dynamodb

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// GlobalType is the resource type of a table with replicas.
const GlobalType = "AWS::DynamoDB::GlobalTable"

func globalKind() core.Kind {
	return core.Kind{
		Type: GlobalType, Name: core.NameRule{Property: "TableName", Max: 255}, Ref: "{TableName}", Replace: []string{"TableName", "KeySchema", "LocalSecondaryIndexes"},
		Attributes: map[string]string{"Arn": "arn:aws:dynamodb:{Region}:{Account}:table/{TableName}"},
		Defaults:   map[string]any{"BillingMode": "PROVISIONED"},
		Schema: core.Schema{Required: []string{"AttributeDefinitions", "KeySchema", "Replicas"}, Booleans: []string{"Replicas.DeletionProtectionEnabled",
			"Replicas.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled", "SSESpecification.SSEEnabled"}},
		Create: replicate, Update: replicate,
		Delete: func(c *core.Change) error {
			for _, replica := range wire.Object(c.Resource.Properties).Objects("Replicas") {
				c.World.Store.Delete(store.Scope{Account: c.Resource.Account, Region: replica.String("Region")}, Type, c.Resource.ID)
			}
			return nil
		},
	}
}

// replicate makes the table of every Region. What is set replica by replica goes to that one.
func replicate(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	replicas := p.Objects("Replicas")
	here := false
	for _, replica := range replicas {
		here = here || replica.String("Region") == c.Resource.Region
	}
	if !here {
		return wire.Errorf(400, "ValidationException", "The replica of the stack's own Region is missing from Replicas.")
	}
	for _, replica := range replicas {
		scope := store.Scope{Account: c.Resource.Account, Region: replica.String("Region")}
		properties := shape.Pick(p, "TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "GlobalSecondaryIndexes", "LocalSecondaryIndexes",
			"StreamSpecification", "SSESpecification", "TimeToLiveSpecification")
		properties["TableClass"], properties["DeletionProtectionEnabled"] = replica.Or("TableClass", "STANDARD"), replica.Bool("DeletionProtectionEnabled")
		for _, name := range []string{"PointInTimeRecoverySpecification", "KinesisStreamSpecification", "ContributorInsightsSpecification", "ResourcePolicy"} {
			if v := replica[name]; v != nil {
				properties[name] = v
			}
		}
		others := []any{}
		for _, other := range replicas {
			if region := other.String("Region"); region != scope.Region {
				others = append(others, map[string]any{"RegionName": region, "ReplicaStatus": "ACTIVE",
					"ReplicaTableClassSummary": map[string]any{"TableClass": other.Or("TableClass", "STANDARD")}})
			}
		}
		arn := "arn:aws:dynamodb:" + scope.Region + ":" + scope.Account + ":table/" + p.String("TableName")
		c.World.Store.Put(store.Resource{Scope: scope, Type: Type, ID: p.String("TableName"), Properties: properties, Tags: core.Tags(replica["Tags"]),
			Attributes: map[string]any{"Arn": arn, "StreamArn": arn + "/stream/2026-01-01T00:00:00.000"}, Private: map[string]any{"Replicas": others, "TableId": shape.ManagedKeyID(arn, "", "table")}})
	}
	c.Resource.Attributes["StreamArn"] = "arn:aws:dynamodb:" + c.Resource.Region + ":" + c.Resource.Account + ":table/" + p.String("TableName") + "/stream/2026-01-01T00:00:00.000"
	return nil
}
