package lambda

import (
	"maps"
	"regexp"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// deployFunction checks a function, reads its code when that changed, and gives it a new revision.
func deployFunction(c *core.Change) error {
	r := c.Resource
	p := wire.Object(r.Properties)
	if !regexp.MustCompile(`^arn:aws[a-zA-Z-]*:iam::\d{12}:role/.+`).MatchString(p.String("Role")) {
		return wire.Errorf(400, "ValidationException", "1 validation error detected: Value '%s' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+", p.String("Role"))
	}
	if p.String("PackageType") != "Image" && (p.String("Runtime") == "" || p.String("Handler") == "") {
		return invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	for name := range p.Object("Environment").Object("Variables") {
		if strings.HasPrefix(name, "AWS_LAMBDA_") || name == "AWS_REGION" || name == "AWS_DEFAULT_REGION" {
			return invalid("Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", name)
		}
	}
	if err := checkReserved(c); err != nil {
		return err
	}
	if c.Before == nil || shape.Document(c.Before.Properties["Code"]) != shape.Document(r.Properties["Code"]) {
		if err := loadCode(c.World, r); err != nil {
			return err
		}
	}
	touch(c.World, r)
	return nil
}

// touch gives a function a new revision.
func touch(w *core.World, r *store.Resource) {
	r.Private["RevisionId"] = w.IDs.UUID("revision", r.Account, r.Region, r.Type, r.ID)
	r.Private["LastModified"] = w.Clock.Now().UTC().Format("2006-01-02T15:04:05.000+0000")
}

// checkReserved keeps a hundred of the thousand concurrent executions of the account unreserved.
func checkReserved(c *core.Change) error {
	if c.Resource.Properties["ReservedConcurrentExecutions"] == nil {
		return nil
	}
	total := shape.Int(c.Resource.Properties["ReservedConcurrentExecutions"], 0)
	for _, other := range c.World.Store.List(c.Resource.Scope, Type) {
		if other.ID != c.Resource.ID {
			total += shape.Int(other.Properties["ReservedConcurrentExecutions"], 0)
		}
	}
	if total > accountLimit-100 {
		return invalid("Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].")
	}
	return nil
}

// accountLimit is the number of concurrent executions of an account in a Region unless AWS raised it.
const accountLimit = 1000

// dropFunction removes what belongs to a function.
func dropFunction(c *core.Change) error {
	name := c.Resource.ID
	for _, typ := range []string{VersionType, AliasType, PermissionType} {
		for _, r := range c.World.Store.List(c.Resource.Scope, typ) {
			if bare, _ := split(wire.Text(r.Properties["FunctionName"])); bare == name {
				c.World.Store.Delete(r.Scope, typ, r.ID)
			}
		}
	}
	return nil
}

// split reads a function name, a partial or a full ARN, each with or without a qualifier.
func split(s string) (name, qualifier string) {
	if arn, ok := shape.ParseARN(s); ok {
		s = arn.Resource
	} else if i := strings.Index(s, ":function:"); i > 0 {
		s = s[i+1:]
	}
	s = strings.TrimPrefix(s, "function:")
	name, qualifier, _ = strings.Cut(s, ":")
	return name, qualifier
}

func functionARN(scope store.Scope, name string) string {
	return "arn:aws:lambda:" + scope.Region + ":" + scope.Account + ":function:" + name
}

func notFound(format string, args ...any) error {
	e := wire.Errorf(404, "ResourceNotFoundException", format, args...)
	e.Members = wire.Object{"Type": "User"}
	return e
}

// function finds the function of the request and the qualifier it names.
func function(c *core.Call) (store.Resource, string, error) {
	name, qualifier := split(c.In.String("FunctionName"))
	if q := c.In.String("Qualifier"); q != "" {
		qualifier = q
	}
	r, ok := c.Get(Type, name)
	if arn, isARN := shape.ParseARN(c.In.String("FunctionName")); isARN && (arn.Region != c.Region || arn.Account != c.Account) {
		ok = false
	}
	if !ok {
		full := functionARN(c.Scope, name)
		if qualifier != "" {
			full += ":" + qualifier
		}
		return r, qualifier, notFound("Function not found: %s", full)
	}
	return r, qualifier, nil
}

// configuration is the configuration of the unpublished function as GetFunctionConfiguration returns it.
func configuration(r store.Resource) map[string]any {
	p := wire.Object(r.Properties)
	out := shape.Pick(r.Properties, "FunctionName", "Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "DeadLetterConfig",
		"Environment", "TracingConfig", "PackageType", "Architectures", "EphemeralStorage", "FileSystemConfigs")
	maps.Copy(out, map[string]any{
		"FunctionArn": r.Attributes["Arn"], "Version": "$LATEST", "CodeSha256": r.Private["CodeSha256"], "CodeSize": r.Private["CodeSize"],
		"LastModified": r.Private["LastModified"], "RevisionId": r.Private["RevisionId"], "State": "Active", "LastUpdateStatus": "Successful",
		"SnapStart":     map[string]any{"ApplyOn": p.Object("SnapStart").Or("ApplyOn", "None"), "OptimizationStatus": "Off"},
		"LoggingConfig": logging(r),
	})
	for _, name := range []string{"State", "StateReason", "StateReasonCode", "LastUpdateStatus", "LastUpdateStatusReason", "LastUpdateStatusReasonCode"} {
		if v := r.Private[name]; v != nil {
			out[name] = v
		}
	}
	if p.Has("KmsKeyArn") {
		out["KMSKeyArn"] = p["KmsKeyArn"]
	}
	if p.Has("ImageConfig") {
		out["ImageConfigResponse"] = map[string]any{"ImageConfig": p["ImageConfig"]}
	}
	if vpc := p.Object("VpcConfig"); vpc != nil {
		v := shape.Pick(vpc, "SubnetIds", "SecurityGroupIds", "Ipv6AllowedForDualStack")
		if len(vpc.List("SubnetIds")) > 0 {
			v["VpcId"] = "vpc-simulated"
		}
		out["VpcConfig"] = v
	}
	if layers := p.Strings("Layers"); len(layers) > 0 {
		list := []any{}
		for _, arn := range layers {
			list = append(list, map[string]any{"Arn": arn, "CodeSize": 0.0})
		}
		out["Layers"] = list
	}
	if runtime := p.String("Runtime"); runtime != "" {
		out["RuntimeVersionConfig"] = map[string]any{"RuntimeVersionArn": "arn:aws:lambda:" + r.Region + "::runtime:" + runtime}
	}
	return out
}

func logging(r store.Resource) map[string]any {
	given := wire.Object(r.Properties).Object("LoggingConfig")
	out := shape.Pick(given, "ApplicationLogLevel", "SystemLogLevel")
	out["LogFormat"] = given.Or("LogFormat", "Text")
	out["LogGroup"] = given.Or("LogGroup", "/aws/lambda/"+r.ID)
	return out
}

// qualified is the configuration that a qualifier stands for.
func qualified(c *core.Call, f store.Resource, qualifier string) (map[string]any, error) {
	if qualifier == "" || qualifier == "$LATEST" {
		out := configuration(f)
		if qualifier != "" {
			out["FunctionArn"] = functionARN(f.Scope, f.ID) + ":$LATEST"
		}
		return out, nil
	}
	if alias, ok := c.Get(AliasType, functionARN(f.Scope, f.ID)+":"+qualifier); ok {
		out, err := qualified(c, f, wire.Text(alias.Properties["FunctionVersion"]))
		if err != nil {
			return nil, err
		}
		out["FunctionArn"] = alias.ID
		return out, nil
	}
	v, ok := c.Get(VersionType, functionARN(f.Scope, f.ID)+":"+qualifier)
	if !ok {
		return nil, notFound("Function not found: %s:%s", functionARN(f.Scope, f.ID), qualifier)
	}
	return wire.AsObject(v.Private["Configuration"]), nil
}
