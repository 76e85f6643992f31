package dynamodb

import (
	"slices"
	"sort"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func invalid(format string, args ...any) error {
	return wire.Errorf(400, "ValidationException", "One or more parameter values were invalid: "+format, args...)
}

// checkTable wants every key attribute defined and every defined attribute used, capacity where it is provisioned, and
// gives tables with a stream its ARN.
func checkTable(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	used := keysOf(p)
	for _, index := range append(p.Objects("GlobalSecondaryIndexes"), p.Objects("LocalSecondaryIndexes")...) {
		used = append(used, keysOf(index)...)
	}
	var defined []string
	for _, d := range p.Objects("AttributeDefinitions") {
		defined = append(defined, d.String("AttributeName"))
	}
	sort.Strings(defined)
	sort.Strings(used)
	used = slices.Compact(used)
	if !slices.Equal(defined, used) {
		for _, name := range used {
			if !slices.Contains(defined, name) {
				return invalid("Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: [%s]", strings.Join(used, ", "), strings.Join(defined, ", "))
			}
		}
		return invalid("Some AttributeDefinitions are not used. AttributeDefinitions: [%s], keys used: [%s]", strings.Join(defined, ", "), strings.Join(used, ", "))
	}
	capacity := p.Object("ProvisionedThroughput")
	if p.String("BillingMode") == "PAY_PER_REQUEST" && capacity.Int("ReadCapacityUnits", 0) > 0 {
		return invalid("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
	}
	if p.String("BillingMode") == "PROVISIONED" && (capacity.Int("ReadCapacityUnits", 0) < 1 || capacity.Int("WriteCapacityUnits", 0) < 1) {
		return invalid("ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
	}
	if c.Before == nil {
		r.Private["TableId"] = c.World.IDs.UUID("table", r.Account, r.Region, p.String("TableName"))
	}
	stream(c)
	return nil
}

func keysOf(p wire.Object) []string {
	var out []string
	for _, k := range p.Objects("KeySchema") {
		out = append(out, k.String("AttributeName"))
	}
	return out
}

// stream gives a table with a stream the ARN of it: a new one whenever the stream was off or looked different.
func stream(c *core.Change) {
	r := c.Resource
	view := wire.Object(r.Properties).Object("StreamSpecification").String("StreamViewType")
	switch {
	case view == "":
		delete(r.Attributes, "StreamArn")
	case r.Attributes["StreamArn"] == nil || c.Before == nil || wire.Object(c.Before.Properties).Object("StreamSpecification").String("StreamViewType") != view:
		label := c.World.Clock.Now().UTC().Format("2006-01-02T15:04:05.000")
		r.Attributes["StreamArn"] = wire.Text(r.Attributes["Arn"]) + "/stream/" + label
	}
}

func checkDeletion(c *core.Change) error {
	if shape.Bool(c.Resource.Properties["DeletionProtectionEnabled"]) {
		return wire.Errorf(400, "ValidationException", "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	return nil
}

// find returns the table a member of the request names, by name or ARN.
func find(c *core.Call, member string) (store.Resource, error) {
	name := c.In.String(member)
	if arn, ok := shape.ParseARN(name); ok {
		name = strings.TrimPrefix(arn.Resource, "table/")
	}
	r, ok := c.Get(Type, name)
	if !ok {
		return r, wire.Errorf(400, "ResourceNotFoundException", "Requested resource not found: Table: %s not found", name)
	}
	return r, nil
}

func table(c *core.Call) (store.Resource, error) { return find(c, "TableName") }

// describe is a table as DescribeTable returns it.
func describe(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	arn := wire.Text(r.Attributes["Arn"])
	out := core.Out(shape.Pick(r.Properties, "TableName", "AttributeDefinitions", "KeySchema", "DeletionProtectionEnabled", "OnDemandThroughput", "WarmThroughput"))
	out["TableArn"], out["TableId"], out["TableStatus"] = arn, r.Private["TableId"], "ACTIVE"
	out["CreationDateTime"], out["ItemCount"], out["TableSizeBytes"] = r.Created, 0, 0
	out["ProvisionedThroughput"] = throughput(p)
	if p.String("BillingMode") == "PAY_PER_REQUEST" {
		out["BillingModeSummary"] = core.Out{"BillingMode": "PAY_PER_REQUEST", "LastUpdateToPayPerRequestDateTime": r.Created}
	}
	if class := p.String("TableClass"); class != "STANDARD" {
		out["TableClassSummary"] = core.Out{"TableClass": class}
	}
	for _, kind := range []string{"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} {
		list := []any{}
		for _, index := range p.Objects(kind) {
			one := core.Out(shape.Pick(index, "IndexName", "KeySchema", "Projection", "OnDemandThroughput", "WarmThroughput"))
			one["IndexArn"], one["ItemCount"], one["IndexSizeBytes"] = arn+"/index/"+index.String("IndexName"), 0, 0
			if kind == "GlobalSecondaryIndexes" {
				one["IndexStatus"], one["ProvisionedThroughput"] = "ACTIVE", throughput(index)
			}
			list = append(list, one)
		}
		if len(list) > 0 {
			out[kind] = list
		}
	}
	if replicas, _ := wire.Items(r.Private["Replicas"]); len(replicas) > 0 {
		out["Replicas"], out["GlobalTableVersion"] = replicas, "2019.11.21"
	}
	if s := p.Object("StreamSpecification"); s != nil {
		out["StreamSpecification"] = core.Out{"StreamEnabled": true, "StreamViewType": s["StreamViewType"]}
		out["LatestStreamArn"], out["LatestStreamLabel"] = r.Attributes["StreamArn"], shape.Last(wire.Text(r.Attributes["StreamArn"]), "/stream/")
	}
	if s := p.Object("SSESpecification"); s.Bool("SSEEnabled") {
		key := s.Or("KMSMasterKeyId", "arn:aws:kms:"+r.Region+":"+r.Account+":alias/aws/dynamodb")
		if !strings.HasPrefix(key, "arn:") {
			key = "arn:aws:kms:" + r.Region + ":" + r.Account + ":key/" + key
		}
		out["SSEDescription"] = core.Out{"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
	}
	return out
}

func throughput(p wire.Object) core.Out {
	given := p.Object("ProvisionedThroughput")
	return core.Out{"ReadCapacityUnits": given.Int("ReadCapacityUnits", 0), "WriteCapacityUnits": given.Int("WriteCapacityUnits", 0), "NumberOfDecreasesToday": 0}
}

func describeTable(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"Table": describe(r)}, nil
}

// listTables pages by the name of the last table, not by a token.
func listTables(c *core.Call) (any, error) {
	page, next := c.Read().Page(c.Scope, Type, c.In.String("ExclusiveStartTableName"), min(c.In.Int("Limit", 100), 100))
	names := []string{}
	for _, r := range page {
		names = append(names, r.ID)
	}
	out := core.Out{"TableNames": names}
	if next != "" {
		out["LastEvaluatedTableName"] = next
	}
	return out, nil
}
