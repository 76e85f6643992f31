package readiness

import "github.com/lockstep-dr/lockstep/drift"

// connectedBy sets the connections of the standby's VPC.
func connectedBy(value any) func(*world) {
	return func(w *world) { w.fact(&w.west, drift.FactVPCConnections, "app/Vpc", value) }
}

// peeringBetween is the connection of both Regions' VPCs, which the primary alone declares.
func peeringBetween(state string) func(*world) {
	return func(w *world) {
		w.lose("app/Peering", drift.Warn)
		w.fact(&w.east, drift.FactPeeringState, "app/Peering", object{"Code": state, "Message": "", "Peer": west})
		between := func(peer, region string) object {
			return object{"Connections": []any{object{"Kind": "peering connection", "Id": "pcx-1", "State": state, "PeerVpc": peer, "PeerRegion": region}}}
		}
		w.fact(&w.east, drift.FactVPCConnections, "app/Vpc", between("Vpc", west))
		w.fact(&w.west, drift.FactVPCConnections, "app/Vpc", between("Vpc", east))
	}
}

var connectionCases = []ruleCase{
	{"NET-07", "connected alike", func(*world) {}, passes()},
	{"NET-07", "nobody accepted the peering connection", func(w *world) {
		w.fact(&w.west, drift.FactPeeringState, "app/Peering", object{"Code": "pending-acceptance", "Message": "Pending Acceptance by 222222222222"})
	}, blocks("app/Peering: is pending-acceptance in us-west-2 (Pending Acceptance by 222222222222)")},
	{"NET-07", "the attachment was rejected", func(w *world) {
		w.fact(&w.west, drift.FactAttachmentState, "app/Transit", object{"State": "rejected"})
	}, blocks("app/Transit: is rejected in us-west-2")},
	{"NET-07", "the attachment is being made", func(w *world) {
		w.fact(&w.west, drift.FactAttachmentState, "app/Transit", object{"State": "pending"})
	}, unknown("")},
	{"NET-07", "nobody connected the standby's VPC", connectedBy(object{"Connections": []any{}}),
		blocks("app/Vpc: has 1 active peering connection in us-east-1 and 0 in us-west-2")},
	{"NET-07", "what nobody declares expired", connectedBy(waysOut("expired", "available")), blocks("pcx-1 is expired")},
	{"NET-07", "what nobody declares is being made", connectedBy(waysOut("provisioning", "available")), unknown("")},
	{"NET-07", "the standby has one more", connectedBy(object{"Connections": append(waysOut("active", "available")["Connections"].([]any),
		object{"Kind": "peering connection", "Id": "pcx-2", "State": "active", "PeerVpc": "vpc-2", "PeerRegion": west})}), passes()},
	{"NET-07", "the standby's leads to the primary's Region", connectedBy(object{"Connections": []any{
		object{"Kind": "peering connection", "Id": "pcx-1", "State": "active", "PeerVpc": "vpc-hub", "PeerRegion": east},
		object{"Kind": "transit gateway attachment", "Id": "tgw-attach-1", "State": "available"}}}), warns("leads to a network of us-east-1, which is lost with it")},
	{"NET-07", "the two VPCs are connected with each other", peeringBetween("active"), passes()},
	{"NET-07", "the connection of the two VPCs failed", peeringBetween("failed"), blocks("app/Peering: is failed in us-east-1")},
	{"NET-07", "the connections could not be listed", func(w *world) {
		w.deniedFact(drift.FactVPCConnections, "app/Vpc", "ec2:DescribeVpcPeeringConnections")
	}, unknown("ec2:DescribeVpcPeeringConnections")},
	{"NET-07", "the state was not read", func(w *world) {
		w.deniedFact(drift.FactAttachmentState, "app/Transit", "ec2:DescribeTransitGatewayAttachments")
	}, unknown("ec2:DescribeTransitGatewayAttachments")},
}
