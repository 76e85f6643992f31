package deploy

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// cancelAfter deploys r-2 over r-1 and cancels after a while.
func cancelAfter(t *testing.T, after time.Duration, fault func(site) fault, change func(*Request)) (*world, Result, time.Duration) {
	t.Helper()
	w := newWorld(twoRegions, twoTargets, "r-1")
	w.revive(fault)
	req := w.request("r-2", "d-1", twoTargets, nil)
	if change != nil {
		change(&req)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var cancelled time.Time
	time.AfterFunc(after, func() { cancelled = time.Now(); cancel() })
	res, err := Run(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	return w, res, time.Since(cancelled)
}

func TestACancelledPrepareLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.places["us-west-2"].stacks["app"].pending = &pending{to: "r-1", ends: time.Now().Add(time.Hour)}
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(20*time.Second, cancel)
		start := time.Now()
		res, err := Run(ctx, w.request("r-2", "d-1", twoTargets, nil))
		if err != nil || res.Outcome != FailedClean || res.Reason != "the deploy was cancelled" {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		if took := time.Since(start); took > 25*time.Second {
			t.Errorf("left %s after the start, cancelled at 20s", took)
		}
		if locks, journals, plans := w.leftovers(); locks+journals+plans != 0 {
			t.Errorf("left %d locks, %d journals, %d plans", locks, journals, plans)
		}
	})
}

func TestACancelledExecutionIsInDoubtAndTheNextRunConverges(t *testing.T) {
	for _, policy := range []CancelPolicy{AbortOnCancel, DetachOnCancel} {
		for _, after := range []time.Duration{time.Second, 30 * time.Second, 59 * time.Second, 61 * time.Second, 110 * time.Second} {
			t.Run(fmt.Sprintf("%s after %s", policy, after), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w, res, took := cancelAfter(t, after, nil, func(q *Request) { q.OnCancel = policy })
					if res.Outcome != InDoubt || took > 5*time.Second {
						t.Fatalf("%s (%s), %s after the cancellation", res.Outcome, res.Reason, took)
					}
					if locks, journals, _ := w.leftovers(); locks != 0 || journals != len(twoRegions) {
						t.Errorf("left %d locks and %d journals", locks, journals)
					}
					aborts := w.calls["us-east-1/data/abort"] + w.calls["us-east-1/app/abort"]
					if want := map[CancelPolicy]int{AbortOnCancel: 1}[policy]; aborts != want {
						t.Errorf("aborted %d times, want %d", aborts, want)
					}
					for _, region := range res.Regions {
						if region.Now != "?" {
							t.Errorf("%s: now %q although nobody knows", region.Region, region.Now)
						}
					}
					rerun(t, w, false)
				})
			})
		}
	}
}

func TestAnUnfinishedDeployCanBeTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res, _ := cancelAfter(t, 90*time.Second, nil, func(q *Request) { q.OnCancel = DetachOnCancel })
		if res.Outcome != InDoubt {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		res, err := Recover(context.Background(), w.request("r-2", "d-2", twoTargets, nil))
		if err != nil || res.Outcome != RolledBack || !w.all("r-1") {
			t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
		}
		if locks, journals, _ := w.leftovers(); locks+journals != 0 {
			t.Errorf("left %d locks and %d journals", locks, journals)
		}
		res, err = Recover(context.Background(), w.request("r-2", "d-3", twoTargets, nil))
		if err != nil || res.Outcome != NoChange || res.Regions[0].Now != "r-1" {
			t.Errorf("nothing to recover: %v %s (%s) %+v", err, res.Outcome, res.Reason, res.Regions[0])
		}
	})
}

func TestRecoveringWritesDownWhatWasCommittedButNotRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "r-1", at("us-west-2", "ledger", "record", errBefore), nil)
		if res.Outcome != InDoubt {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		w.revive(nil)
		res, err := Recover(context.Background(), w.request("r-2", "d-2", twoTargets, nil))
		if err != nil || res.Outcome != NoChange || !w.all("r-2") {
			t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
		}
		if got := w.places["us-west-2"].ledger; got.Record.ID != "r-2" || got.Journal != nil {
			t.Errorf("the ledger says %+v", got)
		}
	})
}

func TestACancellationLeavesInTimeAlthoughNothingAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		ctx, cancel := context.WithCancel(context.Background())
		for i := range req.Regions {
			req.Regions[i].Ledger = &hangingLedger{Ledger: req.Regions[i].Ledger, after: ctx}
			for j, target := range req.Regions[i].Targets {
				req.Regions[i].Targets[j] = &hangingTarget{Target: target, after: ctx}
			}
		}
		time.AfterFunc(30*time.Second, cancel)
		start := time.Now()
		res, err := Run(ctx, req)
		if err != nil || res.Outcome != InDoubt {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		if took := time.Since(start) - 30*time.Second; took > 5*time.Second {
			t.Errorf("left %s after the cancellation", took)
		}
	})
}

// hangingLedger does not answer once its context ended.
type hangingLedger struct {
	Ledger
	after context.Context
}

func (l *hangingLedger) WriteJournal(ctx context.Context, j Journal) error {
	if l.after.Err() != nil {
		<-ctx.Done()
		return ctx.Err()
	}
	return l.Ledger.WriteJournal(ctx, j)
}

