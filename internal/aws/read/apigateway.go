package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/topology"
)

type apiGatewayAPI interface {
	GetRestApi(context.Context, *apigateway.GetRestApiInput, ...func(*apigateway.Options)) (*apigateway.GetRestApiOutput, error)
	GetResources(context.Context, *apigateway.GetResourcesInput, ...func(*apigateway.Options)) (*apigateway.GetResourcesOutput, error)
	GetStages(context.Context, *apigateway.GetStagesInput, ...func(*apigateway.Options)) (*apigateway.GetStagesOutput, error)
	GetDeployment(context.Context, *apigateway.GetDeploymentInput, ...func(*apigateway.Options)) (*apigateway.GetDeploymentOutput, error)
	GetExport(context.Context, *apigateway.GetExportInput, ...func(*apigateway.Options)) (*apigateway.GetExportOutput, error)
}

// API Gateway answers ten management calls a second for the whole account, so
// resources and methods of one API come from one call, and its stages from another.
func apiGatewayReader() reader {
	read := []string{"apigateway:GET"}
	return reader{
		specs: []Spec{
			{
				Type: "AWS::ApiGateway::RestApi",
				Properties: []string{"Name", "Description", "EndpointConfiguration", "Policy", "ApiKeySourceType", "BinaryMediaTypes",
					"MinimumCompressionSize", "DisableExecuteApiEndpoint", "Tags"},
				Actions:    read,
				Identities: []string{"RestApiId", "RootResourceId"},
			},
			{Type: "AWS::ApiGateway::Resource", Properties: []string{"RestApiId", "ParentId", "PathPart"}, Actions: read,
				Batch: "500 a call, by API", Identities: []string{"ResourceId"}},
			{
				Type: "AWS::ApiGateway::Method",
				Properties: []string{"RestApiId", "ResourceId", "HttpMethod", "AuthorizationType", "AuthorizerId", "AuthorizationScopes",
					"ApiKeyRequired", "OperationName", "RequestModels", "RequestParameters", "RequestValidatorId", "MethodResponses",
					"Integration"},
				Actions: read,
				Batch:   "with the resources of its API",
			},
			{Type: "AWS::ApiGateway::Deployment", Properties: []string{"RestApiId", "Description"}, Actions: read,
				Identities: []string{"DeploymentId"}},
			{
				Type: "AWS::ApiGateway::Stage",
				Properties: []string{"RestApiId", "DeploymentId", "StageName", "Description", "Variables", "MethodSettings",
					"CacheClusterEnabled", "CacheClusterSize", "TracingEnabled", "AccessLogSetting", "ClientCertificateId", "CanarySetting",
					"DocumentationVersion", "WebACL", "Tags"},
				Actions: read,
				Batch:   "all of an API in a call",
				Secret:  "stage variables whose names say so; what an imported API sends as Authorization",
			},
		},
		// None is early: whether a stage's web ACL is there by hand depends on what
		// else is listed, and what a stage exports on its API.
		read: readAPIs,
	}
}

// readAPIs groups items by the API they belong to.
func readAPIs(ctx context.Context, r *run, items []inventory.Item) {
	byAPI := map[string][]inventory.Item{}
	for _, item := range items {
		id := text(item.Resolved, "RestApiId")
		if item.Type == "AWS::ApiGateway::RestApi" {
			id = item.ID
		}
		if id == "" || unresolved(id) {
			r.unaddressable(item, "the API it belongs to")
			continue
		}
		byAPI[id] = append(byAPI[id], item)
	}
	each(ctx, keysOf(byAPI), func(id string) { r.api(ctx, id, byAPI[id]) })
}

// restAPI is what one API's shared calls answered.
type restAPI struct {
	id          string
	resources   []types.Resource
	noResources error
	stages      []types.Stage
	noStages    error
	imported    bool // its methods come from a document
}

func (a restAPI) root() string {
	for _, res := range a.resources {
		if aws.ToString(res.Path) == "/" {
			return aws.ToString(res.Id)
		}
	}
	return ""
}

