package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

type apiGatewayV2API interface {
	GetApi(context.Context, *apigatewayv2.GetApiInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApiOutput, error)
	GetRoutes(context.Context, *apigatewayv2.GetRoutesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetRoutesOutput, error)
	GetIntegrations(context.Context, *apigatewayv2.GetIntegrationsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetIntegrationsOutput, error)
	GetStages(context.Context, *apigatewayv2.GetStagesInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetStagesOutput, error)
	GetAuthorizers(context.Context, *apigatewayv2.GetAuthorizersInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetAuthorizersOutput, error)
	GetDeployments(context.Context, *apigatewayv2.GetDeploymentsInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetDeploymentsOutput, error)
	GetDomainName(context.Context, *apigatewayv2.GetDomainNameInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetDomainNameOutput, error)
	GetApiMapping(context.Context, *apigatewayv2.GetApiMappingInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetApiMappingOutput, error)
	GetVpcLink(context.Context, *apigatewayv2.GetVpcLinkInput, ...func(*apigatewayv2.Options)) (*apigatewayv2.GetVpcLinkOutput, error)
}

// Routes, integrations, stages, authorizers and deployments of one API come
// from one list each: API Gateway answers ten calls a second for the account.
func apiGatewayV2Reader() reader {
	return reader{specs: apiGatewayV2Specs(), read: readHTTPAPIs}
}

func apiGatewayV2Specs() []Spec {
	spec := func(name string, properties []string, batch string, identities ...string) Spec {
		return Spec{Type: "AWS::ApiGatewayV2::" + name, Properties: properties, Actions: []string{"apigateway:GET"}, Batch: batch, Identities: identities}
	}
	const shared = "all of an API in a call"
	api := spec("Api", append(httpAPIProperties(), routesElse, "Tags"), "", "ApiEndpoint", "ApiId")
	stage := spec("Stage", append(httpStageProperties(), "ApiId", "Tags"), shared)
	stage.Secret = "stage variables whose names say so"
	domain := spec("DomainName", []string{"DomainName", "DomainNameConfigurations", "MutualTlsAuthentication", "RoutingMode", "Tags"}, "",
		"DomainNameArn", "RegionalDomainName", "RegionalHostedZoneId")
	domain.Facts = []string{drift.FactDomainName}
	link := spec("VpcLink", []string{"Name", "SecurityGroupIds", "SubnetIds", "Tags"}, "", "VpcLinkId")
	link.Facts = []string{drift.FactVpcLink}
	return []Spec{
		api, stage, domain, link,
		spec("Route", append(httpRouteProperties(), "ApiId"), shared, "RouteId"),
		spec("Integration", append(httpIntegrationProperties(), "ApiId"), shared, "IntegrationId"),
		spec("Authorizer", append(httpAuthorizerProperties(), "ApiId"), shared, "AuthorizerId"),
		spec("Deployment", []string{"ApiId", "Description"}, shared, "DeploymentId"),
		spec("ApiMapping", []string{"ApiId", "ApiMappingKey", "DomainName", "Stage"}, "", "ApiMappingId"),
	}
}

func httpAPIProperties() []string {
	return []string{"Name", "Description", "ProtocolType", "RouteSelectionExpression", "ApiKeySelectionExpression", "CorsConfiguration",
		"DisableExecuteApiEndpoint", "DisableSchemaValidation", "IpAddressType", "Version"}
}

func httpStageProperties() []string {
	return []string{"StageName", "Description", "AccessLogSettings", "AutoDeploy", "ClientCertificateId", "DefaultRouteSettings",
		"DeploymentId", "RouteSettings", "StageVariables"}
}

func httpRouteProperties() []string {
	return []string{"RouteKey", "Target", "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId",
		"ModelSelectionExpression", "OperationName", "RequestModels", "RequestParameters", "RouteResponseSelectionExpression"}
}

func httpIntegrationProperties() []string {
	return []string{"IntegrationType", "IntegrationUri", "IntegrationMethod", "IntegrationSubtype", "ConnectionId", "ConnectionType",
		"ContentHandlingStrategy", "CredentialsArn", "Description", "PassthroughBehavior", "PayloadFormatVersion", "RequestParameters",
		"RequestTemplates", "ResponseParameters", "TemplateSelectionExpression", "TimeoutInMillis", "TlsConfig"}
}

func httpAuthorizerProperties() []string {
	return []string{"Name", "AuthorizerType", "AuthorizerUri", "AuthorizerCredentialsArn", "AuthorizerPayloadFormatVersion",
		"AuthorizerResultTtlInSeconds", "EnableSimpleResponses", "IdentitySource", "IdentityValidationExpression", "JwtConfiguration"}
}

func readHTTPAPIs(ctx context.Context, r *run, items []inventory.Item) {
	var jobs []func()
	var parts []inventory.Item
	for _, item := range items {
		switch kind := strings.TrimPrefix(item.Type, "AWS::ApiGatewayV2::"); {
		case item.ID == "":
			r.unaddressable(item, "a physical id")
		case kind == "DomainName":
			jobs = append(jobs, func() { r.httpDomain(ctx, item) })
		case kind == "ApiMapping":
			jobs = append(jobs, func() { r.apiMapping(ctx, item) })
		case kind == "VpcLink":
			jobs = append(jobs, func() { r.httpVpcLink(ctx, item) })
		default:
			parts = append(parts, item)
		}
	}
	byAPI := r.byMember(parts, "the API it belongs to", func(item inventory.Item) string {
		if item.Type == "AWS::ApiGatewayV2::Api" {
			return item.ID
		}
		return text(item.Resolved, "ApiId")
	})
	for _, id := range keysOf(byAPI) {
		jobs = append(jobs, func() { r.httpAPIParts(ctx, id, byAPI[id]) })
	}
	each(ctx, jobs, func(job func()) { job() })
}

