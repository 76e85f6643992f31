package contract

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	httptypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestHTTPAPIsAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("api")
		api := apigatewayv2.NewFromConfig(s.config(r.region))
		made, err := api.CreateApi(ctx, &apigatewayv2.CreateApiInput{Name: &name, ProtocolType: httptypes.ProtocolTypeHttp, Tags: map[string]string{"team": "payments"},
			CorsConfiguration: &httptypes.Cors{AllowOrigins: []string{"https://example.com"}, AllowMethods: []string{"GET"}}})
		s.ok(err)
		id := *made.ApiId
		integration, err := api.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{ApiId: &id, IntegrationType: httptypes.IntegrationTypeHttpProxy, IntegrationMethod: str("ANY"),
			IntegrationUri: str("https://inner.example.com"), PayloadFormatVersion: str("1.0"), RequestParameters: map[string]string{"append:header.X-From": "api"}})
		s.ok(err)
		users, err := api.CreateAuthorizer(ctx, &apigatewayv2.CreateAuthorizerInput{ApiId: &id, Name: str("users"), AuthorizerType: httptypes.AuthorizerTypeJwt, IdentitySource: []string{"$request.header.Authorization"},
			JwtConfiguration: &httptypes.JWTConfiguration{Audience: []string{"shop"}, Issuer: str("https://login.example.com")}})
		s.ok(err)
		target := "integrations/" + *integration.IntegrationId
		route, err := api.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{ApiId: &id, RouteKey: str("GET /orders"), Target: &target, AuthorizationType: httptypes.AuthorizationTypeJwt, AuthorizerId: users.AuthorizerId})
		s.ok(err)
		_, err = api.CreateStage(ctx, &apigatewayv2.CreateStageInput{ApiId: &id, StageName: str("live"), AutoDeploy: aws.Bool(true), StageVariables: map[string]string{"TABLE": "orders"},
			DefaultRouteSettings: &httptypes.RouteSettings{ThrottlingBurstLimit: aws.Int32(5)}})
		s.ok(err)
		of := map[string]any{"ApiId": id}
		r.item("Api", "ApiGatewayV2::Api", id, nil)
		r.item("Integration", "ApiGatewayV2::Integration", *integration.IntegrationId, of)
		if s.sim != nil { // moto does not list authorizers
			r.item("Users", "ApiGatewayV2::Authorizer", *users.AuthorizerId, of)
		}
		r.item("Route", "ApiGatewayV2::Route", *route.RouteId, of)
		r.item("Stage", "ApiGatewayV2::Stage", "live", of)
		found := r.read()
		r.has(found, "Api", map[string]any{"Name": name, "ProtocolType": "HTTP"})
		r.has(found, "Integration", map[string]any{"IntegrationType": "HTTP_PROXY", "IntegrationUri": "https://inner.example.com", "PayloadFormatVersion": "1.0",
			"RequestParameters": map[string]any{"append:header.X-From": "api"}})
		if s.sim != nil {
			r.has(found, "Users", map[string]any{"AuthorizerType": "JWT", "JwtConfiguration": map[string]any{"Audience": []string{"shop"}, "Issuer": "https://login.example.com"}})
		}
		r.has(found, "Route", map[string]any{"RouteKey": "GET /orders", "Target": target, "AuthorizationType": "JWT", "AuthorizerId": *users.AuthorizerId, "ApiId": id})
		r.has(found, "Stage", map[string]any{"StageName": "live", "AutoDeploy": true, "StageVariables": map[string]any{"TABLE": "orders"}})
		if cors, _ := found["app/Api"].Properties["CorsConfiguration"].(map[string]any); found["app/Api"].Tags["team"] != "payments" || len(cors["AllowOrigins"].([]any)) != 1 {
			s.Errorf("%+v", found["app/Api"])
		}
		_, err = api.UpdateRoute(ctx, &apigatewayv2.UpdateRouteInput{ApiId: &id, RouteId: route.RouteId, AuthorizationType: httptypes.AuthorizationTypeNone})
		s.ok(err)
		r.has(r.read(), "Route", map[string]any{"AuthorizationType": "NONE"})
		r.item("Gone", "ApiGatewayV2::Route", "nosuch", of)
		if result := r.result(); len(result.Gaps) != 0 || len(result.Facts) != 1 || result.Facts[0].Kind != drift.FactGone {
			s.Errorf("a route that is not there: %+v %+v", result.Facts, result.Gaps)
		}
	})
}

func TestFunctionsAreInvokedAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("invoked")
		role, err := iam.NewFromConfig(s.config(r.region)).CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: str(`{"Version":"2012-10-17","Statement":[]}`)})
		s.ok(err)
		api := lambda.NewFromConfig(s.config(r.region))
		layer, err := api.PublishLayerVersion(ctx, &lambda.PublishLayerVersionInput{LayerName: &name, Description: str("shared"), CompatibleRuntimes: []lambdatypes.Runtime{lambdatypes.RuntimePython313},
			Content: &lambdatypes.LayerVersionContentInput{ZipFile: archive(s, "layer")}})
		s.ok(err)
		_, err = api.CreateFunction(ctx, &lambda.CreateFunctionInput{FunctionName: &name, Role: role.Role.Arn, Runtime: lambdatypes.RuntimePython313, Handler: str("index.handler"),
			Layers: []string{*layer.LayerVersionArn}, Code: &lambdatypes.FunctionCode{ZipFile: archive(s, "one")}})
		s.ok(err)
		_, err = api.CreateFunctionUrlConfig(ctx, &lambda.CreateFunctionUrlConfigInput{FunctionName: &name, AuthType: lambdatypes.FunctionUrlAuthTypeAwsIam})
		s.ok(err)
		dead := "arn:aws:sqs:eu-west-1:123456789012:dead"
		_, err = api.PutFunctionEventInvokeConfig(ctx, &lambda.PutFunctionEventInvokeConfigInput{FunctionName: &name, MaximumRetryAttempts: aws.Int32(1), MaximumEventAgeInSeconds: aws.Int32(100),
			DestinationConfig: &lambdatypes.DestinationConfig{OnFailure: &lambdatypes.OnFailure{Destination: &dead}}})
		s.ok(err)
		function, err := api.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &name})
		s.ok(err)
		arn := *function.Configuration.FunctionArn
		r.item("Function", "Lambda::Function", name, nil)
		r.item("Url", "Lambda::Url", arn, map[string]any{"TargetFunctionArn": arn})
		r.item("OnFailure", "Lambda::EventInvokeConfig", "app-OnFailure", map[string]any{"FunctionName": name, "Qualifier": "$LATEST"})
		if s.sim != nil { // moto does not tell a layer by its ARN, so what it holds is a gap there
			r.item("Layer", "Lambda::LayerVersion", *layer.LayerVersionArn, nil)
		}
		result := r.result()
		if len(result.Resources) != len(r.items) {
			s.Fatalf("read %d of %d, gaps %+v", len(result.Resources), len(r.items), result.Gaps)
		}
		found := map[string]drift.Resource{}
		for _, resource := range result.Resources {
			found[resource.Key] = resource
		}
		r.has(found, "Url", map[string]any{"AuthType": "AWS_IAM", "TargetFunctionArn": arn})
		r.has(found, "OnFailure", map[string]any{"MaximumRetryAttempts": 1, "MaximumEventAgeInSeconds": 100, "FunctionName": name})
		if s.sim != nil {
			r.has(found, "Layer", map[string]any{"LayerName": name, "Description": "shared", "CompatibleRuntimes": []string{"python3.13"}, "CodeSha256": *layer.Content.CodeSha256})
		} else if len(result.Gaps) != 1 || result.Gaps[0].Fact != drift.FactContent {
			s.Errorf("gaps %+v", result.Gaps)
		}
	})
}

func TestEventBusesAreReadAlike(t *testing.T) {
	both(t, "", func(s side) {
		r := &reading{side: s, region: "eu-west-1"}
		ctx, name := t.Context(), s.unique("bus")
		api := eventbridge.NewFromConfig(s.config(r.region))
		bus, err := api.CreateEventBus(ctx, &eventbridge.CreateEventBusInput{Name: &name, Tags: []eventtypes.Tag{{Key: str("team"), Value: str("payments")}}})
		s.ok(err)
		_, err = api.PutPermission(ctx, &eventbridge.PutPermissionInput{EventBusName: &name, StatementId: str("partner"), Action: str("events:PutEvents"), Principal: str("222222222222")})
		s.ok(err)
		_, err = api.CreateArchive(ctx, &eventbridge.CreateArchiveInput{ArchiveName: &name, EventSourceArn: bus.EventBusArn, RetentionDays: aws.Int32(30), EventPattern: str(`{"source":["shop"]}`)})
		s.ok(err)
		connection, err := api.CreateConnection(ctx, &eventbridge.CreateConnectionInput{Name: &name, AuthorizationType: eventtypes.ConnectionAuthorizationTypeApiKey,
			AuthParameters: &eventtypes.CreateConnectionAuthRequestParameters{ApiKeyAuthParameters: &eventtypes.CreateConnectionApiKeyAuthRequestParameters{ApiKeyName: str("X-Key"), ApiKeyValue: str("hunter2-hunter2")}}})
		s.ok(err)
		_, err = api.CreateApiDestination(ctx, &eventbridge.CreateApiDestinationInput{Name: &name, ConnectionArn: connection.ConnectionArn, HttpMethod: eventtypes.ApiDestinationHttpMethodPost,
			InvocationEndpoint: str("https://shipping.example.com"), InvocationRateLimitPerSecond: aws.Int32(50)})
		s.ok(err)
		r.item("Bus", "Events::EventBus", name, nil)
		r.item("Partner", "Events::EventBusPolicy", "app-Partner", map[string]any{"EventBusName": name, "StatementId": "partner"})
		r.item("Archive", "Events::Archive", name, nil)
		r.item("Connection", "Events::Connection", name, nil)
		r.item("Destination", "Events::ApiDestination", name, nil)
		found := r.read()
		r.has(found, "Bus", map[string]any{"Name": name})
		r.has(found, "Archive", map[string]any{"ArchiveName": name, "RetentionDays": 30, "SourceArn": *bus.EventBusArn})
		r.has(found, "Connection", map[string]any{"AuthorizationType": "API_KEY"})
		r.has(found, "Destination", map[string]any{"ConnectionArn": *connection.ConnectionArn, "HttpMethod": "POST", "InvocationEndpoint": "https://shipping.example.com", "InvocationRateLimitPerSecond": 50})
		statement, _ := found["app/Partner"].Properties["Statement"].(map[string]any)
		if statement["Action"] != "events:PutEvents" || statement["Effect"] != "Allow" || found["app/Bus"].Tags["team"] != "payments" {
			s.Errorf("%+v and %+v", found["app/Partner"], found["app/Bus"])
		}
	})
}
