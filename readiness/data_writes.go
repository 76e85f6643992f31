package readiness

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func writeRules() []Rule {
	return []Rule{{
		ID: "DAT-15", Severity: drift.Block, check: writesArrive,
		Strategies: strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelOff, topology.WarmStandby: LevelOff},
		Title:      "Each active Region can write to every database, file system and replicated bucket, and its peers receive what it writes",
		Why:        "A Region that serves its users from a copy that only reads refuses their writes, or writes to another Region and is lost with it; a bucket that is copied one way keeps what is written at the other end.",
		Source:     "Disaster Recovery of Workloads on AWS, Multi-site active/active; Amazon Aurora user guide, Using write forwarding in an Aurora global database",
		Needs: []Need{
			{Types: tableTypes, Properties: []string{"Replicas"}, Fact: drift.FactTableReplicas, Actions: []string{"dynamodb:DescribeTable"}},
			{Types: []string{typeDBInstance}, Fact: drift.FactDBInstanceState, Actions: []string{"rds:DescribeDBInstances"}},
			{Types: []string{typeDBCluster}, Properties: []string{"EnableGlobalWriteForwarding"}, Fact: drift.FactDBClusterState, Actions: []string{"rds:DescribeDBClusters"}},
			{Types: []string{typeDBCluster, typeGlobalCluster}, Fact: drift.FactGlobalClusterState, Actions: []string{"rds:DescribeGlobalClusters"}},
			{Types: []string{typeFileSystem}, Fact: drift.FactFileSystemReplication, Actions: []string{"elasticfilesystem:DescribeReplicationConfigurations"}},
			{Types: []string{typeBucket}, Properties: []string{"ReplicationConfiguration"}, Actions: []string{"s3:GetReplicationConfiguration"}},
			{Types: linkedByProperty, Properties: []string{"MultiRegionProperties", "MultiRegionClusterName"}},
		},
		Fix: "Let each Region write: a global table, write forwarding to the writer of a global database, replication of a bucket in both directions. If the application sends the writes to the writer's Region by itself (a global database's writer endpoint), or the data is written in one Region alone, accept it with that as the reason.",
	}}
}

// linkedByProperty are the databases that say themselves which others they are one with.
var linkedByProperty = []string{"AWS::DSQL::Cluster", "AWS::MemoryDB::Cluster"}

// unlinkedStores are the databases and file systems of which it is not read whether those of two
// Regions are one. Caches and search domains can be filled again.
var unlinkedStores = []string{"AWS::DocDB::DBCluster", "AWS::DocDBElastic::Cluster", "AWS::Neptune::DBCluster", "AWS::Cassandra::Table",
	"AWS::FSx::FileSystem", "AWS::QLDB::Ledger", "AWS::Redshift::Cluster", "AWS::Timestream::Table", "AWS::Timestream::InfluxDBInstance"}

// writesArrive asks of each store whether what the standby, a peer, writes gets
// into it and to the primary. Stores that nothing joins are DAT-12's to judge.
func writesArrive(h *hearing) {
	judged := 0
	for _, s := range h.stores() {
		if s.standby == nil || h.Objectives.Partitioned(s.key) || !h.judgesWrites(s) {
			continue
		}
		judged++
	}
	h.applies(judged, "store", "what each Region writes is taken there and reaches the other; of two writes to one item of a global table, or to one object, the later stays")
}

// judgesWrites judges one store, and reports whether it is of a kind that is judged.
func (h *hearing) judgesWrites(s held) bool {
	switch {
	case s.kind == typeDBInstance:
		h.instanceWrites(s.key)
	case s.kind == typeDBCluster:
		h.clusterWrites(s.pair)
	case s.kind == typeFileSystem:
		if h.sendsFiles(h.primary, s.primary, s.standby) {
			h.fail("", s.key, "", "the file system in %s is the destination of the one in %s, and only reads", h.standby.region(), h.primary.region())
		}
	case s.kind == typeBucket:
		return s.but == "" && h.bucketWrites(s.pair)
	case slices.Contains(linkedByProperty, s.kind):
		if !h.linkedPeers(s.pair) {
			h.fail("", s.key, "", "the %s in %s is another one than that in %s: neither has what the other writes", s.noun, h.standby.region(), h.primary.region())
		}
	case slices.Contains(unlinkedStores, s.kind):
		h.undecided(s.key, "whether it takes what each Region writes, and %s and %s exchange it, is not read", h.primary.region(), h.standby.region())
	default:
		return slices.Contains(tableTypes, s.kind)
	}
	return true
}

