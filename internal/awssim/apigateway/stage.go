package apigateway

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// methodSettings are the settings of a stage's methods: CloudFormation name, path in a patch, how the text is read.
func methodSettings() [][3]string {
	return [][3]string{
		{"MetricsEnabled", "metrics/enabled", "bool"}, {"LoggingLevel", "logging/loglevel", ""}, {"DataTraceEnabled", "logging/dataTrace", "bool"},
		{"ThrottlingBurstLimit", "throttling/burstLimit", "number"}, {"ThrottlingRateLimit", "throttling/rateLimit", "number"},
		{"CachingEnabled", "caching/enabled", "bool"}, {"CacheTtlInSeconds", "caching/ttlInSeconds", "number"},
		{"CacheDataEncrypted", "caching/dataEncrypted", "bool"},
	}
}

func stage(c *core.Call) (store.Resource, error) {
	if _, err := api(c); err != nil {
		return store.Resource{}, err
	}
	r, ok := c.Get(StageType, c.In.String("restapi_id")+"|"+c.In.String("stage_name"))
	if !ok {
		return r, notFound("Invalid stage identifier specified")
	}
	return r, nil
}

func presentStage(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "StageName", "DeploymentId", "Description", "CacheClusterEnabled", "CacheClusterSize",
		"TracingEnabled", "Variables", "ClientCertificateId", "DocumentationVersion"), "Variables")))
	out["createdDate"], out["lastUpdatedDate"], out["cacheClusterStatus"] = r.Created, r.Updated, "NOT_AVAILABLE"
	if p.Bool("CacheClusterEnabled") {
		out["cacheClusterStatus"] = "AVAILABLE"
	}
	if log := p.Object("AccessLogSetting"); log != nil {
		out["accessLogSettings"] = shape.Lower(log)
	}
	if canary := p.Object("CanarySetting"); canary != nil {
		out["canarySettings"] = shape.Lower(canary, "StageVariableOverrides")
	}
	settings := core.Out{}
	for _, s := range p.Objects("MethodSettings") {
		one := core.Out{"metricsEnabled": false, "dataTraceEnabled": false, "throttlingBurstLimit": 5000, "throttlingRateLimit": 10000.0, "cachingEnabled": false,
			"cacheTtlInSeconds": 300, "cacheDataEncrypted": false, "requireAuthorizationForCacheControl": true,
			"unauthorizedCacheControlHeaderStrategy": "SUCCEED_WITH_RESPONSE_HEADER"}
		for name, v := range s {
			if name != "HttpMethod" && name != "ResourcePath" {
				one[strings.ToLower(name[:1])+name[1:]] = v
			}
		}
		settings[settingKey(s)] = one
	}
	out["methodSettings"] = settings
	if len(r.Tags) > 0 {
		out["tags"] = r.Tags
	}
	return out
}

// settingKey is the name of method settings in the API: resource path, its inner slashes as ~1, and method; "*/*" is all.
func settingKey(s wire.Object) string {
	path := strings.TrimPrefix(s.Or("ResourcePath", "/*"), "/")
	return strings.ReplaceAll(path, "/", "~1") + "/" + s.Or("HttpMethod", "*")
}

func getStages(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, s := range parts(c.Read(), r.Scope, StageType, r.ID) {
		if d := c.In.String("deploymentId"); d == "" || d == wire.Text(s.Properties["DeploymentId"]) {
			list = append(list, guarded(c, r.ID, s))
		}
	}
	return core.Out{"item": list}, nil
}

func getStage(c *core.Call) (any, error) {
	r, err := stage(c)
	if err != nil {
		return nil, err
	}
	return guarded(c, c.In.String("restapi_id"), r), nil
}

