package apigateway

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// page answers a list under "item", cut by position and limit.
func page(c *core.Call, list []any) (any, error) {
	part, next, err := core.Paginate(list, c.In.String("position"), min(c.In.Int("limit", 25), 500))
	if err != nil {
		return nil, bad("Invalid position parameter specified")
	}
	return core.Out{"item": part, "position": next}, nil
}

func api(c *core.Call) (store.Resource, error) {
	r, ok := c.Get(Type, c.In.String("restapi_id"))
	if !ok {
		return r, notFound("Invalid API identifier specified %s:%s", c.Account, c.In.String("restapi_id"))
	}
	return r, nil
}

func presentAPI(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out{"id": r.ID, "createdDate": r.Created, "apiKeySource": p["ApiKeySourceType"], "rootResourceId": r.Attributes["RootResourceId"],
		"endpointConfiguration":     shape.Lower(p["EndpointConfiguration"]),
		"disableExecuteApiEndpoint": p.Bool("DisableExecuteApiEndpoint")}
	for _, name := range []string{"Name", "Description", "BinaryMediaTypes", "MinimumCompressionSize"} {
		if p.Has(name) {
			out[strings.ToLower(name[:1])+name[1:]] = p[name]
		}
	}
	if p.Has("Policy") {
		out["policy"] = shape.Document(p["Policy"])
	}
	if len(r.Tags) > 0 {
		out["tags"] = r.Tags
	}
	return out
}

func getRestAPIs(c *core.Call) (any, error) {
	list := []any{}
	for _, r := range c.List(Type) {
		list = append(list, presentAPI(r))
	}
	return page(c, list)
}

func getRestAPI(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	return presentAPI(r), nil
}

func deleteRestAPI(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 202}, c.Delete(Type, r.ID)
}

// tree is the resources of an API by id, each with its path and its methods.
func tree(c *core.Call, api store.Resource) map[string]core.Out {
	out := resourcesOf(c.Read(), api)
	embed := slices.Contains(append(c.In.Strings("embed"), c.In.String("embed")), "methods")
	for _, m := range parts(c.Read(), api.Scope, MethodType, api.ID) {
		r := out[wire.Text(m.Properties["ResourceId"])]
		if r == nil {
			continue
		}
		methods := r.Object("resourceMethods")
		if methods == nil {
			methods = core.Out{}
			r["resourceMethods"] = methods
		}
		methods[wire.Text(m.Properties["HttpMethod"])] = core.Out{}
		if embed {
			methods[wire.Text(m.Properties["HttpMethod"])] = presentMethod(m)
		}
	}
	return out
}

func getResources(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	all := tree(c, r)
	list := []any{}
	for _, one := range all {
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b any) int {
		return strings.Compare(wire.AsObject(a).String("path"), wire.AsObject(b).String("path"))
	})
	return page(c, list)
}

func getResource(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	one, ok := tree(c, r)[c.In.String("resource_id")]
	if !ok {
		return nil, notFound("Invalid Resource identifier specified")
	}
	return one, nil
}

func method(c *core.Call) (store.Resource, error) {
	if _, err := api(c); err != nil {
		return store.Resource{}, err
	}
	id := c.In.String("restapi_id") + "|" + c.In.String("resource_id") + "|" + c.In.String("http_method")
	r, ok := c.Get(MethodType, id)
	if !ok {
		return r, notFound("Invalid Method identifier specified")
	}
	return r, nil
}

func presentMethod(r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(r.Properties, "HttpMethod", "AuthorizationType", "AuthorizerId", "AuthorizationScopes",
		"ApiKeyRequired", "OperationName", "RequestModels", "RequestParameters", "RequestValidatorId"), "RequestModels", "RequestParameters")))
	responses := core.Out{}
	for _, resp := range p.Objects("MethodResponses") {
		responses[resp.String("StatusCode")] = shape.Lower(resp, "ResponseModels", "ResponseParameters")
	}
	if len(responses) > 0 {
		out["methodResponses"] = responses
	}
	if i := presentIntegration(p); i != nil {
		out["methodIntegration"] = i
	}
	return out
}

func presentIntegration(method wire.Object) core.Out {
	p := method.Object("Integration")
	if p == nil {
		return nil
	}
	out := core.Out(wire.AsObject(shape.Lower(shape.Pick(p, "Type", "Uri", "Credentials", "ConnectionType", "ConnectionId", "ContentHandling",
		"RequestParameters", "RequestTemplates", "CacheKeyParameters"), "RequestParameters", "RequestTemplates")))
	out["httpMethod"] = p["IntegrationHttpMethod"]
	out["passthroughBehavior"], out["timeoutInMillis"] = p.Or("PassthroughBehavior", "WHEN_NO_MATCH"), p.Int("TimeoutInMillis", 29000)
	out["cacheNamespace"] = p.Or("CacheNamespace", method.String("ResourceId"))
	if out["cacheKeyParameters"] == nil {
		out["cacheKeyParameters"] = []any{}
	}
	responses := core.Out{}
	for _, resp := range p.Objects("IntegrationResponses") {
		responses[resp.String("StatusCode")] = shape.Lower(resp, "ResponseParameters", "ResponseTemplates")
	}
	if len(responses) > 0 {
		out["integrationResponses"] = responses
	}
	return out
}

func getMethod(c *core.Call) (any, error) {
	r, err := method(c)
	if err != nil {
		return nil, err
	}
	return presentMethod(r), nil
}

func getIntegration(c *core.Call) (any, error) {
	r, err := method(c)
	if err != nil {
		return nil, err
	}
	out := presentIntegration(wire.Object(r.Properties))
	if out == nil {
		return nil, notFound("No integration defined for method")
	}
	return out, nil
}

func presentDeployment(r store.Resource) core.Out {
	return core.Out{"id": r.Attributes["DeploymentId"], "description": r.Properties["Description"], "createdDate": r.Created}
}

func getDeployments(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, d := range parts(c.Read(), r.Scope, DeploymentType, r.ID) {
		list = append(list, presentDeployment(d))
	}
	return page(c, list)
}

func getDeployment(c *core.Call) (any, error) {
	if _, err := api(c); err != nil {
		return nil, err
	}
	d, ok := c.Get(DeploymentType, c.In.String("deployment_id")+"|"+c.In.String("restapi_id"))
	if !ok {
		return nil, notFound("Invalid Deployment identifier specified")
	}
	out := presentDeployment(d)
	if c.In.String("embed") == "apisummary" {
		out["apiSummary"] = d.Private["Summary"]
	}
	return out, nil
}

func getTags(c *core.Call) (any, error) {
	arn, _ := shape.ParseARN(c.In.String("resource_arn"))
	segments := strings.Split(strings.Trim(arn.Resource, "/"), "/")
	if len(segments) == 2 {
		if r, ok := c.Get(Type, segments[1]); ok {
			return core.Out{"tags": r.Tags}, nil
		}
	}
	if len(segments) == 4 {
		if r, ok := c.Get(StageType, segments[1]+"|"+segments[3]); ok {
			return core.Out{"tags": r.Tags}, nil
		}
	}
	return nil, notFound("Invalid resource identifier specified")
}
