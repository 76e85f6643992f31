package accuracy

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	reading "github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// What a rule says that it needs is what the program asks for: else its page would
// have a reader grant an action that nothing calls.
func TestRulesNeedOnlyWhatIsCalled(t *testing.T) {
	takeover := topology.Takeover{Plan: "arn:aws:arc-region-switch::111111111111:plan/app:1", BreakGlass: "user", Organization: true}
	declared := evidence.Declared{Strategy: topology.WarmStandby, EveryStrategy: true, Takeover: takeover, Objectives: topology.Objectives{
		RPO: 1, Drill: 1, ReservedCapacity: true, CapacityScore: true, GeoPartitioned: []string{"*"}}}
	types := reading.Types()
	for _, rule := range readiness.Rules() {
		for _, need := range rule.Needs {
			types = append(types, need.Types...)
		}
	}
	called := slices.Concat(collect.Actions(types, collect.Inventory{}, declared), collect.RecoveryActions(declared, types, collect.Inventory{}), collect.TakeoverActions(takeover))
	for _, rule := range slices.Concat(readiness.Rules(), readiness.Guards()) {
		for _, action := range rule.Actions() {
			if !slices.Contains(called, action) {
				t.Errorf("%s needs %s, which nothing calls", rule.ID, action)
			}
		}
	}
}
