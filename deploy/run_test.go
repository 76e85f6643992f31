package deploy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var (
	twoRegions = []string{"us-east-1", "us-west-2"}
	twoTargets = []string{"data", "app"}
)

// deployWith runs one deploy of r-2 over a world on r-1 with one fault at one site.
func deployWith(t *testing.T, before string, fault func(site) fault, change func(*Request)) (*world, Result) {
	t.Helper()
	w := newWorld(twoRegions, twoTargets, before)
	w.revive(fault)
	req := w.request("r-2", "d-1", twoTargets, nil)
	if change != nil {
		change(&req)
	}
	res, err := Run(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	return w, res
}

func at(region, target, call string, f fault) func(site) fault {
	return func(s site) fault {
		if s.region == region && s.target == target && s.call == call {
			return f
		}
		return works
	}
}

func TestARelease(t *testing.T) {
	for name, before := range map[string]string{"reaches every Region that had another": "r-1", "is created in every Region that had none": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, res := deployWith(t, before, nil, nil)
				if res.Outcome != Done || !w.all("r-2") {
					t.Fatalf("outcome %s (%s), contents %v", res.Outcome, res.Reason, w.contents())
				}
				if locks, journals, _ := w.leftovers(); locks+journals != 0 {
					t.Errorf("left %d locks and %d journals", locks, journals)
				}
				for region, p := range w.places {
					if p.ledger.Record == nil || p.ledger.Record.ID != "r-2" || p.ledger.Record.Previous != before {
						t.Errorf("%s recorded %+v", region, p.ledger.Record)
					}
				}
				if took := res.FinishedAt.Sub(res.StartedAt); took > 3*time.Minute {
					t.Errorf("took %s: the Regions did not run at once", took)
				}
			})
		})
	}
}

func TestAReleaseThatRunsAlreadyIsNoChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "r-2", nil, nil)
		if res.Outcome != NoChange {
			t.Fatalf("outcome %s (%s)", res.Outcome, res.Reason)
		}
		for _, region := range twoRegions {
			for _, call := range []string{"ledger/journal", "ledger/record", "data/execute", "data/image"} {
				if n := w.calls[region+"/"+call]; n != 0 {
					t.Errorf("%s: %d calls of %s for nothing", region, n, call)
				}
			}
		}
	})
}

// failurePoints is what must come of one fault at each point of a deploy over
// Regions that had r-1. Each is tried in every Region.
var failurePoints = []struct {
	target, call string
	fault        fault
	want         Outcome
	contents     string // what every stack must hold; empty: not checked
	undetermined bool
}{
	{"ledger", "lock", errBefore, FailedClean, "r-1", true},
	{"ledger", "lock", errAfter, FailedClean, "r-1", true},
	{"ledger", "read", errBefore, FailedClean, "r-1", true},
	{"data", "describe", errBefore, FailedClean, "r-1", true},
	{"data", "prepare", errBefore, FailedClean, "r-1", true},
	{"data", "prepare", errAfter, FailedClean, "r-1", true},
	{"data", "prepare", opFails, FailedClean, "r-1", false},
	{"app", "prepare", refuses, Rejected, "r-1", false},
	{"data", "image", errBefore, FailedClean, "r-1", true},
	{"app", "image", errBefore, FailedClean, "r-1", true},
	{"ledger", "save", errBefore, FailedClean, "r-1", true},
	{"ledger", "journal", errBefore, FailedClean, "r-1", true},
	{"data", "execute", opFails, RolledBack, "r-1", false},
	{"app", "execute", opFails, RolledBack, "r-1", false},
	{"data", "execute", opSticks, Quarantined, "", false},
	{"app", "execute", opSticks, Quarantined, "", false},
	{"app", "execute", errBefore, InDoubt, "", false},
	{"app", "execute", errAfter, InDoubt, "", false},
	{"data", "result", errBefore, InDoubt, "", false},
	{"data", "verify", lies, RolledBack, "r-1", false},
	{"app", "verify", lies, RolledBack, "r-1", false},
	{"app", "verify", errBefore, InDoubt, "r-2", false},
	{"ledger", "record", errBefore, InDoubt, "r-2", false},
	{"ledger", "record", errAfter, InDoubt, "r-2", false},
	{"ledger", "renew", errBefore, FailedClean, "r-1", true},
	{"ledger", "clear", errBefore, FailedClean, "r-1", true}, // rehearsed before anything is touched
	{"ledger", "unlock", errBefore, Done, "r-2", false},
}

