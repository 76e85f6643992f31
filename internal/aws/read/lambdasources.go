package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// sourcesProperty are the event sources that a function takes work from by a mapping
// that is no resource of the application: somebody made it by hand.
const sourcesProperty = "EventSourceMappings"

// tellSources gives the functions their sources once everything is listed: a mapping
// of another stack is that stack's. One list serves all functions of the Region. Where
// tags list a function, nothing lists its mappings.
func (r *run) tellSources(ctx context.Context) {
	functions, declared, tagged := map[string]*drift.Resource{}, map[string]bool{}, map[string]bool{}
	for _, item := range r.Items {
		declared[item.ID] = declared[item.ID] || item.Type == "AWS::Lambda::EventSourceMapping"
		tagged[item.Key] = item.FromTags()
	}
	for i := range r.result.Resources {
		if f := &r.result.Resources[i]; f.Type == "AWS::Lambda::Function" && !tagged[f.Key] {
			functions[functionName(f.ID)] = f
		}
	}
	if len(functions) == 0 {
		return
	}
	byHand := map[*drift.Resource][]map[string]any{}
	pages := lambda.NewListEventSourceMappingsPaginator(r.clients.lambda, &lambda.ListEventSourceMappingsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for _, f := range functions {
				r.partial(inventory.Item{Key: f.Key, Type: f.Type}, sourcesProperty, err)
			}
			return
		}
		for _, m := range page.EventSourceMappings {
			if f := functions[functionName(aws.ToString(m.FunctionArn))]; f != nil && !declared[aws.ToString(m.UUID)] {
				byHand[f] = append(byHand[f], sourceOf(m))
			}
		}
	}
	for f, list := range byHand {
		f.Properties[sourcesProperty] = r.hider().Tree(newObject().set(sourcesProperty, list).properties[sourcesProperty])
	}
}

// sourceOf is a mapping as its own type has it. One whose state says neither on nor
// off is told by the state.
func sourceOf(m types.EventSourceMappingConfiguration) map[string]any {
	o := newObject().take(m, mappingProperties()...).set("FunctionName", m.FunctionArn)
	if on, known := takesWork(m.State); known {
		o.set("Enabled", on)
	} else {
		o.set("State", m.State)
	}
	return o.properties
}
