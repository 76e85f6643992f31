package kms

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// checkAlias wants a name of the customer's own and an existing key.
func checkAlias(c *core.Change) error {
	r := c.Resource
	name := wire.Text(r.Properties["AliasName"])
	if !strings.HasPrefix(name, "alias/") || strings.HasPrefix(name, "alias/aws/") {
		return wire.Errorf(400, "ValidationException", "Alias must start with the prefix \"alias/\". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html")
	}
	_, err := lookup(c.World.Store.View(0), r.Scope, wire.Text(r.Properties["TargetKeyId"]))
	return err
}

func targetID(a store.Resource) string {
	return strings.TrimPrefix(shape.Last(wire.Text(a.Properties["TargetKeyId"]), ":"), "key/")
}

func listAliases(c *core.Call) (any, error) {
	wanted := ""
	if c.In.String("KeyId") != "" {
		k, err := key(c)
		if err != nil {
			return nil, err
		}
		wanted = k.ID
	}
	list := []any{}
	if alias := managedAlias(c.Scope, wanted); alias != "" {
		list = append(list, core.Out{"AliasName": alias, "AliasArn": "arn:aws:kms:" + c.Region + ":" + c.Account + ":" + alias, "TargetKeyId": wanted})
	}
	for _, a := range c.List(AliasType) {
		if wanted == "" || targetID(a) == wanted {
			list = append(list, core.Out{"AliasName": a.ID, "AliasArn": a.Attributes["AliasArn"], "TargetKeyId": targetID(a),
				"CreationDate": a.Created, "LastUpdatedDate": a.Updated})
		}
	}
	return page(c, "Aliases", list, 50)
}

// page answers a list under a name, cut by Marker and Limit.
func page(c *core.Call, name string, list []any, size int) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("Marker"), c.In.Int("Limit", size))
	if err != nil {
		return nil, wire.Errorf(400, "InvalidMarkerException", "The marker is invalid")
	}
	return core.Out{name: part, "NextMarker": next, "Truncated": next != nil}, nil
}

func createAlias(c *core.Call) (any, error) {
	_, err := c.Create(AliasType, map[string]any{"AliasName": c.In.String("AliasName"), "TargetKeyId": c.In.String("TargetKeyId")}, nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "AlreadyExistsException", "An alias with the name arn:aws:kms:%s:%s:%s already exists", c.Region, c.Account, c.In.String("AliasName"))
	}
	return nil, err
}

func noAlias(c *core.Call, err error) error {
	if core.Code(err) == "NotFound" {
		return wire.Errorf(400, "NotFoundException", "Alias arn:aws:kms:%s:%s:%s is not found.", c.Region, c.Account, c.In.String("AliasName"))
	}
	return err
}

func updateAlias(c *core.Call) (any, error) {
	_, err := c.Update(AliasType, c.In.String("AliasName"), map[string]any{"TargetKeyId": c.In.String("TargetKeyId")})
	return nil, noAlias(c, err)
}

func deleteAlias(c *core.Call) (any, error) {
	return nil, noAlias(c, c.Delete(AliasType, c.In.String("AliasName")))
}
