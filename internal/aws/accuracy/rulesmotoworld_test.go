package accuracy

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// What is declared of the application, so that every rule that moto can show applies.
var (
	motoObjectives = topology.Objectives{RPO: 5 * time.Minute, RTO: 15 * time.Minute, Floor: 0.25, Ceiling: 1}
	motoTakeover   = topology.Takeover{BreakGlass: "breakglass", Organization: true}
)

// newRulesOnMoto is a moto with the application in both Regions.
func newRulesOnMoto(t *testing.T, all onMoto) *world {
	t.Helper()
	t.Setenv("MOTO_ACM_VALIDATION_WAIT", "0")
	ranges := func(network string) map[string]string {
		return map[string]string{"Cidr": network + ".0.0/16", "First": network + ".1.0/28", "Second": network + ".2.0/28"}
	}
	s := &scenario{name: "rules", Regions: []string{"us-east-1", "us-west-2"}, Stacks: []stack{
		{Key: "app", Template: "../moto/app", Parameters: map[string]map[string]string{"primary": ranges("10.1"), "standby": ranges("10.2"),
			"both": {"ImageId": "${saved:Image}", "Code": "code-${AWS::Region}"}}},
		{Key: "extra", Template: "../moto/queue"}, {Key: "tuned", Template: "../moto/queue"},
	}}
	// Metrics have a time, and moto has no clock but the machine's.
	w := &world{T: t, scenario: s, moto: mototest.Start(t), clock: clock.NewManual(time.Now().UTC().Truncate(time.Second)),
		tape: &tape{next: mototest.Client().Transport}}
	w.open()
	w.outputs, w.saved = []map[string]string{{}, {}}, []map[string]string{{}, {}}
	w.everywhere(all.Before)
	w.createAll()
	w.read = w.snapshots()
	w.everywhere(all.After)
	return w
}

// everywhere makes calls in both Regions, unless they name one.
func (w *world) everywhere(steps []step) {
	w.Helper()
	for _, s := range steps {
		for _, role := range roles {
			if s.In == "" || s.In == role {
				w.do(step{In: role, Call: s.Call, With: s.With, Save: s.Save})
			}
		}
	}
}

// judged reads both Regions, the stacks and what the states list, and judges the standby.
func (w *world) judged(all onMoto) judgement {
	w.Helper()
	states := map[string][]byte{}
	source := inventory.Terraform{Key: "terraform", State: map[string]string{}}
	for i, region := range w.scenario.Regions {
		source.State[region] = region
		states[region] = w.state(i, all.State)
	}
	o := collect.Options{App: "app", Topology: w.topology, Session: w.sessionOptions(), Run: "run-1", Sealer: w.sealer(), Now: w.clock.Now, Objectives: motoObjectives, Takeover: motoTakeover,
		Inventory: collect.Inventory{Terraform: []inventory.Terraform{source}, File: func(path string) ([]byte, error) { return states[path], nil }}}
	for _, st := range w.scenario.Stacks {
		o.Stacks = append(o.Stacks, inventory.Source{Key: st.Key})
	}
	snapshots, err := collect.Snapshots(w.Context(), o)
	if err != nil {
		w.Fatal(err)
	}
	c := w.compare(snapshots)
	return judgement(readiness.Assess(readiness.Evidence{Primary: snapshots[0], Standby: snapshots[1], Comparison: &c, Strategy: topology.WarmStandby,
		Objectives: motoObjectives, Takeover: motoTakeover, Now: w.clock.Now()}, readiness.Policy{}))
}

// state is the Terraform state of one Region.
func (w *world) state(i int, resources []inState) []byte {
	w.Helper()
	list := []any{}
	for _, r := range resources {
		if r.In != "" && r.In != roles[i] {
			continue
		}
		list = append(list, map[string]any{"mode": "managed", "type": r.Type, "name": r.Name, "provider": `provider["registry.terraform.io/hashicorp/aws"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": w.filled(i, r.With)}}})
	}
	data, err := json.Marshal(map[string]any{"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": roles[i], "resources": list})
	if err != nil {
		w.Fatal(err)
	}
	return data
}
