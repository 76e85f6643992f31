package collect

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// What moto's CloudFormation creates of a network is read in full and equal in
// two Regions, on a simulator that nobody here wrote. Associations of subnets are
// left out: moto's filter by subnet finds none.
func TestNetworkOnMoto(t *testing.T) {
	w := newMotoWorld(t)
	body, err := os.ReadFile("testdata/networkmoto.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range w.sessions {
		range16 := []string{"10.1.", "10.2."}[i]
		w.deploy(s.Config, "shop", body, map[string]string{"Cidr": range16 + "0.0/16", "First": range16 + "1.0/24", "Second": range16 + "2.0/24", "ImageId": w.image(s.Config)})
	}
	o := w.options("shop")
	snapshots := w.snapshots(o)
	for _, s := range snapshots {
		for _, g := range s.Gaps {
			known := g.Fact == drift.FactQuota || g.Fact == drift.FactQuotaRequests || g.Fact == drift.FactSetting
			if !known || g.Reason != session.Unsupported && g.Reason != session.NotFound { // moto knows the quotas of one service, no requests, and one setting
				t.Errorf("%s: gap %+v", s.Region.Name, g)
			}
		}
		if len(s.Resources) != 15 {
			t.Errorf("%s: %d resources", s.Region.Name, len(s.Resources))
		}
		if data, err := json.Marshal(s); err != nil || strings.Contains(string(data), canary) {
			t.Errorf("%v: what user data holds left the process", err)
		}
	}
	if c := compare(w, snapshots); len(c.Findings) != 0 || c.Coverage.NotCompared != 0 {
		t.Errorf("coverage %+v, findings %+v", c.Coverage, c.Findings)
	}
	standby := w.standby(snapshots[1])
	if _, err := standby.ec2.DeleteRoute(t.Context(), &ec2.DeleteRouteInput{RouteTableId: standby.id("Table"), DestinationCidrBlock: aws.String("0.0.0.0/0")}); err != nil {
		t.Fatal(err)
	}
	if _, err := standby.asg.UpdateAutoScalingGroup(t.Context(), &autoscaling.UpdateAutoScalingGroupInput{AutoScalingGroupName: standby.id("Group"), MaxSize: aws.Int32(2)}); err != nil {
		t.Fatal(err)
	}
	if _, err := standby.ec2.ModifySubnetAttribute(t.Context(), &ec2.ModifySubnetAttributeInput{SubnetId: standby.id("PrivateB"), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	want := []string{"shop/Group MaxSize", "shop/PrivateB MapPublicIpOnLaunch", "shop/Route "}
	if have := places(compare(w, w.snapshots(o)).Findings); !slices.Equal(have, want) {
		t.Errorf("findings at %q, want %q", have, want)
	}
}
