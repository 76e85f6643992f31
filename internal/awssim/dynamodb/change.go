package dynamodb

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// properties turns the members of a request into properties.
func properties(in wire.Object) map[string]any {
	out := wire.AsObject(shape.Plain(shape.Pick(in, "TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
		"LocalSecondaryIndexes", "GlobalSecondaryIndexes", "DeletionProtectionEnabled", "TableClass", "OnDemandThroughput", "WarmThroughput")))
	if s := in.Object("StreamSpecification"); s != nil {
		out["StreamSpecification"] = nil
		if s.Bool("StreamEnabled") {
			out["StreamSpecification"] = map[string]any{"StreamViewType": s["StreamViewType"]}
		}
	}
	if s := in.Object("SSESpecification"); s != nil {
		sse := shape.Pick(s, "SSEType", "KMSMasterKeyId")
		sse["SSEEnabled"] = s.Bool("Enabled")
		out["SSESpecification"] = sse
	}
	if in.String("BillingMode") == "PAY_PER_REQUEST" {
		out["ProvisionedThroughput"] = nil
	}
	return out
}

func createTable(c *core.Call) (any, error) {
	given := properties(c.In)
	for name, v := range given {
		if v == nil {
			delete(given, name)
		}
	}
	r, err := c.Create(Type, given, core.Tags(c.In["Tags"]))
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "ResourceInUseException", "Table already exists: %s", c.In.String("TableName"))
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"TableDescription": describe(r)}, nil
}

func updateTable(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	if err := changeReplicas(c, r); err != nil {
		return nil, err
	}
	patch := properties(c.In)
	delete(patch, "TableName")
	if changes := c.In.Objects("GlobalSecondaryIndexUpdates"); len(changes) > 0 {
		indexes, err := changeIndexes(r, changes)
		if err != nil {
			return nil, err
		}
		patch["GlobalSecondaryIndexes"] = indexes
		patch["AttributeDefinitions"] = usedDefinitions(r, patch, c.In.List("AttributeDefinitions"))
	}
	r, err = c.Update(Type, r.ID, patch)
	if err != nil {
		return nil, err
	}
	return core.Out{"TableDescription": describe(r)}, nil
}

// changeIndexes applies the Create, Update and Delete of indexes of a request.
func changeIndexes(r store.Resource, changes []wire.Object) ([]any, error) {
	list := wire.Object(r.Properties).List("GlobalSecondaryIndexes")
	at := func(name string) int {
		return slices.IndexFunc(list, func(e any) bool { return wire.AsObject(e).String("IndexName") == name })
	}
	for _, change := range changes {
		if made := change.Object("Create"); made != nil {
			if at(made.String("IndexName")) >= 0 {
				return nil, wire.Errorf(400, "ValidationException", "Attempting to create an index which already exists")
			}
			list = append(list, shape.Plain(made))
			continue
		}
		existing := change.Object("Update")
		if existing == nil {
			existing = change.Object("Delete")
		}
		i := at(existing.String("IndexName"))
		if i < 0 {
			return nil, wire.Errorf(400, "ResourceNotFoundException", "Requested resource not found")
		}
		if change.Object("Delete") != nil {
			list = slices.Delete(list, i, i+1)
			continue
		}
		for name, v := range existing {
			wire.AsObject(list[i])[name] = shape.Plain(v)
		}
	}
	return list, nil
}

// usedDefinitions keeps the attribute definitions, old and new, that a key of the table still uses.
func usedDefinitions(r store.Resource, patch map[string]any, added []any) []any {
	p := wire.Object(r.Properties)
	used := keysOf(p)
	for _, index := range append(wire.Object(patch).Objects("GlobalSecondaryIndexes"), p.Objects("LocalSecondaryIndexes")...) {
		used = append(used, keysOf(index)...)
	}
	out := []any{}
	var have []string
	for _, d := range append(p.List("AttributeDefinitions"), added...) {
		name := wire.AsObject(d).String("AttributeName")
		if slices.Contains(used, name) && !slices.Contains(have, name) {
			out, have = append(out, shape.Plain(d)), append(have, name)
		}
	}
	return out
}