func (r *run) api(ctx context.Context, id string, items []inventory.Item) {
	a := restAPI{id: id}
	needs := map[string]bool{}
	for _, item := range items {
		needs[item.Type] = true
	}
	a.imported = slices.ContainsFunc(items, func(item inventory.Item) bool { return isImportedAPI(item, needs["AWS::ApiGateway::Method"]) })
	if needs["AWS::ApiGateway::Resource"] || needs["AWS::ApiGateway::Method"] || needs["AWS::ApiGateway::RestApi"] {
		a.resources, a.noResources = r.apiResources(ctx, id)
	}
	if needs["AWS::ApiGateway::Stage"] {
		var out *apigateway.GetStagesOutput
		if out, a.noStages = r.clients.apiGateway.GetStages(ctx, &apigateway.GetStagesInput{RestApiId: &id}); a.noStages == nil {
			a.stages = out.Item
		}
	}
	for _, item := range items {
		switch item.Type {
		case "AWS::ApiGateway::RestApi":
			r.restAPI(ctx, item, a)
		case "AWS::ApiGateway::Resource":
			r.apiResource(item, a)
		case "AWS::ApiGateway::Method":
			r.apiMethod(item, a)
		case "AWS::ApiGateway::Stage":
			r.apiStage(ctx, item, a)
		case "AWS::ApiGateway::Deployment":
			r.apiDeployment(ctx, item, a)
		}
	}
}

func (r *run) apiResources(ctx context.Context, id string) ([]types.Resource, error) {
	var all []types.Resource
	pages := apigateway.NewGetResourcesPaginator(r.clients.apiGateway,
		&apigateway.GetResourcesInput{RestApiId: &id, Embed: []string{"methods"}, Limit: aws.Int32(500)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
	}
	return all, nil
}

func (r *run) restAPI(ctx context.Context, item inventory.Item, a restAPI) {
	out, err := r.clients.apiGateway.GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Name", "Description", "ApiKeySource:ApiKeySourceType", "BinaryMediaTypes", "MinimumCompressionSize",
		"DisableExecuteApiEndpoint").
		document("Policy", unquoted(aws.ToString(out.Policy))).
		identity("RestApiId", aws.ToString(out.Id)).identity("RootResourceId", a.root())
	if e := out.EndpointConfiguration; e != nil {
		o.set("EndpointConfiguration", map[string]any{"Types": e.Types, "VpcEndpointIds": e.VpcEndpointIds, "IpAddressType": e.IpAddressType})
	}
	o.tags = out.Tags
	r.found(item, o)
}

// unquoted undoes the backslashes with which API Gateway returns a policy.
func unquoted(policy string) string { return strings.ReplaceAll(policy, `\"`, `"`) }

func (r *run) apiResource(item inventory.Item, a restAPI) {
	if a.noResources != nil {
		r.failed(item, a.noResources)
		return
	}
	for _, res := range a.resources {
		if aws.ToString(res.Id) == item.ID {
			r.found(item, newObject().take(res, "ParentId", "PathPart").set("RestApiId", a.id).identity("ResourceId", item.ID))
			return
		}
	}
	r.gone(item)
}

// apiMethod finds a method by API, resource and verb: its physical id says
// nothing to API Gateway.
func (r *run) apiMethod(item inventory.Item, a restAPI) {
	if a.noResources != nil {
		r.failed(item, a.noResources)
		return
	}
	resource, verb := text(item.Resolved, "ResourceId"), text(item.Resolved, "HttpMethod")
	if strings.HasSuffix(resource, ".RootResourceId}") {
		resource = a.root()
	}
	if resource == "" || unresolved(resource) || verb == "" {
		r.unaddressable(item, "a resource and a verb")
		return
	}
	for _, res := range a.resources {
		if aws.ToString(res.Id) != resource {
			continue
		}
		if m, ok := res.ResourceMethods[verb]; ok {
			r.found(item, method(a.id, resource, verb, m))
			return
		}
	}
	r.gone(item)
}

