package deploy

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func TestTheJudgeIsAskedBeforeAnythingIsTouched(t *testing.T) {
	for _, c := range []struct {
		name         string
		before       string
		err          error
		dryRun       bool
		want         Outcome
		undetermined bool
		asked        int
	}{
		{"it agrees", "r-1", nil, false, Done, false, 1},
		{"it refuses", "r-1", &Error{Kind: Refused, Reason: "the key is off"}, false, Rejected, false, 1},
		{"it refuses a plan", "r-1", &Error{Kind: Refused, Reason: "the key is off"}, true, Rejected, false, 1},
		{"it could not read", "r-1", errors.New("AccessDenied"), false, Rejected, true, 1},
		{"nothing would change", "r-2", errors.New("not asked"), false, NoChange, false, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := 0
				w, res := deployWith(t, c.before, nil, func(q *Request) {
					q.DryRun = c.dryRun
					q.Judge = func(_ context.Context, compared Comparison) (map[string][]string, error) {
						if asked++; len(compared.Plans) != 4 {
							t.Errorf("%d plans", len(compared.Plans))
						}
						return map[string][]string{"us-west-2": {"seen"}}, c.err
					}
				})
				if res.Outcome != c.want || res.Undetermined != c.undetermined || asked != c.asked {
					t.Fatalf("%s %v (%s), asked %d times", res.Outcome, res.Undetermined, res.Reason, asked)
				}
				if told := slices.Contains(res.Regions[1].Notes, "seen"); told != (c.asked > 0) || slices.Contains(res.Regions[0].Notes, "seen") {
					t.Errorf("notes %v and %v", res.Regions[0].Notes, res.Regions[1].Notes)
				}
				if quiet := slices.Contains(res.Regions[0].Notes, "no precondition was judged: nothing would change"); quiet != (c.asked == 0) {
					t.Errorf("asked %d times, and told %v", c.asked, res.Regions[0].Notes)
				}
				if locks, journals, plans := w.leftovers(); c.err != nil && (!w.all(c.before) || locks+journals+plans != 0) {
					t.Errorf("left %v, %d locks, %d journals, %d plans", w.contents(), locks, journals, plans)
				}
			})
		})
	}
}

func TestACancelledJudgementTouchesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		w := newWorld(twoRegions, twoTargets, "r-1")
		req := w.request("r-2", "d-1", twoTargets, nil)
		req.Judge = func(ctx context.Context, _ Comparison) (map[string][]string, error) {
			cancel()
			return nil, ctx.Err()
		}
		res, err := Run(ctx, req)
		if err != nil || res.Outcome != FailedClean || !w.all("r-1") {
			t.Fatalf("%v %s (%s) %v", err, res.Outcome, res.Reason, w.contents())
		}
	})
}

func TestATypeThatARegionMayNotOfferIsTold(t *testing.T) {
	add := Plan{Changes: []Change{{Type: "A::B", Action: "Add"}, {Type: "C::D", Action: "Modify"}, {Type: "E::F", Action: "Modify", Replacement: "True"}}}
	for _, c := range []struct {
		name, kind string
		err        error
		plan       Plan
		want       int
	}{
		{"the plan would create one", "A::B", nil, add, 1},
		{"the plan would make one anew", "E::F", nil, add, 1},
		{"there is one already", "C::D", nil, add, 0},
		{"the plan is not known yet", "X::Y", nil, Plan{Deferred: "later"}, 1},
		{"there is no plan", "X::Y", errors.New("Unrecognized resource types"), Plan{}, 1},
		{"nothing of it is in the plan", "X::Y", nil, add, 0},
	} {
		reg := &regionRun{Region: Region{Doubtful: map[string]string{c.kind: "may not be offered"}}, err: c.err, units: []*unit{{plan: c.plan}}}
		if doubts := reg.doubts(); len(doubts) != c.want {
			t.Errorf("%s: %q", c.name, doubts)
		}
	}
	reg := &regionRun{Region: Region{Doubtful: map[string]string{"A::B": "may not be offered"}}, units: []*unit{{plan: add}}}
	for outcome, want := range map[Outcome]int{Planned: 1, Rejected: 1, RolledBack: 1, Done: 0} {
		if res := reg.result(outcome); len(res.Notes) != want {
			t.Errorf("%s: %q", outcome, res.Notes)
		}
	}
}
