package collect

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// Scans in bad weather, with the rates, back-offs and bounds of production. The
// time they take passes in a bubble.
func TestScansInBadWeather(t *testing.T) {
	throttle := func(region, service string, count int) awssim.Fault {
		return awssim.Fault{Effect: fault.Throttle, Region: region, Service: service, Count: count}
	}
	// Of ten calls the odd ones, the second and the seventh are hit: six. It is over
	// within session.Options.Patience: of one that lasts longer, chance may give an
	// operation of few calls nothing else for as long, and that is a gap.
	storm := []awssim.Fault{{Effect: fault.Throttle, Every: 2, Count: 150}, {Effect: fault.Throttle, Every: 5, From: 2, Count: 60}}
	for _, c := range []struct {
		name   string
		faults []awssim.Fault
		// gaps are the operations that stay unread in us-west-2, and reason why.
		gaps   []string
		reason string
		atMost time.Duration
	}{
		{name: "fair", atMost: time.Minute},
		{name: "60 % of all calls throttled for a while", faults: storm, atMost: 20 * time.Minute},
		{name: "a service throttled for hundreds of calls, and connections reset", atMost: 20 * time.Minute, faults: []awssim.Fault{
			throttle("us-west-2", "lambda", 50), {Effect: fault.Reset, Region: "us-east-1", Service: "sqs", Count: 2}}},
		{name: "a service throttled without end", faults: []awssim.Fault{throttle("us-west-2", "sqs", 0)},
			gaps: []string{"sqs:GetQueueAttributes"}, reason: session.Throttled, atMost: 4 * time.Minute},
		{name: "a service that hangs", faults: []awssim.Fault{{Effect: fault.Hang, Region: "us-west-2", Service: "kms"}},
			gaps: []string{"kms:DescribeKey"}, reason: session.Timeout, atMost: 4 * time.Minute},
		{name: "an operation that hangs in a service that answers", faults: []awssim.Fault{{Effect: fault.Hang, Region: "us-west-2", Service: "lambda", Operation: "GetAlias"}},
			gaps: []string{"lambda:GetAlias"}, reason: session.Timeout, atMost: 4 * time.Minute},
		{name: "a Region that hangs once it is open", faults: []awssim.Fault{{Effect: fault.Hang, Region: "us-west-2", From: 2}},
			gaps: []string{"cloudformation:DescribeStacks", "ssm:GetParameters"}, reason: session.Timeout, atMost: 6 * time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.payments()
				for _, f := range c.faults {
					w.fail(f)
				}
				o := w.options("payments-data", "payments")
				o.Session.MaxBackoff, o.Session.RateShare = 0, 0
				start, before := time.Now(), len(w.cloud.Calls())
				snapshots := w.snapshots(o)
				if took := time.Since(start); took > c.atMost {
					t.Errorf("took %s", took)
				}
				t.Logf("%s and %d calls", time.Since(start), len(w.cloud.Calls())-before)
				if len(snapshots[0].Gaps) != 0 || len(snapshots[0].Resources) != 32 {
					t.Errorf("us-east-1: %d resources, gaps %+v", len(snapshots[0].Resources), snapshots[0].Gaps)
				}
				if unread := unread(t, snapshots[1], c.reason); !slices.Equal(unread, c.gaps) {
					t.Errorf("us-west-2: unread %v, want %v", unread, c.gaps)
				}
			})
		})
	}
}

// unread are the operations that gaps name; each must have the reason.
func unread(t *testing.T, s *drift.Snapshot, reason string) []string {
	t.Helper()
	var operations []string
	for _, g := range s.Gaps {
		if g.Reason != reason {
			t.Errorf("gap %+v, want the reason %s", g, reason)
		}
		operations = append(operations, g.Operation)
	}
	slices.Sort(operations)
	return slices.Compact(operations)
}
