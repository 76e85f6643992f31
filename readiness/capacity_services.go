package readiness

import (
	"math"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func serviceRules() []Rule {
	return []Rule{
		{
			ID: "REL-03", Severity: drift.Block, check: rolloutsFinished, Strategies: idleStrategies,
			Title:  "The last rollout of every service in the standby is complete",
			Why:    "A rollout that failed or is being taken back leaves the standby on a mixture, or on the release before.",
			Source: "Well-Architected REL13-BP04",
			Needs:  []Need{{Types: []string{typeService}, Fact: drift.FactServiceState, Actions: []string{"ecs:DescribeServices"}}},
			Fix:    "Find out why tasks of the new revision stop (ecs:DescribeServices, events), then deploy again.",
		},
		{
			ID: "CAP-07", Severity: drift.Block, check: servicesWarm, Strategies: idleStrategies,
			Title:  "Every service is active in the standby, runs what it should, and no less than the declared floor",
			Why:    "Tasks that cannot start today will not start on the day of the takeover either.",
			Source: "ARC Region switch, Amazon ECS service scaling block",
			Needs: []Need{{Types: []string{typeService}, Properties: []string{"DesiredCount"}, Fact: drift.FactServiceState, Actions: []string{"ecs:DescribeServices"}},
				{Types: []string{typeTarget}, Properties: []string{"ResourceId", "MinCapacity"}, Actions: []string{"application-autoscaling:DescribeScalableTargets"}}},
			Fix: "Find out why tasks do not run (image, secret, capacity, addresses), and raise the desired count to the floor.",
		},
	}
}

// rolloutsFinished judges the primary deployment of each service. Source of the
// states: ECS API reference, Deployment.
func rolloutsFinished(h *hearing) {
	services := h.pairs(typeService)
	h.applies(len(services), "service", "the last rollout is complete")
	for _, p := range h.present(services) {
		fact, _ := h.standby.object(drift.FactServiceState, p.key)
		newest, found := newestRollout(fact)
		switch state := text(newest, "RolloutState"); {
		case rolledOutElsewhere(p.standby):
		case !found || state == "":
			h.unknown(h.standby.region(), p.key, drift.FactServiceState, "its rollout was not read in %s", h.standby.region())
		case state == "COMPLETED":
		case state == "IN_PROGRESS":
			h.undecided(p.key, "is being rolled out in %s", h.standby.region())
		default:
			h.fail("", p.key, "", "its rollout is %s in %s%s", state, h.standby.region(), because(newest, "RolloutStateReason"))
		}
	}
}

// rolledOutElsewhere reports whether another controller than ECS deploys the
// service: ECS then keeps no state of its rollouts.
func rolledOutElsewhere(service *drift.Resource) bool {
	controller, _ := at(service.Properties, "DeploymentController.Type").(string)
	return controller != "" && controller != "ECS"
}

// newestRollout is the deployment that ECS calls primary.
func newestRollout(fact map[string]any) (map[string]any, bool) {
	for _, d := range objects(fact["Deployments"]) {
		if text(d, "Status") == "PRIMARY" {
			return d, true
		}
	}
	return nil, false
}

func servicesWarm(h *hearing) {
	services := h.pairs(typeService)
	h.applies(len(services), "service", "active, and runs the floor now")
	for _, p := range h.present(services) {
		h.serviceWarm(p)
	}
}

// serviceWarm compares running tasks with what is desired in the standby and
// with the share of the primary's that is declared as the floor; without one, a
// task must run where the primary runs any. A change of how many are desired counts
// as made: whether the tasks then start is known only after it. A count below the
// minimum of its scalable target stays until a scaling policy acts or the target is
// registered again. Source: Application Auto Scaling user guide, concepts.
func (h *hearing) serviceWarm(p pair) {
	key := p.key
	here, known := h.primary.object(drift.FactServiceState, key)
	there, knownThere := h.standby.object(drift.FactServiceState, key)
	if !known || !knownThere {
		region := h.standby.region()
		if knownThere {
			region = h.primary.region()
		}
		h.unknown(region, key, drift.FactServiceState, "what it runs was not read in %s", region)
		return
	}
	ours, _ := number(here, "RunningCount")
	running, _ := number(there, "RunningCount")
	desired, _ := number(there, "DesiredCount")
	pending, _ := number(there, "PendingCount")
	if wanted, changes := plannedCount(h.primary, p.primary); changes {
		ours = h.loadAfter(p.primary, wanted, ours)
	}
	after, least := running, running
	if wanted, changes := plannedCount(h.standby, p.standby); changes {
		scaled, _ := leastScaled(h.standby, p.standby)
		after, least = wanted, max(wanted, scaled)
	}
	want := math.Min(ours, 1)
	if h.Objectives.Floor > 0 {
		want = needed(ours, h.Objectives.Floor)
	}
	switch status := text(there, "Status"); {
	case status != "ACTIVE":
		h.fail("", key, "", "is %s in %s", status, h.standby.region())
	case running < desired && running+pending >= desired:
		h.undecided(key, "runs %s of %s desired tasks in %s; the others are starting", show(running), show(desired), h.standby.region())
	case running < desired:
		h.fail("", key, "", "runs %s of %s desired tasks in %s", show(running), show(desired), h.standby.region())
	case after < want && least >= want:
		h.undecided(key, "is changed to %s tasks in %s, fewer than the %s that are needed; when it is scaled up to its minimum of %s is not known",
			show(after), h.standby.region(), show(want), show(least))
	case after < want:
		h.fail("", key, "", "runs %s tasks in %s and %s in %s; needed are %s",
			show(ours), h.primary.region(), show(after), h.standby.region(), show(want))
	}
}

// clusterStates are when Kubernetes can schedule. Source: Amazon EKS API
// reference, Cluster, Nodegroup, Addon and FargateProfile.
var clusterStates = []condition{
	{types: []string{"AWS::EKS::Cluster"}, noun: "Kubernetes cluster", fact: drift.FactEKSClusterStatus, field: "Status",
		good: []string{"ACTIVE"}, moving: []string{"CREATING", "UPDATING", "PENDING"}},
	{types: []string{"AWS::EKS::Nodegroup"}, noun: "node group", fact: drift.FactNodegroupStatus, field: "Status", reason: "Issues",
		good: []string{"ACTIVE"}, moving: []string{"CREATING", "UPDATING"}},
	{types: []string{"AWS::EKS::Addon"}, noun: "add-on", fact: drift.FactAddonStatus, field: "Status",
		good: []string{"ACTIVE"}, moving: []string{"CREATING", "UPDATING"}},
	{types: []string{"AWS::EKS::FargateProfile"}, noun: "Fargate profile", fact: drift.FactFargateProfileStatus, field: "Status",
		good: []string{"ACTIVE"}, moving: []string{"CREATING"}},
}

func clusterRules() []Rule {
	return []Rule{{
		ID: "CAP-09", Severity: drift.Block, compares: true, check: clustersSchedule, Strategies: idleStrategies,
		Title:  "Kubernetes clusters are active in the standby, of the same version, with healthy nodes that may grow",
		Why:    "Pods need a control plane of the version they were written for and nodes to run on; neither can be made in a hurry.",
		Source: "ARC Region switch, Amazon EKS resource scaling block",
		Needs: append(needsOf([]string{"eks:DescribeCluster", "eks:DescribeNodegroup"}, clusterStates...),
			Need{Types: []string{"AWS::EKS::Cluster", "AWS::EKS::Nodegroup"}, Properties: []string{"Version", "ScalingConfig"}, Actions: []string{"eks:DescribeNodegroup"}}),
		Fix: "Update the standby's cluster to the same version, repair its node groups and raise their maximum.",
	}}
}

func clustersSchedule(h *hearing) {
	for _, c := range clusterStates {
		h.inCondition(c)
	}
	for _, p := range h.pairs("AWS::EKS::Nodegroup") {
		fact, _ := h.standby.object(drift.FactNodegroupStatus, p.key)
		if issues := stringsOf(fact["Issues"]); len(issues) > 0 {
			h.fail(drift.Warn, p.key, "", "has issues in %s: %s", h.standby.region(), show(fact["Issues"]))
		}
	}
	for _, kind := range []string{"AWS::EKS::Cluster", "AWS::EKS::Nodegroup"} {
		h.hearFindings(kind, func(f *drift.Finding) (drift.Severity, bool) {
			return f.Severity, within(f.Property, "Version") || within(f.Property, "ScalingConfig")
		})
	}
}

func databaseCapacityRules() []Rule {
	return parityRules(parity{
		id: "CAP-11", severity: drift.Block, noun: "database", holds: "can carry what the primary's carries",
		title:  "Databases of the standby can carry production: class, serverless maximum and storage",
		why:    "A promoted replica of a smaller class meets the full load for the first time on the worst day.",
		source: "ARC readiness rules RdsNormalizedCapacity and RdsInstanceType; ARC Region switch, Aurora blocks",
		fix:    "Give the standby's database the class, the serverless maximum and the storage of the primary's, or accept a smaller one with a reason.",
		types:  []string{typeDBInstance, typeDBCluster},
		properties: []string{"DBInstanceClass", "DBClusterInstanceClass", "ServerlessV2ScalingConfiguration", "AllocatedStorage",
			"MaxAllocatedStorage", "Iops", "StorageThroughput"},
		least: drift.Warn, actions: []string{"rds:DescribeDBClusters", "rds:DescribeDBInstances"},
		strategies: strategyLevels{topology.BackupRestore: LevelWarn},
	})
}
