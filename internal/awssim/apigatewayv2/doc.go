// Package apigatewayv2 simulates HTTP and WebSocket APIs of API Gateway: APIs, routes, integrations, stages, authorizers,
// deployments, domain names with their mappings, and VPC links. It owns those AWS::ApiGatewayV2 types. It serves no request
// and imports no document: an API with a Body has the routes that the API's own calls give it.
package apigatewayv2

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type            = "AWS::ApiGatewayV2::Api"
	RouteType       = "AWS::ApiGatewayV2::Route"
	IntegrationType = "AWS::ApiGatewayV2::Integration"
	StageType       = "AWS::ApiGatewayV2::Stage"
	AuthorizerType  = "AWS::ApiGatewayV2::Authorizer"
	DeploymentType  = "AWS::ApiGatewayV2::Deployment"
	DomainType      = "AWS::ApiGatewayV2::DomainName"
	MappingType     = "AWS::ApiGatewayV2::ApiMapping"
	LinkType        = "AWS::ApiGatewayV2::VpcLink"
)

// family is one type with its operations: Get, Gets, Create, Update and Delete.
type family struct {
	entity core.Entity
	name   string // in the names of operations
	path   string // of the collection
	label  string // of one element in the path
}

func families() []family {
	return []family{
		{apiEntity(), "Api", "/v2/apis", "apiId"},
		{part(RouteType, "routeId", routeNames()), "Route", "/v2/apis/{apiId}/routes", "routeId"},
		{part(IntegrationType, "integrationId", integrationNames()), "Integration", "/v2/apis/{apiId}/integrations", "integrationId"},
		{stageEntity(), "Stage", "/v2/apis/{apiId}/stages", "stageName"},
		{part(AuthorizerType, "authorizerId", authorizerNames()), "Authorizer", "/v2/apis/{apiId}/authorizers", "authorizerId"},
		{deploymentEntity(), "Deployment", "/v2/apis/{apiId}/deployments", "deploymentId"},
		{domainEntity(), "DomainName", "/v2/domainnames", "domainName"},
		{mappingEntity(), "ApiMapping", "/v2/domainnames/{domainName}/apimappings", "apiMappingId"},
		{linkEntity(), "VpcLink", "/v2/vpclinks", "vpcLinkId"},
	}
}

// Service returns the second API of API Gateway, which shares its signing name with the first.
func Service() core.Service {
	tags := core.Tagging{Find: tagged, Tags: "tags", Keys: "tagKeys", Status: 201, Show: func(_ *core.Call, tags map[string]string) (any, error) {
		return core.Out{"tags": tags}, nil
	}}
	s := core.Service{
		Name: "apigatewayv2", SignedAs: "apigateway", Path: "/v2/", Prefix: "apigateway", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{"GetTags": tags.List, "TagResource": tags.Add, "UntagResource": tags.Remove},
		Actions:    map[string]string{"GetTags": "apigateway:GET", "TagResource": "apigateway:POST", "UntagResource": "apigateway:DELETE"},
		Routes: []wire.Route{
			{Operation: "GetTags", Method: "GET", Path: "/v2/tags/{resource-arn}"},
			{Operation: "TagResource", Method: "POST", Path: "/v2/tags/{resource-arn}"},
			{Operation: "UntagResource", Method: "DELETE", Path: "/v2/tags/{resource-arn}"},
		},
		Kinds: kinds(),
	}
	for _, f := range families() {
		f.entity.Status = 201
		one := f.path + "/{" + f.label + "}"
		maps.Copy(s.Operations, map[string]core.Handler{
			"Get" + f.name: f.entity.Get, "Get" + f.name + "s": f.entity.List("items", core.Page{Size: 25, Token: "nextToken", Max: "maxResults"}),
			"Create" + f.name: f.entity.Create, "Update" + f.name: f.entity.Update, "Delete" + f.name: f.entity.Delete(204),
		})
		for _, r := range []wire.Route{
			{Operation: "Get" + f.name, Method: "GET", Path: one}, {Operation: "Get" + f.name + "s", Method: "GET", Path: f.path},
			{Operation: "Create" + f.name, Method: "POST", Path: f.path}, {Operation: "Update" + f.name, Method: "PATCH", Path: one},
			{Operation: "Delete" + f.name, Method: "DELETE", Path: one},
		} {
			s.Routes = append(s.Routes, r)
			s.Actions[r.Operation] = "apigateway:" + r.Method
		}
	}
	return s
}

// tagged finds the resource of a tag operation by the path in its ARN.
func tagged(c *core.Call) (store.Resource, error) {
	arn := c.In.String("resource-arn")
	for _, typ := range []string{Type, StageType, DomainType, LinkType} {
		for _, r := range c.List(typ) {
			if arnOf(r) == arn {
				return r, nil
			}
		}
	}
	return store.Resource{}, notFound("Invalid resource identifier specified")
}
