package accuracy

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	readers "github.com/lockstep-dr/lockstep/internal/aws/read"
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
				c := w.compare(after)
				c.Findings = slices.DeleteFunc(c.Findings, func(f drift.Finding) bool { return slices.Contains(notToldApart[s.name], f.Resource) })
				c.Gaps = slices.DeleteFunc(c.Gaps, func(g drift.Gap) bool { return g.Operation == "lockstep:Evaluate" && s.name == "nested" })
				expect(t, s, c, s.Declared)
			})
		})
	}
}

// notToldApart are resources that name what exists outside of the application,
// and of which nothing is known in a Region where nothing was read.
var notToldApart = map[string][]string{
	"ecs-service": {"app/Task"},                                  // a parameter by its ARN
	"web-tier":    {"app/Balancer", "app/Group", "app/Template"}, // subnets, and text sealed as it is read
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
