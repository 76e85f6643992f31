package readiness

import (
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	typeGlobalTable = "AWS::DynamoDB::GlobalTable"
	typeGlobalCache = "AWS::ElastiCache::GlobalReplicationGroup"
	typeFileSystem  = "AWS::EFS::FileSystem"
)

// cacheServes is when a cache answers. Source: Amazon ElastiCache API
// reference, ReplicationGroup.
var cacheServes = condition{types: []string{"AWS::ElastiCache::ReplicationGroup"}, noun: "cache", fact: drift.FactReplicationGroupState, field: "Status",
	good: []string{"available"}, moving: []string{"creating", "modifying", "snapshotting"}}

// brokersServe: a cluster that is updated, healed or maintained goes on serving.
// Source of the states: Amazon MSK developer guide, Understand MSK cluster states.
var brokersServe = condition{types: []string{"AWS::MSK::Cluster", "AWS::MSK::ServerlessCluster"}, noun: "Kafka cluster", fact: drift.FactMSKState, field: "State",
	good: []string{"ACTIVE", "HEALING", "MAINTENANCE", "REBOOTING_BROKER", "UPDATING"}, moving: []string{"CREATING"}}

// searchServes: a domain serves while a change of it is rolled out. Source of the
// states: Amazon OpenSearch Service API reference, DomainStatus.
var searchServes = condition{types: []string{"AWS::OpenSearchService::Domain"}, noun: "search domain", fact: drift.FactDomainState, field: "DomainProcessingStatus",
	good: []string{"Active", "Modifying", "UpdatingServiceSoftware", "UpgradingEngineVersion"}, moving: []string{"Creating"}}

func storeRules() []Rule {
	softer := strategyLevels{topology.BackupRestore: LevelOff}
	return []Rule{
		{
			ID: "DAT-07", Severity: drift.Block, check: replicasActive, Strategies: softer,
			Title:  "Every replicated DynamoDB table has an active replica in the standby",
			Why:    "A replica that is being made, or that lost access to its key, does not hold the data it will be asked for.",
			Source: "ARC readiness rules DynamoTableStatus and DynamoGsiStatus; Amazon DynamoDB developer guide, Global tables",
			Needs:  []Need{{Types: tableTypes, Fact: drift.FactTableReplicas, Actions: []string{"dynamodb:DescribeTable"}}},
			Fix:    "Find out why the replica is not active (its key, its limits), or add one in the standby's Region.",
		},
		{
			ID: "DAT-11", Severity: drift.Block, check: storesReplicate, Strategies: softer,
			Title:  "Caches, Kafka clusters and search domains of the standby serve; caches and file systems that replicate to it do so",
			Why:    "A secondary cache without its global group, or a file system whose replication stopped, holds the data of the day it was cut off.",
			Source: "Disaster Recovery of Workloads on AWS; Amazon EFS user guide, Replicating EFS file systems",
			Needs: append(slices.Concat(needsOf([]string{"elasticache:DescribeReplicationGroups"}, cacheServes), needsOf([]string{"kafka:ListClustersV2"}, brokersServe),
				needsOf([]string{"es:DescribeDomains"}, searchServes)),
				Need{Types: []string{typeGlobalCache}, Fact: drift.FactGlobalReplicationGroupState, Actions: []string{"elasticache:DescribeGlobalReplicationGroups"}},
				Need{Types: []string{typeFileSystem}, Fact: drift.FactFileSystemReplication, Actions: []string{"elasticfilesystem:DescribeReplicationConfigurations"}}),
			Fix: "Associate the standby's cache with the global group, or repair the file system's replication.",
		},
		{
			ID: ruleDataArrives, Severity: drift.Block, check: dataArrives,
			Strategies: strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn},
			Title:      "With an RPO declared, something copies the data of every database and table to the standby",
			Why:        "Two databases of one configuration are not one database: the standby's may be empty, and everything else about it may be right.",
			Source:     "Disaster Recovery of Workloads on AWS",
			Needs: []Need{
				{Types: tableTypes, Properties: []string{"Replicas"}, Fact: drift.FactTableReplicas, Actions: []string{"dynamodb:DescribeTable"}},
				{Types: []string{typeDBInstance, typeDBCluster}, Fact: drift.FactDBInstanceState, Actions: []string{"rds:DescribeDBInstances"}},
				{Types: []string{typeDBCluster}, Fact: drift.FactDBClusterState, Actions: []string{"rds:DescribeDBClusters"}},
			},
			Fix: "Replicate it (a global table, a global database, a cross-Region read replica). If something else copies it (AWS DMS, a stream), or the standby may start without this data, accept it with that as the reason.",
		},
	}
}

