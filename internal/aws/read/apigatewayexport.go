package read

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// exportProperty holds what a stage serves, where the API comes from a document:
// then no resource of the stack says which integration a method has.
const exportProperty = "Export"

// isImportedAPI reports whether an API has its methods from a document.
func isImportedAPI(item inventory.Item, methodsListed bool) bool {
	return item.Type == "AWS::ApiGateway::RestApi" && imported(item, methodsListed)
}

// exported reads what one stage of an imported API serves. One that cannot be
// read, or is no document, is a gap of the property and never an equal one.
func (r *run) exported(ctx context.Context, item inventory.Item, stage string, a restAPI, o *object) {
	out, err := r.clients.apiGateway.GetExport(ctx, &apigateway.GetExportInput{
		RestApiId: &a.id, StageName: &stage, ExportType: aws.String("oas30"), Accepts: aws.String("application/json"),
		Parameters: map[string]string{"extensions": "integrations,authorizers,apigateway"},
	})
	if err != nil {
		r.partial(item, exportProperty, err)
		return
	}
	var definition map[string]any
	if err := json.Unmarshal(out.Body, &definition); err != nil || definition["paths"] == nil {
		r.note(item, exportProperty, "", "apigateway:GET", session.BadResponse, "the export of stage "+stage+" is no OpenAPI document")
		return
	}
	if a.noResources != nil {
		r.partial(item, exportProperty, a.noResources) // a generated cache namespace could not be told from a chosen one
		return
	}
	namespaces := map[string]bool{}
	for _, resource := range a.resources {
		namespaces[aws.ToString(resource.Id)] = true
	}
	o.set(exportProperty, servedBy(definition, namespaces))
}

// ofTheAPI are members of an export that say what the API's own properties say
// too (its name, policy and endpoints), or where the stage is and when it was
// exported. They are compared there, or differ by nature.
var ofTheAPI = []string{"openapi", "info", "servers", "x-amazon-apigateway-policy", "x-amazon-apigateway-endpoint-configuration",
	"x-amazon-apigateway-binary-media-types", "x-amazon-apigateway-minimum-compression-size", "x-amazon-apigateway-api-key-source"}

// servedBy is an export without what may differ between two APIs of one document.
func servedBy(definition map[string]any, resources map[string]bool) map[string]any {
	served := maps.Clone(definition)
	for _, name := range ofTheAPI {
		delete(served, name)
	}
	paths, _ := served["paths"].(map[string]any)
	for _, path := range paths {
		settle(path, resources)
	}
	return served
}

// asSets are the lists of a path that API Gateway keeps as maps and sets: the
// order in which they come out says nothing.
var asSets = []string{"parameters", "security", "cacheKeyParameters"}

// settle orders what has no order, and drops the namespace that API Gateway
// generates: the id of the method's resource, another one in each API.
func settle(v any, resources map[string]bool) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			settle(element, resources)
		}
	case map[string]any:
		if namespace, ok := v["cacheNamespace"].(string); ok && resources[namespace] {
			delete(v, "cacheNamespace")
		}
		for name, member := range v {
			settle(member, resources)
			if list, ok := member.([]any); ok && slices.Contains(asSets, name) {
				slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
			}
		}
	}
}
