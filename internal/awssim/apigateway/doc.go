// Package apigateway simulates REST APIs of API Gateway: resources, methods with their integrations, deployments and stages,
// and what stands beside them: authorizers, models, domain names, keys and plans. It owns those AWS::ApiGateway types. It imports no OpenAPI document (an API with a Body has no methods to read, and exports its paths as they were given) and serves
// no request. HTTP and WebSocket APIs are another service.
package apigateway

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of the package.
const (
	Type           = "AWS::ApiGateway::RestApi"
	ResourceType   = "AWS::ApiGateway::Resource"
	MethodType     = "AWS::ApiGateway::Method"
	DeploymentType = "AWS::ApiGateway::Deployment"
	StageType      = "AWS::ApiGateway::Stage"
)

// Service returns API Gateway.
func Service() core.Service {
	const api, resource = "/restapis/{restapi_id}", "/restapis/{restapi_id}/resources/{resource_id}"
	const method, stage = resource + "/methods/{http_method}", api + "/stages/{stage_name}"
	s := core.Service{
		Name: "apigateway", Rest: wire.RestJSON,
		Operations: map[string]core.Handler{
			"GetRestApis": getRestAPIs, "GetRestApi": getRestAPI, "UpdateRestApi": updateRestAPI, "DeleteRestApi": deleteRestAPI,
			"GetResources": getResources, "GetResource": getResource, "GetMethod": getMethod, "PutMethod": putMethod, "UpdateMethod": updateMethod,
			"DeleteMethod": deleteMethod, "GetIntegration": getIntegration, "PutIntegration": putIntegration, "UpdateIntegration": updateIntegration,
			"GetDeployments": getDeployments, "GetDeployment": getDeployment, "CreateDeployment": createDeployment,
			"GetStages": getStages, "GetStage": getStage, "UpdateStage": updateStage, "DeleteStage": deleteStage, "GetTags": getTags, "GetExport": getExport,
		},
		Actions: actions(),
		Routes: []wire.Route{
			{Operation: "GetRestApis", Method: "GET", Path: "/restapis"},
			{Operation: "GetRestApi", Method: "GET", Path: api},
			{Operation: "UpdateRestApi", Method: "PATCH", Path: api},
			{Operation: "DeleteRestApi", Method: "DELETE", Path: api},
			{Operation: "GetResources", Method: "GET", Path: api + "/resources"},
			{Operation: "GetResource", Method: "GET", Path: resource},
			{Operation: "GetMethod", Method: "GET", Path: method},
			{Operation: "PutMethod", Method: "PUT", Path: method},
			{Operation: "UpdateMethod", Method: "PATCH", Path: method},
			{Operation: "DeleteMethod", Method: "DELETE", Path: method},
			{Operation: "GetIntegration", Method: "GET", Path: method + "/integration"},
			{Operation: "PutIntegration", Method: "PUT", Path: method + "/integration"},
			{Operation: "UpdateIntegration", Method: "PATCH", Path: method + "/integration"},
			{Operation: "GetDeployments", Method: "GET", Path: api + "/deployments"},
			{Operation: "CreateDeployment", Method: "POST", Path: api + "/deployments"},
			{Operation: "GetDeployment", Method: "GET", Path: api + "/deployments/{deployment_id}"},
			{Operation: "GetStages", Method: "GET", Path: api + "/stages"},
			{Operation: "GetStage", Method: "GET", Path: stage},
			{Operation: "UpdateStage", Method: "PATCH", Path: stage},
			{Operation: "DeleteStage", Method: "DELETE", Path: stage},
			{Operation: "GetExport", Method: "GET", Path: stage + "/exports/{export_type}"},
			{Operation: "GetTags", Method: "GET", Path: "/tags/{resource_arn+}"},
		},
		Kinds: kinds(),
	}
	addBesides(&s)
	return s
}

