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
	}
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
		if i < 0 || h.dropsReplica(h.primary.byKey[subject]) {
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

// dropsReplica reports whether a change takes the standby's replica from a table.
func (h *hearing) dropsReplica(table *drift.Resource) bool {
	if !plansReplicas(table) {
		return false
	}
	planned := table.Properties["Replicas"]
	return !namesRegion(planned, "Region", h.standby.snapshot.Region.Name) && !slices.ContainsFunc(objects(planned), open)
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