func TestAFaultInOneRegionDecidesForAll(t *testing.T) {
	for _, point := range failurePoints {
		for _, region := range twoRegions {
			name := strings.Join([]string{region, point.target, point.call}, "/") + " " + string(point.want)
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w, res := deployWith(t, "r-1", at(region, point.target, point.call, point.fault), nil)
					if res.Outcome != point.want || res.Undetermined != point.undetermined {
						t.Fatalf("outcome %s undetermined %v (%s), want %s %v; contents %v", res.Outcome, res.Undetermined, res.Reason,
							point.want, point.undetermined, w.contents())
					}
					time.Sleep(10 * time.Minute) // operations of the other Region may still go on when in doubt
					if point.contents != "" && !w.all(point.contents) {
						t.Errorf("contents %v, want all %s", w.contents(), point.contents)
					}
					if point.want != Done && (res.Reason == "" || !strings.Contains(res.Reason, region)) {
						t.Errorf("the reason does not name %s: %q", region, res.Reason)
					}
					checkHonest(t, w, res)
					rerun(t, w, point.fault == opSticks)
				})
			})
		}
	}
}

// rerun deploys again without faults, after the lease of the first run ended:
// all Regions must end on the release.
func rerun(t *testing.T, w *world, stuck bool) {
	t.Helper()
	time.Sleep(time.Hour)
	w.revive(nil)
	res, err := Run(context.Background(), w.request("r-2", "d-2", twoTargets, nil))
	if err != nil {
		t.Fatal(err)
	}
	if stuck {
		if res.Outcome != Quarantined && res.Outcome != InDoubt {
			t.Errorf("second run over a stuck stack: %s (%s)", res.Outcome, res.Reason)
		}
		return
	}
	if res.Outcome != Done && res.Outcome != NoChange || !w.all("r-2") {
		t.Errorf("second run: %s (%s), contents %v", res.Outcome, res.Reason, w.contents())
	}
	checkHonest(t, w, res)
}

// checkHonest holds a result against the world: a success is one everywhere,
// a clean end leaves the Regions as they were, and nothing stays behind.
func checkHonest(t *testing.T, w *world, res Result) {
	t.Helper()
	locks, journals, plans := w.leftovers()
	switch res.Outcome {
	case Done, NoChange:
		if !w.all(res.Release.ID) || journals > 0 {
			t.Errorf("%s, but contents %v and %d journals", res.Outcome, w.contents(), journals)
		}
	case Rejected, FailedClean, RolledBack:
		for _, region := range res.Regions {
			for _, target := range region.Targets {
				if got := w.contents()[region.Region+"/"+target.Target]; got != region.Before && region.Before != "?" {
					t.Errorf("%s, but %s/%s holds %q, before %q", res.Outcome, region.Region, target.Target, got, region.Before)
				}
			}
		}
		if plans > 0 && len(w.log) < 2 {
			t.Errorf("%s, but %d plans were left", res.Outcome, plans)
		}
	case InDoubt, Quarantined:
		if journals == 0 {
			t.Errorf("%s, but no journal says so", res.Outcome)
		}
	}
	if locks > 0 && !slices.ContainsFunc(w.log, func(s string) bool { return strings.Contains(s, "unlock") || strings.Contains(s, "/lock") }) {
		t.Errorf("%d locks were left", locks)
	}
	for _, region := range res.Regions {
		if region.State == "" {
			t.Errorf("%s: nothing says what it runs", region.Region)
		}
	}
}

