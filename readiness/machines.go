package readiness

import (
	"cmp"
	"fmt"
	"maps"
	"math"
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

// fleet is what one group, node group or instance runs and may start.
type fleet struct {
	key     string
	running map[string]float64
	starts  []string
	// weighted sizes are no numbers of instances; attributes choose types by themselves.
	weighted, attributes bool
	volumes, iops        map[string]float64 // of one of them, by quota
	onDemand             float64            // share that counts towards the quotas of On-Demand Instances
	reserves             map[string]any     // the capacity reservations that its instances name; nil: not known
}

// fleets are those of a Region. One whose fact nobody read leaves the rule open.
func (h *hearing) fleets(v *view) []fleet {
	var all []fleet
	for _, kind := range machineTypes {
		for _, r := range v.byType[kind] {
			if v == h.primary && h.absent[r.Key] {
				continue
			}
			fact, read := v.object(drift.FactMachines, r.Key)
			if !read {
				h.unknown(v.region(), r.Key, drift.FactMachines, "what it runs was not read in %s", v.region())
				continue
			}
			onDemand, known := number(fact, "OnDemand")
			if !known {
				onDemand = 1
			}
			all = append(all, fleet{reserves: reservesOf(fact), onDemand: onDemand, key: r.Key, running: numbers(fact["Running"]), starts: stringsOf(fact["Starts"]),
				weighted: fact["Weighted"] == true, attributes: fact["Attributes"] == true, volumes: numbers(fact["Volumes"]), iops: numbers(fact["IOPS"])})
		}
	}
	return all
}

// kinds are the types that a fleet runs or may start, sorted.
func (f fleet) kinds() []string {
	kinds := slices.Clone(f.starts)
	for name := range f.running {
		kinds = append(kinds, name)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// choice are the types among which a fleet starts, those it runs where nothing
// says; none where EC2 chooses by attributes.
func (f fleet) choice() []string {
	switch {
	case f.attributes:
		return nil
	case len(f.starts) == 0:
		return f.kinds()
	}
	return slices.Compact(slices.Sorted(slices.Values(f.starts)))
}

// size is how many instances run.
func (f fleet) size() float64 {
	total := 0.0
	for _, n := range f.running {
		total += n
	}
	return total
}

// numbers reads an object of numbers.
func numbers(v any) map[string]float64 {
	object, _ := v.(map[string]any)
	out := make(map[string]float64, len(object))
	for name := range object {
		out[name], _ = number(object, name)
	}
	return out
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

// groupWeighs compares the maxima. Of the same types they are numbers of
// instances: which of its types a group happens to run says nothing about the
// other Region. Of different types both are counted in the smallest that each
// may start, and what runs must fit into the largest of the standby's.
func (h *hearing) groupWeighs(p pair, ours, theirs fleet) {
	here, read := number(p.primary.Properties, "MaxSize")
	there, readThere := number(p.standby.Properties, "MaxSize")
	part := min(1, share(h.Objectives.Ceiling)) // of a maximum there is no more than all
	kinds, kindsThere := ours.choice(), theirs.choice()
	switch {
	case ours.weighted || theirs.weighted:
		h.undecided(p.key, "its sizes are in units of weight, which say nothing about vCPUs and memory")
	case len(kinds) == 0 || len(kindsThere) == 0:
		h.undecided(p.key, "the types of instances that it may start are not known in both Regions")
	case !read:
		h.unknown(h.primary.region(), p.key, "", "its maximum was not read in %s", h.primary.region())
	case !readThere:
		h.unknown(h.standby.region(), p.key, "", "its maximum was not read in %s", h.standby.region())
	case !slices.Equal(kinds, kindsThere):
		h.typesWeigh(p.key, ours, kinds, kindsThere, here*part, there)
	case there < closeEnough*here*part:
		h.fail("", p.key, "", "may have %s instances in %s and %s of the same types in %s", show(here), h.primary.region(), show(there), h.standby.region())
	}
}

func (h *hearing) typesWeigh(key string, ours fleet, kinds, kindsThere []string, here, there float64) {
	small, _, known := h.extremes(kinds)
	smallThere, largeThere, knownThere := h.extremes(kindsThere)
	runs, knownRuns := h.weightOf(ours.running)
	if !known || !knownThere || !knownRuns {
		return
	}
	want, have := small.times(here), smallThere.times(there)
	if !have.carries(want) {
		h.fail("", key, "", "at its maximum has %s in %s and %s in %s, in the smallest types that it may start", want, h.primary.region(), have, h.standby.region())
		return
	}
	want, have = runs.times(share(h.Objectives.Ceiling)), largeThere.times(there)
	if !have.carries(want) {
		h.fail("", key, "", "needs %s for what runs in %s; at its maximum it has at most %s in %s", want, h.primary.region(), have, h.standby.region())
	}
}

// weight is what instances can carry.
type weight struct{ vcpus, memory float64 }

func (w weight) times(n float64) weight { return weight{w.vcpus * n, w.memory * n} }

func (w weight) carries(want weight) bool {
	return w.vcpus >= closeEnough*want.vcpus && w.memory >= closeEnough*want.memory
}

func (w weight) String() string { return show(w.vcpus) + " vCPUs and " + show(w.memory) + " MiB" }

// weightOf adds up instances by their types.
func (h *hearing) weightOf(running map[string]float64) (sum weight, known bool) {
	for _, instance := range slices.Sorted(maps.Keys(running)) {
		n := running[instance]
		vcpus, memory, known := h.sizeOf(instance)
		if !known {
			return weight{}, false
		}
		sum.vcpus, sum.memory = sum.vcpus+n*vcpus, sum.memory+n*memory
	}
	return sum, true
}

// extremes is the least and the most that one instance of some types has.
func (h *hearing) extremes(kinds []string) (least, most weight, known bool) {
	least = weight{math.Inf(1), math.Inf(1)}
	for _, instance := range kinds {
		vcpus, memory, known := h.sizeOf(instance)
		if !known {
			return least, most, false
		}
		least = weight{min(least.vcpus, vcpus), min(least.memory, memory)}
		most = weight{max(most.vcpus, vcpus), max(most.memory, memory)}
	}
	return least, most, true
}

func byKey(fleets []fleet) map[string]fleet {
	all := make(map[string]fleet, len(fleets))
	for _, f := range fleets {
		all[f.key] = f
	}
	return all
}

// instancesOffered asks for the types that the standby itself would start and, for
// what it does not have yet, those of the primary.
func instancesOffered(h *hearing) {
	ours, theirs := h.fleets(h.primary), byKey(h.fleets(h.standby))
	h.applies(len(ours), "group or instance", "of types that the standby's Region and zones offer")
	for _, f := range ours {
		if own, there := theirs[f.key]; there {
			f = own
		}
		if f.attributes {
			continue // EC2 chooses among what the zones offer
		}
		if len(f.kinds()) == 0 {
			h.undecided(f.key, "the types of instances that it starts are not known")
			continue
		}
		h.offered(f)
	}
}

// offered judges one fleet: none of its types offered in its zones blocks, one
// that is missing where others are not warns.
func (h *hearing) offered(f fleet) {
	zones := h.zonesOf(f.key)
	var lacking []string
	for _, instance := range f.kinds() {
		fact, read := h.standby.object(drift.FactInstanceOffering, instance)
		if !read {
			h.unknown(h.standby.region(), instance, drift.FactInstanceOffering, "whether %s offers %s was not read", h.standby.region(), instance)
			return
		}
		offered := stringsOf(fact["AvailabilityZones"])
		without := slices.DeleteFunc(slices.Clone(zones), func(zone string) bool { return slices.Contains(offered, zone) })
		switch {
		case len(offered) == 0 || len(zones) > 0 && len(without) == len(zones):
			lacking = append(lacking, instance)
		case len(without) > 0:
			h.fail(drift.Warn, f.key, "", "%s is not offered in %s of %s, where it may be started", instance, strings.Join(without, ", "), h.standby.region())
		}
	}
	where := h.standby.region()
	if len(zones) > 0 {
		where = strings.Join(zones, ", ")
	}
	switch {
	case len(lacking) == 0:
	case len(lacking) == len(f.kinds()):
		h.fail("", f.key, "", "starts %s, which %s does not offer", strings.Join(lacking, ", "), where)
	default:
		h.fail(drift.Warn, f.key, "", "may start %s, which %s does not offer", strings.Join(lacking, ", "), where)
	}
}

// zonesOf are the zones in which the standby starts it, none when they are not
// said there.
func (h *hearing) zonesOf(key string) []string {
	r := h.standby.byKey[key]
	if r == nil {
		return nil
	}
	if zone := text(r.Properties, "AvailabilityZone"); zone != "" {
		return []string{zone}
	}
	return stringsOf(r.Properties["AvailabilityZones"])
}

// capacityReserved adds what runs in the standby to what is reserved and free
// there, and demands that it is what the primary runs, to the ceiling.
func capacityReserved(h *hearing) {
	if !h.Objectives.ReservedCapacity {
		return
	}
	ours, theirs := h.fleets(h.primary), byKey(h.fleets(h.standby))
	h.applies(len(ours), "group or instance", "reserved to the ceiling in the standby")
	fact, read := h.standby.object(drift.FactCapacityReservations, "")
	if !read {
		h.unknown(h.standby.region(), "", drift.FactCapacityReservations, "the reservations were not read in %s", h.standby.region())
		return
	}
	free := freeReservations(objects(fact["Reservations"]))
	for _, f := range ours {
		want := needed(f.size(), share(h.Objectives.Ceiling))
		own, there := theirs[f.key]
		if !there {
			own = fleet{key: f.key, starts: f.kinds()} // which reservations it would name nobody knows
		}
		zones, missing := h.zonesOf(f.key), want-own.size()
		if missing > 0 && len(zones) == 0 {
			h.undecided(f.key, "the zones in which it starts instances in %s are not known", h.standby.region())
			continue
		}
		missing = take(free, own, zones, own.uses, missing)
		switch {
		case missing <= 0:
		case own.reserves == nil && take(free, own, zones, reservation.named, missing) <= 0:
			h.undecided(f.key, "%s of %s in %s are reserved only for instances that name the reservation; whether these do is not known", show(missing), strings.Join(own.kinds(), ", "), h.standby.region())
		default:
			h.fail("", f.key, "", "needs %s instances in %s, runs %s there, and %s of %s are not reserved", show(want), h.standby.region(), show(own.size()), show(missing), cmp.Or(strings.Join(own.kinds(), ", "), "an unknown type"))
		}
	}
}

// capacityLikely reads the scores. A group at its maximum needs none; of any
// other, no score and one that nobody knows say nothing.
func capacityLikely(h *hearing) {
	if !h.Objectives.CapacityScore {
		return
	}
	groups := h.pairs(typeGroup)
	h.applies(len(groups), "Auto Scaling group", "scored well enough by EC2")
	for _, p := range h.present(groups) {
		fact, read := h.standby.object(drift.FactCapacityScore, p.key)
		switch score := text(fact, "Score"); {
		case !read:
			h.unknown(h.standby.region(), p.key, drift.FactCapacityScore, "the score was not read in %s", h.standby.region())
		case score == "low" || score == "unsupported":
			h.fail("", p.key, "", "EC2's score for starting %s more instances in %s is %s", show(fact["Instances"]), h.standby.region(), score)
		case text(fact, "Unasked") != "":
			h.undecided(p.key, "the score was not asked for in %s: %s", h.standby.region(), text(fact, "Unasked"))
		case score == "high" || score == "medium":
		default:
			if more, known := number(fact, "Instances"); !known || more > 0 || score != "" {
				h.undecided(p.key, "EC2's score in %s is %s, of which nobody knows what it means", h.standby.region(), show(fact["Score"]))
			}
		}
	}
}
