package apigateway

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// definition is what a deployment makes public, as paths of an OpenAPI document: those of the API's Body as they were given,
// and over them the methods that are resources.
func definition(v store.View, api store.Resource) map[string]any {
	paths := map[string]any{}
	for path, item := range wire.Object(api.Properties).Object("Body").Object("paths") {
		paths[path] = store.Clone(item)
	}
	resources := resourcesOf(v, api)
	for _, m := range parts(v, api.Scope, MethodType, api.ID) {
		p := wire.Object(m.Properties)
		path := wire.Object(resources[p.String("ResourceId")]).String("path")
		verbs := wire.AsObject(paths[path])
		if verbs == nil {
			verbs = wire.Object{}
		}
		responses := map[string]any{}
		for _, r := range p.Objects("MethodResponses") {
			responses[r.String("StatusCode")] = map[string]any{"description": r.String("StatusCode") + " response"}
		}
		operation := map[string]any{"responses": responses, "x-amazon-apigateway-auth": map[string]any{"type": p.String("AuthorizationType")}}
		if i := presentIntegration(p); i != nil {
			operation["x-amazon-apigateway-integration"] = map[string]any(i)
		}
		verbs[verbOf(p.String("HttpMethod"))] = operation
		paths[path] = map[string]any(verbs)
	}
	return paths
}

// verbOf is a method's name in a document.
func verbOf(method string) string {
	if method == "ANY" {
		return "x-amazon-apigateway-any-method"
	}
	return strings.ToLower(method)
}

// getExport answers with the document of what the stage's deployment made public. Only OpenAPI 3 as JSON is simulated, and
// always with the extensions for integrations.
func getExport(c *core.Call) (any, error) {
	s, err := stage(c)
	if err != nil {
		return nil, err
	}
	if c.In.String("export_type") != "oas30" {
		return nil, bad("Unsupported export type")
	}
	api, err := api(c)
	if err != nil {
		return nil, err
	}
	d, ok := c.Get(DeploymentType, wire.Text(s.Properties["DeploymentId"])+"|"+api.ID)
	if !ok {
		return nil, notFound("Invalid Deployment identifier specified")
	}
	return wire.JSONBody(200, core.Out{
		"openapi": "3.0.1", "info": core.Out{"title": api.Properties["Name"], "version": d.Created},
		"servers": []any{core.Out{"url": "https://" + api.ID + ".execute-api." + api.Region + ".amazonaws.com/{basePath}",
			"variables": core.Out{"basePath": core.Out{"default": s.Properties["StageName"]}}}},
		"paths": d.Private["Definition"], "components": core.Out{},
	}), nil
}
