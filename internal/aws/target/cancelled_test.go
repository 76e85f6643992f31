package target

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
)

// moments are when a deploy is cancelled: often in the beginning, when much
// happens, then every few seconds. With -every-kill they lie four to a second.
func moments() (list []time.Duration) {
	step := func(at time.Duration) time.Duration {
		if *everyKill || at < 5*time.Second {
			return 250 * time.Millisecond
		}
		return 5 * time.Second
	}
	for at := time.Duration(0); at < span; at += step(at) {
		list = append(list, at)
	}
	return list
}

// TestADeployCancelledAtAnyMomentSaysWhereItIs cancels a deploy at a moment of
// its life, in every phase, holds its result against the world, and has the next
// deploy end what it left.
func TestADeployCancelledAtAnyMomentSaysWhereItIs(t *testing.T) {
	for n, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			phases := map[deploy.Phase]int{}
			bill := badDays{outcomes: map[string]int{}}
			for _, at := range moments() {
				t.Run(fmt.Sprint(at), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { phases[cancelAt(t, n, at, &bill)]++ })
				})
			}
			t.Logf("%v in %v", bill.outcomes, phases)
			for _, phase := range []deploy.Phase{deploy.PhaseLock, deploy.PhaseObserve, deploy.PhasePrepare, deploy.PhaseExecute} {
				if phases[phase] == 0 {
					t.Errorf("nothing was cancelled in phase %s: the test does not test", phase)
				}
			}
		})
	}
}

// cancelAt returns the phase that was cancelled; empty: the deploy had ended.
func cancelAt(t *testing.T, n int, at time.Duration, bill *badDays) (phase deploy.Phase) {
	d := newDay(t, 1, n, bill)
	d.run(context.Background(), d.fine(), "1", "d-first")
	before := len(d.events)
	stop := after(at, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if phase = deploy.PhaseLock; len(d.events) > before { // the first phase says nothing until a lock is had
			phase = d.events[len(d.events)-1].Phase
		}
	})
	d.round(0, "2", []mishap{{what: cancelled, at: at}})
	stop()
	d.close()
	if t.Failed() {
		t.Fatal(strings.Join(d.story, "\n"))
	}
	return phase
}
