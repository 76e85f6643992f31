package collect

import (
	"slices"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// A change that starts another instance type is judged by what the Regions say of
// that type; one that refuses to say leaves a gap.
func TestInstanceTypesThatAChangeBringsAreAskedFor(t *testing.T) {
	w := newWorld(t)
	o := w.network()
	w.scripted("us-west-2", ec2.NotOfferedType, "m9x.large", nil)
	predict := func() []*drift.Snapshot {
		predicted := w.snapshots(o)
		for _, s := range predicted {
			for i, f := range s.Facts {
				if f.Kind == drift.FactMachines && f.Subject == "shop/Group" {
					s.Facts[i].Value.(map[string]any)["Starts"] = []any{"m9x.large"}
				}
			}
		}
		return predicted
	}
	predicted := predict()
	if err := PlannedFromSessions(t.Context(), w.sessions, o, predicted); err != nil {
		t.Fatal(err)
	}
	for i, zones := range []int{3, 0} {
		if have := factOf(t, predicted[i], drift.FactInstanceOffering, "m9x.large")["AvailabilityZones"].([]any); len(have) != zones {
			t.Errorf("%s offers it in %v, want %d zones", predicted[i].Region.Name, have, zones)
		}
	}
	if size := factOf(t, predicted[0], drift.FactInstanceType, "m9x.large"); size["Quota"] != "ec2/L-1216C47A" {
		t.Errorf("size %v", size)
	}

	predicted = predict()
	w.fail(awssim.Fault{Region: "us-west-2", Service: "ec2", Operation: "DescribeInstanceTypeOfferings", Effect: fault.AccessDenied})
	if err := PlannedFromSessions(t.Context(), w.sessions, o, predicted); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(predicted[1].Gaps, func(g drift.Gap) bool {
		return g.Fact == drift.FactInstanceOffering && g.Resource == "m9x.large" && g.Reason == session.AccessDenied
	}) {
		t.Errorf("gaps %+v", predicted[1].Gaps)
	}
}
