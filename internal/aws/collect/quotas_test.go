package collect

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

func TestQuotasOfTheServicesInUseAreFactsAndTheirLackHidesNothing(t *testing.T) {
	w := newWorld(t)
	w.payments()
	api := servicequotas.NewFromConfig(w.sessions[0].Config)
	if _, err := api.RequestServiceQuotaIncrease(t.Context(), &servicequotas.RequestServiceQuotaIncreaseInput{ServiceCode: aws.String("lambda"),
		QuotaCode: aws.String("L-B99A9384"), DesiredValue: aws.Float64(5000)}); err != nil {
		t.Fatal(err)
	}
	o := w.options("payments-data", "payments")
	snapshots := w.snapshots(o)
	primary, standby := factOf(t, snapshots[0], drift.FactQuota, "lambda/L-B99A9384"), factOf(t, snapshots[1], drift.FactQuota, "lambda/L-B99A9384")
	if primary["Value"] != 5000.0 || primary["Default"] != false || standby["Value"] != 1000.0 || standby["Default"] != true {
		t.Errorf("%v and %v", primary, standby)
	}
	for _, f := range snapshots[0].Facts {
		if f.Kind == drift.FactQuota && strings.HasPrefix(f.Subject, "rds/") {
			t.Errorf("the application has no database, and %s was asked for", f.Subject)
		}
	}
	w.fail(awssim.Fault{Service: "servicequotas", Operation: "GetServiceQuota", Effect: fault.AccessDenied})
	snapshots = w.snapshots(o)
	for _, g := range snapshots[1].Gaps {
		if g.Fact != drift.FactQuota || g.Operation != "servicequotas:GetServiceQuota" {
			t.Errorf("gap %+v", g)
		}
	}
	if c := compare(w, snapshots); len(snapshots[1].Gaps) == 0 || c.Coverage.NotCompared != 0 || len(c.Findings) != 0 {
		t.Errorf("%d gaps, coverage %+v, findings %+v", len(snapshots[1].Gaps), c.Coverage, c.Findings)
	}
}
