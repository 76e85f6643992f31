package deploy

import (
	"testing"
	"testing/synctest"
)

// follower is a service that the stack before it takes with it.
type follower struct {
	*fakeTarget
	told bool
}

func (f *follower) About() About {
	about := f.fakeTarget.About()
	about.AfterOthers = true
	return about
}

func (f *follower) Follows() { f.told = true }

// TestWhatAStackTakesWithItIsBroughtBackAfterTheStack: a stack that goes back,
// by itself or because it must, gives its service the template's task definition.
func TestWhatAStackTakesWithItIsBroughtBackAfterTheStack(t *testing.T) {
	for name, c := range map[string]struct {
		fault site
		// takes is when the stack of us-west-2 takes the service with it.
		takes string
	}{
		"the stack is restored":         {site{"us-west-2", "app", "verify", 1}, "restore"},
		"the stack went back by itself": {site{"us-west-2", "data", "execute", 1}, "result"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, twoTargets, "r-1")
				w.fault = func(s site) fault { // runs under the world's lock
					if s.region == "us-west-2" && s.target == "data" && s.call == c.takes {
						w.places["us-west-2"].stacks["app"].content = "the template's"
					}
					switch {
					case s != c.fault:
						return works
					case s.call == "verify":
						return lies
					}
					return opFails
				}
				req := w.request("r-2", "d-1", twoTargets, nil)
				for _, region := range req.Regions {
					region.Targets[1] = &follower{fakeTarget: region.Targets[1].(*fakeTarget)}
				}
				res := mustRun(t, req)
				if res.Outcome != RolledBack || !w.all("r-1") {
					t.Errorf("%s (%s), contents %v", res.Outcome, res.Reason, w.contents())
				}
				if !req.Regions[1].Targets[1].(*follower).told {
					t.Error("the service was not told that the stack may have moved it")
				}
			})
		})
	}
}
