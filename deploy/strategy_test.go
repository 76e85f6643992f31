package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// ask is a check that answers what a test says, and counts.
type ask struct {
	name   string
	answer func(n int) error
	asked  int
}

func (a *ask) Name() string { return a.name }

func (a *ask) Check(context.Context) error {
	a.asked++
	if a.answer == nil {
		return nil
	}
	return a.answer(a.asked)
}

func always(err error) func(int) error { return func(int) error { return err } }

var threeRegions = []string{"eu-west-1", "us-east-1", "us-west-2"}

// primaryIn gives the Regions of a request their roles.
func primaryIn(name string, req *Request) {
	for i := range req.Regions {
		req.Regions[i].Role = "standby"
		if req.Regions[i].Name == name {
			req.Regions[i].Role = "primary"
		}
	}
}

func TestWavesOfEveryStrategy(t *testing.T) {
	for _, c := range []struct {
		name     string
		strategy Strategy
		waves    [][]string
		leftOut  []string
		role     string
		want     string // or, after "error: ", words of the error
	}{
		{name: "parallel is one wave", strategy: Parallel, want: "[[us-east-1 eu-west-1 us-west-2]]"},
		{name: "no strategy is parallel", want: "[[us-east-1 eu-west-1 us-west-2]]"},
		{name: "the standbys first", strategy: StandbyFirst, want: "[[eu-west-1 us-west-2] [us-east-1]]"},
		{name: "the primary first", strategy: PrimaryFirst, want: "[[us-east-1] [eu-west-1 us-west-2]]"},
		{name: "waves as written", strategy: InWaves, waves: [][]string{{"us-west-2"}, {"us-east-1", "eu-west-1"}}, want: "[[us-west-2] [us-east-1 eu-west-1]]"},
		{name: "a Region left out leaves its wave", strategy: InWaves, waves: [][]string{{"us-west-2"}, {"ap-south-1"}, {"us-east-1", "eu-west-1"}},
			leftOut: []string{"ap-south-1"}, want: "[[us-west-2] [us-east-1 eu-west-1]]"},
		{name: "a Region in no wave", strategy: InWaves, waves: [][]string{{"us-west-2"}, {"us-east-1"}}, want: "error: eu-west-1 is in none"},
		{name: "a Region in two waves", strategy: InWaves, waves: [][]string{threeRegions, {"us-east-1"}}, want: "error: us-east-1 is in two"},
		{name: "a Region nobody knows", strategy: InWaves, waves: [][]string{threeRegions, {"mars-1"}}, want: "error: mars-1 is no Region"},
		{name: "no primary to be first", strategy: PrimaryFirst, role: "active", want: "error: active-active"},
		{name: "an unknown strategy", strategy: "sideways", want: "error: use one of parallel, standby-first, primary-first, waves"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := newWorld(threeRegions, twoTargets, "r-1").request("r-2", "d-1", twoTargets, nil)
			primaryIn("us-east-1", &req)
			for i := range req.Regions {
				if c.role != "" {
					req.Regions[i].Role = c.role
				}
			}
			req.Strategy, req.Waves, req.LeftOut = c.strategy, c.waves, c.leftOut
			req, err := req.withDefaults()
			if words, wrong := strings.CutPrefix(c.want, "error: "); wrong {
				if err == nil || !strings.Contains(err.Error(), words) {
					t.Fatalf("got %v, want an error with %q", err, words)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			waves, err := req.waves()
			if got := fmt.Sprint(waves); err != nil || got != c.want {
				t.Errorf("got %s, %v, want %s", got, err, c.want)
			}
		})
	}
}

// executions lists the Regions in the order in which they began to be executed.
func executions(res Result) []string {
	var order []string
	for _, e := range res.Timeline {
		if e.Phase == PhaseExecute && e.Status == "updated" && e.Target == "app" {
			order = append(order, e.Region)
		}
	}
	return order
}

func TestAWaveBeginsOnlyAfterTheOneBeforeItWorked(t *testing.T) {
	for _, c := range []struct {
		name     string
		strategy Strategy
		fails    string // the Region whose app fails
		hook     string // the Region whose hook says no
		want     Outcome
		executed []string
	}{
		{"standby first, all well", StandbyFirst, "", "", Done, []string{"us-west-2", "us-east-1"}},
		{"primary first, all well", PrimaryFirst, "", "", Done, []string{"us-east-1", "us-west-2"}},
		{"standby first, the standby fails", StandbyFirst, "us-west-2", "", RolledBack, nil},
		{"standby first, the primary fails", StandbyFirst, "us-east-1", "", RolledBack, []string{"us-west-2"}},
		{"standby first, the standby's hook says no", StandbyFirst, "", "us-west-2", RolledBack, []string{"us-west-2"}},
		{"primary first, the standby's hook says no", PrimaryFirst, "", "us-west-2", RolledBack, []string{"us-east-1", "us-west-2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				w.revive(at(c.fails, "app", "execute", opFails))
				req := w.request("r-2", "d-1", twoTargets, nil)
				primaryIn("us-east-1", &req)
				req.Strategy = c.strategy
				for i := range req.Regions {
					hook := &ask{name: "health"}
					if req.Regions[i].Name == c.hook {
						hook.answer = always(&Error{Kind: Failed, Reason: "503"})
					}
					req.Regions[i].Hooks = []Check{hook}
				}
				res, err := Run(t.Context(), req)
				if err != nil || res.Outcome != c.want {
					t.Fatalf("%v %s (%s)", err, res.Outcome, res.Reason)
				}
				if got := executions(res); !slices.Equal(got, c.executed) {
					t.Errorf("executed %v, want %v", got, c.executed)
				}
				checkHonest(t, w, res)
				rerun(t, w, false)
			})
		})
	}
}

