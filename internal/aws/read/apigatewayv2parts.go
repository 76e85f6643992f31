package read

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// httpAPI lists the parts of one HTTP or WebSocket API, by physical id.
type httpAPI struct {
	client apiGatewayV2API
	id     string
	// routesListed are its routes, where resources declare some; or why they are not known.
	routesListed []types.Route
	routesErr    error
}

// partsPerPage is as many as a list call of API Gateway returns at once.
var partsPerPage = aws.String("500")

// allPages follows the token of a list to its end.
func allPages[T any](page func(token *string) (items []T, next *string, err error)) ([]T, error) {
	var all []T
	var token *string
	for {
		items, next, err := page(token)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if aws.ToString(next) == "" {
			return all, nil
		}
		token = next
	}
}

// byID makes one object of each part, under the id that id gives it.
func byID[T any](list []T, id func(T) *string, properties []string, attribute string) map[string]*object {
	found := map[string]*object{}
	for _, part := range list {
		o := newObject().take(part, properties...)
		if attribute != "" {
			o.identity(attribute, aws.ToString(id(part)))
		}
		found[aws.ToString(id(part))] = o
	}
	return found
}

func (a httpAPI) listRoutes(ctx context.Context) ([]types.Route, error) {
	return allPages(func(token *string) ([]types.Route, *string, error) {
		out, err := a.client.GetRoutes(ctx, &apigatewayv2.GetRoutesInput{ApiId: &a.id, MaxResults: partsPerPage, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
}

func (a httpAPI) listIntegrations(ctx context.Context) ([]types.Integration, error) {
	return allPages(func(token *string) ([]types.Integration, *string, error) {
		out, err := a.client.GetIntegrations(ctx, &apigatewayv2.GetIntegrationsInput{ApiId: &a.id, MaxResults: partsPerPage, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
}

func (a httpAPI) listAuthorizers(ctx context.Context) ([]types.Authorizer, error) {
	return allPages(func(token *string) ([]types.Authorizer, *string, error) {
		out, err := a.client.GetAuthorizers(ctx, &apigatewayv2.GetAuthorizersInput{ApiId: &a.id, MaxResults: partsPerPage, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
}

func (a httpAPI) routes(context.Context) (map[string]*object, error) {
	return byID(a.routesListed, func(r types.Route) *string { return r.RouteId }, httpRouteProperties(), "RouteId"), a.routesErr
}

// routesBut are the routes that no resource declares, as an imported API has them.
func (a httpAPI) routesBut(ctx context.Context, declared []inventory.Item) (map[string]any, error) {
	byHand := slices.DeleteFunc(slices.Clone(a.routesListed), func(r types.Route) bool {
		return slices.ContainsFunc(declared, func(item inventory.Item) bool { return item.ID == aws.ToString(r.RouteId) })
	})
	if a.routesErr != nil || len(byHand) == 0 {
		return nil, a.routesErr
	}
	return a.inFull(ctx, byHand)
}

func (a httpAPI) integrations(ctx context.Context) (map[string]*object, error) {
	list, err := a.listIntegrations(ctx)
	return byID(list, func(i types.Integration) *string { return i.IntegrationId }, httpIntegrationProperties(), "IntegrationId"), err
}

func (a httpAPI) authorizers(ctx context.Context) (map[string]*object, error) {
	list, err := a.listAuthorizers(ctx)
	return byID(list, func(u types.Authorizer) *string { return u.AuthorizerId }, httpAuthorizerProperties(), "AuthorizerId"), err
}

func (a httpAPI) deployments(ctx context.Context) (map[string]*object, error) {
	list, err := allPages(func(token *string) ([]types.Deployment, *string, error) {
		out, err := a.client.GetDeployments(ctx, &apigatewayv2.GetDeploymentsInput{ApiId: &a.id, MaxResults: partsPerPage, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	return byID(list, func(d types.Deployment) *string { return d.DeploymentId }, []string{"Description"}, "DeploymentId"), err
}

func (a httpAPI) stages(ctx context.Context) (map[string]*object, error) {
	list, err := allPages(func(token *string) ([]types.Stage, *string, error) {
		out, err := a.client.GetStages(ctx, &apigatewayv2.GetStagesInput{ApiId: &a.id, MaxResults: partsPerPage, NextToken: token})
		if err != nil {
			return nil, nil, err
		}
		return out.Items, out.NextToken, nil
	})
	found := byID(list, func(s types.Stage) *string { return s.StageName }, httpStageProperties(), "")
	for _, s := range list {
		o := found[aws.ToString(s.StageName)]
		o.tags = s.Tags
		if aws.ToBool(s.AutoDeploy) {
			delete(o.properties, "DeploymentId") // API Gateway makes a new one with every change
		}
	}
	return found, err
}

// body is what an API that was imported from a document consists of.
func (a httpAPI) body(ctx context.Context) (map[string]any, error) {
	routes, err := a.listRoutes(ctx)
	if err != nil {
		return nil, err
	}
	return a.inFull(ctx, routes)
}

// inFull are routes by their key, each with its integration and authorizer in full,
// because their ids say nothing in another Region.
func (a httpAPI) inFull(ctx context.Context, routes []types.Route) (map[string]any, error) {
	integrations, err := a.integrations(ctx)
	if err != nil {
		return nil, err
	}
	authorizers, err := a.authorizers(ctx)
	if err != nil {
		return nil, err
	}
	body := map[string]any{}
	for _, r := range routes {
		o := newObject().take(r, httpRouteProperties()...)
		if o.err != nil {
			return nil, o.err
		}
		_, id := beforeLast(aws.ToString(r.Target), "/")
		if i, ok := integrations[id]; ok {
			delete(o.properties, "Target")
			o.properties["Integration"] = i.properties
		}
		if u, ok := authorizers[aws.ToString(r.AuthorizerId)]; ok {
			delete(o.properties, "AuthorizerId")
			o.properties["Authorizer"] = u.properties
		}
		delete(o.properties, "RouteKey")
		body[aws.ToString(r.RouteKey)] = o.properties
	}
	return body, nil
}
