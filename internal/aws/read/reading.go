package read

import (
	"context"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// Reading reads a Region whose items are still being listed. Every call of Add
// must come before Result, and Result must be called, whatever happened.
type Reading struct {
	ctx    context.Context
	run    *run
	stages []*stage
	// byType is the stage that reads a type; the last stage reads all others.
	byType map[string]int
}

// Start begins with the items of the request, if there are any.
func Start(ctx context.Context, clients Clients, q Request) *Reading {
	items := q.Items
	q.Items = nil
	r := &Reading{ctx: ctx, byType: map[string]int{},
		run: &run{Request: q, clients: clients, specs: specsByType(), done: map[string]bool{}, concurrency: newConcurrency(), layers: newLayersInUse(), versions: &functionVersions{}}}
	for i, reader := range append(readers(), reader{early: []string{allTypes}, read: readCloudControl}) {
		for _, spec := range reader.specs {
			r.byType[spec.Type] = i
		}
		r.stages = append(r.stages, newStage(reader.isEarly, func(batch []inventory.Item) { reader.read(ctx, r.run, batch) }))
	}
	r.Add(items)
	return r
}

// Add hands more items over. What shares calls about a parent (an API, a
// function) should come together. It may be called by several goroutines.
func (r *Reading) Add(items []inventory.Item) {
	r.run.expect(items)
	byStage := make([][]inventory.Item, len(r.stages))
	for _, item := range items {
		i, ok := r.byType[item.Type]
		if !ok {
			i = len(r.stages) - 1
		}
		byStage[i] = append(byStage[i], item)
	}
	for i, items := range byStage {
		r.stages[i].add(items)
	}
}

// Result waits until everything that was added has been read. The error is the
// context's; whatever else goes wrong is a gap. Each item ends up as exactly one
// of: a resource, a drift.FactGone, or a gap without a property.
func (r *Reading) Result() (Result, error) {
	for _, stage := range r.stages {
		stage.close()
	}
	for _, stage := range r.stages {
		stage.done.Wait()
	}
	r.run.concurrency.tell(r.run)
	r.run.tellLayers(r.ctx, r.run.layers)
	r.run.tellServed()
	r.run.tellSources(r.ctx)
	r.run.spellTargets()
	r.run.describeMentions(r.ctx)
	r.run.describeReferences(r.ctx)
	if err := r.ctx.Err(); err != nil {
		return Result{}, err
	}
	r.run.sealScripts(r.run.keys())
	r.run.accountForAll()
	return r.run.sorted(), nil
}

// allTypes stands for every type of a reader.
const allTypes = "*"

func (r reader) isEarly(typ string) bool {
	return slices.Contains(r.early, typ) || slices.Contains(r.early, allTypes)
}
