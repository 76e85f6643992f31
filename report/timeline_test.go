package report

import (
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// TestAPhaseThatOnlyBeganLastsUntilTheNext: comparing tells its beginning only, and
// took no time in every report.
func TestAPhaseThatOnlyBeganLastsUntilTheNext(t *testing.T) {
	start := time.Date(2026, 11, 22, 18, 0, 0, 0, time.UTC)
	at := func(seconds int, region string, phase deploy.Phase, status string) deploy.Event {
		return deploy.Event{At: start.Add(time.Duration(seconds) * time.Second), Region: region, Phase: phase, Status: status}
	}
	for _, c := range []struct {
		name   string
		events []deploy.Event
		phase  deploy.Phase
		want   string
	}{
		{"until the next phase of the Region", []deploy.Event{at(1, "a", deploy.PhaseCompare, "started"), at(3, "b", deploy.PhaseDiscard, "discarded"), at(5, "a", deploy.PhaseDiscard, "discarded")}, deploy.PhaseCompare, "4s"},
		{"until the run ended", []deploy.Event{at(1, "a", deploy.PhaseCompare, "started")}, deploy.PhaseCompare, "19s"},
		{"to its own last event, if it told more", []deploy.Event{at(1, "a", deploy.PhaseExecute, "started"), at(4, "a", deploy.PhaseExecute, "done"), at(9, "a", deploy.PhaseVerify, "started")}, deploy.PhaseExecute, "3s"},
		{"no time, if it told only its end", []deploy.Event{at(1, "a", deploy.PhaseLock, "taken"), at(4, "a", deploy.PhaseObserve, "started")}, deploy.PhaseLock, "0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, spans := phasesOf(&deploy.Result{StartedAt: start, FinishedAt: start.Add(20 * time.Second), Timeline: c.events})
			if got := spans[c.phase]["a"].length(); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
