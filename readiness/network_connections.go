package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

const (
	typeVPC     = "AWS::EC2::VPC"
	typePeering = "AWS::EC2::VPCPeeringConnection"
)

// attachmentTypes are the ways in which CloudFormation attaches to a transit gateway.
var attachmentTypes = []string{"AWS::EC2::TransitGatewayAttachment", "AWS::EC2::TransitGatewayVpcAttachment", "AWS::EC2::TransitGatewayPeeringAttachment"}

// peeringStates and attachmentStates are when traffic passes. One that waits for
// somebody's acceptance does not get there by itself. Source: Amazon EC2 API
// reference, VpcPeeringConnectionStateReason and TransitGatewayAttachment.
var (
	peeringStates = condition{types: []string{typePeering}, noun: "peering connection", fact: drift.FactPeeringState, field: "Code",
		good: []string{"active"}, moving: []string{"initiating-request", "provisioning"}, reason: "Message"}
	attachmentStates = condition{types: attachmentTypes, noun: "transit gateway attachment", fact: drift.FactAttachmentState, field: "State",
		good: []string{"available", "modifying"}, moving: []string{"initiating", "initiatingRequest", "pending", "rollingBack"}}
)

func connectionRules() []Rule {
	peerings, attachments := []string{"ec2:DescribeVpcPeeringConnections"}, []string{"ec2:DescribeTransitGatewayAttachments"}
	return []Rule{{
		ID: "NET-07", Severity: drift.Block, check: connected, Strategies: softInBackup,
		Title:  "The standby's VPCs are connected to other networks where the primary's are, and the connections are active",
		Why:    "What the application reaches through a peering connection or a transit gateway (a shared database, a directory, the company's network) it does not reach from the standby without one.",
		Source: "AWS multi-Region fundamentals 3",
		Needs: append(append(needsOf(peerings, peeringStates), needsOf(attachments, attachmentStates)...),
			Need{Types: []string{typeVPC}, Fact: drift.FactVPCConnections, Actions: slices.Concat(peerings, attachments)}),
		Fix: "Create the connection for the standby's VPC, have the other side accept it, and enter it into the route tables.",
	}}
}

// connected judges the connections that are declared, and of every VPC of the
// primary whether its sibling has as many that work. A connection between the two
// is one, and leads nowhere else.
func connected(h *hearing) {
	h.peered()
	h.inCondition(attachmentStates)
	vpcs := h.pairs(typeVPC)
	h.applies(len(vpcs), "VPC", "connected as the primary's")
	for _, p := range h.present(vpcs) {
		ours, known := h.waysOut(h.primary, p.key, p.standby)
		theirs, knownThere := h.waysOut(h.standby, p.key, p.primary)
		if !known || !knownThere {
			continue
		}
		for _, c := range []condition{peeringStates, attachmentStates} {
			h.asConnected(p.key, c, ours[c.noun], theirs[c.noun])
		}
	}
}

// peered judges the peering connections that are declared. One between the Regions
// is declared in one of them and serves both.
func (h *hearing) peered() {
	var own []pair
	for _, p := range h.pairs(typePeering) {
		fact, _ := h.primary.object(drift.FactPeeringState, p.key)
		if p.standby == nil && text(fact, "Peer") == h.standby.snapshot.Region.Name {
			h.servesIn(h.primary, peeringStates, p.key)
			continue
		}
		own = append(own, p)
	}
	h.applies(len(h.primary.byType[typePeering]), peeringStates.noun, "active")
	h.present(own)
	for _, r := range h.standby.byType[typePeering] {
		h.serves(peeringStates, r.Key)
	}
}

// waysOut are the connections of a VPC by their kind, without those to its sibling.
func (h *hearing) waysOut(v *view, key string, sibling *drift.Resource) (map[string][]map[string]any, bool) {
	fact, read := v.object(drift.FactVPCConnections, key)
	if !read {
		h.unknown(v.region(), key, drift.FactVPCConnections, "its connections to other networks were not read in %s", v.region())
	}
	byKind := map[string][]map[string]any{}
	for _, c := range objects(fact["Connections"]) {
		if text(c, "PeerVpc") == "" || text(c, "PeerVpc") != sibling.ID {
			byKind[text(c, "Kind")] = append(byKind[text(c, "Kind")], c)
		}
	}
	return byKind, read
}

// asConnected wants as many connections of one kind as the primary has. One that
// is on its way may be the one that is missing.
func (h *hearing) asConnected(key string, c condition, ours, theirs []map[string]any) {
	working := func(list []map[string]any) int {
		return len(slices.DeleteFunc(slices.Clone(list), func(one map[string]any) bool { return !slices.Contains(c.good, text(one, "State")) }))
	}
	want, have := working(ours), working(theirs)
	if have < want {
		says := ""
		moving := 0
		for _, one := range theirs {
			state := text(one, "State")
			if slices.Contains(c.moving, state) {
				moving++
			}
			if !slices.Contains(c.good, state) {
				says += "; " + show(one["Id"]) + " is " + show(one["State"])
			}
		}
		if have+moving >= want {
			h.undecided(key, "%s: %d of %d work in %s yet%s", c.noun+"s", have, want, h.standby.region(), says)
			return
		}
		h.fail("", key, "", "has %s in %s and %d in %s%s", active(want, c.noun), h.primary.region(), have, h.standby.region(), says)
	}
	for _, one := range theirs {
		if want > 0 && slices.Contains(c.good, text(one, "State")) && text(one, "PeerRegion") == h.primary.snapshot.Region.Name {
			h.fail(drift.Warn, key, "Connect the standby to what the primary's Region does not take along.", "%s of %s leads to a network of %s, which is lost with it", show(one["Id"]), h.standby.region(), h.primary.region())
		}
	}
}

func active(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return show(n) + " active " + noun
}
