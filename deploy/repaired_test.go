package deploy

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// lateTarget is asked for its plan after the repair of the other Region is
// over: a failure that comes first would cancel that repair.
type lateTarget struct{ *fakeTarget }

func (t lateTarget) Prepare(ctx context.Context, in Inputs) (Plan, error) {
	if err := nap(ctx, time.Second); err != nil {
		return Plan{}, err
	}
	return t.fakeTarget.Prepare(ctx, in)
}

// TestATargetThatWasRepairedIsNotSaidToBeUntouched: a repair comes before any
// plan, and whatever ends the deploy then, it was done.
func TestATargetThatWasRepairedIsNotSaidToBeUntouched(t *testing.T) {
	for _, c := range []struct {
		name   string
		fault  func(site) fault
		want   Outcome
		status string
	}{
		{"another Region is refused", at("us-east-1", "app", "prepare", refuses), Rejected, "repaired"},
		{"another Region cannot be prepared", at("us-east-1", "app", "prepare", opFails), FailedClean, "repaired"},
		{"its own plan fails after it", at("us-west-2", "app", "prepare", opFails), FailedClean, "repaired"},
		{"the release arrives", nil, Done, "updated"},
		{"another Region fails", at("us-east-1", "app", "execute", opFails), RolledBack, "restored"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(twoRegions, []string{"app"}, "r-1")
				if c.fault != nil {
					w.fault = c.fault
				}
				req := w.request("r-2", "d-1", []string{"app"}, nil)
				for _, region := range req.Regions {
					target := region.Targets[0].(*fakeTarget)
					if region.Name == "us-west-2" {
						target.repaired = "UPDATE_ROLLBACK_FAILED"
					} else {
						region.Targets[0] = lateTarget{target}
					}
				}
				res := mustRun(t, req)
				if res.Outcome != c.want {
					t.Fatalf("%s (%s)", res.Outcome, res.Reason)
				}
				for _, region := range res.Regions {
					mine := region.Region == "us-west-2"
					if got := region.Targets[0].Status; (got == c.status) != mine && c.status == "repaired" || mine && got != c.status {
						t.Errorf("%s: %s", region.Region, got)
					}
					if said := strings.Contains(region.State, "app repaired, nothing else touched: release r-1"); said != (mine && c.status == "repaired") {
						t.Errorf("%s: %s", region.Region, region.State)
					}
				}
				checkHonest(t, w, res)
			})
		})
	}
}