func method(api, resource, verb string, m types.Method) *object {
	o := newObject().set("RestApiId", api).set("ResourceId", resource).set("HttpMethod", verb).
		take(m, "AuthorizationType", "AuthorizerId", "AuthorizationScopes", "ApiKeyRequired", "OperationName", "RequestModels",
			"RequestParameters", "RequestValidatorId")
	var responses []any
	for _, code := range keysOf(m.MethodResponses) {
		responses = append(responses, m.MethodResponses[code])
	}
	o.set("MethodResponses", responses)
	if m.MethodIntegration == nil {
		return o
	}
	i := newObject().take(m.MethodIntegration, "Type", "HttpMethod:IntegrationHttpMethod", "Uri", "Credentials", "ConnectionId",
		"ConnectionType", "ContentHandling", "PassthroughBehavior", "RequestParameters", "RequestTemplates", "TimeoutInMillis",
		"CacheKeyParameters", "CacheNamespace", "ResponseTransferMode")
	if i.properties["CacheNamespace"] == resource {
		delete(i.properties, "CacheNamespace") // what AWS fills in
	}
	var replies []any
	for _, code := range keysOf(m.MethodIntegration.IntegrationResponses) {
		replies = append(replies, m.MethodIntegration.IntegrationResponses[code])
	}
	i.set("IntegrationResponses", replies)
	if i.err != nil {
		o.fail(i.err)
	}
	return o.set("Integration", i.properties)
}

func (r *run) apiStage(ctx context.Context, item inventory.Item, a restAPI) {
	if a.noStages != nil {
		r.failed(item, a.noStages)
		return
	}
	for _, s := range a.stages {
		if aws.ToString(s.StageName) != item.ID {
			continue
		}
		o := newObject().set("RestApiId", a.id).take(s, "DeploymentId", "StageName", "Description", "Variables", "CacheClusterEnabled",
			"CacheClusterSize", "TracingEnabled", "ClientCertificateId", "DocumentationVersion", "AccessLogSettings:AccessLogSetting",
			"CanarySettings:CanarySetting")
		o.set("MethodSettings", methodSettings(o, s))
		o.tags = s.Tags
		if acl := aws.ToString(s.WebAclArn); acl != "" && !r.associated("arn:"+topology.Partition(r.Region)+":apigateway:"+r.Region+"::/restapis/"+a.id+"/stages/"+item.ID) {
			o.set("WebACL", r.webACL(acl))
		}
		if a.imported {
			r.exported(ctx, item, item.ID, a, o)
		}
		r.found(item, o)
		return
	}
	r.gone(item)
}

// methodSettings turns the map "path/VERB" → settings into CloudFormation's list.
func methodSettings(o *object, s types.Stage) []map[string]any {
	var list []map[string]any
	for _, at := range keysOf(s.MethodSettings) {
		tree, err := drift.Object(s.MethodSettings[at])
		if err != nil {
			o.fail(err)
			continue
		}
		path, verb := at, ""
		if i := strings.LastIndexByte(at, '/'); i >= 0 {
			path, verb = at[:i], at[i+1:]
		}
		tree["ResourcePath"], tree["HttpMethod"] = "/"+strings.TrimPrefix(strings.ReplaceAll(path, "~1", "/"), "/"), verb
		list = append(list, tree)
	}
	return list
}

func (r *run) apiDeployment(ctx context.Context, item inventory.Item, a restAPI) {
	if item.ID == "" {
		r.unaddressable(item, "a deployment id")
		return
	}
	out, err := r.clients.apiGateway.GetDeployment(ctx, &apigateway.GetDeploymentInput{RestApiId: &a.id, DeploymentId: &item.ID,
		Embed: []string{"apisummary"}})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "Description").set("RestApiId", a.id).identity("DeploymentId", item.ID)
	if len(out.ApiSummary) > 0 {
		o.set("ApiSummary", out.ApiSummary) // what was deployed, which need not be what the API is now
	}
	if stage := text(item.Resolved, "StageName"); a.imported && stage != "" && !unresolved(stage) {
		r.exported(ctx, item, stage, a, o) // a stage that the deployment makes is no resource of the stack
	}
	r.found(item, o)
}