// httpAPIParts reads what belongs to one API: one list for each kind in use.
func (r *run) httpAPIParts(ctx context.Context, api string, items []inventory.Item) {
	byType := map[string][]inventory.Item{}
	for _, item := range items {
		byType[item.Type] = append(byType[item.Type], item)
	}
	a := httpAPI{client: r.clients.apiGatewayV2, id: api}
	declared := byType["AWS::ApiGatewayV2::Route"]
	if len(declared) > 0 {
		a.routesListed, a.routesErr = a.listRoutes(ctx)
	}
	for _, item := range byType["AWS::ApiGatewayV2::Api"] {
		r.httpAPI(ctx, item, a, declared)
	}
	for name, list := range map[string]func(context.Context) (map[string]*object, error){
		"Route": a.routes, "Integration": a.integrations, "Stage": a.stages, "Authorizer": a.authorizers, "Deployment": a.deployments,
	} {
		wanted := byType["AWS::ApiGatewayV2::"+name]
		if len(wanted) == 0 {
			continue
		}
		found, err := list(ctx)
		if err != nil {
			r.failedAll(wanted, err)
			continue
		}
		for _, item := range wanted {
			if o, ok := found[item.ID]; ok {
				r.found(item, o.set("ApiId", api))
			} else {
				r.gone(item)
			}
		}
	}
}

// routesElse are the routes of an API that no resource of the application declares
// although it declares others: somebody made them by hand.
const routesElse = "Routes"

func (r *run) httpAPI(ctx context.Context, item inventory.Item, a httpAPI, declared []inventory.Item) {
	out, err := a.client.GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, httpAPIProperties()...).
		identity("ApiId", aws.ToString(out.ApiId)).identity("ApiEndpoint", aws.ToString(out.ApiEndpoint))
	o.tags = out.Tags
	switch {
	case imported(item, len(declared) > 0):
		body, err := a.body(ctx)
		if err != nil {
			r.partial(item, "Body", err)
		} else {
			o.set("Body", body)
		}
	case len(declared) > 0:
		byHand, err := a.routesBut(ctx, declared)
		if err != nil {
			r.partial(item, routesElse, err)
		} else if len(byHand) > 0 {
			o.set(routesElse, byHand)
		}
	}
	r.found(item, o)
}

// imported reports whether routes and integrations of an API come from the API
// itself, from a document or from a target, and are no resources of the stack.
// Where no template says so, as with a Terraform state, an API whose routes (or
// methods) nobody lists has them from somewhere.
func imported(item inventory.Item, routesListed bool) bool {
	d := item.Declared
	return d["Body"] != nil || d["BodyS3Location"] != nil || d["Target"] != nil || d == nil && !routesListed
}

func (r *run) httpDomain(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayV2.GetDomainName(ctx, &apigatewayv2.GetDomainNameInput{DomainName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(out, "DomainName", "MutualTlsAuthentication", "RoutingMode").identity("DomainNameArn", aws.ToString(out.DomainNameArn))
	o.tags = out.Tags
	var configurations []map[string]any
	var statuses []string
	for _, c := range out.DomainNameConfigurations {
		part := newObject().take(c, "CertificateArn", "CertificateName", "EndpointType", "IpAddressType", "OwnershipVerificationCertificateArn", "SecurityPolicy")
		if part.err != nil {
			o.fail(part.err)
		}
		configurations = append(configurations, part.properties)
		statuses = append(statuses, string(c.DomainNameStatus))
		if c.EndpointType != types.EndpointTypeEdge {
			o.identity("RegionalDomainName", aws.ToString(c.ApiGatewayDomainName)).identity("RegionalHostedZoneId", aws.ToString(c.HostedZoneId))
		}
	}
	r.fact(item, drift.FactDomainName, map[string]any{"DomainNameStatus": statuses})
	r.found(item, o.set("DomainNameConfigurations", configurations))
}

func (r *run) apiMapping(ctx context.Context, item inventory.Item) {
	domain, id := text(item.Resolved, "DomainName"), item.ID
	if before, after, ok := strings.Cut(item.ID, "|"); ok { // Cloud Control's form
		id, domain = before, after
	}
	if domain == "" || unresolved(domain) {
		r.unaddressable(item, "the domain name it belongs to")
		return
	}
	out, err := r.clients.apiGatewayV2.GetApiMapping(ctx, &apigatewayv2.GetApiMappingInput{ApiMappingId: &id, DomainName: &domain})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.found(item, newObject().take(out, "ApiId", "ApiMappingKey", "Stage").set("DomainName", domain).
		identity("ApiMappingId", aws.ToString(out.ApiMappingId)))
}

func (r *run) httpVpcLink(ctx context.Context, item inventory.Item) {
	out, err := r.clients.apiGatewayV2.GetVpcLink(ctx, &apigatewayv2.GetVpcLinkInput{VpcLinkId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	r.fact(item, drift.FactVpcLink, map[string]any{"Status": string(out.VpcLinkStatus), "StatusMessage": aws.ToString(out.VpcLinkStatusMessage)})
	o := newObject().take(out, "Name", "SecurityGroupIds", "SubnetIds").identity("VpcLinkId", aws.ToString(out.VpcLinkId))
	o.tags = out.Tags
	r.found(item, o)
}