func TestAHookThatCannotBeAskedTakesEverythingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hook := &ask{name: "health", answer: always(errors.New("no route to host"))}
		w, res := deployWith(t, "r-1", nil, func(q *Request) { q.Regions[1].Hooks = []Check{hook} })
		if res.Outcome != RolledBack || !w.all("r-1") || !strings.Contains(res.Reason, "health") || !strings.Contains(res.Reason, "no route to host") {
			t.Errorf("%s (%s), contents %v", res.Outcome, res.Reason, w.contents())
		}
	})
}

func TestHooksAreAskedOnceAndOnlyAfterSomethingWasExecuted(t *testing.T) {
	for before, want := range map[string]int{"r-1": 1, "r-2": 0} {
		synctest.Test(t, func(t *testing.T) {
			hook := &ask{name: "health"}
			_, res := deployWith(t, before, nil, func(q *Request) {
				q.Regions[0].Hooks = []Check{hook}
				q.Bake = time.Minute
			})
			if hook.asked != want || res.Outcome != Done && res.Outcome != NoChange {
				t.Errorf("from %s: asked %d times, want %d; %s (%s)", before, hook.asked, want, res.Outcome, res.Reason)
			}
		})
	}
}

func TestAlarmsDecideWhileTheReleaseBakes(t *testing.T) {
	rings, unread := &Error{Kind: Failed, Reason: "alarm Errors is in ALARM"}, errors.New("throttled")
	for _, c := range []struct {
		name   string
		answer func(n int) error // the first question comes before anything is touched
		want   Outcome
		least  time.Duration
	}{
		{"quiet all the time", nil, Done, 10 * time.Minute},
		{"rings before the deploy", always(rings), Rejected, 0},
		{"cannot be read before the deploy", always(unread), FailedClean, 0},
		{"rings in the middle", func(n int) error {
			if n == 5 {
				return rings
			}
			return nil
		}, RolledBack, 0},
		{"cannot be read for a while", func(n int) error {
			if n > 2 && n < 6 {
				return unread
			}
			return nil
		}, Done, 10 * time.Minute},
		{"cannot be read at the end", func(n int) error {
			if n > 2 {
				return unread
			}
			return nil
		}, RolledBack, 10 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, res := deployWith(t, "r-1", nil, func(q *Request) {
					q.Bake = 10 * time.Minute
					q.Regions[1].Alarms = []Check{&ask{name: "Errors", answer: c.answer}}
				})
				if took := res.FinishedAt.Sub(res.StartedAt); res.Outcome != c.want || took < c.least {
					t.Fatalf("%s (%s) after %s", res.Outcome, res.Reason, took)
				}
				checkHonest(t, w, res)
			})
		})
	}
}

func TestACancelledBakeIsInDoubtAndTheNextRunConverges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, res, took := cancelAfter(t, 10*time.Minute, nil, func(q *Request) { q.Bake = time.Hour })
		if res.Outcome != InDoubt || took > 5*time.Second {
			t.Fatalf("%s (%s), %s after the cancellation", res.Outcome, res.Reason, took)
		}
		rerun(t, w, false)
	})
}

func TestAPreconditionThatDoesNotHoldTouchesNothing(t *testing.T) {
	for _, c := range []struct {
		name         string
		err          error
		want         Outcome
		undetermined bool
	}{
		{"does not hold", &Error{Kind: Failed, Reason: "certificate is PENDING_VALIDATION"}, Rejected, false},
		{"is refused", &Error{Kind: Refused, Reason: "image is not in us-west-2"}, Rejected, false},
		{"cannot be read", errors.New("AccessDenied"), FailedClean, true},
		{"holds", nil, Done, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, res := deployWith(t, "r-1", nil, func(q *Request) {
					q.Regions[1].Preconditions = []Check{&ask{name: "certificate", answer: always(c.err)}}
				})
				if res.Outcome != c.want || res.Undetermined != c.undetermined {
					t.Fatalf("%s %v (%s)", res.Outcome, res.Undetermined, res.Reason)
				}
				if c.err != nil && (!w.all("r-1") || w.calls["us-east-1/data/execute"] != 0) {
					t.Errorf("something was touched: %v", w.contents())
				}
				checkHonest(t, w, res)
			})
		})
	}
}
