package read

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudcontrol"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type cloudControlAPI interface {
	GetResource(context.Context, *cloudcontrol.GetResourceInput, ...func(*cloudcontrol.Options)) (*cloudcontrol.GetResourceOutput, error)
}

// readCloudControl reads every type without a reader of its own.
func readCloudControl(ctx context.Context, r *run, items []inventory.Item) {
	each(ctx, items, func(item inventory.Item) { r.throughCloudControl(ctx, item) })
}

func (r *run) throughCloudControl(ctx context.Context, item inventory.Item) {
	const operation = "cloudformation:GetResource"
	if strings.HasPrefix(item.Type, "Custom::") || item.Type == "AWS::CloudFormation::CustomResource" {
		r.note(item, "", "", operation, session.Unsupported, "a custom resource has no state that AWS could tell")
		return
	}
	known, _ := metadata.Lookup(item.Type)
	id, ok := identifier(item, known)
	if !ok {
		r.unaddressable(item, "its whole primary identifier ("+strings.Join(known.Identifier, ", ")+")")
		return
	}
	out, err := r.clients.cloudControl.GetResource(ctx, &cloudcontrol.GetResourceInput{TypeName: &item.Type, Identifier: &id})
	if err != nil {
		// Never "gone": the identifier is derived, and may be what is wrong.
		p := session.Classify(err)
		r.note(item, "", "", operationOr(p, operation), p.Reason, p.Message)
		return
	}
	model := ""
	if out.ResourceDescription != nil {
		model = aws.ToString(out.ResourceDescription.Properties)
	}
	var properties map[string]any
	if err := json.Unmarshal([]byte(model), &properties); err != nil {
		r.note(item, "", "", operation, "BadResponse", fmt.Sprintf("decode the resource's properties: %v", err))
		return
	}
	resource := drift.Resource{
		Key: item.Key, Type: item.Type, ID: item.ID, Via: "cloudcontrol",
		Identities: attributes(properties, known), Properties: properties, Declared: item.Declared, Undeclared: WithoutCredentials(item.Undeclared),
	}
	takeTags(&resource, known)
	r.seal(&resource, item)
	r.add(item.Key, func() { r.result.Resources = append(r.result.Resources, resource) })
}

func operationOr(p session.Problem, fallback string) string {
	if p.Permission == "cloudformation:GetResource" || p.Permission == "" {
		return fallback
	}
	return p.Permission // the call of the type's handler that was refused
}

// identifier builds Cloud Control's identifier from the physical id. A type
// with a composite one takes the parts that the template declares from there;
// the part that AWS assigned is the physical id.
func identifier(item inventory.Item, known metadata.Type) (string, bool) {
	if item.ID == "" {
		return "", false
	}
	if len(known.Identifier) <= 1 || strings.Count(item.ID, "|") == len(known.Identifier)-1 {
		return item.ID, true
	}
	parts := make([]string, len(known.Identifier))
	assigned := 0
	for i, path := range known.Identifier {
		var at any = item.Resolved
		for _, name := range strings.Split(path, "/") {
			at = member(at, name)
		}
		value, _ := at.(string)
		switch {
		case value != "" && !unresolved(value):
			parts[i] = value
		case at == nil:
			parts[i] = item.ID
			assigned++
		default:
			return "", false
		}
	}
	if assigned > 1 {
		return "", false
	}
	return strings.Join(parts, "|"), true
}

// attributes are the texts among the properties that AWS assigned: they name
// the resource, and others mention them.
func attributes(properties map[string]any, known metadata.Type) map[string]string {
	names := map[string]string{}
	for _, path := range append(slices.Clone(known.ReadOnly), known.Identifier...) {
		if value, ok := properties[path].(string); ok && len(value) >= 8 && !strings.Contains(path, "/") && !volatile(path) {
			names[path] = value
		}
	}
	return names
}

// volatile properties are assigned by AWS and name nothing.
func volatile(name string) bool {
	for _, word := range []string{"Status", "State", "Time", "Date", "Created", "Modified", "Version"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// takeTags moves the tags to Resource.Tags, without those AWS reserves.
func takeTags(resource *drift.Resource, known metadata.Type) {
	property := known.Tags
	if property == "" || strings.Contains(property, "/") {
		property = "Tags"
	}
	tags := map[string]string{}
	switch v := resource.Properties[property].(type) {
	case map[string]any:
		for key, value := range v {
			s, ok := value.(string)
			if !ok {
				return
			}
			tags[key] = s
		}
	case []any:
		for _, element := range v {
			tag, _ := element.(map[string]any)
			key, ok := tag["Key"].(string)
			if !ok || len(tag) > 2 {
				return // another shape: it stays a property
			}
			tags[key] = text(tag, "Value")
		}
	default:
		return
	}
	delete(resource.Properties, property)
	resource.Tags = userTags(tags)
}
