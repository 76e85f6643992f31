package readiness

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func TestTheLadder(t *testing.T) {
	check := func(rule string, severity drift.Severity, status Status) Check {
		return Check{Rule: rule, Severity: severity, Status: status}
	}
	passes, pilot, warm, active := []Check{check("CFG-02", drift.Block, Pass)}, topology.PilotLight, topology.WarmStandby, topology.ActiveActive
	for _, c := range []struct {
		name     string
		rpo      time.Duration
		checks   map[topology.Strategy][]Check
		stands   topology.Strategy
		next     topology.Strategy
		verdicts []Verdict
		kept     map[topology.Strategy][3][]string
	}{
		{"stands on top when nothing keeps it from any rung", time.Minute, nil, active, "", []Verdict{Ready, Ready, Ready, Ready}, nil},
		{"stands below the first strategy that a blocking rule keeps it from", time.Minute,
			map[topology.Strategy][]Check{warm: {check("CAP-02", drift.Block, Fail)}, active: {check("CAP-02", drift.Block, Fail), check("DAT-03", drift.Block, Undetermined)}},
			pilot, warm, []Verdict{Ready, Ready, NotReady, NotReady},
			map[topology.Strategy][3][]string{warm: {{"CAP-02"}}, active: {{"CAP-02"}, {"DAT-03"}}}},
		{"is not kept by what only warns", time.Minute,
			map[topology.Strategy][]Check{warm: {check("OBS-05", drift.Warn, Fail)}}, active, "", []Verdict{Ready, Ready, Ready, Ready}, nil},
		{"needs its data above backup and restore, though the gate only warns", time.Minute,
			map[topology.Strategy][]Check{pilot: {check("DAT-12", drift.Warn, Fail)}, warm: {check("DAT-12", drift.Warn, Undetermined)}, active: {check("DAT-12", drift.Warn, Waived)}},
			active, "", []Verdict{Ready, Ready, Ready, Ready},
			map[topology.Strategy][3][]string{pilot: {nil, nil, {"DAT-12"}}, warm: {nil, nil, {"DAT-12"}}}},
		{"stands on no rung that needs its data where no RPO is declared", 0, nil, topology.BackupRestore, pilot, []Verdict{Ready, Ready, Ready, Ready},
			map[topology.Strategy][3][]string{pilot: {nil, nil, {"DAT-12"}}, warm: {nil, nil, {"DAT-12"}}, active: {nil, nil, {"DAT-12"}}}},
		{"stands on no rung when it is ready under no strategy", time.Minute,
			map[topology.Strategy][]Check{topology.BackupRestore: {check("BKP-01", drift.Block, Fail)}, pilot: {check("CFG-02", drift.Block, Fail)},
				warm: {check("CFG-02", drift.Block, Fail)}, active: {check("CFG-02", drift.Block, Fail)}},
			"", topology.BackupRestore, []Verdict{NotReady, NotReady, NotReady, NotReady},
			map[topology.Strategy][3][]string{topology.BackupRestore: {{"BKP-01"}}, pilot: {{"CFG-02"}}, warm: {{"CFG-02"}}, active: {{"CFG-02"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := NewLadder(topology.WarmStandby, topology.Objectives{RPO: c.rpo}, func(s topology.Strategy) Assessment {
				checks := append(append([]Check{}, passes...), c.checks[s]...)
				return Assessment{Verdict: verdict(checks, Policy{}), Checks: checks}
			})
			if l.StandsOn != c.stands || l.Next != c.next {
				t.Errorf("stands on %q below %q, want %q below %q", l.StandsOn, l.Next, c.stands, c.next)
			}
			for i, rung := range l.Rungs {
				if rung.Strategy != Classes()[i].Strategy || rung.Verdict != c.verdicts[i] || rung.Declared != (rung.Strategy == warm) {
					t.Errorf("rung %d: %+v", i, rung)
				}
				if diff := cmp.Diff(c.kept[rung.Strategy], [3][]string{rung.Failed, rung.Undetermined, rung.Unmet}); diff != "" {
					t.Errorf("%s is kept by (-want +got):\n%s", rung.Strategy, diff)
				}
			}
		})
	}
}
