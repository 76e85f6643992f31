package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func TestAnAPIWhoseRoutesNobodyListsIsReadWithThem(t *testing.T) {
	route := inventory.Item{Key: "app/Route", Type: "AWS::ApiGatewayV2::Route", ID: "r1"}
	for about, c := range map[string]struct {
		declared map[string]any
		listed   bool
		want     bool
	}{
		"a template with a document":              {map[string]any{"Body": "{}"}, false, true},
		"a template with a target":                {map[string]any{"Target": "arn"}, false, true},
		"a template without either":               {map[string]any{"Name": "api"}, false, false},
		"a state that lists no route":             {nil, false, true},
		"a state that lists routes by themselves": {nil, true, false},
	} {
		t.Run(about, func(t *testing.T) {
			api := sampleOf("AWS::ApiGatewayV2::Api")
			api.Declared = c.declared
			items := []inventory.Item{api}
			if c.listed {
				route.Resolved = map[string]any{"ApiId": api.ID}
				items = append(items, route)
			}
			result := readAll(t, by(map[string]any{
				"ApiGatewayV2 GetApi":          &apigatewayv2.GetApiOutput{ApiId: &api.ID, Name: aws.String("api")},
				"ApiGatewayV2 GetRoutes":       &apigatewayv2.GetRoutesOutput{Items: []types.Route{{RouteId: aws.String("r1"), RouteKey: aws.String("GET /")}}},
				"ApiGatewayV2 GetIntegrations": &apigatewayv2.GetIntegrationsOutput{},
				"ApiGatewayV2 GetAuthorizers":  &apigatewayv2.GetAuthorizersOutput{},
			}), request(items...))
			body, _ := result.Resources[0].Properties["Body"].(map[string]any)
			if _, known := body["GET /"]; known != c.want || result.Resources[0].Key != api.Key {
				t.Errorf("body %v of %s, gaps %+v", body, result.Resources[0].Key, result.Gaps)
			}
		})
	}
}
