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

// changeReplicas takes replicas away by hand: their tables are gone, and no other table names them. It adds none.
func changeReplicas(c *core.Call, r store.Resource) error {
	for _, update := range c.In.Objects("ReplicaUpdates") {
		if update.Object("Delete") == nil {
			return wire.Errorf(400, "ValidationException", "The simulator only deletes replicas.")
		}
		gone := update.Object("Delete").String("RegionName")
		left, found := without(r.Private["Replicas"], gone)
		if !found {
			return wire.Errorf(400, "ValidationException", "Failed to delete the replica, no such replica: %s", gone)
		}
		c.World.Store.Delete(store.Scope{Account: c.Account, Region: gone}, Type, r.ID)
		for _, region := range append(regionsOf(left), c.Region) {
			_, _, err := c.World.Store.Update(store.Scope{Account: c.Account, Region: region}, Type, r.ID, func(t *store.Resource) error {
				t.Private["Replicas"], _ = without(t.Private["Replicas"], gone)
				return nil
			})
			if err != nil {
				return err
			}
		}
		r.Private["Replicas"] = left
	}
	return nil
}

// without is a list of replicas without that of one Region, and whether there was one.
func without(replicas any, region string) (left []any, found bool) {
	list, _ := wire.Items(replicas)
	for _, replica := range list {
		if wire.AsObject(replica).String("RegionName") == region {
			found = true
		} else {
			left = append(left, replica)
		}
	}
	return left, found
}

func regionsOf(replicas []any) []string {
	var regions []string
	for _, replica := range replicas {
		regions = append(regions, wire.AsObject(replica).String("RegionName"))
	}
	return regions
}
