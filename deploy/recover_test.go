package deploy

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnInterruptedWayBackStillSpeaksOfWhatDidNotEnd: whoever takes a deploy back
// has a release of their own in the working directory, which nobody released.
func TestAnInterruptedWayBackStillSpeaksOfWhatDidNotEnd(t *testing.T) {
	for _, c := range []struct {
		name, want string
		// back is what did not end: a deploy of r-2, or a rollback to r-0.
		start func(context.Context, *world) (Result, error)
		id    string
		again func(context.Context, Request) (Result, error)
	}{
		{"recover of a deploy", "recover was cancelled", startDeploy, "r-2", Recover},
		{"recover of a rollback", "recover was cancelled", startRollback, "r-1", Recover},
		{"a deploy that did not begin", "the deploy was cancelled", startDeploy, "r-2", Run},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, []string{"app"}, "r-0")
				if c.id == "r-1" {
					mustRun(t, w.request("r-1", "d-r1", []string{"app"}, nil))
					mustRun(t, w.request("r-2", "d-r2", []string{"app"}, nil))
				}
				first, stop := context.WithCancel(context.Background())
				time.AfterFunc(30*time.Second, stop)
				if res, err := c.start(first, w); err != nil || res.Outcome != InDoubt {
					t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
				}
				before := *w.places["us-east-1"].ledger.Journal
				second, stop := context.WithCancel(context.Background())
				time.AfterFunc(10*time.Second, stop)
				res, err := c.again(second, w.request("r-9", "d-9", []string{"app"}, nil))
				if err != nil || res.Outcome != InDoubt || res.Reason != c.want {
					t.Fatalf("%v %s (%s), want %s", err, res.Outcome, res.Reason, c.want)
				}
				for region, p := range w.places {
					j := p.ledger.Journal
					if j == nil || j.Release.ID != c.id || j.Deployment != "d-1" || j.By.ID != "run d-1" || j.Reason != c.want || j.State != JournalInDoubt ||
						!j.StartedAt.Equal(before.StartedAt) || j.Before != before.Before || len(j.Images) != 1 || j.Targets["app"] != before.Targets["app"] {
						t.Errorf("%s: the journal is %+v", region, j)
					}
				}
				for _, region := range res.Regions {
					if said := region.State + " " + reasonOf(region); strings.Contains(said, "context") {
						t.Errorf("%s: %s", region.Region, said)
					}
				}
				if res, _ = Recover(context.Background(), w.request("r-9", "d-10", []string{"app"}, nil)); res.Outcome != RolledBack || res.Release.ID != c.id {
					t.Errorf("in the end %s of %s (%s)", res.Outcome, res.Release.ID, res.Reason)
				}
			})
		})
	}
}

func reasonOf(region RegionResult) string {
	if region.FirstCause == nil {
		return ""
	}
	return region.FirstCause.Reason
}

func startDeploy(ctx context.Context, w *world) (Result, error) {
	req := w.request("r-2", "d-1", []string{"app"}, nil)
	req.OnCancel = DetachOnCancel
	return Run(ctx, req)
}

func startRollback(ctx context.Context, w *world) (Result, error) {
	req := w.request("unused", "d-1", []string{"app"}, nil)
	req.OnCancel = DetachOnCancel
	return Rollback(ctx, req, "")
}

func TestRecoverSaysWhatItDoesWhileItDoesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res, _ := cancelAfter(t, 30*time.Second, nil, nil)
		if res.Outcome != InDoubt {
			t.Fatalf("%s (%s)", res.Outcome, res.Reason)
		}
		time.Sleep(10 * time.Minute) // the abort is over, and nothing is left to take back
		res, err := Recover(context.Background(), w.request("r-9", "d-2", twoTargets, nil))
		if err != nil || res.Outcome != RolledBack || res.Reason != "the unfinished deploy was taken back" {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		for _, e := range res.Timeline {
			if e.Phase == PhaseRollback && e.Target == "" && e.Text != "taking back the unfinished deploy" {
				t.Errorf("the way back began with %q", e.Text)
			}
		}
		for _, region := range res.Regions {
			if region.State != "was back on release r-1 already" || region.Targets[0].Status != "untouched" {
				t.Errorf("%s: %s, %+v", region.Region, region.State, region.Targets[0])
			}
		}
	})
}
