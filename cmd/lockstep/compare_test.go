package main

import (
	"slices"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// Where every Region is active each is compared with each: what is enough beside
// the reference may be too little beside another.
func TestActiveRegionsAreComparedPairwise(t *testing.T) {
	region := func(name string, role topology.Role, most float64) *drift.Snapshot {
		return &drift.Snapshot{Schema: drift.SnapshotSchema, Account: "111111111111", Region: topology.Region{Name: name, Role: role},
			Stacks:    []drift.Stack{{Key: "shop", Name: "shop", ID: "id", Status: "CREATE_COMPLETE"}},
			Resources: []drift.Resource{{Key: "shop/Group", Type: "AWS::AutoScaling::AutoScalingGroup", ID: "g", Properties: map[string]any{"MaxSize": most}}}}
	}
	for name, c := range map[string]struct {
		strategy topology.Strategy
		roles    [3]topology.Role
		sizes    [3]float64
		pairs    int
		regions  []string // of the findings
	}{
		"all are alike": {topology.ActiveActive, [3]topology.Role{topology.Active, topology.Active, topology.Active}, [3]float64{8, 8, 8}, 3, nil},
		"enough beside the reference and too little beside the second": {topology.ActiveActive,
			[3]topology.Role{topology.Active, topology.Active, topology.Active}, [3]float64{8, 10, 6}, 3, []string{"eu-west-1"}},
		"what the reference shows is said once": {topology.ActiveActive, [3]topology.Role{topology.Active, topology.Active, topology.Active},
			[3]float64{8, 8, 4}, 3, []string{"eu-west-1"}},
		"standbys are measured by the primary alone": {topology.WarmStandby, [3]topology.Role{topology.Primary, topology.Standby, topology.Standby}, [3]float64{8, 10, 6}, 2, nil},
	} {
		t.Run(name, func(t *testing.T) {
			names := [3]string{"us-east-1", "us-west-2", "eu-west-1"}
			cfg := &config.Config{Topology: topology.Topology{Strategy: c.strategy}, Objectives: topology.Objectives{Floor: 0.7, Ceiling: 0.7}}
			var snapshots []*drift.Snapshot
			for i, r := range names {
				snapshots = append(snapshots, region(r, c.roles[i], c.sizes[i]))
			}
			compared := compareTaken(cfg, snapshots, "", time.Now())
			compared.pairwise()
			r := compared.report(report.Report{})
			r.Findings = slices.DeleteFunc(r.Findings, func(f drift.Finding) bool { return f.Severity == drift.Info })
			if r.Coverage.Compared != c.pairs || len(r.Findings) != len(c.regions) {
				t.Fatalf("%+v, %+v", r.Coverage, r.Findings)
			}
			for i, f := range r.Findings {
				if f.Region != c.regions[i] {
					t.Errorf("%s is said of %s, want %s", f.Property, f.Region, c.regions[i])
				}
			}
		})
	}
}