func TestTheFirstCauseIsShownWhereItHappenedAndNotWhereItLed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, res := deployWith(t, "r-1", at("us-west-2", "app", "execute", opFails), nil)
		for _, region := range res.Regions {
			cause := region.FirstCause
			if region.Region == "us-west-2" && (cause == nil || cause.Resource != "Thing" || cause.Target != "app" || cause.Phase != PhaseExecute) {
				t.Errorf("us-west-2: %+v", cause)
			}
			if region.Region == "us-east-1" && cause != nil {
				t.Errorf("us-east-1 did not fail by itself: %+v", cause)
			}
			if region.Now != "r-1" || !strings.HasPrefix(region.State, "rolled back to release r-1") {
				t.Errorf("%s: now %q, state %q", region.Region, region.Now, region.State)
			}
		}
	})
}

func TestAStackCreatedByAFailedReleaseIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "", at("us-east-1", "app", "execute", opFails), nil)
		if res.Outcome != RolledBack || !w.all("") {
			t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, w.contents())
		}
		for _, region := range res.Regions {
			if region.Targets[0].Status != "deleted" {
				t.Errorf("%s: data is %s, want deleted", region.Region, region.Targets[0].Status)
			}
		}
	})
}

func TestACommittedReleaseIsTheOneToGoBackToWhereItWasNotRecorded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "r-1", at("us-west-2", "ledger", "record", errBefore), nil)
		if res.Outcome != InDoubt || !w.all("r-2") {
			t.Fatalf("%s (%s) %v", res.Outcome, res.Reason, w.contents())
		}
		time.Sleep(time.Hour)
		w.revive(at("us-west-2", "app", "execute", opFails))
		req := w.request("r-3", "d-2", twoTargets, nil)
		req.Regions, req.LeftOut = req.Regions[1:], []string{"us-east-1"}
		res, err := Run(t.Context(), req)
		if err != nil || res.Outcome != RolledBack || !w.all("r-2") {
			t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
		}
		if got := w.places["us-west-2"].ledger; got.Record.ID != "r-2" || got.Journal != nil {
			t.Errorf("the ledger says %+v", got)
		}
	})
}

func TestARegionStartsNothingMoreOnceAnotherIsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.revive(at("us-west-2", "data", "result", errBefore))
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Regions[0].Targets[0].(*fakeTarget).takes = 10 * time.Minute
		res, err := Run(t.Context(), req)
		if err != nil || res.Outcome != InDoubt || w.calls["us-east-1/app/execute"] != 0 {
			t.Fatalf("%v %s (%s), app executed %d times", err, res.Outcome, res.Reason, w.calls["us-east-1/app/execute"])
		}
		if got := w.contents()["us-east-1/data"]; got != "r-2" {
			t.Errorf("the operation under way was not left to end: %s", got)
		}
	})
}

func TestAPlanNeitherLocksNorExecutesNorLeavesAnything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "r-1", nil, func(q *Request) { q.DryRun = true })
		if res.Outcome != Planned || !w.all("r-1") || len(res.Regions[0].Targets[0].Changes) != 1 {
			t.Fatalf("%s %v %+v", res.Outcome, w.contents(), res.Regions[0])
		}
		if _, _, plans := w.leftovers(); plans != 0 {
			t.Errorf("%d plans left", plans)
		}
		for key := range w.calls {
			if strings.HasSuffix(key, "/lock") || strings.HasSuffix(key, "/execute") || strings.HasSuffix(key, "/journal") {
				t.Errorf("a plan called %s", key)
			}
		}
	})
}

func TestAPolicyRejectsBeforeAnythingIsTouched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen Comparison
		w := newWorld(twoRegions, twoTargets, "r-1")
		w.places["us-west-2"].stacks["app"].content = "r-2"
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Policy = func(c Comparison) error { seen = c; return errors.New("asymmetric change refused") }
		res, err := Run(t.Context(), req)
		if err != nil || res.Outcome != Rejected || res.Reason != "asymmetric change refused" {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		want := Asymmetry{Target: "app", Resource: "Thing", Type: "Fake::Thing", Action: "Modify", In: []string{"us-east-1"}, NotIn: []string{"us-west-2"}}
		if len(seen.Asymmetries) != 1 || !slices.Equal(seen.Asymmetries[0].In, want.In) || seen.Asymmetries[0].Resource != want.Resource {
			t.Errorf("asymmetries %+v, want %+v", seen.Asymmetries, want)
		}
		if locks, journals, plans := w.leftovers(); locks+journals+plans != 0 {
			t.Errorf("left %d locks, %d journals, %d plans", locks, journals, plans)
		}
	})
}

