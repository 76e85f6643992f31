package main

import (
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

func TestEachActiveRegionIsJudgedAsTheOneThatTakesOver(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy topology.Strategy
		roles    [3]topology.Role
		timeouts [3]float64
		fails    string // part of the evidence; empty: nothing fails
	}{
		{"the reference is less than its peers", topology.ActiveActive, [3]topology.Role{topology.Active, topology.Active, topology.Active},
			[3]float64{3, 30, 30}, "Timeout is 3"},
		{"all are alike", topology.ActiveActive, [3]topology.Role{topology.Active, topology.Active, topology.Active}, [3]float64{30, 30, 30}, ""},
		{"standbys alone are judged", topology.WarmStandby, [3]topology.Role{topology.Primary, topology.Standby, topology.Standby}, [3]float64{30, 30, 30}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var snapshots []*drift.Snapshot
			for i, name := range []string{"us-east-1", "us-west-2", "eu-west-1"} {
				snapshots = append(snapshots, &drift.Snapshot{Schema: drift.SnapshotSchema, Account: "111111111111", Region: topology.Region{Name: name, Role: test.roles[i]},
					Stacks:    []drift.Stack{{Key: "shop", Name: "shop", ID: "id", Status: "CREATE_COMPLETE"}},
					Resources: []drift.Resource{{Key: "shop/Fn", Type: "AWS::Lambda::Function", ID: "f", Properties: map[string]any{"Timeout": test.timeouts[i]}}}})
			}
			cfg := &config.Config{Topology: topology.Topology{Strategy: test.strategy}}
			assessment := compareTaken(cfg, snapshots, "", time.Now()).assess()
			judged, failed := map[string]bool{}, false
			for _, c := range assessment.Checks {
				judged[c.Region] = true
				if c.Rule == "CFG-03" && c.Status == readiness.Fail {
					failed = true
					if test.fails == "" || !strings.Contains(c.Evidence, test.fails) {
						t.Errorf("%s: %s", c.Region, c.Evidence)
					}
				}
			}
			if want := 2 + map[bool]int{true: 1}[test.strategy == topology.ActiveActive]; len(judged) != want {
				t.Errorf("judged %v, want %d Regions", judged, want)
			}
			if failed != (test.fails != "") {
				t.Errorf("failed: %v", failed)
			}
		})
	}
}
