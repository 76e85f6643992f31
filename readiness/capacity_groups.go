package readiness

import (
	"math"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	typeGroup  = "AWS::AutoScaling::AutoScalingGroup"
	typeTarget = "AWS::ApplicationAutoScaling::ScalableTarget"
)

// idleStrategies are for rules about what runs now: with backup and restore
// nothing does, and a pilot light is switched on first.
var idleStrategies = strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn}

func groupRules() []Rule {
	return []Rule{
		{
			ID: "CAP-01", Severity: drift.Block, compares: true, check: groupsCanGrow, Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
			Title:  "Auto Scaling groups of the standby may grow to what the primary runs now",
			Why:    "A group whose maximum is below the load of the primary cannot carry it, however fast it scales.",
			Source: "ARC Region switch, EC2 Auto Scaling block; ARC readiness rule AsgMinSizeAndMaxSize",
			Needs: []Need{{Types: []string{typeGroup}, Properties: []string{"MaxSize"}, Fact: drift.FactGroupInstances,
				Actions: []string{"autoscaling:DescribeAutoScalingGroups"}}},
			Fix: "Raise the maximum size of the group in the standby, and the quotas that stand behind it.",
		},
		{
			ID: "CAP-02", Severity: drift.Block, check: groupsWarm, Strategies: idleStrategies,
			Title:  "Auto Scaling groups of the standby run the declared floor of healthy instances, and nothing keeps them from scaling",
			Why:    "A warm standby must serve at once. On the day of a Regional failure new instances may not start for hours.",
			Source: "Disaster Recovery of Workloads on AWS; AWS post-event summary of October 2025",
			Needs: []Need{{Types: []string{typeGroup}, Properties: []string{"SuspendedProcesses", "MinSize"}, Fact: drift.FactGroupInstances,
				Actions: []string{"autoscaling:DescribeAutoScalingGroups"}}},
			Fix: "Raise the desired capacity, repair what is unhealthy, and resume the suspended processes in the standby.",
		},
		{
			ID: "CAP-08", Severity: drift.Block, compares: true, check: targetsCanScale, Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
			Title:  "Scalable targets of the standby reach the declared ceiling, and scaling is not suspended",
			Why:    "A service whose maximum is too low, or whose scaling is suspended, stays as small as it was while it waited.",
			Source: "ARC Region switch, Amazon ECS service scaling block",
			Needs:  []Need{{Types: []string{typeTarget}, Properties: []string{"MaxCapacity", "SuspendedState"}, Actions: []string{"application-autoscaling:DescribeScalableTargets"}}},
			Fix:    "Raise the maximum capacity, or resume scaling, in the standby.",
		},
	}
}

// share is the part of the primary's capacity that an objective asks for; all
// of it when nothing was declared.
func share(declared float64) float64 {
	if declared <= 0 {
		return 1
	}
	return declared
}

// needed is how many whole things are needed for a share of so many. The small
// subtraction keeps 0.7 of 10 at 7.
func needed(of, share float64) float64 { return math.Ceil(of*share - 1e-9) }

func groupsCanGrow(h *hearing) {
	groups := h.pairs(typeGroup)
	h.applies(len(groups), "Auto Scaling group", "may grow to the ceiling of what the primary runs")
	for _, p := range h.present(groups) {
		inService, known := h.inService(h.primary, p.key)
		maximum, read := number(p.standby.Properties, "MaxSize")
		switch want := needed(inService, share(h.Objectives.Ceiling)); {
		case !known:
			h.unknown(h.primary.region(), p.key, drift.FactGroupInstances, "its instances were not read in %s", h.primary.region())
		case !read:
			h.unknown(h.standby.region(), p.key, "", "its maximum was not read in %s", h.standby.region())
		case maximum < want:
			h.failProperty("", p.key, "MaxSize", "", "runs %s instances in %s and may have %s in %s; the ceiling of %.0f %% asks for %s",
				show(inService), h.primary.region(), show(maximum), h.standby.region(), 100*share(h.Objectives.Ceiling), show(want))
		}
	}
	h.hearFindings(typeGroup, func(f *drift.Finding) (drift.Severity, bool) { return f.Severity, within(f.Property, "MaxSize") })
}

