package secretsmanager

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// RotationType is the resource type of a schedule. Nothing is ever rotated.
const RotationType = "AWS::SecretsManager::RotationSchedule"

func rotationKind() core.Kind {
	return core.Kind{
		Type: RotationType, Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"SecretId"}, WriteOnly: []string{"RotateImmediatelyOnUpdate", "HostedRotationLambda"},
		Schema: core.Schema{Required: []string{"SecretId"}, Numbers: []string{"RotationRules.AutomaticallyAfterDays"}},
		Create: applyRotation, Update: applyRotation,
		Delete: func(c *core.Change) error { return setRotation(c, nil) },
	}
}

func applyRotation(c *core.Change) error {
	p := c.Resource.Properties
	return setRotation(c, map[string]any{"Lambda": p["RotationLambdaARN"], "Rules": p["RotationRules"]})
}

func setRotation(c *core.Change, rotation map[string]any) error {
	call := &core.Call{World: c.World, Scope: c.Resource.Scope, In: wire.Object{"SecretId": c.Resource.Properties["SecretId"]}}
	r, err := secret(call)
	if err != nil {
		return err
	}
	c.Resource.Attributes["Id"] = r.ID
	return keepRotation(c.World, r, rotation)
}

func keepRotation(w *core.World, r store.Resource, rotation map[string]any) error {
	_, _, err := w.Store.Update(r.Scope, Type, r.ID, func(r *store.Resource) error {
		delete(r.Private, "Rotation")
		if rotation != nil {
			r.Private["Rotation"] = rotation
		}
		return nil
	})
	return err
}

// showRotation adds what DescribeSecret says of a schedule.
func showRotation(r store.Resource, out core.Out) {
	rotation := wire.AsObject(r.Private["Rotation"])
	if rotation == nil {
		return
	}
	out["RotationEnabled"], out["RotationLambdaARN"], out["RotationRules"] = true, rotation["Lambda"], rotation["Rules"]
}

func rotateSecret(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	rotation := store.CloneMap(wire.AsObject(r.Private["Rotation"]))
	if rotation == nil {
		rotation = map[string]any{}
	}
	if rules := c.In["RotationRules"]; rules != nil {
		rotation["Rules"] = shape.Plain(rules)
	}
	if arn := c.In.String("RotationLambdaARN"); arn != "" {
		rotation["Lambda"] = arn
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}, keepRotation(c.World, r, rotation)
}

func cancelRotation(c *core.Call) (any, error) {
	r, err := secret(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"ARN": r.ID, "Name": r.Properties["Name"]}, keepRotation(c.World, r, nil)
}
