package lambda

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func getFunctionConfiguration(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	return qualified(c, f, qualifier)
}

func getFunction(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	config, err := qualified(c, f, qualifier)
	if err != nil {
		return nil, err
	}
	code := core.Out{"RepositoryType": "S3", "Location": "https://awslambda-" + f.Region + "-tasks.s3." + f.Region + ".amazonaws.com/snapshots/" + f.Account + "/" + f.ID}
	if image := wire.AsObject(f.Properties["Code"]).String("ImageUri"); image != "" {
		code = core.Out{"RepositoryType": "ECR", "ImageUri": image, "ResolvedImageUri": f.Private["ResolvedImageUri"]}
	}
	out := core.Out{"Configuration": config, "Code": code}
	if len(f.Tags) > 0 && qualifier == "" {
		out["Tags"] = f.Tags
	}
	if n := f.Properties["ReservedConcurrentExecutions"]; n != nil && qualifier == "" {
		out["Concurrency"] = core.Out{"ReservedConcurrentExecutions": n}
	}
	return out, nil
}

func listFunctions(c *core.Call) (any, error) {
	list := []any{}
	for _, f := range c.List(Type) {
		config := configuration(f)
		for _, name := range []string{"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"} {
			delete(config, name) // the list has no states
		}
		list = append(list, config)
		if c.In.String("FunctionVersion") == "ALL" {
			for _, v := range versionsOf(c, f) {
				list = append(list, v.Private["Configuration"])
			}
		}
	}
	return page(c, "Functions", list, 50)
}

// page answers a list under a name, cut by Marker and MaxItems.
func page(c *core.Call, name string, list []any, size int) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("Marker"), min(c.In.Int("MaxItems", size), size))
	if err != nil {
		return nil, invalid("Invalid marker")
	}
	return core.Out{name: part, "NextMarker": next}, nil
}

// codeMembers are the members of a request that say where the code is.
func codeMembers(in wire.Object) map[string]any {
	code := shape.Pick(in, "S3Bucket", "S3Key", "S3ObjectVersion", "ImageUri")
	if in.Has("ZipFile") {
		code[zipBytes] = in["ZipFile"]
	}
	return code
}

// settings are the members of a request that are properties of a function.
func settings(in wire.Object) map[string]any {
	out := wire.AsObject(shape.Plain(shape.Pick(in, "Role", "Handler", "Description", "Timeout", "MemorySize", "VpcConfig", "Environment",
		"Runtime", "DeadLetterConfig", "TracingConfig", "Layers", "FileSystemConfigs", "ImageConfig", "EphemeralStorage", "SnapStart",
		"LoggingConfig", "PackageType", "Architectures")))
	if in.Has("KMSKeyArn") {
		out["KmsKeyArn"] = in["KMSKeyArn"]
	}
	return out
}

func createFunction(c *core.Call) (any, error) {
	properties := settings(c.In)
	properties["FunctionName"], _ = split(c.In.String("FunctionName"))
	properties["Code"] = codeMembers(c.In.Object("Code"))
	r, err := c.Create(Type, properties, c.In.StringMap("Tags"))
	if core.Code(err) == "AlreadyExists" {
		return nil, conflict("Function already exist: %s", wire.Text(properties["FunctionName"]))
	}
	if err != nil {
		return nil, err
	}
	if c.In.Bool("Publish") {
		v, err := c.Create(VersionType, map[string]any{"FunctionName": r.ID}, nil)
		if err != nil {
			return nil, err
		}
		return wire.JSONBody(201, v.Private["Configuration"]), nil
	}
	return wire.JSONBody(201, configuration(r)), nil
}

func conflict(format string, args ...any) error {
	e := wire.Errorf(409, "ResourceConflictException", format, args...)
	e.Members = wire.Object{"Type": "User"}
	return e
}

func deleteFunction(c *core.Call) (any, error) {
	f, qualifier, err := function(c)
	if err != nil {
		return nil, err
	}
	if qualifier != "" {
		if err := c.Delete(VersionType, functionARN(f.Scope, f.ID)+":"+qualifier); err != nil && core.Code(err) != "NotFound" {
			return nil, err
		}
		return &wire.Raw{Status: 204}, nil
	}
	if err := c.Delete(Type, f.ID); err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, nil
}

func updateFunctionConfiguration(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(c, f); err != nil {
		return nil, err
	}
	r, err := c.Update(Type, f.ID, settings(c.In))
	if err != nil {
		return nil, err
	}
	return configuration(r), nil
}

func checkRevision(c *core.Call, r store.Resource) error {
	if want := c.In.String("RevisionId"); want != "" && want != wire.Text(r.Private["RevisionId"]) {
		e := wire.Errorf(412, "PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
		e.Members = wire.Object{"Type": "User"}
		return e
	}
	return nil
}

// updateFunctionCode reads the code anew even when it comes from the same place.
func updateFunctionCode(c *core.Call) (any, error) {
	f, _, err := function(c)
	if err != nil {
		return nil, err
	}
	if err := checkRevision(c, f); err != nil {
		return nil, err
	}
	f.Properties["Code"] = codeMembers(c.In)
	if c.In.Has("Architectures") {
		f.Properties["Architectures"] = c.In["Architectures"]
	}
	if err := loadCode(c.World, &f); err != nil {
		return nil, err
	}
	if c.In.Bool("DryRun") {
		return configuration(f), nil
	}
	touch(c.World, &f)
	written, won := c.World.Store.Replace(f)
	if !won {
		return nil, conflict("The operation cannot be performed at this time. An update is in progress for resource: %s", functionARN(f.Scope, f.ID))
	}
	if c.In.Bool("Publish") {
		return publishVersion(c)
	}
	return configuration(written), nil
}

// tagged finds the resource of a tag operation: a function or an event source mapping.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("Resource")
	if parsed, ok := shape.ParseARN(arn); ok && shape.Last(parsed.Resource, ":") != parsed.Resource {
		if r, ok := c.Get(MappingType, shape.Last(arn, ":")); ok {
			return r, nil
		}
	}
	name, _ := split(arn)
	r, ok := c.Get(Type, name)
	if !ok {
		return r, notFound("Function not found: %s", arn)
	}
	return r, nil
}
