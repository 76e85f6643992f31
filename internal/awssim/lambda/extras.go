package lambda

import (
	"crypto/sha256"
	"encoding/base64"
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
	body, err := archive(c.World, r, p.Object("Content"))
	if err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	r.Private["CodeSha256"], r.Private["CodeSize"] = base64.StdEncoding.EncodeToString(sum[:]), len(body)
	r.Private["Version"] = last + 1
	r.Attributes["LayerVersionArn"] = "arn:aws:lambda:" + r.Region + ":" + r.Account + ":layer:" + name + ":" + strconv.Itoa(last+1)
	return nil
}

// layer finds the version of a layer that a request names, by name and number or by ARN.
func layer(c *core.Call) (store.Resource, error) {
	arn := c.In.String("Arn")
	if arn == "" {
		arn = "arn:aws:lambda:" + c.Region + ":" + c.Account + ":layer:" + shape.Last(c.In.String("LayerName"), ":layer:") + ":" + c.In.String("VersionNumber")
	}
	r, ok := c.Get(LayerType, arn)
	if !ok {
		return r, notFound("The resource you requested does not exist.")
	}
	return r, nil
}

func getLayerVersion(c *core.Call) (any, error) {
	r, err := layer(c)
	if err != nil {
		return nil, err
	}
	number := wire.Text(r.Private["Version"])
	out := core.Out(shape.Pick(r.Properties, "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo", "Description"))
	out["LayerVersionArn"], out["LayerArn"], out["Version"] = r.ID, r.ID[:len(r.ID)-len(number)-1], r.Private["Version"]
	out["CreatedDate"] = r.Created.UTC().Format("2006-01-02T15:04:05.000+0000")
	out["Content"] = core.Out{"CodeSize": r.Private["CodeSize"], "CodeSha256": r.Private["CodeSha256"],
		"Location": "https://awslambda-" + r.Region + "-layers.s3." + r.Region + ".amazonaws.com/snapshots/" + r.Account + "/x?X-Amz-Signature=simulated"}
	return out, nil
}

func publishLayerVersion(c *core.Call) (any, error) {
	given := shape.Pick(c.In, "CompatibleRuntimes", "CompatibleArchitectures", "LicenseInfo", "Description", "LayerName")
	given["Content"] = codeMembers(c.In.Object("Content"))
	r, err := c.Create(LayerType, wire.AsObject(shape.Plain(given)), nil)
	if err != nil {
		return nil, err
	}
	c.In["Arn"] = r.ID
	out, err := getLayerVersion(c)
	return wire.JSONBody(201, out), err
}

// layerPolicy is made of the permissions of a layer version.
func layerPolicy(c *core.Call) (any, error) {
	r, err := layer(c)
	if err != nil {
		return nil, err
	}
	statements := []any{}
	for _, p := range c.Read().Prefix(c.Scope, LayerPermissionType, r.ID+"#") {
		s := map[string]any{"Sid": shape.Last(p.ID, "#"), "Effect": "Allow", "Principal": principal(wire.Text(p.Properties["Principal"])),
			"Action": p.Properties["Action"], "Resource": r.ID}
		if organization := p.Properties["OrganizationId"]; organization != nil {
			s["Condition"] = map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": organization}}
		}
		statements = append(statements, s)
	}
	if len(statements) == 0 {
		return nil, notFound("No policy is associated with the given resource.")
	}
	return core.Out{"Policy": shape.Document(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": statements})}, nil
}

func deleteLayer(c *core.Call) (any, error) {
	r, err := layer(c)
	if err != nil {
		return wire.JSONBody(204, nil), nil // there is nothing to delete, as Lambda sees it
	}
	return wire.JSONBody(204, nil), c.Delete(LayerType, r.ID)
}

func removeLayerPermission(c *core.Call) (any, error) {
	r, err := layer(c)
	if err != nil {
		return nil, err
	}
	id := r.ID + "#" + c.In.String("StatementId")
	if _, ok := c.Get(LayerPermissionType, id); !ok {
		return nil, notFound("Statement %s is not found in resource policy.", c.In.String("StatementId"))
	}
	return wire.JSONBody(204, nil), c.Delete(LayerPermissionType, id)
}

// checkLayerPermission wants the layer version to exist, and names the statement.
func checkLayerPermission(c *core.Change) error {
	r := c.Resource
	arn := wire.Text(r.Properties["LayerVersionArn"])
	if _, ok := c.World.Store.Get(r.Scope, LayerType, arn); !ok {
		return notFound("Layer version %s does not exist.", arn)
	}
	r.Attributes["Id"] = arn + "#" + core.GeneratedName(c.Origin.Logical,
		c.World.IDs.Upper(12, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical), core.NameRule{Max: 100})
	return nil
}
