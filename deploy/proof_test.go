package deploy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
)

// proving is a target that says what would run, and keeps something until the end.
type proving struct {
	*fakeTarget
	proof    string
	finished *int
	err      error
}

func (p *proving) Prepare(ctx context.Context, in Inputs) (Plan, error) {
	plan, err := p.fakeTarget.Prepare(ctx, in)
	plan.Proof = p.proof
	return plan, err
}

func (p *proving) Finish(context.Context) error {
	*p.finished++
	return p.err
}

// following is a target whose state a target before it may change.
type following struct{ *fakeTarget }

func (f following) About() About {
	about := f.fakeTarget.About()
	about.AfterOthers = true
	return about
}

// touching changes the target after it when it is executed.
type touching struct{ *fakeTarget }

func (t touching) Execute(ctx context.Context, plan Plan) error {
	err := t.fakeTarget.Execute(ctx, plan)
	t.w.mu.Lock()
	defer t.w.mu.Unlock()
	t.w.places[t.region].stacks["app"].content = "what the template says"
	return err
}

func TestATargetIsPlannedAgainAfterOneThatMayHaveChangedIt(t *testing.T) {
	for name, fails := range map[string]bool{"and brought to the release": false, "and brought back, should the release fail": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				for _, region := range twoRegions {
					w.places[region].stacks["app"].content = "r-2" // it is on the release before anything begins
				}
				if fails {
					w.revive(at("us-west-2", "app", "execute", opFails))
				}
				req := w.request("r-2", "d-1", twoTargets, nil)
				for i := range req.Regions {
					req.Regions[i].Targets = []Target{touching{req.Regions[i].Targets[0].(*fakeTarget)}, following{req.Regions[i].Targets[1].(*fakeTarget)}}
				}
				res, err := Run(t.Context(), req)
				got := w.contents()
				if !fails && (err != nil || res.Outcome != Done || !w.all("r-2")) {
					t.Errorf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, got)
				}
				if fails && (res.Outcome != RolledBack || got["us-east-1/app"] != "r-2" || got["us-west-2/app"] != "r-2" || got["us-east-1/data"] != "r-1") {
					t.Errorf("%v %s (%s), contents %v", err, res.Outcome, res.Reason, got)
				}
			})
		})
	}
}

func TestWhatWouldRunIsTheSameInEveryRegionOrNothingIsTouched(t *testing.T) {
	for _, c := range []struct {
		name           string
		east, west     string
		before         string
		fault          func(site) fault
		err            error
		want           Outcome
		finished       int
		reason, remark string
	}{
		{name: "the same build", east: "sha256:a", west: "sha256:a", before: "r-1", want: Done, finished: 1},
		{name: "another build", east: "sha256:a", west: "sha256:b", before: "r-1", want: Rejected, reason: "would run sha256:a in us-east-1 and sha256:b in us-west-2"},
		{name: "nothing is proved in one Region", east: "sha256:a", before: "r-1", want: Done, finished: 1},
		{name: "a release that goes back finishes nothing", east: "x", west: "x", before: "r-1", fault: at("us-west-2", "data", "execute", opFails), want: RolledBack},
		{name: "one that is not recorded everywhere keeps its way back", east: "x", west: "x", before: "r-1", fault: at("us-west-2", "ledger", "record", errBefore), want: InDoubt},
		{name: "what cannot be tidied is a remark", east: "x", west: "x", before: "r-1", err: errors.New("denied"), want: Done, finished: 1, remark: "could not be removed: denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				finished := 0
				_, res := deployWith(t, c.before, c.fault, func(q *Request) {
					for i, proof := range []string{c.east, c.west} {
						q.Regions[i].Targets[0] = &proving{q.Regions[i].Targets[0].(*fakeTarget), proof, new(int), c.err}
					}
					q.Regions[0].Targets[0].(*proving).finished = &finished
					q.Regions[1].Targets[0].(*proving).finished = new(int)
				})
				if res.Outcome != c.want || !strings.Contains(res.Reason, c.reason) || finished != c.finished {
					t.Errorf("%s (%s), finished %d", res.Outcome, res.Reason, finished)
				}
				if notes := strings.Join(res.Regions[0].Notes, "\n"); !strings.Contains(notes, c.remark) {
					t.Errorf("notes %q", notes)
				}
			})
		})
	}
}
