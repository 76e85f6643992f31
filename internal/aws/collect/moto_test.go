package collect

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/mototest"
)

// newMotoWorld is a world on moto, the simulator that nobody here wrote.
func newMotoWorld(t *testing.T) *world {
	t.Helper()
	return (&world{T: t, moto: mototest.Start(t), clock: clock.NewManual(time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC))}).open()
}

// What moto simulates is read and equal; what it only pretends to create is a
// gap, never missing and never equal.
func TestSampleApplicationOnMoto(t *testing.T) {
	w := newMotoWorld(t)
	w.payments()
	o := w.options("payments-data", "payments")
	snapshots := w.snapshots(o)
	for i, declared := range []int{32, 31} {
		s := snapshots[i]
		accounted := map[string]bool{}
		for _, r := range s.Resources {
			accounted[r.Key] = true
		}
		for _, g := range s.Gaps {
			if g.Property == "" && g.Fact == "" {
				if accounted[g.Resource] {
					t.Errorf("%s: %s is both read and a gap", s.Region.Name, g.Resource)
				}
				accounted[g.Resource] = true
			}
			if g.Reason != session.Unsupported {
				t.Errorf("%s: %+v", s.Region.Name, g)
			}
		}
		if len(accounted) != declared || len(s.Resources) < 20 {
			t.Errorf("%s: %d of %d declared resources are read or a gap, %d read", s.Region.Name, len(accounted), declared, len(s.Resources))
		}
	}
	if c := compare(w, snapshots); len(c.Findings) != 0 || c.Coverage.Compared < 20 {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
	name := resource(t, snapshots[1], "payments/SettleFunction").ID
	if _, err := lambda.NewFromConfig(w.sessions[1].Config).UpdateFunctionConfiguration(t.Context(),
		&lambda.UpdateFunctionConfigurationInput{FunctionName: &name, MemorySize: aws.Int32(128)}); err != nil {
		t.Fatal(err)
	}
	if c := compare(w, w.snapshots(o)); len(c.Findings) != 1 || c.Findings[0].Property != "MemorySize" {
		t.Errorf("findings after a change by hand %+v", c.Findings)
	}
	w.alarmsInJSON()
}

// alarmsInJSON: moto does not speak the SDK's dialect for CloudWatch. That is
// Unsupported, not "no alarms"; with the setting it works.
func (w *world) alarmsInJSON() {
	w.Helper()
	region := w.sessions[0].ReadOnly
	_, err := cloudwatch.NewFromConfig(region.Config()).DescribeAlarms(w.Context(), &cloudwatch.DescribeAlarmsInput{})
	if p := session.Classify(err); p.Reason != session.Unsupported {
		w.Errorf("without the setting: %+v", p)
	}
	if _, err := cloudwatch.NewFromConfig(region.Config(), region.CloudWatch).DescribeAlarms(w.Context(), &cloudwatch.DescribeAlarmsInput{}); err != nil {
		w.Errorf("with the setting: %v", err)
	}
}
