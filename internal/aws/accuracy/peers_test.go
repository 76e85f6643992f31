package accuracy

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// TestPeersOfAGlobalDatabaseHaveToForwardWrites reads a global database and judges
// it among active Regions: the writer takes writes, and its secondary only if the
// template lets it forward them.
func TestPeersOfAGlobalDatabaseHaveToForwardWrites(t *testing.T) {
	all := scenarios(t)
	s := all[slices.IndexFunc(all, func(s *scenario) bool { return s.name == "global-stores" })]
	w := deploy(t, s)
	live := w.snapshots()
	after := []*drift.Snapshot{w.with(t, live, 0, "app", "Cluster", "EnableGlobalWriteForwarding", true), w.with(t, live, 1, "app", "Cluster", "EnableGlobalWriteForwarding", true)}
	predict.Settle(after)
	for _, test := range []struct {
		name             string
		primary, standby *drift.Snapshot
		want             readiness.Status
		says             string
	}{
		{"a secondary that forwards nothing", live[0], live[1], readiness.Fail, "is a secondary of its global database and forwards no writes"},
		{"the writer, as the other's peer", live[1], live[0], readiness.Pass, ""},
		{"a change that lets it forward", after[0], after[1], readiness.Pass, ""},
	} {
		c := w.compare([]*drift.Snapshot{test.primary, test.standby})
		checks := readiness.Assess(readiness.Evidence{Primary: test.primary, Standby: test.standby, Comparison: &c, Strategy: topology.ActiveActive,
			Objectives: topology.Objectives{Floor: 1, Ceiling: 1}, Now: w.clock.Now()}, readiness.Policy{}).Checks
		found := judgement(readiness.Assessment{Checks: checks}).of("DAT-15")
		if len(found) != 1 || found[0].Status != test.want || !strings.Contains(found[0].Evidence, test.says) {
			t.Errorf("%s: %s", test.name, shown(found))
		}
	}
}