// guarded is a stage with the web ACL that WAF has put before it.
func guarded(c *core.Call, api string, s store.Resource) core.Out {
	out := presentStage(s)
	for _, a := range c.List("AWS::WAFv2::WebACLAssociation") {
		if wire.Text(a.Properties["ResourceArn"]) == "arn:aws:apigateway:"+c.Region+"::/restapis/"+api+"/stages/"+wire.Text(s.Properties["StageName"]) {
			out["webAclArn"] = a.Properties["WebACLArn"]
		}
	}
	return out
}

func deleteStage(c *core.Call) (any, error) {
	r, err := stage(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 202}, c.Delete(StageType, r.ID)
}

func updateStage(c *core.Call) (any, error) {
	r, err := stage(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, op := range c.In.Objects("patchOperations") {
		if err := patchStage(r, patch, op); err != nil {
			return nil, err
		}
	}
	r, err = c.Update(StageType, r.ID, patch)
	if err != nil {
		return nil, err
	}
	return presentStage(r), nil
}

// patchStage adds one patch operation to the patch of the properties.
func patchStage(r store.Resource, patch map[string]any, op wire.Object) error {
	path := strings.TrimPrefix(op.String("path"), "/")
	if name, ok := strings.CutPrefix(path, "variables/"); ok {
		variables := wire.AsObject(current(r, patch, "Variables"))
		if variables == nil {
			variables = wire.Object{}
		}
		variables[name] = op.String("value")
		if op.String("op") == "remove" {
			delete(variables, name)
		}
		patch["Variables"] = map[string]any(variables)
		return nil
	}
	for _, m := range methodSettings() {
		if prefix, ok := strings.CutSuffix(path, "/"+m[1]); ok {
			patch["MethodSettings"] = withSetting(current(r, patch, "MethodSettings"), prefix, m, op)
			return nil
		}
	}
	if field, ok := strings.CutPrefix(path, "accessLogSettings/"); ok {
		log := wire.AsObject(current(r, patch, "AccessLogSetting"))
		if log == nil {
			log = wire.Object{}
		}
		log[strings.ToUpper(field[:1])+field[1:]] = op.String("value")
		patch["AccessLogSetting"] = map[string]any(log)
		return nil
	}
	return patchScalar(patch, path, op, map[string]string{"deploymentId": "", "description": "", "tracingEnabled": "bool",
		"cacheClusterEnabled": "bool", "cacheClusterSize": "", "clientCertificateId": "", "documentationVersion": ""})
}

// current is a property as the operations before this one left it.
func current(r store.Resource, patch map[string]any, name string) any {
	if v, ok := patch[name]; ok {
		return v
	}
	return store.Clone(r.Properties[name])
}

func withSetting(v any, prefix string, m [3]string, op wire.Object) []any {
	list, _ := wire.Items(v)
	i := strings.LastIndex(prefix, "/")
	path := "/" + strings.TrimPrefix(strings.ReplaceAll(prefix[:max(i, 0)], "~1", "/"), "/")
	fresh := map[string]any{"ResourcePath": path, "HttpMethod": prefix[i+1:], m[0]: typed(op.String("value"), m[2])}
	for _, e := range list {
		if s := wire.AsObject(e); settingKey(s) == settingKey(fresh) {
			s[m[0]] = fresh[m[0]]
			return list
		}
	}
	return append(list, fresh)
}

func typed(text, how string) any {
	switch how {
	case "bool":
		return text == "true"
	case "number":
		return float64(shape.Int(text, 0))
	}
	return text
}

// patchScalar applies an operation on one of the fields, whose values say how the text is read.
func patchScalar(patch map[string]any, path string, op wire.Object, fields map[string]string) error {
	how, ok := fields[path]
	if !ok {
		return bad("Invalid patch path '%s' specified for op '%s'. Must be one of: %v", "/"+path, op.String("op"), wire.AsObject(fields).Keys())
	}
	name := strings.ToUpper(path[:1]) + path[1:]
	patch[name] = typed(op.String("value"), how)
	if op.String("op") == "remove" {
		patch[name] = nil
	}
	return nil
}
