package report

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
)

func TestAHeadlineSaysWhatWasRepairedAlthoughNothingWasReleased(t *testing.T) {
	for _, c := range []struct {
		outcome  deploy.Outcome
		repaired bool
		want     string
	}{
		{deploy.Rejected, false, "r-2 was refused and nothing was touched."},
		{deploy.Rejected, true, "r-2 was refused and nothing was touched but shop in us-west-2, brought back to the last whole release."},
		{deploy.FailedClean, false, "nothing was touched in us-east-1 and us-west-2."},
		{deploy.FailedClean, true, "nothing was touched in us-east-1 and us-west-2 but shop in us-west-2, brought back to the last whole release."},
	} {
		d := deploy.Result{Release: deploy.Release{ID: "r-2"}, Outcome: c.outcome, Regions: []deploy.RegionResult{
			{Region: "us-east-1", Targets: []deploy.TargetResult{{Target: "shop", Status: "untouched"}}},
			{Region: "us-west-2", Targets: []deploy.TargetResult{{Target: "shop", Status: "untouched"}}}}}
		if c.repaired {
			d.Regions[1].Targets[0].Status = "repaired"
		}
		if got := Headline(Report{Command: "deploy", Deploy: &d}); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %q", c.outcome, got)
		}
	}
}
