package readiness

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func fullScaleRules() []Rule {
	soft := strategyLevels{topology.BackupRestore: LevelWarn}
	quotas := []string{"servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"}
	fix := "Ask for the quota that the full load needs in the standby's Region and wait until it is granted."
	return []Rule{
		{
			ID: "QTA-02", Severity: drift.Block, check: vcpusSuffice, Strategies: soft,
			Title:  "The standby's quotas of On-Demand vCPUs hold what the primary runs, to the declared ceiling",
			Why:    "Two equal quotas that are both too small for the whole load are equal, and the takeover stops at them.",
			Source: "Amazon EC2 user guide, On-Demand Instance quotas; Disaster Recovery of Workloads on AWS",
			Needs:  fleetNeeds(Need{Types: machineTypes, Fact: drift.FactInstanceType, Actions: []string{"ec2:DescribeInstanceTypes"}}, Need{Fact: drift.FactQuota, Actions: quotas}),
			Fix:    fix,
		},
		{
			ID: "QTA-03", Severity: drift.Block, check: restSuffices, Strategies: soft,
			Title:  "The standby's quotas of Fargate, volumes, network interfaces and databases hold the primary's load, to the declared ceiling",
			Why:    "A takeover needs all of them at once. The one that nobody looked at ends it. Of volumes those count that an instance or a launch template names.",
			Source: "ARC readiness rule RdsQuotas; AWS Fargate, Amazon EBS, Amazon VPC and Amazon RDS quotas",
			Needs: fleetNeeds(
				Need{Types: []string{typeService}, Properties: []string{"LaunchType", "CapacityProviderStrategy", "TaskDefinition", "DesiredCount", "SchedulingStrategy"},
					Fact: drift.FactServiceState, Actions: []string{"ecs:DescribeServices"}},
				Need{Types: []string{typeService}, Properties: []string{"TaskDefinition"}, Fact: drift.FactTaskSize, Actions: []string{"ecs:DescribeTaskDefinition", "ecs:DescribeServices"}},
				Need{Types: []string{typeTarget}, Properties: []string{"ResourceId"}, Actions: []string{"application-autoscaling:DescribeScalableTargets"}},
				Need{Types: []string{typeTaskDefinition}, Properties: []string{"Cpu", "NetworkMode", "RequiresCompatibilities"}, Actions: []string{"ecs:DescribeTaskDefinition"}},
				Need{Types: []string{typeDBInstance}, Properties: []string{"AllocatedStorage"}, Fact: drift.FactDBLimits, Actions: []string{"rds:DescribeAccountAttributes"}},
				Need{Fact: drift.FactQuota, Actions: quotas}),
			Fix: fix,
		},
	}
}

// vcpusSuffice adds up what the primary runs by the quota it counts towards.
func vcpusSuffice(h *hearing) {
	fleets := h.fleets(h.primary)
	h.applies(len(fleets), "group or instance", "within the standby's quotas of vCPUs")
	running := map[string]float64{}
	for _, f := range fleets {
		for instance, n := range f.running {
			running[instance] += n * f.onDemand
		}
	}
	need := map[string]float64{}
	for _, instance := range slices.Sorted(maps.Keys(running)) {
		if running[instance] == 0 {
			continue
		}
		vcpus, _, known := h.sizeOf(instance)
		subject := h.quotaOf(instance)
		if known && subject == "" {
			h.undecided("", "%s runs %s of %s; which quota its vCPUs count towards is not known", h.primary.region(), show(running[instance]), instance)
		}
		need[subject] += running[instance] * vcpus
	}
	for _, f := range fleets {
		h.untilReplaced(f, need)
	}
	delete(need, "")
	h.allHold(need, "vCPUs")
}

// untilReplaced adds what a fleet needs more of a quota as it runs today than as a
// planned change of its type will have it: nobody knows when the last one is replaced.
func (h *hearing) untilReplaced(f fleet, need map[string]float64) {
	more := map[string]float64{}
	for instance, n := range f.leaving {
		if vcpus, _, known := h.sizeOf(instance); known {
			more[h.quotaOf(instance)] += n * f.onDemand * vcpus
		}
	}
	for instance, n := range f.running {
		if vcpus, _, known := h.sizeOf(instance); known {
			more[h.quotaOf(instance)] -= n * f.onDemand * vcpus
		}
	}
	for subject, vcpus := range more {
		if len(f.leaving) > 0 {
			need[subject] += max(0, vcpus)
		}
	}
}

// quotaOf is the quota that an instance type counts towards, "" for none known.
func (h *hearing) quotaOf(instance string) string {
	for _, v := range []*view{h.standby, h.primary} {
		if fact, ok := v.object(drift.FactInstanceType, instance); ok {
			return text(fact, "Quota")
		}
	}
	return ""
}

func (h *hearing) allHold(need map[string]float64, unit string) {
	for _, subject := range slices.Sorted(maps.Keys(need)) {
		h.holds(subject, need[subject], unit)
	}
}

