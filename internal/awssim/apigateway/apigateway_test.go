package apigateway_test

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/apigateway"
	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// deployed makes an API with one method, a deployment and a stage.
func deployed(t *testing.T) (b *coretest.Bench, api, resource store.Resource) {
	b = coretest.New(t, apigateway.Service())
	api = b.Made(coretest.East, "Api", apigateway.Type, map[string]any{"Name": "app"})
	part := func(more map[string]any) map[string]any {
		more["RestApiId"] = api.ID
		return more
	}
	resource = b.Made(coretest.East, "R", apigateway.ResourceType, part(map[string]any{"ParentId": api.Attributes["RootResourceId"], "PathPart": "items"}))
	_, err := b.Make(coretest.East, "D", apigateway.DeploymentType, part(map[string]any{}))
	b.Code("BadRequestException", err) // nothing to deploy yet
	b.Made(coretest.East, "M", apigateway.MethodType, part(map[string]any{"ResourceId": resource.Attributes["ResourceId"], "HttpMethod": "POST",
		"AuthorizationType": "AWS_IAM", "Integration": map[string]any{"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": "arn:aws:apigateway:us-east-1:lambda:path/x"}}))
	d := b.Made(coretest.East, "D", apigateway.DeploymentType, part(map[string]any{}))
	b.Made(coretest.East, "S", apigateway.StageType, part(map[string]any{"StageName": "live", "DeploymentId": d.Attributes["DeploymentId"]}))
	b.Code("BadRequestException", b.World.Delete(d.Scope, d.Type, d.ID)) // a stage points to it
	return b, api, resource
}

func TestResourcesAreListedWithTheirMethods(t *testing.T) {
	b, api, resource := deployed(t)
	b.Made(coretest.East, "R2", apigateway.ResourceType, map[string]any{"RestApiId": api.ID, "ParentId": resource.Attributes["ResourceId"], "PathPart": "{id}"})
	got := b.Call(coretest.East, "apigateway.GetResources", wire.Object{"restapi_id": api.ID, "embed": "methods"}).Objects("item")
	if len(got) != 3 || got[1]["path"] != "/items" || got[2]["path"] != "/items/{id}" || got[2]["parentId"] != got[1]["id"] {
		t.Fatalf("%v", got)
	}
	if m := got[1].Object("resourceMethods").Object("POST"); m["authorizationType"] != "AWS_IAM" || m.Object("methodIntegration")["type"] != "AWS_PROXY" {
		t.Errorf("%v", m)
	}
	_, err := b.Make(coretest.East, "R3", apigateway.ResourceType, map[string]any{"RestApiId": api.ID, "ParentId": resource.Attributes["ResourceId"], "PathPart": "{id}"})
	b.Code("ConflictException", err)
	_, err = b.Make(coretest.East, "M2", apigateway.MethodType, map[string]any{"RestApiId": api.ID, "ResourceId": resource.Attributes["ResourceId"], "HttpMethod": "GET",
		"Integration": map[string]any{"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": "arn:aws:apigateway:us-west-2:lambda:path/x"}})
	b.Code("BadRequestException", err) // an integration of another Region
}

func TestAStageIsPatchedByHand(t *testing.T) {
	b, api, _ := deployed(t)
	at := wire.Object{"restapi_id": api.ID, "stage_name": "live"}
	patch := func(ops ...[3]string) wire.Object {
		list := []any{}
		for _, op := range ops {
			list = append(list, wire.Object{"op": op[0], "path": op[1], "value": op[2]})
		}
		return wire.Object{"restapi_id": api.ID, "stage_name": "live", "patchOperations": list}
	}
	b.Call(coretest.East, "apigateway.UpdateStage", patch([3]string{"replace", "/variables/a", "1"}, [3]string{"replace", "/variables/b", "2"},
		[3]string{"replace", "/*/*/throttling/rateLimit", "5"}, [3]string{"replace", "/~1items/POST/logging/loglevel", "INFO"}, [3]string{"replace", "/tracingEnabled", "true"}))
	b.Call(coretest.East, "apigateway.UpdateStage", patch([3]string{"remove", "/variables/a", ""}))
	got := b.Call(coretest.East, "apigateway.GetStage", at)
	settings := got.Object("methodSettings")
	if v := got.Object("variables"); len(v) != 1 || v["b"] != "2" {
		t.Errorf("%v", v)
	}
	if settings.Object("*/*")["throttlingRateLimit"] != 5.0 || settings.Object("items/POST")["loggingLevel"] != "INFO" || !got.Bool("tracingEnabled") {
		t.Errorf("%v", got)
	}
	b.Refused("BadRequestException", coretest.East, "apigateway.UpdateStage", patch([3]string{"replace", "/colour", "blue"}))
	b.Refused("NotFoundException", coretest.East, "apigateway.UpdateStage", patch([3]string{"replace", "/deploymentId", "none"}))
	b.Refused("NotFoundException", coretest.West, "apigateway.GetStage", at)
}

func TestAnAPITakesItsPartsAlong(t *testing.T) {
	b, api, _ := deployed(t)
	if err := b.World.Delete(api.Scope, api.Type, api.ID); err != nil {
		t.Fatal(err)
	}
	for _, typ := range []string{apigateway.ResourceType, apigateway.MethodType, apigateway.DeploymentType, apigateway.StageType} {
		if left := b.World.Store.List(api.Scope, typ); len(left) != 0 {
			t.Errorf("%s: %d left", typ, len(left))
		}
	}
}

func TestAStageExportsWhatItsDeploymentMadePublic(t *testing.T) {
	b, api, resource := deployed(t)
	at := wire.Object{"restapi_id": api.ID, "stage_name": "live", "export_type": "oas30"}
	integration := func() string {
		raw, err := b.Try(coretest.East, "apigateway.GetExport", at, nil)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw.(*wire.Raw).Body)
	}
	before := integration()
	if !strings.Contains(before, `"/items"`) || !strings.Contains(before, "lambda:path/x") {
		t.Errorf("%s", before)
	}
	b.Call(coretest.East, "apigateway.UpdateIntegration", wire.Object{"restapi_id": api.ID, "resource_id": resource.Attributes["ResourceId"], "http_method": "POST",
		"patchOperations": []any{wire.Object{"op": "replace", "path": "/uri", "value": "arn:aws:apigateway:us-east-1:lambda:path/y"}}})
	if after := integration(); after != before {
		t.Errorf("a change that is not deployed is served: %s", after)
	}
	at["export_type"] = "swagger"
	b.Refused("BadRequestException", coretest.East, "apigateway.GetExport", at)
}
