package readiness

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const typeGlobalCluster = "AWS::RDS::GlobalCluster"

// clusterServes is when an Aurora cluster can be promoted. Source: Amazon
// Aurora user guide, Viewing DB cluster status.
var clusterServes = condition{types: []string{typeDBCluster}, noun: "database cluster", fact: drift.FactDBClusterState, field: "Status",
	good:   []string{"available", "backing-up", "storage-optimization"},
	moving: []string{"creating", "modifying", "maintenance", "upgrading", "renaming", "starting", "failing-over", "resetting-master-credentials", "backtracking", "promoting", "update-iam-db-auth"}}

// instanceServes is when a database instance can be promoted. Source: Amazon
// RDS user guide, Viewing Amazon RDS DB instance status.
var instanceServes = condition{types: []string{typeDBInstance}, noun: "database instance", fact: drift.FactDBInstanceState, field: "DBInstanceStatus",
	good: []string{"available", "backing-up", "storage-optimization", "configuring-enhanced-monitoring", "configuring-iam-database-auth", "configuring-log-exports"},
	moving: []string{"creating", "modifying", "maintenance", "upgrading", "rebooting", "renaming", "starting", "resetting-master-credentials", "converting-to-vpc",
		"moving-to-vpc", "storage-config-upgrade", "storage-initialization"}}

func replicationRules() []Rule {
	softer := strategyLevels{topology.BackupRestore: LevelOff}
	return []Rule{
		{
			ID: "DAT-01", Severity: drift.Block, check: globalClusters, Strategies: softer,
			Title:  "Every Aurora global database is available, and the standby is a connected member",
			Why:    "A global database without a connected member in the standby has nowhere to fail over to.",
			Source: "ARC Region switch, Aurora global database block",
			Needs: []Need{{Types: []string{typeGlobalCluster}, Fact: drift.FactGlobalClusterState, Actions: []string{"rds:DescribeGlobalClusters"}},
				{Types: []string{typeDBCluster}, Fact: drift.FactDBClusterState, Actions: []string{"rds:DescribeDBClusters"}}},
			Fix: "Add a secondary cluster in the standby to the global database, or find out why its replication stands still.",
		},
		{
			ID: "DAT-02", Severity: drift.Block, compares: true, check: clustersPromotable, Strategies: softer,
			Title:  "Every database cluster of the standby is available, has an instance, and runs an engine that can follow",
			Why:    "A headless cluster holds the data and answers nobody; another engine version refuses the switchover.",
			Source: "Amazon Aurora user guide, Aurora global database disaster recovery; ARC readiness rules RdsClusterStatus and RdsEngineVersion",
			Needs: append(needsOf([]string{"rds:DescribeDBClusters"}, clusterServes),
				Need{Types: []string{typeDBCluster}, Properties: []string{"EngineVersion", "Engine"}, Actions: []string{"rds:DescribeDBClusters"}}),
			Fix: "Add an instance to the cluster, finish what it is doing, and bring the engine to the primary's version.",
		},
		{
			ID: "DAT-04", Severity: drift.Block, check: replicasReplicate, Strategies: softer,
			Title:  "Every cross-Region read replica is available and replicates",
			Why:    "A replica whose replication stopped looks healthy and holds the data of the day it stopped.",
			Source: "Amazon RDS user guide, Monitoring read replication; ARC Region switch, RDS blocks",
			Needs:  needsOf([]string{"rds:DescribeDBInstances"}, instanceServes),
			Fix:    "Read the replica's error, repair it or create the replica again.",
		},
	}
}

// globalClusters looks at the global databases of the primary: they are one
// resource, whichever Region's stack declares them, and often none does.
func globalClusters(h *hearing) {
	databases := h.globalDatabases()
	h.applies(len(databases), "global database", "available, with a connected member in the standby")
	for _, key := range databases {
		fact, _ := h.primary.object(drift.FactGlobalClusterState, key)
		status := text(fact, "Status")
		switch status {
		case "":
			h.unknown(h.primary.region(), key, drift.FactGlobalClusterState, "its state was not read in %s", h.primary.region())
			continue
		case "available":
		case "failing-over", "switching-over", "modifying", "upgrading", "creating":
			h.undecided(key, "is %s", status)
		default:
			h.fail("", key, "", "is %s", status)
		}
		h.memberConnected(key, objects(fact["GlobalClusterMembers"]))
	}
}

