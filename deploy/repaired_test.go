package deploy

import (
	"strings"
	"testing"
	"testing/synctest"
)

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
					if region.Name == "us-west-2" {
						region.Targets[0].(*fakeTarget).repaired = "UPDATE_ROLLBACK_FAILED"
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
