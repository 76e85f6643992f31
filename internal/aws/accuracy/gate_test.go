package accuracy

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// deployedByHand are the rules that cannot pass here: no release of Lockstep
// put these stacks where they are, so that no ledger names one.
var deployedByHand = map[string]readiness.Level{"REL-07": readiness.LevelOff}

// toldAnyway are scenarios that leave something out which the gate rightly
// asks for, by rule.
var toldAnyway = map[string][]string{
	"alarms":           {"OBS-02"}, // an alarm that has no data yet
	"ecs-service":      {"ART-01"}, // nobody pushed the image
	"files":            {"BKP-02"}, // a plan that copies nothing
	"global-stores":    {"DAT-03"}, // nobody writes to it either
	"global-table":     {"DAT-09"}, // nobody writes to it, so that its lag has no datapoint
	"kms-multi-region": {"REL-06"}, // one template declares the key, the other its replica
	"lambda-image":     {"ART-01"},
	"scaling":          {"ART-01"},
}

// judge wants the gate to accept what the comparison accepts: two Regions of
// one source are ready, and no rule waits for something nobody reads.
func (w *world) judge(snapshots []*drift.Snapshot, c drift.Comparison) {
	w.Helper()
	if len(w.scenario.Declared) > 0 || len(w.scenario.Gaps) > 0 {
		return // they are there to be reported
	}
	for _, check := range w.assess(snapshots, c).Checks {
		bad := check.Status == readiness.Fail || check.Status == readiness.Undetermined
		if told := slices.Contains(toldAnyway[w.scenario.name], check.Rule); bad != told {
			w.Errorf("%s is %s (%s) for %s: %s", check.Rule, check.Status, check.Severity, strings.Join(check.Resources, ", "), check.Evidence)
		}
	}
}

// blocked wants the gate shut by a finding that blocks, whatever else is so.
func (w *world) blocked(snapshots []*drift.Snapshot, c drift.Comparison) {
	w.Helper()
	blocks := slices.ContainsFunc(c.Findings, func(f drift.Finding) bool { return f.Severity == drift.Block })
	if verdict := w.assess(snapshots, c).Verdict; blocks && verdict != readiness.NotReady {
		w.Errorf("the gate says %s of %s", verdict, messages(c.Findings))
	}
}

func (w *world) assess(snapshots []*drift.Snapshot, c drift.Comparison) readiness.Assessment {
	return readiness.Assess(readiness.Evidence{Primary: snapshots[0], Standby: snapshots[1], Comparison: &c, Strategy: topology.WarmStandby,
		Objectives: topology.Objectives{Floor: w.scenario.Objectives.Floor, Ceiling: w.scenario.Objectives.Ceiling}, Now: w.clock.Now()},
		readiness.Policy{Rules: deployedByHand})
}