// holds demands that a quota of the standby is at least what the primary's load
// needs, to the ceiling.
//
// A primary whose load is larger than its own quota contradicts it, for AWS starts
// no more than the quota allows: part of the load counts towards another quota (a
// reservation, Spot), or AWS lowered the quota later. What counts is then at most
// the primary's quota. A standby that has that much is not accused, or two equal
// Regions were; it is remarked on, because after a lowered quota it cannot start
// what still runs in the primary. A standby with less than the primary fails as
// ever. Between the two nobody knows, and the rule stays open.
func (h *hearing) holds(subject string, need float64, unit string) {
	ceiling := share(h.Objectives.Ceiling)
	here, _ := h.primary.object(drift.FactQuota, subject)
	there, read := h.standby.object(drift.FactQuota, subject)
	ours, limitedHere := number(here, "Value")
	theirs, limited := number(there, "Value")
	contradicted := limitedHere && ours < need
	doubt := fmt.Sprintf("%s runs %s %s with a quota of %s, so that not all of them count towards it (%s); %s has %s",
		h.primary.region(), show(need), unit, show(ours), show(there["Name"]), h.standby.region(), show(theirs))
	switch {
	case need <= 0:
	case !read:
		h.unknown(h.standby.region(), subject, drift.FactQuota, "quota %s was not read in %s", subject, h.standby.region())
	case !limited || theirs >= need*ceiling:
	case !contradicted || theirs < ours:
		h.fail("", subject, "", "%s is %s in %s; %s the load needs %s %s", show(there["Name"]), show(theirs), h.standby.region(), atScale(ceiling), show(need*ceiling), unit)
	case theirs >= ours*ceiling:
		h.add(outcome{status: Undetermined, severity: drift.Warn, resource: subject, evidence: doubt})
	default:
		h.undecided(subject, "%s, where %s the load needs %s %s", doubt, atScale(ceiling), show(need*ceiling), unit)
	}
}

// atScale says how much of the primary's load is spoken of: all of it, or the
// declared share.
func atScale(ceiling float64) string {
	if ceiling == 1 {
		return "at full scale"
	}
	return "at a ceiling of " + strconv.FormatFloat(math.Round(ceiling*1000)/10, 'f', -1, 64) + " %"
}

// The quotas of what is neither a vCPU of EC2 nor a database. Source: `aws
// service-quotas list-aws-default-service-quotas`.
const (
	quotaFargate    = "fargate/L-3032A538"
	quotaInterfaces = "vpc/L-DF5E4CA3"
)

const gibPerTiB = 1024

func restSuffices(h *hearing) {
	fleets, tasks := h.fleets(h.primary), h.tasks()
	h.applies(len(fleets)+len(tasks), "group, instance or service", "within the standby's quotas")
	interfaces, vcpus, volumes, iops := 0.0, 0.0, map[string]float64{}, map[string]float64{}
	for _, f := range fleets {
		interfaces += f.size()
		for subject, gib := range f.volumes {
			volumes[subject] += f.size() * gib / gibPerTiB
		}
		for subject, n := range f.iops {
			iops[subject] += f.size() * n
		}
	}
	for _, t := range tasks {
		vcpus += t.running * t.vcpus
		if t.ownInterface {
			interfaces += t.running
		}
	}
	h.holds(quotaFargate, vcpus, "vCPUs of Fargate")
	h.holds(quotaInterfaces, interfaces, "network interfaces")
	if tib := volumes[""]; tib > 0 {
		h.undecided("", "%s TiB of volumes are of a type whose quota is not known", show(tib))
	}
	delete(volumes, "")
	h.allHold(volumes, "TiB of volumes")
	h.allHold(iops, "provisioned IOPS")
	h.databasesFit()
}

// databasesFit demands room in the standby for the databases and the storage of
// the primary beyond what the standby has already. One that a change is to make
// takes nothing of a quota yet.
func (h *hearing) databasesFit() {
	ours := h.primary.byType[typeDBInstance]
	theirs := slices.DeleteFunc(slices.Clone(h.standby.byType[typeDBInstance]), func(r *drift.Resource) bool { return r.Planned == drift.PlannedCreate })
	h.applies(len(ours), "database instance", "within the standby's quotas of RDS")
	if len(ours) == 0 {
		return
	}
	limits, read := h.standby.object(drift.FactDBLimits, "")
	if !read {
		h.unknown(h.standby.region(), "", drift.FactDBLimits, "the account's quotas of RDS were not read in %s", h.standby.region())
		return
	}
	h.fits(limits, "DBInstances", float64(len(ours)-len(theirs)), "database instances")
	h.fits(limits, "AllocatedStorage", storage(ours)-storage(theirs), "GiB of database storage")
}

func (h *hearing) fits(limits map[string]any, name string, more float64, unit string) {
	limit, _ := limits[name].(map[string]any)
	used, counted := number(limit, "Used")
	most, limited := number(limit, "Max")
	switch {
	case more <= 0:
	case !counted || !limited:
		h.unknown(h.standby.region(), "", drift.FactDBLimits, "the quota %s of RDS was not read in %s", name, h.standby.region())
	case most-used < more:
		h.fail("", "", "", "%s more %s are needed in %s, and %s of %s are taken (quota %s)", show(more), unit, h.standby.region(), show(used), show(most), name)
	}
}

func storage(databases []*drift.Resource) float64 {
	sum := 0.0
	for _, r := range databases {
		gib, _ := number(r.Properties, "AllocatedStorage")
		sum += gib
	}
	return sum
}
