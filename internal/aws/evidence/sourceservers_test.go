package evidence

import (
	"context"
	"fmt"
	"net"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/drs"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

type noServers struct{ err error }

func (n noServers) DescribeSourceServers(context.Context, *drs.DescribeSourceServersInput, ...func(*drs.Options)) (*drs.DescribeSourceServersOutput, error) {
	return nil, fmt.Errorf("operation error drs: DescribeSourceServers: %w", n.err)
}

func TestARegionThatDoesNotOfferTheServiceHoldsNoSourceServers(t *testing.T) {
	noSuchName, noAnswer := &net.DNSError{Err: "no such host", IsNotFound: true}, &net.DNSError{Err: "server misbehaving", IsTemporary: true}
	for _, test := range []struct {
		name, region string
		err          error
		known        bool
	}{
		{"not on the list of endpoints, and no such name", "ca-west-1", noSuchName, true},
		{"not on the list, and no answer about the name", "ca-west-1", noAnswer, false},
		{"on the list, and no such name: its DNS is down", "us-west-2", noSuchName, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			primary := &drift.Snapshot{Region: topology.Region{Name: "us-east-1", Role: topology.Primary}, Resources: []drift.Resource{{Key: "app/One", Type: machineType, ID: "i-1"}}}
			own := &drift.Snapshot{Region: topology.Region{Name: test.region, Role: topology.Standby}}
			a := across{gatherer: gatherer{region: test.region}, own: own, app: Application{Snapshots: []*drift.Snapshot{primary, own}}}
			a.sourceServers(t.Context(), noServers{test.err})
			if facts, gaps := len(a.found.Facts), len(a.found.Gaps); (facts == 1) != test.known || (gaps == 0) != test.known {
				t.Errorf("%d facts, gaps %+v", facts, a.found.Gaps)
			}
		})
	}
}

func TestALagIsReadAsISO8601SaysIt(t *testing.T) {
	for text, want := range map[string]float64{"PT0S": 0, "PT1M30S": 90, "P1DT2H": 93600, "P0Y0M0DT0H5M0.5S": 300.5, "P2W": 1209600} {
		if have, ok := isoSeconds(text); !ok || have != want {
			t.Errorf("%s is %v (%v), want %v", text, have, ok, want)
		}
	}
	for _, text := range []string{"", "P", "PT", "90", "1 hour", "-PT1S", "PT1X"} {
		if have, ok := isoSeconds(text); ok {
			t.Errorf("%q is %v, want no duration", text, have)
		}
	}
}