// inService is how many instances of a group serve: in service and healthy. An
// instance that is to be replaced stays in service until it is.
func (h *hearing) inService(v *view, key string) (float64, bool) {
	fact, _ := v.object(drift.FactGroupInstances, key)
	serving, known := number(fact, "InService")
	health, _ := fact["HealthStatus"].(map[string]any)
	if healthy, counted := number(health, "Healthy"); counted || len(health) > 0 {
		serving = math.Min(serving, healthy)
	}
	return serving, known
}

// launchProcesses are the processes without which a group does not start,
// replace or use instances. Source: Amazon EC2 Auto Scaling user guide, Process types.
var launchProcesses = []string{"AddToLoadBalancer", "AlarmNotification", "HealthCheck", "Launch", "ReplaceUnhealthy"}

func groupsWarm(h *hearing) {
	groups := h.pairs(typeGroup)
	h.applies(len(groups), "Auto Scaling group", "runs the floor now")
	for _, p := range h.present(groups) {
		h.groupWarm(p)
	}
}

// warmEnough is how many instances must serve in the standby now. Without a
// declared floor it is one where the primary has any. Active Regions follow their
// own load, so that the size of one says nothing about the other: each must have
// its own minimum, and the share of the peer's minimum that the floor asks for.
func (h *hearing) warmEnough(p pair, ours float64) float64 {
	want := math.Min(ours, 1)
	if h.Strategy == topology.ActiveActive {
		own, _ := number(p.standby.Properties, "MinSize")
		peer, _ := number(p.primary.Properties, "MinSize")
		return max(want, own, needed(peer, h.Objectives.Floor))
	}
	if h.Objectives.Floor > 0 {
		want = needed(ours, h.Objectives.Floor)
	}
	return want
}

// groupWarm compares what serves in both Regions now.
func (h *hearing) groupWarm(p pair) {
	ours, known := h.inService(h.primary, p.key)
	theirs, knownThere := h.inService(h.standby, p.key)
	want := h.warmEnough(p, ours)
	if minimum, _ := number(p.primary.Properties, "MinSize"); h.Strategy == topology.ActiveActive && known && ours < minimum {
		h.fail("", p.key, "", "%s instances are in service in %s, which is active too; its minimum is %s", show(ours), h.primary.region(), show(minimum))
	}
	switch {
	case !known:
		h.unknown(h.primary.region(), p.key, drift.FactGroupInstances, "its instances were not read in %s", h.primary.region())
	case !knownThere:
		h.unknown(h.standby.region(), p.key, drift.FactGroupInstances, "its instances were not read in %s", h.standby.region())
	case theirs < want:
		h.fail("", p.key, "", "%s instances are in service in %s and %s in %s; needed are %s",
			show(ours), h.primary.region(), show(theirs), h.standby.region(), show(want))
	}
	for _, process := range stringsOf(p.standby.Properties["SuspendedProcesses"]) {
		if slices.Contains(launchProcesses, process) {
			h.fail("", p.key, "Resume the process in the standby.", "process %s is suspended in %s", process, h.standby.region())
		}
	}
}

func targetsCanScale(h *hearing) {
	targets := h.pairs(typeTarget)
	h.applies(len(targets), "scalable target", "reach the ceiling, and are not suspended")
	for _, p := range h.present(targets) {
		ours, known := number(p.primary.Properties, "MaxCapacity")
		theirs, knownThere := number(p.standby.Properties, "MaxCapacity")
		switch want := needed(ours, share(h.Objectives.Ceiling)); {
		case !known:
			h.unknown(h.primary.region(), p.key, "", "its maximum was not read in %s", h.primary.region())
		case !knownThere:
			h.unknown(h.standby.region(), p.key, "", "its maximum was not read in %s", h.standby.region())
		case theirs < want:
			h.failProperty("", p.key, "MaxCapacity", "", "scales to %s in %s and to %s in %s; the ceiling of %.0f %% asks for %s",
				show(ours), h.primary.region(), show(theirs), h.standby.region(), 100*share(h.Objectives.Ceiling), show(want))
		}
		suspended, _ := p.standby.Properties["SuspendedState"].(map[string]any)
		if suspended["DynamicScalingOutSuspended"] == true || suspended["ScheduledScalingSuspended"] == true {
			h.failProperty("", p.key, "SuspendedState", "Resume scaling in the standby.", "its scaling is suspended in %s: %s", h.standby.region(), show(suspended))
		}
	}
	h.hearFindings(typeTarget, func(f *drift.Finding) (drift.Severity, bool) { return f.Severity, within(f.Property, "MaxCapacity") })
}