// globalDatabases are the subjects by which the primary knows its global
// databases: those that a source lists, and the clusters that say they belong to
// one that nobody lists.
func (h *hearing) globalDatabases() []string {
	if h.databases != nil {
		return h.databases
	}
	subjects, listed := []string{}, map[string]bool{}
	for _, r := range h.primary.byType[typeGlobalCluster] {
		subjects, listed[r.ID] = append(subjects, r.Key), true
	}
	for _, key := range h.primary.subjects[drift.FactDBClusterState] {
		fact, _ := h.primary.object(drift.FactDBClusterState, key)
		if id := text(fact, "GlobalClusterIdentifier"); id != "" && !listed[id] {
			subjects, listed[id] = append(subjects, key), true
		}
	}
	h.databases = subjects
	return subjects
}

// memberConnected finds the member in the standby's Region by its ARN. The name
// of a cluster may speak of any Region, and proves nothing.
func (h *hearing) memberConnected(key string, members []map[string]any) {
	for _, m := range members {
		if regionOf(text(m, "DBClusterArn")) != h.standby.snapshot.Region.Name {
			continue
		}
		switch state := text(m, "SynchronizationStatus"); {
		case m["IsWriter"] == true || state == "connected": // a writer does not follow anybody
		case state == "":
			h.unknown(h.primary.region(), key, drift.FactGlobalClusterState, "whether the member in %s is in sync was not read", h.standby.region())
		case state == "pending-resync":
			h.undecided(key, "its member in %s waits to be synchronised again", h.standby.region())
		default:
			h.fail("", key, "", "its member in %s is %s", h.standby.region(), state)
		}
		return
	}
	h.fail("", key, "", "has no member in %s", h.standby.region())
}

func clustersPromotable(h *hearing) {
	h.inCondition(clusterServes)
	for _, p := range h.pairs(typeDBCluster) {
		fact, known := h.standby.object(drift.FactDBClusterState, p.key)
		if known && p.standby != nil && len(objects(fact["DBClusterMembers"])) == 0 {
			h.fail("", p.key, "Add an instance to the cluster in the standby.", "has no instance in %s: it holds data and answers nobody", h.standby.region())
		}
	}
	h.hearFindings(typeDBCluster, func(f *drift.Finding) (drift.Severity, bool) {
		return raised(f, drift.Warn), within(f.Property, "EngineVersion") || within(f.Property, "Engine")
	})
}

// replicasReplicate judges the instances of the standby and, of those that
// follow another one, whether they do.
func replicasReplicate(h *hearing) {
	h.inCondition(instanceServes)
	for _, r := range h.standby.byType[typeDBInstance] {
		fact, _ := h.standby.object(drift.FactDBInstanceState, r.Key)
		if text(fact, "ReadReplicaSourceDBInstanceIdentifier") == "" && text(fact, "ReadReplicaSourceDBClusterIdentifier") == "" {
			continue
		}
		h.replicating(r.Key, objects(fact["StatusInfos"]))
	}
}

// replicationState is the type of status that speaks of replication. Source:
// Amazon RDS API reference, DBInstanceStatusInfo.
const replicationState = "read replication"

func (h *hearing) replicating(key string, infos []map[string]any) {
	for _, info := range infos {
		if text(info, "StatusType") != replicationState {
			continue
		}
		switch status := text(info, "Status"); {
		case status == "replicating":
		case strings.HasPrefix(status, "replication stop point"):
			h.undecided(key, "its replication in %s is %s", h.standby.region(), status)
		default:
			h.fail("", key, "", "its replication in %s is %s%s", h.standby.region(), show(status), because(info, "Message"))
		}
		return
	}
	h.unknown(h.standby.region(), key, drift.FactDBInstanceState, "whether it replicates was not read in %s", h.standby.region())
}
