package readiness

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	typeInstance  = "AWS::EC2::Instance"
	typeNodeGroup = "AWS::EKS::Nodegroup"
)

// machineTypes are the types that run instances.
var machineTypes = []string{typeGroup, typeInstance, typeNodeGroup}

// closeEnough is how much smaller than the primary's the standby's capacity at
// full scale may be. Source: ARC readiness rule AsgNormalizedCapacity.
const closeEnough = 0.85

// fleetNeeds are what every rule needs to know what is run and started, and more.
func fleetNeeds(more ...Need) []Need {
	return append([]Need{{Types: machineTypes, Fact: drift.FactMachines, Actions: []string{"autoscaling:DescribeAutoScalingGroups", "ec2:DescribeLaunchTemplateVersions"},
		Properties: []string{"MaxSize", "AvailabilityZones", "LaunchTemplate", "MixedInstancesPolicy", "InstanceType", "InstanceTypes", "ScalingConfig",
			"CapacityType", "BlockDeviceMappings"}}}, more...)
}

func machineCapacityRules() []Rule {
	soft := strategyLevels{topology.BackupRestore: LevelWarn}
	return []Rule{
		{
			ID: "CAP-03", Severity: drift.Warn, check: groupsWeighAsMuch,
			Title:  "At their maximum, the standby's Auto Scaling groups have about the vCPUs, the memory and the zones of the primary's",
			Why:    "Ten small instances are not ten large ones: a maximum in numbers of instances hides what they can carry.",
			Source: "ARC readiness rules AsgNormalizedCapacity, AsgInstanceSizes and AsgAZCount",
			Needs: fleetNeeds(Need{Types: machineTypes, Fact: drift.FactInstanceType, Actions: []string{"ec2:DescribeInstanceTypes"}},
				Need{Types: machineTypes, Fact: drift.FactInstanceOffering, Actions: []string{"ec2:DescribeInstanceTypeOfferings"}}),
			Fix: "Raise the maximum of the group in the standby, give it larger instances, or spread it over as many zones.",
		},
		{
			ID: "CAP-04", Severity: drift.Block, check: instancesOffered, Strategies: soft,
			Title:  "The standby's Region and zones offer the instance types that it has to start",
			Why:    "Not every Region has every instance type, and not each of its zones: the group then starts nothing, whatever its maximum.",
			Source: "AWS multi-Region fundamentals 4; Amazon EC2 user guide, Find an instance type offering",
			Needs:  fleetNeeds(Need{Types: machineTypes, Fact: drift.FactInstanceOffering, Actions: []string{"ec2:DescribeInstanceTypeOfferings"}}),
			Fix:    "Let the standby start types that its Region and zones offer, or move its subnets to zones that offer them.",
		},
		{
			ID: "CAP-05", Severity: drift.Block, check: capacityReserved,
			Title:  "What the standby must grow to is reserved, when reserved capacity was declared",
			Why:    "On-Demand capacity is not guaranteed, least on the day when everybody leaves the same Region. Only a reservation is.",
			Source: "ARC Region switch, EC2 Auto Scaling block; Amazon EC2 user guide, On-Demand Capacity Reservations",
			Needs:  fleetNeeds(Need{Types: machineTypes, Fact: drift.FactCapacityReservations, Actions: []string{"ec2:DescribeCapacityReservations", "ec2:GetGroupsForCapacityReservation"}}),
			Fix:    "Create or enlarge On-Demand Capacity Reservations in the standby's Region, or take back objectives.reserved-capacity.",
		},
		{
			ID: "CAP-06", Severity: drift.Warn, check: capacityLikely,
			Title:  "EC2 could probably start what the standby's groups have to grow to, when its score was asked for",
			Why:    "A type that is scarce in the standby's zones today does not come when it is called. The score promises nothing and warns early.",
			Source: "Amazon EC2 API reference, GetCapacityManagerSupportabilityScores",
			Needs:  fleetNeeds(Need{Types: []string{typeGroup}, Fact: drift.FactCapacityScore, Actions: []string{"ec2:GetCapacityManagerSupportabilityScores", "ec2:DescribeAvailabilityZones"}}),
			Fix:    "Let the group choose among more instance types and zones, or reserve capacity.",
		},
	}
}

// sizeOf an instance type: its vCPUs and memory, as either Region says.
func (h *hearing) sizeOf(instance string) (vcpus, memory float64, known bool) {
	for _, v := range []*view{h.standby, h.primary} {
		fact, _ := v.object(drift.FactInstanceType, instance)
		vcpus, ok := number(fact, "VCpus")
		memory, ok2 := number(fact, "MemoryMiB")
		if ok && ok2 {
			return vcpus, memory, true
		}
	}
	h.unknown(h.primary.region(), instance, drift.FactInstanceType, "the size of %s was not read", instance)
	return 0, 0, false
}

func groupsWeighAsMuch(h *hearing) {
	groups := h.pairs(typeGroup)
	h.applies(len(groups), "Auto Scaling group", "as much capacity and as many zones at full scale")
	ours, theirs := byKey(h.fleets(h.primary)), byKey(h.fleets(h.standby))
	for _, p := range h.present(groups) {
		a, known := ours[p.key]
		b, knownThere := theirs[p.key]
		if known && knownThere {
			h.groupSpreads(p, b)
			h.groupWeighs(p, a, b)
		}
	}
}

// groupSpreads asks for as many zones as the primary uses, of those that offer
// what the standby starts: one template over all zones uses six in one Region
// and four in another. A single zone where there are more fails; with several
// left nobody can say from here why another is not used.
func (h *hearing) groupSpreads(p pair, theirs fleet) {
	zones, here := h.zonesOf(p.key), len(stringsOf(p.primary.Properties["AvailabilityZones"]))
	if len(zones) >= here {
		return
	}
	var unused []string
	for _, instance := range theirs.kinds() {
		fact, read := h.standby.object(drift.FactInstanceOffering, instance)
		if !read {
			h.unknown(h.standby.region(), instance, drift.FactInstanceOffering, "which zones of %s offer %s was not read", h.standby.region(), instance)
			return
		}
		unused = append(unused, stringsOf(fact["AvailabilityZones"])...)
	}
	slices.Sort(unused)
	unused = slices.DeleteFunc(slices.Compact(unused), func(zone string) bool { return slices.Contains(zones, zone) })
	says := fmt.Sprintf("spreads over %d zones in %s and %d in %s, which has %s too", here, h.primary.region(), len(zones), h.standby.region(), strings.Join(unused, ", "))
	switch {
	case len(unused) == 0 && len(theirs.kinds()) > 0:
	case len(unused) > 0 && len(zones) == 1:
		h.fail("", p.key, "", "%s", says)
	case len(unused) > 0:
		h.undecided(p.key, "%s", says)
	default:
		h.undecided(p.key, "spreads over fewer zones in %s; how many there are for it is not known", h.standby.region())
	}
}

func byKey(fleets []fleet) map[string]fleet {
	all := make(map[string]fleet, len(fleets))
	for _, f := range fleets {
		all[f.key] = f
	}
	return all
}
