package deploy

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestWhatWasDecidedHasTimeToSettle: traffic that is shifted in steps may take
// hours after the word, and that is no reason to doubt the release.
func TestWhatWasDecidedHasTimeToSettle(t *testing.T) {
	for _, c := range []struct {
		name              string
		deadline, settles time.Duration
		// killed: the run dies right after it gave the word, and recover goes on.
		killed bool
		want   Outcome
	}{
		{"within the hour that a way back has", 0, 50 * time.Minute, false, Done},
		{"within what is left of the deadline", 4 * time.Hour, 3 * time.Hour, false, Done},
		{"within the hour, although the deadline is over", 2 * time.Minute, 50 * time.Minute, false, Done},
		{"longer than either", 2 * time.Hour, 3 * time.Hour, false, InDoubt},
		{"within what is left of the deadline of recover", 4 * time.Hour, 3 * time.Hour, true, NoChange},
		{"within the hour of recover, although its deadline is over", 2 * time.Minute, 50 * time.Minute, true, NoChange},
		{"longer than recover may take", 2 * time.Hour, 3 * time.Hour, true, InDoubt},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, []string{"app"}, "r-1")
				req := w.request("r-2", "d-1", []string{"app"}, nil)
				withBarrier(&req)
				req.Deadline = c.deadline
				for _, region := range req.Regions {
					region.Targets[0].(*fakeTarget).settles = c.settles
				}
				end := func() (Result, error) { return Run(context.Background(), req) }
				if c.killed {
					w.revive(at("us-west-2", "app", "settle", killBefore))
					mustRun(t, req)
					time.Sleep(6 * time.Minute) // the lock's lease
					w.revive(nil)
					end = func() (Result, error) { return Recover(context.Background(), req) }
				}
				res, err := end()
				if err != nil || res.Outcome != c.want {
					t.Fatalf("%v %s (%s), want %s", err, res.Outcome, res.Reason, c.want)
				}
				time.Sleep(4 * time.Hour)
				if !w.all("r-2") { // in doubt or not: nobody took it back
					t.Errorf("contents %v", w.contents())
				}
			})
		})
	}
}

// TestADecisionHoldsWhereverTheRunDies kills a deploy at every call, journal
// writes among them. Half of its targets cannot be held and wait for nothing.
// If any ledger holds the decision, recover brings the release everywhere,
// otherwise nowhere.
func TestADecisionHoldsWhereverTheRunDies(t *testing.T) {
	counts := map[Outcome]int{}
	for n, shape := range shapes {
		if shape.change == nil {
			continue // no barrier
		}
		for _, where := range sites(t, n) {
			for _, f := range []fault{killBefore, killAfter} {
				t.Run(fmt.Sprintf("%s, %s, %d", shape.name, where, f), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { counts[dieAndRecover(t, n, where, f)]++ })
				})
			}
		}
	}
	if counts[NoChange] == 0 || counts[RolledBack] == 0 {
		t.Errorf("the test does not test: %v", counts)
	}
	t.Log(counts)
}

func dieAndRecover(t *testing.T, n int, where site, f fault) Outcome {
	t.Helper()
	w, req := shaped(n, "d-1")
	w.revive(nth(where.region, where.target, where.call, where.n, f))
	mustRun(t, req)
	want := shapes[n].before
	for _, p := range w.places {
		if j := p.ledger.Journal; j != nil && (j.State == JournalDecided || j.State == JournalCommitted) || p.ledger.Record != nil && p.ledger.Record.ID == "r-2" {
			want = "r-2"
		}
	}
	time.Sleep(6 * time.Minute) // the lock's lease, and less than the barrier's
	w.revive(nil)
	res, err := Recover(context.Background(), reshape(w, n, "d-2"))
	if err != nil || res.Outcome != NoChange && res.Outcome != RolledBack || !w.all(want) {
		t.Errorf("%v %s (%s), contents %v, want %s", err, res.Outcome, res.Reason, w.contents(), want)
	}
	if locks, journals, _ := w.leftovers(); locks+journals != 0 {
		t.Errorf("%d locks and %d journals were left", locks, journals)
	}
	return res.Outcome
}
