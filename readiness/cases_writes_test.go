package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// writeCases are about Regions that all take writes.
var writeCases = []ruleCase{
	{"DAT-15", "a global table, forwarded writes, a writer and files that are sent back", amongPeers(nothing), passes()},
	{"DAT-15", "a standby that is not written", nothing, want{status: Off, verdict: Ready}},
	{"DAT-15", "a read replica among peers", amongPeers(func(w *world) {
		w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available"})
		w.fact(&w.west, drift.FactDBInstanceState, "app/Database", replicaOf("us-east-1"))
	}), blocks("is a read replica of arn:aws:rds:us-east-1:111111111111:db:payments, and only reads")},
	{"DAT-15", "a database of which nobody knows whether it is a replica", amongPeers(func(w *world) {
		w.deniedFact(drift.FactDBInstanceState, "app/Database", "rds:DescribeDBInstances")
	}), unknown("rds:DescribeDBInstances")},
	{"DAT-15", "a secondary that forwards no writes", amongPeers(func(w *world) {
		delete(w.resource(&w.west, "app/Aurora").Properties, "EnableGlobalWriteForwarding")
	}), blocks("app/Aurora: the cluster in us-west-2 is a secondary of its global database and forwards no writes")},
	{"DAT-15", "a change that ends the forwarding", amongPeers(func(w *world) {
		cluster := w.resource(&w.west, "app/Aurora")
		cluster.Planned, cluster.Properties["EnableGlobalWriteForwarding"] = drift.PlannedUpdate, false
	}), blocks("forwards no writes")},
	{"DAT-15", "the peer is the writer", amongPeers(func(w *world) {
		delete(w.resource(&w.west, "app/Aurora").Properties, "EnableGlobalWriteForwarding")
		globalMembers(w, false, true)
	}), passes()},
	{"DAT-15", "a global database without a writer", amongPeers(func(w *world) { globalMembers(w, false, false) }), unknown("")},
	{"DAT-15", "the global database could not be read", amongPeers(primaryDenied(drift.FactGlobalClusterState, "app/Global", "rds:DescribeGlobalClusters")),
		unknown("rds:DescribeGlobalClusters")},
	{"DAT-15", "a cluster that follows another one", amongPeers(func(w *world) {
		w.fact(&w.west, drift.FactDBClusterState, "app/Aurora", object{"Status": "available", "DBClusterMembers": []any{object{}},
			"ReplicationSourceIdentifier": "arn:aws:rds:us-east-1:111111111111:cluster:a"})
	}), blocks("is a replica of arn:aws:rds:us-east-1:111111111111:cluster:a, and only reads")},
	{"DAT-15", "a file system that the peer's is sent to", amongPeers(func(w *world) {
		w.fact(&w.east, drift.FactFileSystemReplication, "app/Files", replicated("ENABLED", "2026-11-22T17:58:00Z"))
	}), blocks("is the destination of the one in us-east-1, and only reads")},
	{"DAT-15", "a bucket that is copied one way", amongPeers(func(w *world) { copiesBucket(w, &w.east, "files-west") }),
		blocks("app/Bucket: replicates from us-east-1 to us-west-2 and not back")},
	{"DAT-15", "a bucket that is copied both ways", amongPeers(func(w *world) {
		copiesBucket(w, &w.east, "files-west")
		copiesBucket(w, &w.west, "files-east")
	}), passes()},
	{"DAT-15", "a bucket whose way back could not be read", amongPeers(func(w *world) {
		copiesBucket(w, &w.east, "files-west")
		copiesBucket(w, &w.west, "files-east")
		w.gap(drift.Gap{Region: west, Resource: "app/Bucket", Type: typeBucket, Property: "ReplicationConfiguration", Operation: "s3:GetReplicationConfiguration", Reason: "AccessDenied"})
	}), unknown("s3:GetReplicationConfiguration")},
	{"DAT-15", "one database of several Regions", amongPeers(bothHave("AWS::DSQL::Cluster", "MultiRegionProperties",
		object{"Clusters": []any{"arn:aws:dsql:us-east-1:111111111111:cluster/a", "arn:aws:dsql:us-west-2:111111111111:cluster/b"}})), passes()},
	{"DAT-15", "a database of each Region", amongPeers(bothHave("AWS::DSQL::Cluster", "DeletionProtectionEnabled", true)),
		blocks("neither has what the other writes")},
	{"DAT-15", "one in-memory database of several Regions", amongPeers(bothHave("AWS::MemoryDB::Cluster", "MultiRegionClusterName", "shop")), passes()},
	{"DAT-15", "a database whose links are not read", amongPeers(bothHave("AWS::Neptune::DBCluster", "DeletionProtection", true)), unknown("")},
	{"DAT-15", "the same, of each Region's own users", amongPeers(func(w *world) {
		bothHave("AWS::Neptune::DBCluster", "DeletionProtection", true)(w)
		w.objectives.GeoPartitioned = []string{"app/Other"}
	}), want{status: Pass, verdict: Unknown}}, // DAT-14 asks for its recovery points
	{"DAT-12", "a table of each peer that nothing joins, and no RPO", amongPeers(func(w *world) {
		w.objectives.RPO = 0
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
	}), blocks("nothing copies its data from us-east-1 to us-west-2, and each Region is active")},
}

// bothWrite makes both Regions active, and lets each take what it is sent.
func bothWrite(w *world) {
	w.strategy = topology.ActiveActive
	w.objectives.Floor, w.objectives.Ceiling = 1, 1
	w.fact(&w.east, drift.FactDBInstanceState, "app/Database", replicaOf("us-west-2"))
	w.fact(&w.west, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available"})
	w.forget(&w.east, drift.FactFileSystemReplication)
	w.fact(&w.west, drift.FactFileSystemReplication, "app/Files", object{"Role": "source", "Destinations": []any{object{"Region": east, "Status": "ENABLED"}}})
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.resource(s, "app/Aurora").Properties["EnableGlobalWriteForwarding"] = true
	}
	w.resource(&w.east, "app/Bucket").ID, w.resource(&w.west, "app/Bucket").ID = "files-east", "files-west"
}

func amongPeers(bend func(*world)) func(*world) {
	return func(w *world) {
		bothWrite(w)
		bend(w)
	}
}

func replicaOf(region string) object {
	return object{"DBInstanceStatus": "available", "ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:" + region + ":111111111111:db:payments",
		"StatusInfos": []any{object{"StatusType": "read replication", "Status": "replicating"}}}
}

func globalMembers(w *world, eastWrites, westWrites bool) {
	w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{
		object{"DBClusterArn": "arn:aws:rds:us-east-1:111111111111:cluster:a", "IsWriter": eastWrites},
		object{"DBClusterArn": "arn:aws:rds:us-west-2:111111111111:cluster:Aurora", "IsWriter": westWrites, "SynchronizationStatus": "connected"}}})
}

// copiesBucket lets a Region's bucket replicate to another.
func copiesBucket(w *world, s *drift.Snapshot, to string) {
	w.resource(s, "app/Bucket").Properties["ReplicationConfiguration"] = object{"Rules": []any{
		object{"Id": "all", "Status": "Enabled", "Destination": object{"Bucket": "arn:aws:s3:::" + to}}}}
}

// bothHave adds a store with a property to each Region.
func bothHave(kind, property string, value any) func(*world) {
	return func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/Other", Type: kind, ID: "other", Properties: object{property: value}})
		}
	}
}
