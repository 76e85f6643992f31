package collect

import (
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

const connectedNetwork = `
Parameters:
  Role: {Type: String}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Hub: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.1.0.0/16}}
  Subnet: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Gateway: {Type: AWS::EC2::TransitGateway, Properties: {Description: hub}}
  Transit: {Type: AWS::EC2::TransitGatewayVpcAttachment, Properties: {VpcId: !Ref Vpc, TransitGatewayId: !Ref Gateway, SubnetIds: [!Ref Subnet]}}
  Peering: {Type: AWS::EC2::VPCPeeringConnection, Properties: {VpcId: !Ref Vpc, PeerVpcId: !Ref Hub}}
`

func TestConnectionsOfAVPCAreReadWithTheirState(t *testing.T) {
	w := newWorld(t)
	w.everywhere(connectedNetwork)
	west := w.snapshots(w.options("app"))[1]
	peering, transit, hub := resource(t, west, "app/Peering"), resource(t, west, "app/Transit"), resource(t, west, "app/Hub")
	for _, change := range []awssim.Edit{{Region: "us-west-2", Type: peering.Type, ID: peering.ID, Set: map[string]any{"State": "pending-acceptance"}},
		{Region: "us-west-2", Type: transit.Type, ID: transit.ID, Set: map[string]any{"State": "rejected"}}} {
		if err := w.cloud.Edit(change); err != nil {
			t.Fatal(err)
		}
	}
	snapshots := w.snapshots(w.options("app"))
	for i, want := range []struct{ peering, transit string }{{"active", "available"}, {"pending-acceptance", "rejected"}} {
		s := snapshots[i]
		if fact := factOf(t, s, drift.FactPeeringState, "app/Peering"); fact["Code"] != want.peering || fact["Peer"] != s.Region.Name {
			t.Errorf("%s: peering %v", s.Region.Name, fact)
		}
		if fact := factOf(t, s, drift.FactAttachmentState, "app/Transit"); fact["State"] != want.transit {
			t.Errorf("%s: transit %v", s.Region.Name, fact)
		}
		for _, g := range s.Gaps {
			t.Errorf("%s: gap %+v", s.Region.Name, g)
		}
	}
	var seen []string
	for _, c := range factOf(t, snapshots[1], drift.FactVPCConnections, "app/Vpc")["Connections"].([]any) {
		one := c.(map[string]any)
		seen = append(seen, one["Kind"].(string)+" "+one["Id"].(string)+" "+one["State"].(string)+" "+one["PeerVpc"].(string))
	}
	want := []string{"peering connection " + peering.ID + " pending-acceptance " + hub.ID, "transit gateway attachment " + transit.ID + " rejected "}
	if !slices.Equal(seen, want) {
		t.Errorf("connections %q, want %q", seen, want)
	}
}

func TestEachRefusalOfAConnectionIsAGap(t *testing.T) {
	w := newWorld(t)
	w.everywhere(connectedNetwork)
	listed := Actions([]string{"AWS::EC2::VPC"}, Inventory{}, evidence.Declared{})
	for _, call := range []struct{ operation, fact, subject string }{
		{"DescribeVpcPeeringConnections", drift.FactPeeringState, "app/Peering"},
		{"DescribeTransitGatewayAttachments", drift.FactAttachmentState, "app/Transit"},
		{"DescribeVpcPeeringConnections", drift.FactVPCConnections, "app/Vpc"},
		{"DescribeTransitGatewayAttachments", drift.FactVPCConnections, "app/Vpc"},
	} {
		action := "ec2:" + call.operation
		id, err := w.cloud.Fail(awssim.Fault{Service: "ec2", Operation: call.operation, Effect: fault.AccessDenied})
		if err != nil {
			t.Fatal(err)
		}
		west := w.snapshots(w.options("app"))[1]
		w.cloud.Heal(id)
		named := slices.ContainsFunc(west.Gaps, func(g drift.Gap) bool {
			return g.Fact == call.fact && g.Resource == call.subject && g.Operation == action && strings.HasPrefix(g.Reason, "AccessDenied")
		})
		known := slices.ContainsFunc(west.Facts, func(f drift.Fact) bool { return f.Kind == call.fact && f.Subject == call.subject })
		if !named || known || !slices.Contains(listed, action) {
			t.Errorf("%s denied: gap %v, fact %v, listed %v; %+v", action, named, known, slices.Contains(listed, action), west.Gaps)
		}
	}
}
