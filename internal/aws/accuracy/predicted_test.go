package accuracy

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	readers "github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// TestPredictions deploys every template to both Regions and predicts: a change
// that changes nothing leaves nothing planned, and a standby that does not exist
// yet and would be created from the same source is what the primary is, live
// values on the one side and the template's on the other.
func TestPredictions(t *testing.T) {
	for _, s := range scenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := deploy(t, s)
			live := w.snapshots()
			t.Run("a change that changes nothing", func(t *testing.T) {
				var after []*drift.Snapshot
				for i := range live {
					after = append(after, predict.Apply(live[i], w.source(t, i), nil))
				}
				for i := range after {
					for _, r := range after[i].Resources {
						if r.Planned != "" {
							t.Errorf("%s is planned in the %s", r.Key, roles[i])
						}
					}
				}
				expect(t, s, w.compare(after), s.Declared)
			})
			t.Run("a standby that does not exist yet", func(t *testing.T) {
				none := *live[1]
				none.Stacks, none.Resources, none.Facts, none.Gaps = nil, nil, nil, nil
				after := []*drift.Snapshot{live[0], predict.Apply(&none, w.source(t, 1), nil)}
				predict.Settle(after)
				w.describe(after)
				c := w.compare(after)
				c.Gaps = slices.DeleteFunc(c.Gaps, func(g drift.Gap) bool { return g.Operation == "lockstep:Evaluate" && s.name == "nested" })
				expect(t, s, c, s.Declared)
			})
		})
	}
}

// describe reads what the planned resources point to, as the product does.
func (w *world) describe(after []*drift.Snapshot) {
	w.Helper()
	if err := collect.PlannedFromSessions(w.Context(), w.sessions, collect.Options{App: "app", Topology: w.topology, Sealer: w.sealer(), Now: w.clock.Now}, after); err != nil {
		w.Fatal(err)
	}
}

// source is the scenario as a working tree has it for one Region.
func (w *world) source(t *testing.T, i int) predict.Source {
	t.Helper()
	source := predict.Source{App: "app", Region: w.topology.Regions[i], Mask: func(tree any) any { return readers.Mask().Tree(tree) },
		Seal: func(typeName string, declared map[string]any, given map[string]string) map[string]any {
			return readers.SealDeclared(w.sealer(), w.topology.Regions[i].Name, w.sessions[i].Account, typeName, declared, given)
		}}
	for _, st := range w.scenario.Stacks {
		if st.Only != "" && st.Only != roles[i] {
			continue
		}
		parsed, err := template.Parse([]byte(read(t, st.Template)))
		if err != nil {
			t.Fatal(err)
		}
		in := predict.Stack{Key: st.Key, Name: st.Key, File: st.Template, Template: parsed, Parameters: map[string]predict.Value{}}
		if name := st.Names[roles[i]]; name != "" {
			in.Name = name
		}
		for _, who := range []string{"both", roles[i]} {
			for name, value := range st.Parameters[who] {
				in.Parameters[name] = predict.Value{Literal: w.fill(i, value)}
			}
		}
		source.Stacks = append(source.Stacks, in)
	}
	return source
}

// TestAStandbyToBeCreatedIsToldFromThePrimary gives the standby's stack, which does not
// exist yet, something else than the primary has: it is told by what the id stands
// for, as the templates' difference and not as anybody's hand. What may not be read is
// a gap.
func TestAStandbyToBeCreatedIsToldFromThePrimary(t *testing.T) {
	all := scenarios(t)
	w := deploy(t, all[slices.IndexFunc(all, func(s *scenario) bool { return s.name == "public-api" })])
	live := w.snapshots()
	w.do(step{Call: "acm:RequestCertificate", With: map[string]any{"DomainName": "elsewhere.example.com", "ValidationMethod": "DNS"}, Save: map[string]string{"Other": "CertificateArn"}})
	none := *live[1]
	none.Stacks, none.Resources, none.Facts, none.Gaps = nil, nil, nil, nil
	for _, test := range []struct {
		name, certificate string
		denied            bool
		found, gaps       int
	}{{"its own", "", false, 0, 0}, {"of another domain", w.saved[1]["Other"], false, 2, 0}, {"not to be read", "", true, 0, 2}} {
		source := w.source(t, 1)
		if test.certificate != "" {
			source.Stacks[0].Parameters["CertificateArn"] = predict.Value{Literal: test.certificate}
		}
		here := w.copy(t)
		if test.denied {
			if _, err := here.cloud.Fail(awssim.Fault{Effect: fault.AccessDenied, Service: "acm", Operation: "DescribeCertificate"}); err != nil {
				t.Fatal(err)
			}
		}
		after := []*drift.Snapshot{live[0], predict.Apply(&none, source, nil)}
		predict.Settle(after)
		here.describe(after)
		c := here.compare(after)
		found, gaps := 0, 0
		for _, f := range c.Findings {
			if f.Cause == drift.Declared && f.ChangedIn == "" && f.Severity == drift.Block && strings.Contains(f.Property, "CertificateArn") {
				found++
			}
		}
		for _, g := range c.Gaps {
			if g.Reason == "Unresolved" {
				gaps++
			}
		}
		if found != test.found || gaps != test.gaps || len(c.Findings) != found {
			t.Errorf("%s: %d findings, %d gaps in %+v %+v", test.name, found, gaps, c.Findings, c.Gaps)
		}
	}
}

