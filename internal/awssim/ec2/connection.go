package ec2

import (
	"cmp"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of connections between networks. What leads through them is in State, a property that AWS does not have: without
// it they work at once, as between networks of one account. A peering connection is seen in the Region that asked for it.
const (
	PeeringType       = "AWS::EC2::VPCPeeringConnection"
	TransitType       = "AWS::EC2::TransitGateway"
	TransitVPCType    = "AWS::EC2::TransitGatewayVpcAttachment"
	TransitAttachment = "AWS::EC2::TransitGatewayAttachment"
)

func connectionKinds() []core.Kind {
	attachment := core.Kind{Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"VpcId", "TransitGatewayId"}, WriteOnly: []string{"State"},
		Schema: core.Schema{Required: []string{"VpcId", "TransitGatewayId", "SubnetIds"}},
		Create: after(needs("VpcId", VPCType, noVPC), numbered("tgw-attach"))}
	attachment.Type = TransitAttachment
	byVPC := attachment
	byVPC.Type = TransitVPCType
	return []core.Kind{attachment, byVPC,
		{Type: TransitType, Identifier: []string{"Id"}, Ref: "{Id}", Create: numbered("tgw")},
		{Type: PeeringType, Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"VpcId", "PeerVpcId", "PeerRegion", "PeerOwnerId"}, WriteOnly: []string{"State"},
			Schema: core.Schema{Required: []string{"VpcId", "PeerVpcId"}}, Create: after(needs("VpcId", VPCType, noVPC), numbered("pcx"))},
	}
}

func connectionOperations() map[string]core.Handler {
	return map[string]core.Handler{"DescribeVpcPeeringConnections": peeringView().describe, "DescribeTransitGatewayAttachments": transitAttachmentView().describe}
}

func peeringView() view {
	return view{
		typ: PeeringType, set: "vpcPeeringConnectionSet", ids: "VpcPeeringConnectionId", missing: "InvalidVpcPeeringConnectionID.NotFound",
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"requester-vpc-info.vpc-id": {wire.Text(r.Properties["VpcId"])}, "accepter-vpc-info.vpc-id": {wire.Text(r.Properties["PeerVpcId"])}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			p := wire.Object(r.Properties)
			state := p.Or("State", "active")
			return core.Out{"vpcPeeringConnectionId": r.ID, "status": core.Out{"code": state, "message": state},
				"requesterVpcInfo": core.Out{"vpcId": p["VpcId"], "ownerId": c.Account, "region": r.Region},
				"accepterVpcInfo":  core.Out{"vpcId": p["PeerVpcId"], "ownerId": p.Or("PeerOwnerId", c.Account), "region": cmp.Or(p.String("PeerRegion"), r.Region)}}
		},
	}
}

// transitAttachmentView shows the attachments of both types.
func transitAttachmentView() view {
	return view{
		typ: TransitVPCType, set: "transitGatewayAttachments", ids: "TransitGatewayAttachmentIds", missing: "InvalidTransitGatewayAttachmentID.NotFound",
		more: func(c *core.Call) []store.Resource { return c.List(TransitAttachment) },
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"resource-id": {wire.Text(r.Properties["VpcId"])}, "transit-gateway-id": {wire.Text(r.Properties["TransitGatewayId"])}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			return core.Out{"transitGatewayAttachmentId": r.ID, "transitGatewayId": r.Properties["TransitGatewayId"], "resourceType": "vpc",
				"resourceId": r.Properties["VpcId"], "resourceOwnerId": c.Account, "state": wire.Object(r.Properties).Or("State", "available")}
		},
	}
}