// actions: API Gateway names its IAM actions after the methods of HTTP.
func actions() map[string]string {
	out := map[string]string{"CreateDeployment": "apigateway:POST", "PutMethod": "apigateway:PUT", "PutIntegration": "apigateway:PUT"}
	for verb, names := range map[string][]string{
		"GET": {"GetRestApis", "GetRestApi", "GetResources", "GetResource", "GetMethod", "GetIntegration", "GetDeployments", "GetDeployment",
			"GetStages", "GetStage", "GetTags", "GetExport"},
		"PATCH":  {"UpdateRestApi", "UpdateMethod", "UpdateIntegration", "UpdateStage"},
		"DELETE": {"DeleteRestApi", "DeleteMethod", "DeleteStage"},
	} {
		for _, name := range names {
			out[name] = "apigateway:" + verb
		}
	}
	return out
}

func kinds() []core.Kind {
	return []core.Kind{
		{
			Type: Type, Identifier: []string{"RestApiId"}, Ref: "{RestApiId}", Invalid: "BadRequestException",
			WriteOnly: []string{"Body", "BodyS3Location", "CloneFrom", "FailOnWarnings", "Mode", "Parameters"},
			Defaults:  map[string]any{"ApiKeySourceType": "HEADER", "DisableExecuteApiEndpoint": false, "EndpointConfiguration": map[string]any{"Types": []any{"EDGE"}}},
			Schema:    core.Schema{Booleans: []string{"DisableExecuteApiEndpoint", "FailOnWarnings"}, Numbers: []string{"MinimumCompressionSize"}},
			Create:    checkAPI, Update: checkAPI, Delete: dropAPI,
		},
		{
			Type: ResourceType, Identifier: []string{"RestApiId", "ResourceId"}, Ref: "{ResourceId}", Invalid: "BadRequestException",
			Replace: []string{"RestApiId", "ParentId", "PathPart"},
			Schema:  core.Schema{Required: []string{"ParentId", "PathPart", "RestApiId"}},
			Create:  checkResource,
		},
		{
			Type: MethodType, Identifier: []string{"RestApiId", "ResourceId", "HttpMethod"}, Invalid: "BadRequestException",
			Replace:  []string{"RestApiId", "ResourceId", "HttpMethod"},
			Defaults: map[string]any{"ApiKeyRequired": false, "AuthorizationType": "NONE"},
			Schema: core.Schema{Required: []string{"HttpMethod", "ResourceId", "RestApiId"}, Booleans: []string{"ApiKeyRequired"},
				Numbers: []string{"Integration.TimeoutInMillis"},
				Allowed: map[string][]string{"AuthorizationType": {"NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS"},
					"Integration.Type": {"AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"}}},
			Create: checkMethod, Update: checkMethod,
		},
		{
			Type: DeploymentType, Identifier: []string{"DeploymentId", "RestApiId"}, Ref: "{DeploymentId}",
			Replace: []string{"RestApiId", "DeploymentCanarySettings"}, WriteOnly: []string{"StageName", "StageDescription"},
			Schema: core.Schema{Required: []string{"RestApiId"}},
			Create: deploy, Delete: unstaged,
		},
		{
			Type: StageType, Identifier: []string{"RestApiId", "StageName"}, Ref: "{StageName}", Invalid: "BadRequestException",
			Replace:  []string{"RestApiId", "StageName"},
			Defaults: map[string]any{"CacheClusterEnabled": false, "TracingEnabled": false},
			Schema: core.Schema{Required: []string{"RestApiId"}, Booleans: []string{"CacheClusterEnabled", "TracingEnabled",
				"MethodSettings.MetricsEnabled", "MethodSettings.DataTraceEnabled", "MethodSettings.CachingEnabled", "MethodSettings.CacheDataEncrypted"},
				Numbers: []string{"MethodSettings.ThrottlingBurstLimit", "MethodSettings.ThrottlingRateLimit", "MethodSettings.CacheTtlInSeconds"}},
			Create: checkStage, Update: checkStage,
		},
	}
}