// ruleDataArrives is the rule without which no data is in the standby.
const ruleDataArrives = "DAT-12"

// dataArrives looks for a link between every pair of stores. Without an RPO
// nobody said that the data has to be there, and a pilot light may have it from
// its recovery points, which BKP-01 asks for. A table whose items expire holds
// sessions or locks more often than orders: it warns.
func dataArrives(h *hearing) {
	if h.Objectives.RPO == 0 {
		return
	}
	stores := slices.DeleteFunc(h.pairs("AWS::DynamoDB::Table", typeDBInstance, typeDBCluster), func(p pair) bool { return h.Objectives.Partitioned(p.key) })
	h.applies(len(stores), "database or table", "something copies its data to the standby")
	for _, p := range stores {
		if p.standby == nil {
			continue
		}
		joined, fact, views := h.joined(p.key, p.primary.Type)
		if joined || h.unreadIn(views, fact, p.key) {
			continue
		}
		severity, reason := drift.Severity(""), ""
		if expires(p.primary) {
			severity, reason = drift.Warn, "; its items expire by themselves"
		}
		h.fail(severity, p.key, "", "nothing copies its data from %s to %s, and an RPO of %s is declared%s", h.primary.region(), h.standby.region(), h.Objectives.RPO, reason)
	}
}

// expires reports whether a table deletes its items after their time.
func expires(table *drift.Resource) bool {
	ttl, _ := table.Properties["TimeToLiveSpecification"].(map[string]any)
	return ttl["Enabled"] == true
}

// joined reports whether the stores of the two Regions are one: the standby's
// follows the primary's, or both are members of what spans them. An instance of a
// cluster has its cluster's data. That they are not is known by the fact of the views.
func (h *hearing) joined(key, kind string) (joined bool, fact string, views []*view) {
	both := []*view{h.standby, h.primary}
	switch kind {
	case "AWS::DynamoDB::Table":
		replicas, _ := h.primary.fact(drift.FactTableReplicas, key)
		return namesRegion(replicas, "RegionName", h.standby.snapshot.Region.Name), drift.FactTableReplicas, []*view{h.primary}
	case typeDBCluster:
		theirs, _ := h.standby.object(drift.FactDBClusterState, key)
		ours, _ := h.primary.object(drift.FactDBClusterState, key)
		back := regionOf(text(ours, "ReplicationSourceIdentifier")) == h.standby.snapshot.Region.Name
		return back || text(theirs, "GlobalClusterIdentifier") != "" || text(theirs, "ReplicationSourceIdentifier") != "", drift.FactDBClusterState, both
	default:
		theirs, _ := h.standby.object(drift.FactDBInstanceState, key)
		member := h.standby.byKey[key].Properties["DBClusterIdentifier"] != nil
		return member || isReplica(theirs) || h.writes(key), drift.FactDBInstanceState, both
	}
}

// unreadIn records that a fact was not read in one of the views, if so.
func (h *hearing) unreadIn(views []*view, fact, key string) bool {
	i := slices.IndexFunc(views, func(v *view) bool { _, read := v.fact(fact, key); return !read })
	if i < 0 {
		return false
	}
	h.unknown(views[i].region(), key, fact, "whether anything copies its data to %s was not read", h.standby.region())
	return true
}

// isReplica reports whether an instance follows another instance or a cluster.
func isReplica(state map[string]any) bool {
	return text(state, "ReadReplicaSourceDBInstanceIdentifier") != "" || text(state, "ReadReplicaSourceDBClusterIdentifier") != ""
}

// writes reports whether the standby's database is the one that the primary's
// follows, as with active-active, where each Region is judged as the standby.
func (h *hearing) writes(key string) bool {
	state, _ := h.primary.object(drift.FactDBInstanceState, key)
	source := text(state, "ReadReplicaSourceDBInstanceIdentifier")
	return source != "" && regionOf(source) == h.standby.snapshot.Region.Name
}