func (l *hangingLedger) Unlock(ctx context.Context, owner Owner) error {
	<-ctx.Done()
	return ctx.Err()
}

type hangingTarget struct {
	Target
	after context.Context
}

func (t *hangingTarget) Abort(ctx context.Context) error {
	<-ctx.Done()
	return ctx.Err()
}

func (t *hangingTarget) Discard(ctx context.Context, p Plan) error {
	<-ctx.Done()
	return ctx.Err()
}

func TestADeadlineTakesEverythingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Regions[1].Targets[1].(*fakeTarget).takes = 5 * time.Hour
		req.Deadline, req.RollbackTimeout = 10*time.Minute, 4*time.Hour
		res, err := Run(context.Background(), req)
		if err != nil || res.Outcome != RolledBack || !w.all("r-1") || !strings.Contains(res.Reason, "deadline") {
			t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
		}
	})
}

func TestALockHeldByAnotherRunRejects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.places["us-west-2"].ledger.Lock = &LockInfo{Owner: Owner{ID: "other", RunURL: "https://example.com/1"}, ExpiresAt: time.Now().Add(time.Minute)}
		res, err := Run(t.Context(), w.request("r-2", "d-1", twoTargets, nil))
		if err != nil || res.Outcome != Rejected || !strings.Contains(res.Reason, "https://example.com/1") {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		if locks, _, _ := w.leftovers(); locks != 1 {
			t.Errorf("%d locks are held, want only the other run's", locks)
		}
		time.Sleep(2 * time.Minute)
		if res, _ = Run(t.Context(), w.request("r-2", "d-2", twoTargets, nil)); res.Outcome != Done {
			t.Errorf("after the lease: %s (%s)", res.Outcome, res.Reason)
		}
	})
}

func TestTheLockIsKeptDuringALongDeploy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Regions[0].Targets[0].(*fakeTarget).takes = 40 * time.Minute
		var all sync.WaitGroup
		all.Go(func() {
			time.Sleep(30 * time.Minute)
			if res, _ := Run(context.Background(), w.request("r-3", "d-2", twoTargets, nil)); res.Outcome != Rejected {
				t.Errorf("a second deploy got in: %s (%s)", res.Outcome, res.Reason)
			}
		})
		if res, _ := Run(context.Background(), req); res.Outcome != Done {
			t.Errorf("%s (%s)", res.Outcome, res.Reason)
		}
		all.Wait()
	})
}

func TestALostLockStopsTheRunAndTouchesNothingMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Regions[0].Targets[0].(*fakeTarget).takes = 40 * time.Minute
		time.AfterFunc(10*time.Minute, func() {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.places["us-east-1"].ledger.Lock = &LockInfo{Owner: Owner{ID: "thief"}, ExpiresAt: time.Now().Add(time.Hour)}
		})
		res, _ := Run(context.Background(), req)
		if res.Outcome != InDoubt || !strings.Contains(res.Reason, "lock was lost") {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		if w.calls["us-east-1/data/abort"] != 0 {
			t.Error("it aborted an operation that another run is responsible for now")
		}
		if held := w.places["us-east-1"].ledger.Lock; held == nil || held.Owner.ID != "thief" {
			t.Errorf("it released a lock that was not its own: %+v", held)
		}
	})
}

// A run whose lock another run took over writes nothing to the ledger any
// more: the journal there is the other run's.
func TestALostLockLeavesTheJournalOfTheOtherRunAlone(t *testing.T) {
	for _, call := range []string{"prepare", "outputs", "image", "save", "verify"} {
		t.Run("lost before "+call, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				req := w.request("r-2", "d-1", twoTargets, map[string][]Ref{"app": {{"data", "Arn"}}})
				stolen := false
				w.fault = func(s site) fault {
					if s.call == call && s.region == "us-east-1" && !stolen {
						stolen = true
						for _, p := range w.places {
							p.ledger.Lock = &LockInfo{Owner: Owner{ID: "thief"}, ExpiresAt: time.Now().Add(time.Hour)}
							p.ledger.Journal = &Journal{Deployment: "d-thief", State: JournalExecuting}
						}
						if call == "verify" { // the heartbeat notices before the Regions are verified
							w.mu.Unlock()
							time.Sleep(10 * time.Minute)
							w.mu.Lock()
						}
					}
					return works
				}
				res, _ := Run(context.Background(), req)
				if res.Outcome != FailedClean && res.Outcome != InDoubt || !strings.Contains(res.Reason, "lock was lost") {
					t.Errorf("%s (%s)", res.Outcome, res.Reason)
				}
				if executed := w.calls["us-east-1/data/execute"]; (executed > 0) != (call == "verify") {
					t.Errorf("executed %d times", executed)
				}
				for region, p := range w.places {
					if p.ledger.Journal == nil || p.ledger.Journal.Deployment != "d-thief" || p.ledger.Lock == nil || p.ledger.Lock.Owner.ID != "thief" {
						t.Errorf("%s: it wrote to a ledger that is another run's: %+v", region, p.ledger)
					}
				}
			})
		})
	}
}
