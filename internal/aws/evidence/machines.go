package evidence

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// machines is what a group, a node group or an instance runs and may start.
type machines struct {
	running              map[string]float64
	starts               map[string]bool
	weighted, attributes bool
	// volumes and iops are the GiB and the provisioned IOPS of one machine by the
	// quota that they count towards.
	volumes, iops map[string]float64
	onDemand      float64 // share that counts towards the quotas of On-Demand Instances
	// reserves is as reserves gives it; nil: not known.
	reserves any
}

func (m machines) kinds() map[string]bool {
	all := maps.Clone(m.starts)
	for name := range m.running {
		all[name] = true
	}
	return all
}

func (m machines) value() map[string]any {
	return map[string]any{"Running": m.running, "Starts": append([]string{}, slices.Sorted(maps.Keys(m.starts))...), "Weighted": m.weighted, "Attributes": m.attributes,
		"Volumes": m.volumes, "IOPS": m.iops, "OnDemand": m.onDemand, "Reserves": m.reserves}
}

// machinesOf are the machines of a snapshot by the key of what runs them. What
// nobody can count is not among them, for it would count as none.
func machinesOf(s *drift.Snapshot) map[string]machines {
	all := map[string]machines{}
	instances, states := map[string]any{}, map[string]map[string]any{}
	for _, f := range factsOf(s.Facts, drift.FactInstanceState) {
		states[f.Subject] = object(f.Value)
	}
	for _, f := range factsOf(s.Facts, drift.FactGroupInstances) {
		instances[f.Subject] = object(f.Value)["InstanceTypes"]
	}
	for _, r := range of(s, machineTypes...) {
		m := machines{running: map[string]float64{}, starts: map[string]bool{}, volumes: map[string]float64{}, iops: map[string]float64{}, onDemand: 1}
		counted := false
		switch r.Type {
		case groupType:
			counted = m.group(r.Properties, instances[r.Key])
		case nodeGroupType:
			counted = m.nodes(r.Properties)
		case machineType:
			counted = m.instance(r.Properties, states[r.Key])
		}
		if counted {
			all[r.Key] = m
		}
	}
	return all
}

// instance takes in an instance. A stopped one is not capacity: EC2 takes that
// back, and starts it again only if there is some. Without a state nobody knows.
// Source: Amazon EC2 user guide, Instance lifecycle.
func (m *machines) instance(properties, read map[string]any) (counted bool) {
	state := text(read, "State")
	m.template(properties)
	if spec := object(read["CapacityReservationSpecification"]); spec != nil {
		m.reserves = reservesBy(spec)
	}
	if state == "running" || state == "pending" {
		for name := range m.starts {
			m.running[name] = 1
		}
	}
	return state != "" && len(m.starts) > 0
}

// group takes in an Auto Scaling group and the instances it has, by their types.
func (m *machines) group(properties map[string]any, instances any) (counted bool) {
	for name, n := range object(instances) {
		m.running[name], _ = n.(float64)
	}
	m.reserves = reserves(properties)
	m.template(launchData(properties["LaunchTemplate"]))
	m.policy(object(object(properties["MixedInstancesPolicy"])["LaunchTemplate"]))
	m.distribution(object(object(properties["MixedInstancesPolicy"])["InstancesDistribution"]))
	_, untyped := m.running[""]
	return instances != nil && !untyped
}

// launchData is what the version of a launch template holds that something names.
func launchData(named any) map[string]any { return object(object(named)["LaunchTemplateData"]) }

// template takes in what a launch template, or an instance itself, says.
func (m *machines) template(data map[string]any) {
	if name := text(data, "InstanceType"); name != "" {
		m.starts[name] = true
	}
	m.attributes = m.attributes || data["InstanceRequirements"] != nil
	if text(data["InstanceMarketOptions"], "MarketType") != "" {
		m.onDemand = 0 // Spot Instances and Capacity Blocks count towards other quotas
	}
	for _, device := range list(data["BlockDeviceMappings"]) {
		disk := object(object(device)["Ebs"])
		if size, ok := disk["VolumeSize"].(float64); ok {
			m.volumes[volumeQuota(text(disk, "VolumeType"))] += size
		}
		iops, ok := disk["Iops"].(float64)
		if subject := iopsQuotas[text(disk, "VolumeType")]; ok && subject != "" {
			m.iops[subject] += iops
		}
	}
}

// policy takes in the types among which a group chooses; they stand for the one
// of its launch template, unless they name another launch template instead.
func (m *machines) policy(template map[string]any) {
	overrides := list(template["Overrides"])
	m.template(launchData(template["LaunchTemplateSpecification"]))
	if len(overrides) > 0 {
		clear(m.starts)
	}
	for _, override := range overrides {
		named := launchData(object(override)["LaunchTemplateSpecification"])
		if name := cmp.Or(text(override, "InstanceType"), text(named, "InstanceType")); name != "" {
			m.starts[name] = true
		}
		m.weighted = m.weighted || text(override, "WeightedCapacity") != ""
		m.attributes = m.attributes || object(override)["InstanceRequirements"] != nil
	}
}

// distribution takes in how many of a group's machines are On-Demand: the base,
// and a share of the others, all of them if nobody says.
func (m *machines) distribution(says map[string]any) {
	total := 0.0
	for _, n := range m.running {
		total += n
	}
	percentage, said := says["OnDemandPercentageAboveBaseCapacity"].(float64)
	if !said || total == 0 {
		return
	}
	base, _ := says["OnDemandBaseCapacity"].(float64)
	base = min(base, total)
	m.onDemand = (base + math.Ceil((total-base)*percentage/100)) / total
}

// defaultNode is what EKS starts where neither a node group nor its launch
// template says what. Source: Amazon EKS API reference, CreateNodegroup.
const defaultNode = "t3.medium"

// nodes takes in a node group: it wants so many machines, of the first of its
// types or of the type of its launch template.
func (m *machines) nodes(properties map[string]any) (counted bool) {
	data := launchData(properties["LaunchTemplate"])
	m.template(data)
	m.reserves = nodeReserves(properties)
	if kind := text(properties, "CapacityType"); kind == "SPOT" || kind == "CAPACITY_BLOCK" {
		m.onDemand = 0
	}
	first := text(data, "InstanceType")
	for _, name := range list(properties["InstanceTypes"]) {
		name, _ := name.(string)
		m.starts[name], first = true, cmp.Or(first, name)
	}
	if first == "" && data != nil {
		m.starts[defaultNode], first = true, defaultNode
	}
	desired, known := object(properties["ScalingConfig"])["DesiredSize"].(float64)
	if first != "" {
		m.running[first] = desired
	}
	return known && (first != "" || desired == 0)
}
