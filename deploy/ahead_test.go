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

// planner is a target whose plan takes a while.
type planner struct {
	*fakeTarget
	waits time.Duration
	err   error
	// moves is what planning makes of the outputs of the target, as a repair does.
	moves string
}

func (p *planner) Prepare(ctx context.Context, in Inputs) (Plan, error) {
	if err := nap(ctx, p.waits); err != nil {
		return Plan{}, err
	}
	if p.moves != "" {
		p.w.mu.Lock()
		p.stack().content = p.moves
		p.w.mu.Unlock()
	}
	plan, err := p.fakeTarget.Prepare(ctx, in)
	plan.Notes = append(plan.Notes, fmt.Sprintf("planned with %v", in))
	return plan, errors.Join(err, p.err)
}

// planners are the targets a, b and c of one Region, of which c takes an output of a.
func planners(waits ...time.Duration) (*world, Request, []*planner) {
	names := []string{"a", "b", "c"}
	w := newWorld([]string{"us-east-1"}, names, "r-1")
	req := w.request("r-2", "d-1", names, map[string][]Ref{"c": {{"a", "Arn"}}})
	var all []*planner
	for i, target := range req.Regions[0].Targets {
		p := &planner{fakeTarget: target.(*fakeTarget), waits: waits[i]}
		req.Regions[0].Targets[i], all = p, append(all, p)
	}
	req.DryRun = true
	return w, req, all
}

func TestStacksArePlannedSideBySideAndToldInTheirOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, req, _ := planners(30*time.Second, 20*time.Second, 10*time.Second)
		res := mustRun(t, req)
		if took := res.FinishedAt.Sub(res.StartedAt); res.Outcome != Planned || took != 30*time.Second {
			t.Errorf("%s (%s) after %s", res.Outcome, res.Reason, took)
		}
		want := []string{"a: planned with map[]", "b: planned with map[]", "c: planned with map[a.Arn:arn:a:r-1]"}
		if !slices.Equal(res.Regions[0].Notes, want) {
			t.Errorf("notes %q", res.Regions[0].Notes)
		}
		var told []string
		for _, e := range res.Timeline {
			if e.Target != "" && e.Phase == PhasePrepare {
				told = append(told, e.Target)
			}
		}
		if strings.Join(told, " ") != "a b c" {
			t.Errorf("told of %v", told)
		}
	})
}

// TestTheFirstFailureInOrderIsTold: the one that comes first by the clock is
// not told if a target before it fails, too, and those after it end at once.
func TestTheFirstFailureInOrderIsTold(t *testing.T) {
	refused := func(why string) error { return &Error{Kind: Refused, Reason: why} }
	for name, c := range map[string]struct {
		waits  [3]time.Duration
		errs   [3]error
		want   string
		within time.Duration
	}{
		"the later one fails first": {[3]time.Duration{time.Minute, time.Second, time.Hour}, [3]error{refused("a is bad"), refused("b is bad"), nil}, "a: a is bad", time.Minute},
		"only the later one fails":  {[3]time.Duration{time.Minute, time.Second, time.Hour}, [3]error{nil, refused("b is bad"), nil}, "b: b is bad", time.Minute},
		"the first one fails":       {[3]time.Duration{time.Second, time.Hour, time.Hour}, [3]error{refused("a is bad"), nil, nil}, "a: a is bad", time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, req, all := planners(c.waits[:]...)
				for i, err := range c.errs {
					all[i].err = err
				}
				res := mustRun(t, req)
				if res.Outcome != Rejected || !strings.HasSuffix(res.Reason, c.want) || res.FinishedAt.Sub(res.StartedAt) > c.within {
					t.Errorf("%s (%s) after %s", res.Outcome, res.Reason, res.FinishedAt.Sub(res.StartedAt))
				}
				if _, _, plans := w.leftovers(); plans != 0 {
					t.Errorf("%d plans were left", plans)
				}
			})
		})
	}
}

// TestAPlanMadeAheadOfWhatItTakesIsMadeAgain: a repair brought the first stack
// to other outputs while the third was planned.
func TestAPlanMadeAheadOfWhatItTakesIsMadeAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, req, all := planners(time.Minute, 0, 0)
		all[0].moves = "r-0"
		res := mustRun(t, req)
		if want := "c: planned with map[a.Arn:arn:a:r-0]"; res.Outcome != Planned || res.Regions[0].Notes[len(res.Regions[0].Notes)-1] != want {
			t.Errorf("%s (%s), notes %q", res.Outcome, res.Reason, res.Regions[0].Notes)
		}
		if w.calls["us-east-1/c/discard"] != 2 { // the outdated plan, and that of the dry run
			t.Errorf("%d plans of c were discarded", w.calls["us-east-1/c/discard"])
		}
	})
}

// TestAnOutputThatCannotBeReadWaitsForItsTurn: the target that has it says why.
func TestAnOutputThatCannotBeReadWaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, req, _ := planners(0, 0, 0)
		w.revive(func(s site) fault {
			if s.call == "outputs" {
				return errBefore
			}
			return works
		})
		res := mustRun(t, req)
		if res.Outcome != FailedClean || !res.Undetermined || !strings.Contains(res.Reason, "a: read outputs") || w.calls["us-east-1/c/prepare"] != 0 {
			t.Errorf("%s (%s), c planned %d times", res.Outcome, res.Reason, w.calls["us-east-1/c/prepare"])
		}
	})
}
