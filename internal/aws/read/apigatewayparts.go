package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// apiGatewayPartsAPI are the lists of what belongs to a REST API besides its
// resources and stages.
type apiGatewayPartsAPI interface {
	GetAuthorizers(context.Context, *apigateway.GetAuthorizersInput, ...func(*apigateway.Options)) (*apigateway.GetAuthorizersOutput, error)
	GetModels(context.Context, *apigateway.GetModelsInput, ...func(*apigateway.Options)) (*apigateway.GetModelsOutput, error)
	GetRequestValidators(context.Context, *apigateway.GetRequestValidatorsInput, ...func(*apigateway.Options)) (*apigateway.GetRequestValidatorsOutput, error)
	GetGatewayResponses(context.Context, *apigateway.GetGatewayResponsesInput, ...func(*apigateway.Options)) (*apigateway.GetGatewayResponsesOutput, error)
}

// restPartsPerPage is as many as the lists return at once.
var restPartsPerPage = aws.Int32(500)

func apiGatewayPartsReader() reader {
	spec := func(name string, properties []string, identities ...string) Spec {
		return Spec{Type: "AWS::ApiGateway::" + name, Properties: append(properties, "RestApiId"), Actions: []string{"apigateway:GET"},
			Batch: "all of an API in a call", Identities: identities}
	}
	return reader{
		specs: []Spec{
			spec("Authorizer", restAuthorizerProperties(), "AuthorizerId"),
			spec("Model", []string{"Name", "ContentType", "Description", "Schema"}),
			spec("RequestValidator", []string{"Name", "ValidateRequestBody", "ValidateRequestParameters"}, "RequestValidatorId"),
			spec("GatewayResponse", []string{"ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates"}),
		},
		read: readRestParts,
	}
}

func restAuthorizerProperties() []string {
	return []string{"Name", "Type", "AuthType", "AuthorizerCredentials", "AuthorizerResultTtlInSeconds", "AuthorizerUri", "IdentitySource",
		"IdentityValidationExpression", "ProviderARNs"}
}

// ofAPI is one list of one API.
type ofAPI struct{ api, typ string }

func readRestParts(ctx context.Context, r *run, items []inventory.Item) {
	groups := map[ofAPI][]inventory.Item{}
	for _, item := range items {
		api := text(item.Resolved, "RestApiId")
		switch {
		case api == "" || unresolved(api):
			r.unaddressable(item, "the API it belongs to")
		case partID(item) == "":
			r.unaddressable(item, "a physical id")
		default:
			groups[ofAPI{api, item.Type}] = append(groups[ofAPI{api, item.Type}], item)
		}
	}
	var jobs []func()
	for of, group := range groups {
		jobs = append(jobs, func() { r.restParts(ctx, of, group) })
	}
	each(ctx, jobs, func(job func()) { job() })
}

// partID is what tells a part from its siblings: a response is named by its type.
func partID(item inventory.Item) string {
	if item.Type == "AWS::ApiGateway::GatewayResponse" {
		return text(item.Resolved, "ResponseType")
	}
	return item.ID
}

func (r *run) restParts(ctx context.Context, of ofAPI, items []inventory.Item) {
	list := map[string]func(context.Context, string) (map[string]*object, error){
		"AWS::ApiGateway::Authorizer": r.restAuthorizers, "AWS::ApiGateway::Model": r.restModels,
		"AWS::ApiGateway::RequestValidator": r.requestValidators, "AWS::ApiGateway::GatewayResponse": r.gatewayResponses,
	}[of.typ]
	found, err := list(ctx, of.api)
	if err != nil {
		r.failedAll(items, err)
		return
	}
	for _, item := range items {
		if o, ok := found[partID(item)]; ok {
			r.found(item, o.set("RestApiId", of.api))
		} else {
			r.gone(item)
		}
	}
}

func (r *run) restAuthorizers(ctx context.Context, api string) (map[string]*object, error) {
	list, err := allPages(func(position *string) ([]types.Authorizer, *string, error) {
		out, err := r.clients.apiGatewayParts.GetAuthorizers(ctx, &apigateway.GetAuthorizersInput{RestApiId: &api, Limit: restPartsPerPage, Position: position})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	return byID(list, func(a types.Authorizer) *string { return a.Id }, restAuthorizerProperties(), "AuthorizerId"), err
}

func (r *run) restModels(ctx context.Context, api string) (map[string]*object, error) {
	list, err := allPages(func(position *string) ([]types.Model, *string, error) {
		out, err := r.clients.apiGatewayParts.GetModels(ctx, &apigateway.GetModelsInput{RestApiId: &api, Limit: restPartsPerPage, Position: position})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	found := byID(list, func(m types.Model) *string { return m.Name }, []string{"Name", "ContentType", "Description"}, "")
	for _, m := range list {
		found[aws.ToString(m.Name)].document("Schema", aws.ToString(m.Schema))
	}
	return found, err
}

func (r *run) requestValidators(ctx context.Context, api string) (map[string]*object, error) {
	list, err := allPages(func(position *string) ([]types.RequestValidator, *string, error) {
		out, err := r.clients.apiGatewayParts.GetRequestValidators(ctx, &apigateway.GetRequestValidatorsInput{RestApiId: &api, Limit: restPartsPerPage, Position: position})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	return byID(list, func(v types.RequestValidator) *string { return v.Id },
		[]string{"Name", "ValidateRequestBody", "ValidateRequestParameters"}, "RequestValidatorId"), err
}

// gatewayResponses lists the responses somebody has set: API Gateway lists its
// own defaults among them, and says which they are.
func (r *run) gatewayResponses(ctx context.Context, api string) (map[string]*object, error) {
	list, err := allPages(func(position *string) ([]types.GatewayResponse, *string, error) {
		out, err := r.clients.apiGatewayParts.GetGatewayResponses(ctx, &apigateway.GetGatewayResponsesInput{RestApiId: &api, Limit: restPartsPerPage, Position: position})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.Position, nil
	})
	found := map[string]*object{}
	for _, g := range list {
		if !g.DefaultResponse {
			found[string(g.ResponseType)] = newObject().take(g, "ResponseType", "StatusCode", "ResponseParameters", "ResponseTemplates")
		}
	}
	return found, err
}
