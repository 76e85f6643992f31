package read

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"github.com/lockstep-dr/lockstep/drift"
)

// A VPC may have an internet gateway and a VPN gateway: neither attachment is
// told by the list of the other's gateways.
func TestTheAttachmentOfAVPNGatewayIsNotLookedForAmongInternetGateways(t *testing.T) {
	table := by(map[string]any{"EC2 DescribeInternetGateways": &ec2.DescribeInternetGatewaysOutput{},
		"CloudControl GetResource": ccOutput(`{"AttachmentType":"VGW","VpcId":"vpc-1","VpnGatewayId":"vgw-1"}`)})
	for _, c := range []struct {
		name, id string
		declared map[string]any
		gone     bool
		gateway  any
	}{
		{"by its id", "VGW|vpc-1", nil, false, "vgw-1"},
		{"of the internet gateway", "IGW|vpc-1", map[string]any{"VpcId": "vpc-1", "InternetGatewayId": "igw-1"}, true, nil},
	} {
		item := sampleOf("AWS::EC2::VPCGatewayAttachment")
		item.ID, item.Resolved = c.id, c.declared
		result := readAll(t, table, request(item))
		_, gone := result.fact(drift.FactGone, item.Key)
		if gone != c.gone || len(result.Gaps) != 0 {
			t.Errorf("%s: gone %v, gaps %+v", c.name, gone, result.Gaps)
		}
		if !gone && (len(result.Resources) != 1 || result.Resources[0].Properties["VpnGatewayId"] != c.gateway) {
			t.Errorf("%s: %+v", c.name, result.Resources)
		}
	}
}

// Without the type in its id an attachment has no identifier that Cloud Control
// takes for sure: what is not read is a gap.
func TestAnAttachmentThatCannotBeAddressedIsAGap(t *testing.T) {
	item := sampleOf("AWS::EC2::VPCGatewayAttachment")
	item.ID, item.Resolved = "", map[string]any{"VpcId": "vpc-1", "VpnGatewayId": "vgw-1"}
	result := readAll(t, by(map[string]any{}), request(item))
	if _, gone := result.fact(drift.FactGone, item.Key); gone || len(result.Gaps) == 0 || len(result.Resources) != 0 {
		t.Errorf("%+v", result)
	}
}