func TestALaterTargetUsesOutputsOfAnEarlierOne(t *testing.T) {
	needs := map[string][]Ref{"app": {{Target: "data", Output: "Arn"}}}
	for name, before := range map[string]string{"planned again because the output changed": "r-1", "planned late because the output did not exist": ""} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, before)
				res, err := Run(t.Context(), w.request("r-2", "d-1", twoTargets, needs))
				if err != nil || res.Outcome != Done || !w.all("r-2") {
					t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
				}
				if n := w.calls["us-east-1/app/prepare"]; n != 2 {
					t.Errorf("app was prepared %d times, want 2", n)
				}
			})
		})
	}
	t.Run("refused when the output will never exist", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(twoRegions, twoTargets, "r-2")
			res, err := Run(t.Context(), w.request("r-2", "d-1", twoTargets, map[string][]Ref{"app": {{Target: "data", Output: "Nope"}}}))
			if err != nil || res.Outcome != Rejected || !strings.Contains(res.Reason, "data.Nope") {
				t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
			}
		})
	})
}

func TestARequestThatMakesNoSenseIsAnError(t *testing.T) {
	w := newWorld(twoRegions, twoTargets, "r-1")
	for name, change := range map[string]func(*Request){
		"no release":               func(q *Request) { q.Release.ID = "" },
		"no Regions":               func(q *Request) { q.Regions = nil },
		"no owner":                 func(q *Request) { q.Owner.ID = "" },
		"no ledger":                func(q *Request) { q.Regions[1].Ledger = nil },
		"an unknown cancel policy": func(q *Request) { q.OnCancel = "abrt" },
		"different targets":        func(q *Request) { q.Regions[1].Targets = q.Regions[1].Targets[:1] },
		"target listed twice": func(q *Request) {
			q.Regions[0].Targets[1] = q.Regions[0].Targets[0]
			q.Regions[1].Targets[1] = q.Regions[1].Targets[0]
		},
		"needs a later target":    func(q *Request) { q.Regions[0].Targets[0].(*fakeTarget).needs = []Ref{{"app", "Arn"}} },
		"needs an unknown target": func(q *Request) { q.Regions[0].Targets[1].(*fakeTarget).needs = []Ref{{"x", "Arn"}} },
	} {
		req := w.request("r-2", "d-1", twoTargets, nil)
		change(&req)
		if _, err := Run(t.Context(), req); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestAJournalThatCannotBeClearedAfterRecordingIsInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res := deployWith(t, "r-1", func(s site) fault {
			if s.region == "us-west-2" && s.call == "clear" && s.n == 2 {
				return errBefore
			}
			return works
		}, nil)
		if res.Outcome != InDoubt || !w.all("r-2") || !strings.Contains(res.Reason, "us-west-2") {
			t.Errorf("%s (%s), contents %v", res.Outcome, res.Reason, w.contents())
		}
	})
}

func TestWhoTookPartIsRecordedAlsoWhenNothingElseChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(twoRegions, twoTargets, "r-1")
		for _, part := range twoRegions { // each Region alone, the other left out on purpose
			req := w.request("r-2", "d-"+part, twoTargets, nil)
			req.Regions = slices.DeleteFunc(req.Regions, func(r Region) bool { return r.Name != part })
			req.LeftOut = slices.DeleteFunc(slices.Clone(twoRegions), func(name string) bool { return name == part })
			if res, err := Run(t.Context(), req); err != nil || res.Outcome != Done {
				t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
			}
		}
		res, err := Run(t.Context(), w.request("r-2", "d-all", twoTargets, nil))
		if err != nil || res.Outcome != NoChange {
			t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
		}
		for region, p := range w.places {
			if rec := p.ledger.Record; len(rec.LeftOut) != 0 || len(rec.Regions) != 2 || rec.Previous != "r-1" {
				t.Errorf("%s still says %+v", region, rec)
			}
		}
	})
}
