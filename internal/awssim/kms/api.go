package kms

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func createKey(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "Description", "KeyUsage", "KeySpec", "Origin", "MultiRegion")
	if text := c.In.String("Policy"); text != "" {
		properties["KeyPolicy"] = parsed(text)
	}
	r, err := c.Create(Type, properties, tags(c.In))
	if err != nil {
		return nil, err
	}
	return core.Out{"KeyMetadata": describe(c, r)}, nil
}

func parsed(text string) any {
	if doc, ok := shape.ParseDocument(text); ok {
		return doc
	}
	return text
}

func tags(in wire.Object) map[string]string { return core.Tags(in["Tags"]) }

func describeKey(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"KeyMetadata": describe(c, r)}, nil
}

func listKeys(c *core.Call) (any, error) {
	list := []any{}
	for _, typ := range []string{Type, ReplicaType, pendingType} {
		for _, r := range c.List(typ) {
			list = append(list, core.Out{"KeyId": r.ID, "KeyArn": r.Attributes["Arn"]})
		}
	}
	return page(c, "Keys", list, 100)
}

func getKeyPolicy(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"Policy": shape.Document(r.Properties["KeyPolicy"]), "PolicyName": "default"}, nil
}

func listKeyPolicies(c *core.Call) (any, error) {
	if _, err := key(c); err != nil {
		return nil, err
	}
	return core.Out{"PolicyNames": []any{"default"}, "Truncated": false}, nil
}

// change patches properties of the key of the request, which must not be pending deletion.
func change(c *core.Call, patch map[string]any) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	if state(r) == "PendingDeletion" {
		return nil, pending(r)
	}
	_, err = c.Update(r.Type, r.ID, patch)
	return nil, err
}

func pending(r store.Resource) error {
	return wire.Errorf(400, "KMSInvalidStateException", "%s is pending deletion.", wire.Text(r.Attributes["Arn"]))
}

func putKeyPolicy(c *core.Call) (any, error) {
	return change(c, map[string]any{"KeyPolicy": parsed(c.In.String("Policy"))})
}

func updateDescription(c *core.Call) (any, error) {
	return change(c, map[string]any{"Description": c.In.String("Description")})
}

func enableKey(c *core.Call) (any, error)  { return change(c, map[string]any{"Enabled": true}) }
func disableKey(c *core.Call) (any, error) { return change(c, map[string]any{"Enabled": false}) }

func enableRotation(c *core.Call) (any, error) {
	patch := map[string]any{"EnableKeyRotation": true}
	if c.In.Has("RotationPeriodInDays") {
		patch["RotationPeriodInDays"] = c.In["RotationPeriodInDays"]
	}
	return change(c, patch)
}

func disableRotation(c *core.Call) (any, error) {
	return change(c, map[string]any{"EnableKeyRotation": false})
}

func getRotation(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	on := shape.Bool(r.Properties["EnableKeyRotation"]) || shape.Bool(r.Private["EnableKeyRotation"])
	out := core.Out{"KeyRotationEnabled": on && state(r) != "PendingDeletion", "KeyId": r.ID}
	if on {
		out["RotationPeriodInDays"] = shape.Int(r.Properties["RotationPeriodInDays"], 365)
	}
	return out, nil
}

func scheduleDeletion(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	if state(r) == "PendingDeletion" {
		return nil, pending(r)
	}
	days := c.In.Int("PendingWindowInDays", 30)
	if days < 7 || days > 30 {
		return nil, wire.Errorf(400, "ValidationException", "PendingWindowInDays must be between 7 and 30.")
	}
	date := c.Now().AddDate(0, 0, days)
	_, _, err = c.World.Store.Update(r.Scope, r.Type, r.ID, func(r *store.Resource) error {
		r.Private["DeletionDate"], r.Properties["Enabled"] = date, false
		return nil
	})
	return core.Out{"KeyId": r.Attributes["Arn"], "DeletionDate": date, "KeyState": "PendingDeletion", "PendingWindowInDays": days}, err
}

// cancelDeletion leaves the key disabled, as AWS does.
func cancelDeletion(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	if state(r) != "PendingDeletion" {
		return nil, wire.Errorf(400, "KMSInvalidStateException", "%s is not pending deletion.", wire.Text(r.Attributes["Arn"]))
	}
	r.Private["DeletionDate"] = nil
	if r.Type == pendingType {
		c.World.Store.Delete(r.Scope, pendingType, r.ID)
		r.Type = wire.Text(r.Private["Was"])
	}
	c.World.Store.Put(r)
	return core.Out{"KeyId": r.Attributes["Arn"]}, nil
}

func replicateKey(c *core.Call) (any, error) {
	r, err := key(c)
	if err != nil {
		return nil, err
	}
	properties := map[string]any{"PrimaryKeyArn": r.Attributes["Arn"], "Description": c.In.String("Description"), "KeyPolicy": nil}
	if text := c.In.String("Policy"); text != "" {
		properties["KeyPolicy"] = parsed(text)
	}
	scope := store.Scope{Account: c.Account, Region: c.In.String("ReplicaRegion")}
	replica, err := c.World.Create(scope, ReplicaType, properties, core.Origin{Tags: tags(c.In)})
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "AlreadyExistsException", "The replica of %s in %s already exists.", r.ID, scope.Region)
	}
	if err != nil {
		return nil, err
	}
	return core.Out{"ReplicaKeyMetadata": describe(c, replica), "ReplicaPolicy": shape.Document(replica.Properties["KeyPolicy"]),
		"ReplicaTags": presentTags(replica.Tags)}, nil
}

func presentTags(tags map[string]string) []any {
	out := []any{}
	for _, t := range core.TagList(tags) {
		tag := wire.AsObject(t)
		out = append(out, core.Out{"TagKey": tag["Key"], "TagValue": tag["Value"]})
	}
	return out
}

func listGrants(c *core.Call) (any, error) {
	if _, err := key(c); err != nil {
		return nil, err
	}
	return core.Out{"Grants": []any{}, "Truncated": false}, nil
}