// replicasActive judges tables that have replicas; others are two tables, which
// DAT-08 compares. Source of the states: DynamoDB API reference, ReplicaDescription.
func replicasActive(h *hearing) {
	seen := 0
	for _, subject := range h.primary.subjects[drift.FactTableReplicas] {
		value, _ := h.primary.fact(drift.FactTableReplicas, subject)
		replicas := objects(value)
		if len(replicas) == 0 {
			continue
		}
		seen++
		i := slices.IndexFunc(replicas, func(r map[string]any) bool { return text(r, "RegionName") == h.standby.snapshot.Region.Name })
		if i < 0 {
			h.fail("", subject, "", "has replicas, and none in %s", h.standby.region())
			continue
		}
		switch state := text(replicas[i], "ReplicaStatus"); state {
		case "ACTIVE":
		case "CREATING", "UPDATING":
			h.undecided(subject, "its replica in %s is %s", h.standby.region(), state)
		case "":
			h.unknown(h.primary.region(), subject, drift.FactTableReplicas, "the state of its replica in %s was not read", h.standby.region())
		default:
			h.fail("", subject, "", "its replica in %s is %s%s", h.standby.region(), state, because(replicas[i], "ReplicaStatusDescription"))
		}
	}
	h.applies(seen, "replicated table", "its replica in the standby is active")
}

func storesReplicate(h *hearing) {
	h.inCondition(cacheServes)
	h.inCondition(brokersServe)
	h.inCondition(searchServes)
	h.globalCaches()
	h.fileSystems()
}

// globalCaches looks at the global groups of the primary: each is one resource,
// whichever Region's stack declares it.
func (h *hearing) globalCaches() {
	h.applies(len(h.primary.byType[typeGlobalCache]), "global cache", "the standby is an associated member")
	for _, r := range h.primary.byType[typeGlobalCache] {
		fact, _ := h.primary.object(drift.FactGlobalReplicationGroupState, r.Key)
		if text(fact, "Status") == "" {
			h.unknown(h.primary.region(), r.Key, drift.FactGlobalReplicationGroupState, "its state was not read in %s", h.primary.region())
			continue
		}
		members := objects(fact["Members"])
		i := slices.IndexFunc(members, func(m map[string]any) bool {
			return text(m, "ReplicationGroupRegion") == h.standby.snapshot.Region.Name
		})
		switch {
		case i < 0:
			h.fail("", r.Key, "", "has no member in %s", h.standby.region())
		case text(members[i], "Status") != "associated":
			h.fail("", r.Key, "", "its member in %s is %s", h.standby.region(), show(members[i]["Status"]))
		}
	}
}

// fileSystems judges those of the primary that replicate to the standby: the
// replication must work and be as recent as the declared RPO.
func (h *hearing) fileSystems() {
	seen := 0
	for _, subject := range h.primary.subjects[drift.FactFileSystemReplication] {
		fact, _ := h.primary.object(drift.FactFileSystemReplication, subject)
		for _, d := range objects(fact["Destinations"]) {
			if text(fact, "Role") == "source" && text(d, "Region") == h.standby.snapshot.Region.Name {
				seen++
				h.fileSystemReplicates(subject, d)
			}
		}
	}
	h.applies(seen, "replicated file system", "its replication works and is recent enough")
}

// fileSystemReplicates: a time that is missing is no recent time. Source of the
// states: Amazon EFS API reference, Destination.
func (h *hearing) fileSystemReplicates(subject string, d map[string]any) {
	switch state := text(d, "Status"); state {
	case "ENABLED":
	case "ENABLING", "PAUSING":
		h.undecided(subject, "its replication to %s is %s", h.standby.region(), state)
		return
	case "":
		h.unknown(h.primary.region(), subject, drift.FactFileSystemReplication, "the state of its replication was not read in %s", h.primary.region())
		return
	default:
		h.fail("", subject, "", "its replication to %s is %s%s", h.standby.region(), state, because(d, "StatusMessage"))
		return
	}
	if h.Objectives.RPO == 0 {
		return // nobody said how recent it has to be
	}
	last, err := time.Parse(time.RFC3339, text(d, "LastReplicatedTimestamp"))
	switch {
	case err != nil:
		h.unknown(h.primary.region(), subject, drift.FactFileSystemReplication, "when it was last replicated was not read in %s", h.primary.region())
	case h.Now.Sub(last) > h.Objectives.RPO:
		h.fail("", subject, "", "was last replicated to %s %s ago; the RPO is %s", h.standby.region(), h.Now.Sub(last).Round(time.Second), h.Objectives.RPO)
	}
}
