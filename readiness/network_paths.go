package readiness

import (
	"net/netip"

	"github.com/lockstep-dr/lockstep/drift"
)

var routeTypes = []string{"AWS::EC2::Route"}

// gatewayStates and endpointStates are when traffic passes. Source: Amazon EC2
// API reference, NatGateway and VpcEndpoint.
var (
	gatewayStates = condition{types: []string{"AWS::EC2::NatGateway"}, noun: "NAT gateway", fact: drift.FactNatGatewayState, field: "State",
		good: []string{"available"}, moving: []string{"pending"}, reason: "FailureMessage"}
	routeStates = condition{types: routeTypes, noun: "route", fact: drift.FactRouteState, field: "State", good: []string{"active"}}
)

func pathRules() []Rule {
	return []Rule{
		{
			ID: "NET-02", Severity: drift.Block, check: enoughAddresses, Strategies: strategyLevels{"backup-restore": LevelWarn},
			Title:  "The standby's subnets have the free addresses that the primary's load needs",
			Why:    "A subnet without free addresses starts no task, no function in a network and no instance, whatever the quotas say.",
			Source: "ARC readiness rules VpcSubnetAvailableIpAddressCount and VpcSubnetState",
			Needs:  []Need{{Types: []string{typeSubnet}, Properties: []string{"CidrBlock"}, Fact: drift.FactSubnetAddresses, Actions: []string{"ec2:DescribeSubnets"}}},
			Fix:    "Add subnets or an address range to the standby's network, or release addresses nobody uses.",
		},
		{
			ID: "NET-04", Severity: drift.Block, check: pathsOpen, Strategies: softInBackup,
			Title:  "Routes of the standby lead somewhere, and their NAT gateways are available",
			Why:    "A route whose target is gone drops every packet, and nothing in the standby notices until it has traffic.",
			Source: "AWS multi-Region fundamentals 3",
			Needs:  needsOf([]string{"ec2:DescribeRouteTables", "ec2:DescribeNatGateways"}, routeStates, gatewayStates),
			Fix:    "Point the route at a gateway that exists, or create the gateway again.",
		},
	}
}

func pathsOpen(h *hearing) {
	h.inCondition(routeStates)
	h.inCondition(gatewayStates)
}

// enoughAddresses demands, over all subnets of a VPC's sibling together, as
// many free addresses as the primary uses beyond what the standby uses, to the
// declared ceiling; and at least one in every subnet.
func enoughAddresses(h *hearing) {
	subnets := h.pairs(typeSubnet)
	h.applies(len(subnets), "subnet", "enough free addresses for the primary's load")
	usedHere, usedThere, free, all := 0.0, 0.0, 0.0, true
	for _, p := range h.present(subnets) {
		ours, known := h.addresses(h.primary, p.key, p.primary)
		theirs, knownThere := h.addresses(h.standby, p.key, p.standby)
		if !known || !knownThere {
			all = false
			continue
		}
		usedHere, usedThere, free = usedHere+ours.used, usedThere+theirs.used, free+theirs.free
		if theirs.free == 0 {
			h.fail("", p.key, "", "has no free address in %s", h.standby.region())
		}
	}
	want := needed(usedHere, share(h.Objectives.Ceiling)) - usedThere
	if all && free < want {
		h.fail("", "", "", "the subnets of %s use %s addresses; those of %s use %s and have %s free, %s more are needed", h.primary.region(),
			show(usedHere), h.standby.region(), show(usedThere), show(free), show(want-free))
	}
}

type addresses struct{ used, free float64 }

// reservedAddresses are the addresses of a subnet that AWS keeps. Source:
// Amazon VPC user guide, Subnet sizing.
const reservedAddresses = 5

func (h *hearing) addresses(v *view, key string, r *drift.Resource) (addresses, bool) {
	fact, _ := v.object(drift.FactSubnetAddresses, key)
	free, known := number(fact, "AvailableIpAddressCount")
	if !known {
		h.unknown(v.region(), key, drift.FactSubnetAddresses, "its free addresses were not read in %s", v.region())
		return addresses{}, false
	}
	if state := text(fact, "State"); state != "" && state != "available" && v == h.standby {
		h.fail("", key, "", "is %s in %s", state, v.region())
	}
	block, _ := r.Properties["CidrBlock"].(string)
	prefix, err := netip.ParsePrefix(block)
	if err != nil { // of IPv6 alone, which does not run out
		return addresses{free: 1}, true
	}
	size := float64(uint64(1)<<(prefix.Addr().BitLen()-prefix.Bits())) - reservedAddresses
	return addresses{used: max(0, size-free), free: free}, true
}
