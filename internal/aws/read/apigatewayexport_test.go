package read

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

const exportedAPI = `{"openapi": "3.0.1", "info": {"title": "shop", "version": "2026-01-01T00:00:00Z"}, "servers": [{"url": "https://api.example.com"}],
	"x-amazon-apigateway-policy": {"Statement": []},
	"paths": {"/orders": {"get": {"parameters": [{"name": "b", "in": "query"}, {"name": "a", "in": "query"}], "tags": ["z", "a"],
		"x-amazon-apigateway-integration": {"type": "aws_proxy", "uri": "arn:u", "cacheNamespace": "res", "cacheKeyParameters": ["q", "p"],
			"requestParameters": {"integration.request.header.Authorization": "'canary-canary-canary'", "integration.request.querystring.a": "method.request.header.Authorization"}}}}}}`

// importedAPI is an API, its deployment and its stage, as a template declares them.
func importedAPI(declared map[string]any) []inventory.Item {
	api, deployment, stage := sampleOf("AWS::ApiGateway::RestApi"), sampleOf("AWS::ApiGateway::Deployment"), sampleOf("AWS::ApiGateway::Stage")
	api.ID, stage.ID, api.Declared = "api", "live", declared
	return []inventory.Item{api, deployment, stage}
}

func importedAnswers(export any) map[string]any {
	return map[string]any{
		"API Gateway GetRestApi":    &apigateway.GetRestApiOutput{Id: aws.String("api")},
		"API Gateway GetDeployment": &apigateway.GetDeploymentOutput{},
		"API Gateway GetResources":  &apigateway.GetResourcesOutput{Items: []types.Resource{{Id: aws.String("res"), Path: aws.String("/orders")}}},
		"API Gateway GetStages":     &apigateway.GetStagesOutput{Item: []types.Stage{{StageName: aws.String("live")}}},
		"API Gateway GetExport":     export,
	}
}

func shown(tree any, name string) string { return fmt.Sprint(member(tree, name)) }

func exportOf(result Result, typ string) any {
	for _, r := range result.Resources {
		if r.Type == typ {
			return r.Properties["Export"]
		}
	}
	return nil
}

func TestAnImportedAPIIsReadAsItsStageServesIt(t *testing.T) {
	var calls callCounter
	result := readAll(t, calls.count(by(importedAnswers(&apigateway.GetExportOutput{Body: []byte(exportedAPI)}))), request(importedAPI(map[string]any{"Body": map[string]any{}})...))
	export, _ := exportOf(result, "AWS::ApiGateway::Stage").(map[string]any)
	get := member(member(export["paths"], "/orders"), "get")
	integration := member(get, "x-amazon-apigateway-integration")
	if len(export) != 1 || member(integration, "uri") != "arn:u" || member(integration, "cacheNamespace") != nil || calls.of("GetExport") != 1 || len(result.Gaps) != 0 {
		t.Errorf("export %v, calls %v, gaps %+v", export, calls.calls, result.Gaps)
	}
	if have := shown(get, "parameters") + shown(get, "tags") + shown(integration, "cacheKeyParameters"); have != "[map[in:query name:a] map[in:query name:b]][z a][p q]" {
		t.Errorf("order: %s", have)
	}
	if have := shown(integration, "requestParameters"); strings.Contains(have, "canary") || !strings.Contains(have, "method.request.header.Authorization") {
		t.Errorf("a credential of a header left, or where one comes from did not: %s", have)
	}
}

func TestAStageIsExportedOnlyWhereNothingElseTellsItsMethods(t *testing.T) {
	document := &apigateway.GetExportOutput{Body: []byte(exportedAPI)}
	for name, test := range map[string]struct {
		declared map[string]any
		stage    string // the one that the deployment makes
		calls    int
	}{
		"methods are resources":              {map[string]any{"Name": "shop"}, "", 0},
		"a document":                         {map[string]any{"Body": map[string]any{}}, "", 1},
		"a document in a bucket":             {map[string]any{"BodyS3Location": map[string]any{}}, "", 1},
		"a stage of the deployment too":      {map[string]any{"Body": map[string]any{}}, "beta", 2},
		"a stage of the deployment, methods": {map[string]any{"Name": "shop"}, "beta", 0},
		"a state that lists no method":       {nil, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			var calls callCounter
			items := importedAPI(test.declared)
			items[1].Resolved["StageName"] = test.stage
			result := readAll(t, calls.count(by(importedAnswers(document))), request(items...))
			if calls.of("GetExport") != test.calls || (exportOf(result, "AWS::ApiGateway::Deployment") != nil) != (test.calls == 2) {
				t.Errorf("calls %v", calls.calls)
			}
		})
	}
}

func TestAnExportThatCannotBeReadIsAGapOfTheStage(t *testing.T) {
	for name, test := range map[string]struct {
		export any
		reason string
	}{
		"denied":         {refusal("AccessDeniedException"), session.AccessDenied},
		"not found":      {refusal("NotFoundException"), session.NotFound},
		"no document":    {&apigateway.GetExportOutput{Body: []byte("openapi: 3.0.1")}, session.BadResponse},
		"nothing at all": {&apigateway.GetExportOutput{}, session.BadResponse},
		"without paths":  {&apigateway.GetExportOutput{Body: []byte("{}")}, session.BadResponse},
	} {
		t.Run(name, func(t *testing.T) {
			result := readAll(t, by(importedAnswers(test.export)), request(importedAPI(map[string]any{"Body": map[string]any{}})...))
			gaps := result.gapsOf("Export", "")
			if len(result.Resources) != 3 || exportOf(result, "AWS::ApiGateway::Stage") != nil || len(gaps) != 1 || gaps[0].Reason != test.reason || gaps[0].Operation != "apigateway:GET" {
				t.Errorf("gaps %+v", result.Gaps)
			}
		})
	}
}
