package accuracy

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
)

// TestNoPreconditionStopsADeployThatWorks deploys every template, and judges both
// Regions as before the first deploy of it, as after a change that changes nothing,
// and as after every resource that nothing refers to was taken out.
func TestNoPreconditionStopsADeployThatWorks(t *testing.T) {
	for _, s := range scenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			if len(s.Gaps) > 0 {
				t.Skip("it has gaps on purpose, which stop")
			}
			w := deploy(t, s)
			none := empty(t, s).snapshots(w.types(t)...)
			for i, live := range w.snapshots() {
				source := w.source(t, i)
				w.lets(none[i], predict.Apply(none[i], source, nil), "the first deploy")
				w.lets(live, predict.Apply(live, source, nil), "nothing changes")
				if s.name == "exports" {
					continue // what another stack imports cannot be removed
				}
				for _, stack := range source.Stacks {
					for _, id := range leaves(stack.Template) {
						w.lets(live, w.without(t, w.both(i, live), i, stack.Key, id), "without "+id)
					}
				}
			}
		})
	}
}

// types are the resource types that the templates of a scenario bring.
func (w *world) types(t *testing.T) []string {
	t.Helper()
	var all []string
	for i := range roles {
		for _, stack := range w.source(t, i).Stacks {
			for _, r := range stack.Template.Resources {
				all = append(all, r.Type)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// both is a list that has a Region in its place.
func (w *world) both(i int, live *drift.Snapshot) []*drift.Snapshot {
	list := make([]*drift.Snapshot, len(roles))
	list[i] = live
	return list
}

func (w *world) lets(before, after *drift.Snapshot, change string) {
	w.Helper()
	stops, _ := readiness.Obstacles(before, after, readiness.Policy{}, w.clock.Now())
	for _, o := range stops {
		w.Errorf("%s, %s: %s %s: %s", before.Region.Name, change, o.Rule, o.Resource, o.Evidence)
	}
}