func deleteTable(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	if err := c.Delete(Type, r.ID); err != nil {
		return nil, err
	}
	out := describe(r)
	out["TableStatus"] = "DELETING"
	return core.Out{"TableDescription": out}, nil
}

func backups(r store.Resource) core.Out {
	p := wire.Object(r.Properties).Object("PointInTimeRecoverySpecification")
	pitr := core.Out{"PointInTimeRecoveryStatus": "DISABLED"}
	if p.Bool("PointInTimeRecoveryEnabled") {
		pitr = core.Out{"PointInTimeRecoveryStatus": "ENABLED", "RecoveryPeriodInDays": p.Int("RecoveryPeriodInDays", 35),
			"EarliestRestorableDateTime": r.Created, "LatestRestorableDateTime": r.Updated}
	}
	return core.Out{"ContinuousBackupsDescription": core.Out{"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": pitr}}
}

func describeBackups(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, wire.Errorf(400, "TableNotFoundException", "Table not found: %s", c.In.String("TableName"))
	}
	return backups(r), nil
}

func updateBackups(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, wire.Errorf(400, "TableNotFoundException", "Table not found: %s", c.In.String("TableName"))
	}
	r, err = c.Update(Type, r.ID, map[string]any{"PointInTimeRecoverySpecification": shape.Plain(c.In["PointInTimeRecoverySpecification"])})
	if err != nil {
		return nil, err
	}
	return backups(r), nil
}

func describeTTL(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties).Object("TimeToLiveSpecification")
	out := core.Out{"TimeToLiveStatus": "DISABLED"}
	if p.Bool("Enabled") {
		out = core.Out{"TimeToLiveStatus": "ENABLED", "AttributeName": p["AttributeName"]}
	}
	return core.Out{"TimeToLiveDescription": out}, nil
}

func updateTTL(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	want := c.In.Object("TimeToLiveSpecification")
	if is := wire.Object(r.Properties).Object("TimeToLiveSpecification"); is.Bool("Enabled") == want.Bool("Enabled") {
		state := map[bool]string{true: "enabled", false: "disabled"}[want.Bool("Enabled")]
		return nil, wire.Errorf(400, "ValidationException", "TimeToLive is already %s", state)
	}
	if _, err := c.Update(Type, r.ID, map[string]any{"TimeToLiveSpecification": shape.Plain(want)}); err != nil {
		return nil, err
	}
	return core.Out{"TimeToLiveSpecification": want}, nil
}

func describeKinesis(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	if arn := wire.Object(r.Properties).Object("KinesisStreamSpecification").String("StreamArn"); arn != "" {
		list = append(list, core.Out{"StreamArn": arn, "DestinationStatus": "ACTIVE"})
	}
	return core.Out{"TableName": r.ID, "KinesisDataStreamDestinations": list}, nil
}

func describeInsights(c *core.Call) (any, error) {
	r, err := table(c)
	if err != nil {
		return nil, err
	}
	status := "DISABLED"
	if wire.Object(r.Properties).Object("ContributorInsightsSpecification").Bool("Enabled") {
		status = "ENABLED"
	}
	return core.Out{"TableName": r.ID, "ContributorInsightsStatus": status}, nil
}

func getResourcePolicy(c *core.Call) (any, error) {
	r, err := find(c, "ResourceArn")
	if err != nil {
		return nil, err
	}
	doc := wire.Object(r.Properties).Object("ResourcePolicy")["PolicyDocument"]
	if doc == nil {
		return nil, wire.Errorf(400, "PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: %s", c.In.String("ResourceArn"))
	}
	return core.Out{"Policy": shape.Document(doc), "RevisionId": wire.Text(r.Revision)}, nil
}
