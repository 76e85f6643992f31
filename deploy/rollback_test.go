package deploy

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// released deploys releases one after the other.
func released(t *testing.T, w *world, ids ...string) {
	t.Helper()
	for _, id := range ids {
		w.revive(nil)
		req := w.request(id, "d-"+id, twoTargets, nil)
		req.Release.Name = "name of " + id
		if res, err := Run(t.Context(), req); err != nil || res.Outcome != Done {
			t.Fatalf("deploy %s: %v %s (%s)", id, err, res.Outcome, res.Reason)
		}
	}
}

func TestARollbackBringsARecordedReleaseBackEverywhere(t *testing.T) {
	for _, c := range []struct{ name, to, want string }{
		{"the one before", "", "r-2"},
		{"by id", "r-1", "r-1"},
		{"by name", "name of r-2", "r-2"},
		{"the one that runs", "r-3", "r-3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "")
				released(t, w, "r-1", "r-2", "r-3")
				want := Done
				if c.want == "r-3" {
					want = NoChange
				}
				res, err := Rollback(t.Context(), w.request("ignored", "d-back", twoTargets, nil), c.to)
				if err != nil || res.Outcome != want || !w.all(c.want) || res.Release.ID != c.want {
					t.Fatalf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, w.contents())
				}
				for region, p := range w.places {
					if p.ledger.Record.ID != c.want || p.ledger.Journal != nil || p.ledger.Lock != nil || p.ledger.Record.Name != "name of "+c.want {
						t.Errorf("%s: the ledger says %+v", region, p.ledger)
					}
					if got := p.ledger.Record.Targets["app"]; got != "sha256:"+c.want {
						t.Errorf("%s: app is recorded as %s", region, got)
					}
				}
			})
		})
	}
}

func TestARollbackOfARollbackComesForwardAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "")
		released(t, w, "r-1", "r-2")
		for _, want := range []string{"r-1", "r-2"} {
			res, err := Rollback(t.Context(), w.request("x", "d-to-"+want, twoTargets, nil), "")
			if err != nil || res.Outcome != Done || !w.all(want) {
				t.Fatalf("to %s: %v %s (%s), contents %v", want, err, res.Outcome, res.Reason, w.contents())
			}
		}
	})
}

func TestARollbackThatFailsInOneRegionLeavesAllOnWhatTheyHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "")
		released(t, w, "r-1", "r-2")
		w.revive(at("us-west-2", "app", "execute", opFails))
		res, err := Rollback(t.Context(), w.request("x", "d-back", twoTargets, nil), "")
		if err != nil || res.Outcome != RolledBack || !w.all("r-2") {
			t.Fatalf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, w.contents())
		}
	})
}

func TestARollbackThatCannotBeIsRefusedBeforeAnythingIsTouched(t *testing.T) {
	for _, c := range []struct {
		name   string
		to     string
		change func(*world, *Request)
		want   Outcome
		words  string
	}{
		{"an unknown release", "r-9", nil, Rejected, "it has r-2 (name of r-2), r-1 (name of r-1)"},
		{"no release before", "", func(w *world, _ *Request) { w.places["us-west-2"].ledger.Record.Previous = "" }, Rejected, "the first that us-west-2 has run"},
		{"different releases before", "", func(w *world, _ *Request) { w.places["us-west-2"].ledger.Record.Previous = "r-2" }, Rejected, "r-1 in us-east-1; r-2 in us-west-2"},
		{"the saved state is gone", "", func(w *world, _ *Request) { clear(w.places["us-west-2"].images) }, Rejected, "saved state of data in release r-1"},
		{"the history cannot be read", "", func(w *world, _ *Request) { w.fault = at("us-west-2", "ledger", "history", errBefore) }, FailedClean, "connection reset"},
		{"a target that the configuration does not have any more", "", func(_ *world, q *Request) {
			for i := range q.Regions {
				q.Regions[i].Targets = q.Regions[i].Targets[:1]
			}
		}, Rejected, "had a target app"},
		{"a deploy that has not ended", "", func(w *world, _ *Request) {
			w.places["us-west-2"].ledger.Journal = &Journal{Deployment: "d-x", State: JournalInDoubt, Before: "r-2"}
		}, InDoubt, "lockstep recover"},
		{"a freeze", "", func(_ *world, q *Request) { q.Freeze = &Freeze{Reason: "sale"} }, Rejected, "sale"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "")
				released(t, w, "r-1", "r-2")
				w.revive(nil)
				req := w.request("x", "d-back", twoTargets, nil)
				if c.change != nil {
					c.change(w, &req)
				}
				res, err := Rollback(context.Background(), req, c.to)
				if err != nil || res.Outcome != c.want || !strings.Contains(res.Reason, c.words) || !w.all("r-2") {
					t.Fatalf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, w.contents())
				}
				if locks, _, plans := w.leftovers(); locks+plans != 0 {
					t.Errorf("left %d locks and %d plans", locks, plans)
				}
			})
		})
	}
}

func TestARollbackLeavesATargetAloneThatTheReleaseDidNotHave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "")
		w.revive(nil)
		first := w.request("r-1", "d-1", []string{"data"}, nil)
		if res, err := Run(t.Context(), first); err != nil || res.Outcome != Done {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		released(t, w, "r-2")
		res, err := Rollback(t.Context(), w.request("x", "d-back", twoTargets, nil), "")
		if err != nil || res.Outcome != Done {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		if got := w.contents(); got["us-east-1/data"] != "r-1" || got["us-east-1/app"] != "r-2" {
			t.Errorf("contents %v", got)
		}
		if !slices.ContainsFunc(res.Regions[0].Notes, func(n string) bool { return strings.Contains(n, "app was not part of release r-1") }) {
			t.Errorf("nobody is told: %q", res.Regions[0].Notes)
		}
	})
}

// A target that did not change between releases has no image of its own for
// each of them: the image saved when it did change shows all of them.
func TestARollbackFindsTheImageOfATargetThatChangedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "")
		deploy := func(id, data, app string) {
			t.Helper()
			w.revive(nil)
			req := w.request(id, "d-"+id, twoTargets, nil)
			for i := range req.Regions {
				req.Regions[i].Targets[0].(*fakeTarget).want, req.Regions[i].Targets[1].(*fakeTarget).want = data, app
			}
			if res, err := Run(t.Context(), req); err != nil || res.Outcome != Done {
				t.Fatalf("%s: %v %s (%s)", id, err, res.Outcome, res.Reason)
			}
		}
		deploy("r-1", "data-1", "app-1")
		deploy("r-2", "data-1", "app-2")
		deploy("r-3", "data-2", "app-3")
		deploy("r-4", "data-2", "app-4")
		res, err := Rollback(t.Context(), w.request("x", "d-back", twoTargets, nil), "r-1")
		if err != nil || res.Outcome != Done {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		if got := w.contents(); got["us-west-2/data"] != "data-1" || got["us-west-2/app"] != "app-1" {
			t.Errorf("contents %v", got)
		}
	})
}
