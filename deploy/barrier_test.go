package deploy

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestNobodyKeepsAReleaseBeforeEverybodyCould looks at the Regions at the
// moment of each call that matters.
func TestNobodyKeepsAReleaseBeforeEverybodyCould(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		withBarrier(&req)
		kept := 0
		w.fault = func(s site) fault { // runs under the world's lock
			if s.call != "keep" {
				return works
			}
			kept++
			for region, p := range w.places {
				if journal := p.ledger.Journal; journal == nil || journal.State != JournalDecided {
					t.Errorf("%s is told, and the ledger of %s does not hold the decision", s, region)
				}
				for name, stack := range p.stacks {
					if stack.content != "r-1" && kept == 1 || stack.pending == nil && stack.content == "r-1" {
						t.Errorf("%s is told first, and %s/%s is not waiting", s, region, name)
					}
				}
			}
			return works
		}
		res := mustRun(t, req)
		if res.Outcome != Done || !w.all("r-2") || kept != 4 {
			t.Errorf("%s (%s), told %d times, contents %v", res.Outcome, res.Reason, kept, w.contents())
		}
	})
}

func mustRun(t *testing.T, req Request) Result {
	t.Helper()
	res, err := Run(context.Background(), req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestABarrier: what becomes of a deploy with one, by what happens to it.
func TestABarrier(t *testing.T) {
	decided := func(t *testing.T, w *world, want bool) {
		t.Helper()
		for region, p := range w.places {
			if j := p.ledger.Journal; want != (j != nil && j.State == JournalDecided) {
				t.Errorf("%s: decided is %v, want %v", region, !want, want)
			}
		}
	}
	for _, c := range []struct {
		name  string
		fault func(site) fault
		after func(*testing.T, *world)
		want  Outcome
		holds string
		// then is what `lockstep recover` makes of it; empty: it is not asked.
		then      Outcome
		thenHolds string
		wait      time.Duration // before recover
	}{
		{name: "all keep it", want: Done, holds: "r-2"},
		{name: "one Region does not get there, so the other never keeps it", fault: at("us-west-2", "app", "execute", opFails), want: RolledBack, holds: "r-1"},
		{name: "one Region lost its wait before the decision", fault: at("us-west-2", "app", "staged", lies), want: RolledBack, holds: "r-1"},
		{name: "the decision cannot be written in one Region", fault: nth("us-west-2", "ledger", "journal", 2, errBefore), want: RolledBack, holds: "r-1"},
		{name: "killed before the decision: recover takes it back", fault: at("us-east-1", "app", "staged", killBefore), holds: "pending", then: RolledBack, thenHolds: "r-1"},
		{
			name: "killed before the decision and nobody comes: the Regions go back by themselves", fault: at("us-east-1", "app", "staged", killBefore),
			holds: "pending", wait: 2 * barrierTimeout, then: RolledBack, thenHolds: "r-1",
		},
		{
			name: "killed after the decision: recover gives the word", fault: at("us-east-1", "app", "keep", killBefore),
			after: func(t *testing.T, w *world) { decided(t, w, true) }, then: NoChange, thenHolds: "r-2",
		},
		{
			name: "one Region cannot be told: in doubt, and recover gives it the word", fault: at("us-west-2", "app", "keep", errBefore),
			want: InDoubt, after: func(t *testing.T, w *world) { decided(t, w, true) }, then: NoChange, thenHolds: "r-2",
		},
		{
			name: "killed after the decision, and the wait is over when somebody comes: all go back", fault: at("us-west-2", "app", "keep", killBefore),
			wait: 2 * barrierTimeout, then: RolledBack, thenHolds: "r-1",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, []string{"app"}, "r-1")
				if c.fault != nil {
					w.revive(c.fault)
				}
				req := w.request("r-2", "d-1", []string{"app"}, nil)
				withBarrier(&req)
				res := mustRun(t, req)
				if c.want != "" && res.Outcome != c.want || c.holds != "" && !w.all(c.holds) {
					t.Errorf("%s (%s), contents %v; want %s, %s", res.Outcome, res.Reason, w.contents(), c.want, c.holds)
				}
				if c.after != nil {
					c.after(t, w)
				}
				if c.then == "" {
					return
				}
				time.Sleep(max(c.wait, 6*time.Minute)) // the lock's lease
				w.revive(nil)
				again, err := Recover(context.Background(), w.request("r-9", "d-2", []string{"app"}, nil))
				if err != nil || again.Outcome != c.then || !w.all(c.thenHolds) {
					t.Errorf("recover: %v %s (%s), contents %v; want %s, %s", err, again.Outcome, again.Reason, w.contents(), c.then, c.thenHolds)
				}
				for region, p := range w.places {
					if record := p.ledger.Record; p.ledger.Journal != nil || record.ID != c.thenHolds || record.ID == "r-2" && record.Targets["app"] != "sha256:r-2" {
						t.Errorf("%s: journal %v, record %+v", region, p.ledger.Journal, record)
					}
				}
			})
		})
	}
}

func nth(region, target, call string, n int, f fault) func(site) fault {
	return func(s site) fault {
		if s == (site{region, target, call, n}) {
			return f
		}
		return works
	}
}

// TestACancelledDeployWithABarrier: before the decision a cancellation means
// no, after it nothing stops the word.
func TestACancelledDeployWithABarrier(t *testing.T) {
	for _, c := range []struct {
		name, on string
		holds    string
	}{
		{"while the decision is not made", "staged", "r-1"},
		{"once it is made", "keep", "r-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, []string{"app"}, "r-1")
				ctx, cancel := context.WithCancel(context.Background())
				w.fault = func(s site) fault {
					if s.call == c.on {
						cancel()
					}
					return works
				}
				req := w.request("r-2", "d-1", []string{"app"}, nil)
				withBarrier(&req)
				res, err := Run(ctx, req)
				if err != nil || res.Outcome != InDoubt || !strings.Contains(res.Reason, "cancelled") {
					t.Errorf("%v %s (%s)", err, res.Outcome, res.Reason)
				}
				time.Sleep(10 * time.Minute)
				if !w.all(c.holds) {
					t.Errorf("contents %v, want %s", w.contents(), c.holds)
				}
			})
		})
	}
}
