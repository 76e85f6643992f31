package lambda

import (
	"strconv"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// What a reader of functions asks for and a function of the simulator never has, or always has by default.

func getCodeSigning(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"FunctionName": f.ID, "CodeSigningConfigArn": f.Properties["CodeSigningConfigArn"]}, nil
}

func getRuntimeManagement(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	given := wire.Object(f.Properties).Object("RuntimeManagementConfig")
	return core.Out{"UpdateRuntimeOn": given.Or("UpdateRuntimeOn", "Auto"), "RuntimeVersionArn": given["RuntimeVersionArn"], "FunctionArn": f.Attributes["Arn"]}, nil
}

func getRecursion(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"RecursiveLoop": wire.Object(f.Properties).Or("RecursiveLoop", "Terminate")}, nil
}

func noEventInvoke(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	if qualifier == "" {
		qualifier = "$LATEST"
	}
	return nil, notFound("The function %s:%s doesn't have an EventInvokeConfig", functionARN(f.Scope, f.ID), qualifier)
}

func noEventInvokes(c *core.Call) (any, error) {
	if _, _, err := function(c); err != nil {
		return nil, err
	}
	return core.Out{"FunctionEventInvokeConfigs": []any{}}, nil
}

func noURL(c *core.Call) (any, error) {
	if _, _, err := function(c); err != nil {
		return nil, err
	}
	return nil, notFound("The resource you requested does not exist.")
}

func noURLs(c *core.Call) (any, error) {
	if _, _, err := function(c); err != nil {
		return nil, err
	}
	return core.Out{"FunctionUrlConfigs": []any{}}, nil
}

// publishLayer gives a layer version its number.
func publishLayer(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	name := p.String("LayerName")
	if name == "" {
		name = core.GeneratedName(c.Origin.Logical, c.World.IDs.Hex(8, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical), core.NameRule{Max: 140})
		r.Properties["LayerName"] = name
	}
	last := 0
	for _, other := range c.World.Store.List(r.Scope, LayerType) {
		if other.Properties["LayerName"] == name {
			last = max(last, shape.Int(other.Private["Version"], 0))
		}
	}
	r.Private["Version"] = last + 1
	r.Attributes["LayerVersionArn"] = "arn:aws:lambda:" + r.Region + ":" + r.Account + ":layer:" + name + ":" + strconv.Itoa(last+1)
	return nil
}

func getLayerVersion(c *core.Call) (any, error) {
	name := shape.Last(c.In.String("LayerName"), ":layer:")
	r, ok := c.World.Store.Find(c.Scope, LayerType, func(r store.Resource) bool {
		return r.Properties["LayerName"] == name && wire.Text(r.Private["Version"]) == c.In.String("VersionNumber")
	})
	if !ok {
		return nil, notFound("The resource you requested does not exist.")
	}
	out := core.Out(shape.Pick(r.Properties, "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo", "Description"))
	out["LayerVersionArn"], out["LayerArn"], out["Version"] = r.ID, r.ID[:len(r.ID)-len(c.In.String("VersionNumber"))-1], r.Private["Version"]
	out["CreatedDate"], out["Content"] = r.Created.UTC().Format("2006-01-02T15:04:05.000+0000"), core.Out{"CodeSize": 0}
	return out, nil
}