// instanceWrites: a replica refuses writes, and nothing forwards them.
func (h *hearing) instanceWrites(key string) {
	state, read := h.standby.object(drift.FactDBInstanceState, key)
	if !read {
		h.unknown(h.standby.region(), key, drift.FactDBInstanceState, "whether it is a replica was not read in %s", h.standby.region())
		return
	}
	for _, field := range []string{"ReadReplicaSourceDBInstanceIdentifier", "ReadReplicaSourceDBClusterIdentifier"} {
		if source := text(state, field); source != "" {
			h.fail("", key, "", "the database in %s is a read replica of %s, and only reads", h.standby.region(), source)
		}
	}
}

// clusterWrites: the writer of a global database takes writes, and so does a
// secondary that forwards them to it.
func (h *hearing) clusterWrites(p pair) {
	state, read := h.standby.object(drift.FactDBClusterState, p.key)
	if !read {
		h.unknown(h.standby.region(), p.key, drift.FactDBClusterState, "whether it only reads was not read in %s", h.standby.region())
		return
	}
	if source := text(state, "ReplicationSourceIdentifier"); source != "" {
		h.fail("", p.key, "", "the cluster in %s is a replica of %s, and only reads", h.standby.region(), source)
		return
	}
	for _, database := range h.globalDatabases() {
		fact, known := h.primary.object(drift.FactGlobalClusterState, database)
		if !known {
			h.unknown(h.primary.region(), database, drift.FactGlobalClusterState, "which of its clusters is the writer was not read in %s", h.primary.region())
			continue
		}
		h.memberWrites(p, objects(fact["GlobalClusterMembers"]))
	}
}

// memberWrites judges the cluster as a member of a global database, if it is one.
func (h *hearing) memberWrites(p pair, members []map[string]any) {
	at := slices.IndexFunc(members, func(m map[string]any) bool {
		arn := text(m, "DBClusterArn")
		return regionOf(arn) == h.standby.snapshot.Region.Name && h.standby.listed(arn, typeDBCluster) == p.key
	})
	isWriter := func(m map[string]any) bool { return m["IsWriter"] == true }
	switch {
	case at < 0 || isWriter(members[at]):
	case !slices.ContainsFunc(members, isWriter):
		h.undecided(p.key, "none of the global database's clusters is its writer")
	case p.standby.Properties["EnableGlobalWriteForwarding"] != true:
		h.failProperty("", p.key, "EnableGlobalWriteForwarding", "", "the cluster in %s is a secondary of its global database and forwards no writes", h.standby.region())
	}
}

// bucketWrites reports whether the primary's bucket replicates to its sibling, and
// records that the sibling does not replicate back, if so.
func (h *hearing) bucketWrites(p pair) bool {
	if !copiesTo(p.primary, p.standby.ID) {
		return false
	}
	if !copiesTo(p.standby, p.primary.ID) {
		h.failProperty("", p.key, "ReplicationConfiguration", "", "replicates from %s to %s and not back: %s lacks what is written in %s",
			h.primary.region(), h.standby.region(), h.primary.region(), h.standby.region())
	}
	return true
}

// copiesTo reports whether a rule that is on copies a bucket to another.
func copiesTo(bucket *drift.Resource, other string) bool {
	return slices.ContainsFunc(objects(at(bucket.Properties, "ReplicationConfiguration.Rules")), func(rule map[string]any) bool {
		destination, _ := at(rule, "Destination.Bucket").(string)
		return rule["Status"] == "Enabled" && other != "" && strings.HasSuffix(destination, ":::"+other)
	})
}

// linkedPeers reports whether a database names its sibling's Region, or both the
// same database of several Regions.
func (h *hearing) linkedPeers(p pair) bool {
	if shared, _ := p.primary.Properties["MultiRegionClusterName"].(string); shared != "" {
		return shared == p.standby.Properties["MultiRegionClusterName"]
	}
	return slices.ContainsFunc(stringsOf(at(p.primary.Properties, "MultiRegionProperties.Clusters")), func(arn string) bool {
		return regionOf(arn) == h.standby.snapshot.Region.Name
	})
}