// TestEveryRemovalIsPredicted takes each resource that nothing refers to out of
// the templates: of both Regions, which is no difference, and of the standby's
// alone, of which something has to be said.
func TestEveryRemovalIsPredicted(t *testing.T) {
	for _, s := range scenarios(t) {
		if s.name == "exports" {
			continue // what another stack imports cannot be removed
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := deploy(t, s)
			live := w.snapshots()
			before := places(w.compare(live))
			for _, stack := range w.source(t, 1).Stacks {
				for _, id := range leaves(stack.Template) {
					key := stack.Key + "/" + id
					here, there := w.without(t, live, 0, stack.Key, id), w.without(t, live, 1, stack.Key, id)
					for place := range places(w.compare([]*drift.Snapshot{here, there})) {
						if !before[place] {
							t.Errorf("%s is taken out of both, and %s differs", key, place)
						}
					}
					had := slices.ContainsFunc(live[1].Resources, func(r drift.Resource) bool { return r.Key == key && !drift.IsGlobal(r.Type) })
					if had && maps.Equal(before, places(w.compare([]*drift.Snapshot{live[0], there}))) {
						t.Errorf("%s (%s) is taken out of the standby alone, and nothing is said", key, stack.Template.Resources[id].Type)
					}
				}
			}
		})
	}
}

// places are what the findings of a comparison are about.
func places(c drift.Comparison) map[string]bool {
	all := map[string]bool{}
	for _, f := range c.Findings {
		all[f.Resource+" "+f.Property] = true
	}
	return all
}

// without is a live Region after a change that removes one resource of a stack.
func (w *world) without(t *testing.T, live []*drift.Snapshot, i int, stack, id string) *drift.Snapshot {
	t.Helper()
	source := w.source(t, i)
	for j := range source.Stacks {
		if source.Stacks[j].Key == stack {
			source.Stacks[j].Template = removed(t, source.Stacks[j].Template, id)
		}
	}
	return predict.Apply(live[i], source, nil)
}

// leaves are the resources that no other refers to.
func leaves(t *template.Template) []string {
	used := map[string]bool{}
	for id := range t.Resources {
		for _, other := range t.Dependencies(id) {
			used[other] = true
		}
	}
	var list []string
	for id := range t.Resources {
		if !used[id] {
			list = append(list, id)
		}
	}
	slices.Sort(list)
	return list
}

// removed is a template without a resource, and without outputs, which may name it.
func removed(t *testing.T, from *template.Template, id string) *template.Template {
	t.Helper()
	return edited(t, from, func(tree map[string]any) {
		delete(tree["Resources"].(map[string]any), id)
		delete(tree, "Outputs")
	})
}

// TestTheSameChangeOfBothRegionsIsSilent gives every plain property of every
// template another value, one after the other, in both Regions.
func TestTheSameChangeOfBothRegionsIsSilent(t *testing.T) {
	for _, s := range scenarios(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := deploy(t, s)
			live := w.snapshots()
			before := places(w.compare(live))
			for _, stack := range w.source(t, 1).Stacks {
				for id, resource := range stack.Template.Resources {
					properties, _ := resource.Properties.(map[string]any)
					for name, value := range properties {
						next, plain := another(value)
						if !plain {
							continue
						}
						here, there := w.with(t, live, 0, stack.Key, id, name, next), w.with(t, live, 1, stack.Key, id, name, next)
						if has(live[1], stack.Key+"/"+id, "") && !has(there, stack.Key+"/"+id, drift.PlannedUpdate) {
							t.Errorf("%s/%s.%s becomes %v, and no change is predicted", stack.Key, id, name, next)
						}
						for place := range places(w.compare([]*drift.Snapshot{here, there})) {
							if !before[place] {
								t.Errorf("%s/%s.%s becomes %v in both, and %s differs", stack.Key, id, name, next, place)
							}
						}
					}
				}
			}
		})
	}
}

// has reports whether a Region has a resource with such a change planned.
func has(s *drift.Snapshot, key string, planned drift.Planned) bool {
	return slices.ContainsFunc(s.Resources, func(r drift.Resource) bool { return r.Key == key && r.Planned == planned })
}

// another is another value of the same kind.
func another(value any) (any, bool) {
	switch v := value.(type) {
	case float64:
		return v + 1, true
	case bool:
		return !v, true
	case string:
		return v + "x", !strings.Contains(v, "{{")
	}
	return nil, false
}

// with is a live Region after a change that gives one property another value.
func (w *world) with(t *testing.T, live []*drift.Snapshot, i int, stack, id, name string, value any) *drift.Snapshot {
	t.Helper()
	source := w.source(t, i)
	for j := range source.Stacks {
		if source.Stacks[j].Key != stack {
			continue
		}
		source.Stacks[j].Template = edited(t, source.Stacks[j].Template, func(tree map[string]any) {
			resources := tree["Resources"].(map[string]any)
			if r, ok := resources[id].(map[string]any); ok { // the Regions may have templates of their own
				if properties, ok := r["Properties"].(map[string]any); ok {
					properties[name] = value
				}
			}
		})
	}
	return predict.Apply(live[i], source, predict.Plans{stack: {{Resource: id, Action: "Modify", Properties: []string{name}}}})
}

func edited(t *testing.T, from *template.Template, edit func(map[string]any)) *template.Template {
	t.Helper()
	var tree map[string]any
	if err := json.Unmarshal(from.Canonical(), &tree); err != nil {
		t.Fatal(err)
	}
	edit(tree)
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := template.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
