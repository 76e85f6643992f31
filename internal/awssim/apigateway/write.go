package apigateway

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func updateRestAPI(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, op := range c.In.Objects("patchOperations") {
		path := strings.TrimPrefix(op.String("path"), "/")
		err := patchScalar(patch, path, op, map[string]string{"name": "", "description": "", "disableExecuteApiEndpoint": "bool",
			"minimumCompressionSize": "number", "policy": "", "apiKeySource": ""})
		if err != nil {
			return nil, err
		}
	}
	if text, ok := patch["Policy"].(string); ok {
		if doc, ok := shape.ParseDocument(text); ok {
			patch["Policy"] = doc
		}
	}
	if v, ok := patch["ApiKeySource"]; ok {
		patch["ApiKeySourceType"] = v
		delete(patch, "ApiKeySource")
	}
	r, err = c.Update(Type, r.ID, patch)
	if err != nil {
		return nil, err
	}
	return presentAPI(r), nil
}

func putMethod(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "authorizationType", "authorizerId", "apiKeyRequired", "operationName", "requestModels",
		"requestParameters", "requestValidatorId", "authorizationScopes"), "requestModels", "requestParameters"))
	given["RestApiId"], given["ResourceId"], given["HttpMethod"] = r.ID, c.In.String("resource_id"), c.In.String("http_method")
	m, err := c.Create(MethodType, given, nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(409, "ConflictException", "Method already exists for this resource")
	}
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, presentMethod(m)), nil
}

func updateMethod(c *core.Call) (any, error) {
	m, err := method(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, op := range c.In.Objects("patchOperations") {
		err := patchScalar(patch, strings.TrimPrefix(op.String("path"), "/"), op, map[string]string{"authorizationType": "", "apiKeyRequired": "bool",
			"authorizerId": "", "operationName": "", "requestValidatorId": ""})
		if err != nil {
			return nil, err
		}
	}
	m, err = c.Update(MethodType, m.ID, patch)
	if err != nil {
		return nil, err
	}
	return presentMethod(m), nil
}

func deleteMethod(c *core.Call) (any, error) {
	m, err := method(c)
	if err != nil {
		return nil, err
	}
	return &wire.Raw{Status: 204}, c.Delete(MethodType, m.ID)
}

// putIntegration replaces the integration of a method.
func putIntegration(c *core.Call) (any, error) {
	m, err := method(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "type", "uri", "credentials", "connectionType", "connectionId", "requestParameters",
		"requestTemplates", "passthroughBehavior", "cacheNamespace", "cacheKeyParameters", "contentHandling", "timeoutInMillis"),
		"requestParameters", "requestTemplates"))
	if v := c.In.String("httpMethod"); v != "" {
		given["IntegrationHttpMethod"] = v
	}
	m, err = c.Update(MethodType, m.ID, map[string]any{"Integration": map[string]any(given)})
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, presentIntegration(wire.Object(m.Properties))), nil
}

func updateIntegration(c *core.Call) (any, error) {
	m, err := method(c)
	if err != nil {
		return nil, err
	}
	integration := wire.AsObject(store.Clone(m.Properties["Integration"]))
	if integration == nil {
		return nil, notFound("No integration defined for method")
	}
	patch := map[string]any{}
	for _, op := range c.In.Objects("patchOperations") {
		err := patchScalar(patch, strings.TrimPrefix(op.String("path"), "/"), op, map[string]string{"uri": "", "httpMethod": "", "credentials": "",
			"timeoutInMillis": "number", "passthroughBehavior": "", "connectionType": "", "connectionId": "", "contentHandling": "", "cacheNamespace": ""})
		if err != nil {
			return nil, err
		}
	}
	for name, v := range patch {
		if name == "HttpMethod" {
			name = "IntegrationHttpMethod"
		}
		integration[name] = v
		if v == nil {
			delete(integration, name)
		}
	}
	m, err = c.Update(MethodType, m.ID, map[string]any{"Integration": map[string]any(integration)})
	if err != nil {
		return nil, err
	}
	return presentIntegration(wire.Object(m.Properties)), nil
}

func createDeployment(c *core.Call) (any, error) {
	r, err := api(c)
	if err != nil {
		return nil, err
	}
	given := wire.AsObject(shape.Upper(shape.Pick(c.In, "description", "stageName")))
	given["RestApiId"] = r.ID
	d, err := c.Create(DeploymentType, given, nil)
	if err != nil {
		return nil, err
	}
	return wire.JSONBody(201, presentDeployment(d)), nil
}
