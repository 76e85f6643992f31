package dynamodb_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/dynamodb"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func attribute(names ...string) []any {
	out := []any{}
	for _, n := range names {
		out = append(out, map[string]any{"AttributeName": n, "AttributeType": "S"})
	}
	return out
}

func key(name string) []any { return []any{map[string]any{"AttributeName": name, "KeyType": "HASH"}} }

func onDemand() map[string]any {
	return map[string]any{"BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attribute("id"), "KeySchema": key("id")}
}

func TestATableIsCheckedAsDynamoDBWould(t *testing.T) {
	for want, change := range map[string]map[string]any{
		"not defined in AttributeDefinitions":   {"KeySchema": key("other")},
		"Some AttributeDefinitions are not":     {"AttributeDefinitions": attribute("id", "spare")},
		"must both be specified when":           {"BillingMode": "PROVISIONED"},
		"when BillingMode is PAY_PER_REQUEST":   {"ProvisionedThroughput": map[string]any{"ReadCapacityUnits": "5", "WriteCapacityUnits": "5"}},
		"EVERYTHING is not a valid enum value":  {"StreamSpecification": map[string]any{"StreamViewType": "EVERYTHING"}},
		"RecoveryPeriodInDays: 99 is not betwe": {"PointInTimeRecoverySpecification": map[string]any{"RecoveryPeriodInDays": 99.0}},
	} {
		b := coretest.New(t, dynamodb.Service())
		p := onDemand()
		for k, v := range change {
			p[k] = v
		}
		_, err := b.Make(coretest.East, "T", dynamodb.Type, p)
		if message := b.Code("ValidationException", err); !strings.Contains(message, want) {
			t.Errorf("want %q: %s", want, message)
		}
	}
}

func TestATableIsChangedByHand(t *testing.T) {
	b := coretest.New(t, dynamodb.Service())
	p := onDemand()
	p["PointInTimeRecoverySpecification"] = map[string]any{"PointInTimeRecoveryEnabled": "true"}
	p["StreamSpecification"] = map[string]any{"StreamViewType": "KEYS_ONLY"}
	r := b.Made(coretest.East, "T", dynamodb.Type, p)
	in := func(more wire.Object) wire.Object {
		more["TableName"] = r.ID
		return more
	}
	got := b.Call(coretest.East, "dynamodb.DescribeTable", in(wire.Object{})).Object("Table")
	if got.Object("BillingModeSummary")["BillingMode"] != "PAY_PER_REQUEST" || got["LatestStreamArn"] != r.Attributes["StreamArn"] || !got.Object("StreamSpecification").Bool("StreamEnabled") {
		t.Errorf("%v", got)
	}
	b.Call(coretest.East, "dynamodb.UpdateContinuousBackups", in(wire.Object{"PointInTimeRecoverySpecification": wire.Object{"PointInTimeRecoveryEnabled": false}}))
	pitr := b.Call(coretest.East, "dynamodb.DescribeContinuousBackups", in(wire.Object{})).Object("ContinuousBackupsDescription").Object("PointInTimeRecoveryDescription")
	if pitr["PointInTimeRecoveryStatus"] != "DISABLED" || wire.AsObject(b.Live(r).Properties["PointInTimeRecoverySpecification"]).Bool("PointInTimeRecoveryEnabled") {
		t.Errorf("%v", pitr)
	}
	b.Call(coretest.East, "dynamodb.UpdateTable", in(wire.Object{"StreamSpecification": wire.Object{"StreamEnabled": false}, "DeletionProtectionEnabled": true}))
	if _, streaming := b.Live(r).Attributes["StreamArn"]; streaming {
		t.Error("the stream is still on")
	}
	b.Refused("ValidationException", coretest.East, "dynamodb.DeleteTable", in(wire.Object{}))
	ttl := wire.Object{"Enabled": true, "AttributeName": "at"}
	b.Call(coretest.East, "dynamodb.UpdateTimeToLive", in(wire.Object{"TimeToLiveSpecification": ttl}))
	b.Refused("ValidationException", coretest.East, "dynamodb.UpdateTimeToLive", in(wire.Object{"TimeToLiveSpecification": ttl}))
}

func TestIndexesComeAndGoWithTheirAttributes(t *testing.T) {
	b := coretest.New(t, dynamodb.Service())
	r := b.Made(coretest.East, "T", dynamodb.Type, onDemand())
	index := wire.Object{"IndexName": "by-owner", "KeySchema": key("owner"), "Projection": wire.Object{"ProjectionType": "ALL"}}
	update := func(what string, v wire.Object) wire.Object {
		return wire.Object{"TableName": r.ID, "AttributeDefinitions": attribute("id", "owner"), "GlobalSecondaryIndexUpdates": []any{wire.Object{what: v}}}
	}
	made := b.Call(coretest.East, "dynamodb.UpdateTable", update("Create", index)).Object("TableDescription")
	if len(made.List("GlobalSecondaryIndexes")) != 1 || len(made.List("AttributeDefinitions")) != 2 {
		t.Errorf("%v", made)
	}
	gone := b.Call(coretest.East, "dynamodb.UpdateTable", update("Delete", wire.Object{"IndexName": "by-owner"})).Object("TableDescription")
	if len(gone.List("GlobalSecondaryIndexes")) != 0 || len(gone.List("AttributeDefinitions")) != 1 {
		t.Errorf("%v", gone)
	}
	b.Refused("ResourceNotFoundException", coretest.East, "dynamodb.UpdateTable", update("Delete", wire.Object{"IndexName": "by-owner"}))
	b.Refused("ResourceNotFoundException", coretest.West, "dynamodb.DescribeTable", wire.Object{"TableName": r.ID})
}

func TestAReplicaIsTakenAwayByHand(t *testing.T) {
	b := coretest.New(t, dynamodb.Service())
	p := onDemand()
	p["StreamSpecification"] = map[string]any{"StreamViewType": "NEW_AND_OLD_IMAGES"}
	p["Replicas"] = []any{map[string]any{"Region": coretest.East}, map[string]any{"Region": coretest.West}}
	r := b.Made(coretest.East, "T", dynamodb.GlobalType, p)
	take := func(region string) wire.Object {
		return wire.Object{"TableName": r.ID, "ReplicaUpdates": []any{wire.Object{"Delete": wire.Object{"RegionName": region}}}}
	}
	at := wire.Object{"TableName": r.ID}
	if there := b.Call(coretest.West, "dynamodb.DescribeTable", at).Object("Table").Objects("Replicas"); len(there) != 1 || there[0]["RegionName"] != coretest.East {
		t.Errorf("%v", there)
	}
	b.Refused("ValidationException", coretest.East, "dynamodb.UpdateTable", take("eu-west-1"))
	b.Call(coretest.East, "dynamodb.UpdateTable", take(coretest.West))
	if left := b.Call(coretest.East, "dynamodb.DescribeTable", at).Object("Table").Objects("Replicas"); len(left) != 0 {
		t.Errorf("%v", left)
	}
	b.Refused("ResourceNotFoundException", coretest.West, "dynamodb.DescribeTable", at)
	b.Refused("ValidationException", coretest.East, "dynamodb.UpdateTable", take(coretest.West))
}
