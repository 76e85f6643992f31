package collect

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	httptypes "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestAPIs(t *testing.T) {
	w := telltale(t, "apis")
	ctx := t.Context()
	snapshots := w.snapshots(w.options("app"))
	if data, err := json.Marshal(snapshots[0]); err != nil || strings.Contains(string(data), canary) {
		t.Errorf("%v: a stage variable or a key left", err)
	}
	if s := factOf(t, snapshots[0], drift.FactDomainName, "app/Domain"); len(s["DomainNameStatus"].([]any)) != 1 {
		t.Errorf("domain name %v", s)
	}
	api := resource(t, snapshots[1], "app/Api").ID
	rest := resource(t, snapshots[1], "app/Old").ID
	w.shows(
		edit{"Api", "CorsConfiguration", func(cfg aws.Config, id string) error {
			_, err := apigatewayv2.NewFromConfig(cfg).UpdateApi(ctx, &apigatewayv2.UpdateApiInput{ApiId: &id, CorsConfiguration: &httptypes.Cors{AllowOrigins: []string{"*"}}})
			return err
		}},
		edit{"Orders", "TimeoutInMillis", func(cfg aws.Config, id string) error {
			_, err := apigatewayv2.NewFromConfig(cfg).UpdateIntegration(ctx, &apigatewayv2.UpdateIntegrationInput{ApiId: &api, IntegrationId: &id, TimeoutInMillis: aws.Int32(1000)})
			return err
		}},
		edit{"List", "AuthorizationType", func(cfg aws.Config, id string) error {
			_, err := apigatewayv2.NewFromConfig(cfg).UpdateRoute(ctx, &apigatewayv2.UpdateRouteInput{ApiId: &api, RouteId: &id, AuthorizationType: httptypes.AuthorizationTypeNone})
			return err
		}},
		edit{"Stage", "StageVariables", func(cfg aws.Config, id string) error {
			_, err := apigatewayv2.NewFromConfig(cfg).UpdateStage(ctx, &apigatewayv2.UpdateStageInput{ApiId: &api, StageName: &id, StageVariables: map[string]string{"TABLE": "other", "API_TOKEN": canary}})
			return err
		}},
		edit{"Users", "JwtConfiguration", func(cfg aws.Config, id string) error {
			_, err := apigatewayv2.NewFromConfig(cfg).UpdateAuthorizer(ctx, &apigatewayv2.UpdateAuthorizerInput{ApiId: &api, AuthorizerId: &id,
				JwtConfiguration: &httptypes.JWTConfiguration{Issuer: aws.String("https://evil.example.com"), Audience: []string{"shop"}}})
			return err
		}},
		edit{"Strict", "ValidateRequestBody", func(cfg aws.Config, id string) error {
			_, err := apigateway.NewFromConfig(cfg).UpdateRequestValidator(ctx, &apigateway.UpdateRequestValidatorInput{RestApiId: &rest, RequestValidatorId: &id,
				PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/validateRequestBody"), Value: aws.String("false")}}})
			return err
		}},
		edit{"Partner", "Enabled", func(cfg aws.Config, id string) error {
			_, err := apigateway.NewFromConfig(cfg).UpdateApiKey(ctx, &apigateway.UpdateApiKeyInput{ApiKey: &id,
				PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/enabled"), Value: aws.String("false")}}})
			return err
		}},
		edit{"Plan", "Throttle", func(cfg aws.Config, id string) error {
			_, err := apigateway.NewFromConfig(cfg).UpdateUsagePlan(ctx, &apigateway.UpdateUsagePlanInput{UsagePlanId: &id,
				PatchOperations: []apitypes.PatchOperation{{Op: apitypes.OpReplace, Path: aws.String("/throttle/rateLimit"), Value: aws.String("1")}}})
			return err
		}},
	)
}

const imported = `
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Body: {openapi: "3.0.1", info: {title: shop, version: "1"}, paths: {}}}
`

// An API that was imported has its routes from a document: they are no
// resources of the stack, and are read as the body.
func TestAnImportedAPIIsReadByItsRoutes(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	route := func(cfg aws.Config, path, uri string) {
		client := apigatewayv2.NewFromConfig(cfg)
		apis, err := client.GetApis(ctx, &apigatewayv2.GetApisInput{})
		if err != nil {
			t.Fatal(err)
		}
		id := apis.Items[0].ApiId
		made, err := client.CreateIntegration(ctx, &apigatewayv2.CreateIntegrationInput{ApiId: id, IntegrationType: httptypes.IntegrationTypeHttpProxy, IntegrationUri: &uri})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.CreateRoute(ctx, &apigatewayv2.CreateRouteInput{ApiId: id, RouteKey: &path, Target: aws.String("integrations/" + *made.IntegrationId)}); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(imported), nil)
		if i == 1 {
			route(s.Config, "GET /other", "https://b.example.com") // made first: the ids differ from those of the primary
		}
		route(s.Config, "GET /orders", "https://a.example.com")
		if i == 0 {
			route(s.Config, "GET /other", "https://b.example.com")
		}
	}
	if c := compare(w, w.snapshots(w.options("app"))); len(c.Findings) != 0 || c.Coverage.NotCompared != 0 {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
	route(w.sessions[1].Config, "DELETE /orders", "https://a.example.com")
	if c := compare(w, w.snapshots(w.options("app"))); len(c.Findings) != 1 || !strings.HasPrefix(c.Findings[0].Property, "Body") {
		t.Errorf("after a route was added: %+v", c.Findings)
	}
}

const oldAPI = `
Resources:
  Api: {Type: "AWS::ApiGateway::RestApi", Properties: {Name: old}}
  Orders: {Type: "AWS::ApiGateway::Resource", Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}
  List:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: GET, AuthorizationType: AWS_IAM, Integration: {Type: MOCK}}
  Deployment: {Type: "AWS::ApiGateway::Deployment", Properties: {RestApiId: !Ref Api}, DependsOn: [DEPENDS]}
  Stage: {Type: "AWS::ApiGateway::Stage", Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: !Ref Deployment}}
`

const oneMore = `
  Add:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, ResourceId: !Ref Orders, HttpMethod: POST, AuthorizationType: AWS_IAM, Integration: {Type: MOCK}}
`

// A method was added in both Regions. The standby's stack is older, its
// deployment is of before: the method is there, and serves nothing.
func TestADeploymentThatIsOlderThanItsAPIShows(t *testing.T) {
	before, after := strings.Replace(oldAPI, "DEPENDS", "List", 1), strings.Replace(oldAPI, "DEPENDS", "List, Add", 1)+oneMore
	w := newWorld(t)
	w.deploy(w.sessions[0].Config, "app", []byte(after), nil)
	w.deploy(w.sessions[1].Config, "app", []byte(before), nil)
	if _, err := cloudformation.NewFromConfig(w.sessions[1].Config).UpdateStack(t.Context(),
		&cloudformation.UpdateStackInput{StackName: aws.String("app"), TemplateBody: &after}); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(30 * time.Minute)
	c := compare(w, w.snapshots(w.options("app")))
	if len(c.Findings) != 1 || c.Findings[0].Resource != "app/Deployment" || !strings.HasPrefix(c.Findings[0].Property, "ApiSummary") || c.Findings[0].Severity != drift.Block {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
}

const importedREST = `
Resources:
  Role: {Type: "AWS::IAM::Role", Properties: {AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]}}}
  Fn: {Type: "AWS::Lambda::Function", Properties: {Runtime: python3.13, Handler: index.handler, Role: !GetAtt Role.Arn, Code: {ZipFile: "def handler(e, c): return 1"}}}
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        openapi: "3.0.1"
        info: {title: shop, version: "1"}
        paths:
          /orders:
            get:
              x-amazon-apigateway-integration: {type: aws_proxy, httpMethod: POST, uri: !Sub "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"}
  Deployment: {Type: "AWS::ApiGateway::Deployment", Properties: {RestApiId: !Ref Api}}
  Stage: {Type: "AWS::ApiGateway::Stage", Properties: {RestApiId: !Ref Api, StageName: live, DeploymentId: !Ref Deployment}}
`

// The integrations of an imported API are no resources of a stack. Its summary
// of paths and verbs is alike in both Regions here, and what they call is not.
func TestAnImportedRESTAPIIsReadAsItsStageServesIt(t *testing.T) {
	for name, test := range map[string]struct {
		there string
		want  []string
	}{
		"one document in both Regions": {importedREST, nil},
		"another integration there":    {strings.Replace(importedREST, "type: aws_proxy", "type: aws", 1), []string{"app/Stage Export.paths./orders.get.x-amazon-apigateway-integration.type"}},
		"the function of the primary": {strings.Replace(importedREST, "functions/${Fn.Arn}/", "functions/arn:aws:lambda:us-east-1:${AWS::AccountId}:function:other/", 1),
			[]string{"app/Stage Export.paths./orders.get.x-amazon-apigateway-integration.uri"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.deploy(w.sessions[0].Config, "app", []byte(importedREST), nil)
			w.deploy(w.sessions[1].Config, "app", []byte(test.there), nil)
			snapshots := w.snapshots(w.options("app"))
			if fmt.Sprint(resource(t, snapshots[0], "app/Stage").Properties["Export"]) == fmt.Sprint(resource(t, snapshots[1], "app/Stage").Properties["Export"]) {
				t.Error("the Regions do not differ as they were read: silence proves nothing")
			}
			c := compare(w, snapshots)
			var got []string
			for _, f := range c.Findings {
				if got = append(got, f.Resource+" "+f.Property); f.Severity != drift.Block {
					t.Errorf("%+v", f)
				}
			}
			if !slices.Equal(got, test.want) || c.Coverage.NotCompared != 0 {
				t.Errorf("have %q, coverage %+v, gaps %+v", got, c.Coverage, c.Gaps)
			}
		})
	}
}
