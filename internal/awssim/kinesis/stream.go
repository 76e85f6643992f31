package kinesis

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkStream gives a provisioned stream its shards and one on demand those it starts with.
func checkStream(c *core.Change) error {
	p := wire.Object(c.Resource.Properties)
	onDemand := p.Object("StreamModeDetails").String("StreamMode") == "ON_DEMAND"
	switch {
	case onDemand && p.Has("ShardCount") && c.Before == nil:
		return wire.Errorf(400, "ValidationException", "ShardCount must not be set for stream in On-Demand mode")
	case onDemand:
		delete(c.Resource.Properties, "ShardCount")
		c.Resource.Private["Shards"] = 4
	case !p.Has("ShardCount"):
		c.Resource.Properties["ShardCount"] = 1.0
	}
	return nil
}

func dropConsumers(c *core.Change) error {
	for _, r := range c.World.Store.List(c.Resource.Scope, ConsumerType) {
		if r.Properties["StreamARN"] == c.Resource.Attributes["Arn"] {
			c.World.Store.Delete(r.Scope, ConsumerType, r.ID)
		}
	}
	return nil
}

// stream finds the stream a request names by name or by ARN.
func stream(c *core.Call) (store.Resource, error) {
	name := c.In.String("StreamName")
	if name == "" {
		name = shape.Last(c.In.String("StreamARN"), ":stream/")
	}
	r, ok := c.Get(Type, name)
	if !ok {
		return r, wire.Errorf(400, "ResourceNotFoundException", "Stream %s under account %s not found.", name, c.Account)
	}
	return r, nil
}

func shards(r store.Resource) int {
	return wire.Object(r.Properties).Int("ShardCount", wire.Object(r.Private).Int("Shards", 1))
}

func describeSummary(c *core.Call) (any, error) {
	r, err := stream(c)
	if err != nil {
		return nil, err
	}
	p := wire.Object(r.Properties)
	metrics := append([]any{}, p.List("DesiredShardLevelMetrics")...)
	out := core.Out{
		"StreamName": r.ID, "StreamARN": r.Attributes["Arn"], "StreamStatus": "ACTIVE", "StreamCreationTimestamp": r.Created,
		"RetentionPeriodHours": p["RetentionPeriodHours"], "StreamModeDetails": p["StreamModeDetails"], "OpenShardCount": shards(r),
		"EnhancedMonitoring": []any{core.Out{"ShardLevelMetrics": metrics}}, "EncryptionType": "NONE",
		"MaxRecordSizeInKiB": p["MaxRecordSizeInKiB"], "ConsumerCount": len(consumers(c, r)),
	}
	if e := p.Object("StreamEncryption"); e != nil {
		out["EncryptionType"], out["KeyId"] = e["EncryptionType"], e["KeyId"]
	}
	return core.Out{"StreamDescriptionSummary": out}, nil
}

func listStreams(c *core.Call) (any, error) {
	names := []any{}
	for _, r := range c.List(Type) {
		if r.ID > c.In.String("ExclusiveStartStreamName") {
			names = append(names, r.ID)
		}
	}
	limit := min(c.In.Int("Limit", 100), len(names))
	return core.Out{"StreamNames": names[:limit], "HasMoreStreams": limit < len(names)}, nil
}

func createStream(c *core.Call) (any, error) {
	given := wire.AsObject(shape.Plain(shape.Pick(c.In, "ShardCount", "StreamModeDetails", "MaxRecordSizeInKiB")))
	given["Name"] = c.In.String("StreamName")
	_, err := c.Create(Type, given, core.Tags(c.In["Tags"]))
	if core.Code(err) == "AlreadyExists" {
		err = wire.Errorf(400, "ResourceInUseException", "Stream %s under account %s already exists.", c.In.String("StreamName"), c.Account)
	}
	return nil, err
}

func deleteStream(c *core.Call) (any, error) {
	r, err := stream(c)
	if err != nil {
		return nil, err
	}
	return nil, c.Delete(Type, r.ID)
}

// set is a change of the property of that name.
func set(property string) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := stream(c)
		if err != nil {
			return nil, err
		}
		_, err = c.Update(Type, r.ID, map[string]any{property: shape.Plain(c.In[property])})
		return nil, err
	}
}

func updateShards(c *core.Call) (any, error) {
	r, err := stream(c)
	if err != nil {
		return nil, err
	}
	before, after := shards(r), c.In.Int("TargetShardCount", 0)
	if after > 2*before || 2*after < before {
		return nil, wire.Errorf(400, "LimitExceededException", "UpdateShardCount cannot scale to more than double or less than half the current shard count.")
	}
	if _, err := c.Update(Type, r.ID, map[string]any{"ShardCount": float64(after)}); err != nil {
		return nil, err
	}
	return core.Out{"StreamName": r.ID, "CurrentShardCount": before, "TargetShardCount": after, "StreamARN": r.Attributes["Arn"]}, nil
}

func encrypt(c *core.Call) (any, error) {
	r, err := stream(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(Type, r.ID, map[string]any{"StreamEncryption": map[string]any{"EncryptionType": "KMS", "KeyId": c.In.String("KeyId")}})
	return nil, err
}

func decrypt(c *core.Call) (any, error) {
	r, err := stream(c)
	if err != nil {
		return nil, err
	}
	_, err = c.Update(Type, r.ID, map[string]any{"StreamEncryption": nil})
	return nil, err
}

func monitor(on bool) core.Handler {
	return func(c *core.Call) (any, error) {
		r, err := stream(c)
		if err != nil {
			return nil, err
		}
		had := wire.Object(r.Properties).List("DesiredShardLevelMetrics")
		asked := c.In.List("ShardLevelMetrics")
		has := slices.DeleteFunc(slices.Clone(had), func(m any) bool { return slices.Contains(asked, m) })
		if on {
			has = append(has, asked...)
		}
		if _, err := c.Update(Type, r.ID, map[string]any{"DesiredShardLevelMetrics": has}); err != nil {
			return nil, err
		}
		return core.Out{"StreamName": r.ID, "CurrentShardLevelMetrics": had, "DesiredShardLevelMetrics": has, "StreamARN": r.Attributes["Arn"]}, nil
	}
}
