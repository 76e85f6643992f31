package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

// silentLag is a metric that had no datapoint.
func silentLag() object {
	return object{"Metric": nil, "Seconds": nil, "At": nil, "Window": "3h"}
}

func staleLag(metric string) object {
	return object{"Metric": metric, "Seconds": 1.0, "At": "2026-11-22T17:40:00Z", "Window": "3h"}
}

// replicatesBucket lets the bucket replicate to its sibling with a lag and failures.
func replicatesBucket(w *world, metrics string, lag, failed any) {
	w.resource(&w.east, "app/Bucket").Properties["ReplicationConfiguration"] = object{"Rules": []any{object{"Id": "all", "Status": "Enabled",
		"Destination": object{"Bucket": "arn:aws:s3:::Bucket", "Metrics": object{"Status": metrics}}}}}
	if lag != nil {
		w.fact(&w.west, drift.FactBucketLag, "app/Bucket#all", lag)
	}
	w.fact(&w.east, drift.FactBucketFailures, "app/Bucket#all", object{"Operations": failed, "Since": "2026-11-22T15:00:00Z"})
}

// quietly is an unknown that does not block.
func quietly(action string) want {
	return want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: action}
}

func silence(says string) want {
	return want{status: Undetermined, severity: drift.Block, verdict: Unknown, says: says}
}

// lagOf sets what the standby or, for a table, the primary measured.
func lagOf(kind, subject string, value any) func(*world) {
	return func(w *world) {
		s := &w.west
		if kind == drift.FactTableLag {
			s = &w.east
		}
		w.fact(s, kind, subject, value)
	}
}

var lagCases = []ruleCase{
	{"DAT-03", "behind by more than the RPO", lagOf(drift.FactAuroraLag, "app/Aurora", behind("AuroraGlobalDBRPOLag", 301)), blocks("is 5m1s behind (AuroraGlobalDBRPOLag at 2026-11-22T17:59:00Z in us-west-2); the RPO is 5m")},
	{"DAT-03", "behind by the RPO", lagOf(drift.FactAuroraLag, "app/Aurora", behind("AuroraGlobalDBReplicationLag", 300)), passes()},
	{"DAT-03", "no datapoint is not no lag", lagOf(drift.FactAuroraLag, "app/Aurora", silentLag()), silence("no datapoint of its lag in us-west-2 within 3h")},
	{"DAT-03", "a stale datapoint is not no lag", lagOf(drift.FactAuroraLag, "app/Aurora", staleLag("AuroraGlobalDBRPOLag")), silence("20m before it was read")},
	{"DAT-03", "a lag without a time", lagOf(drift.FactAuroraLag, "app/Aurora", object{"Metric": "AuroraGlobalDBRPOLag", "Seconds": 1.0}), unknown("cloudwatch:GetMetricData")},
	{"DAT-03", "no RPO is declared", func(w *world) { w.objectives.RPO = 0 }, warns("no objectives.rpo says how much is too much")},
	{"DAT-03", "the metric could not be read", func(w *world) { w.deniedFact(drift.FactAuroraLag, "app/Aurora", "cloudwatch:GetMetricData") }, unknown("cloudwatch:GetMetricData")},
	{"DAT-03", "a secondary that no source lists", func(w *world) {
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:hidden", "SynchronizationStatus": "connected"}}})
		w.fact(&w.west, drift.FactAuroraLag, "arn:aws:rds:us-west-2:1:cluster:hidden", behind("AuroraGlobalDBRPOLag", 900))
	}, blocks("is 15m behind")},
	{"DAT-03", "the standby writes", func(w *world) {
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:Aurora", "IsWriter": true}}})
	}, want{status: NotApplicable, verdict: Ready}},

	{"DAT-01", "a global database that no source lists has no member in the standby", func(w *world) {
		unlistedGlobal(w, object{"Status": "available", "GlobalClusterMembers": []any{}})
	}, blocks("has no member in us-west-2")},
	{"DAT-01", "a global database that no source lists, connected", func(w *world) {
		unlistedGlobal(w, object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:Aurora", "SynchronizationStatus": "connected"}}})
	}, passes()},
	{"DAT-01", "a global database that no source lists, not described", func(w *world) {
		unlistedGlobal(w, nil)
		w.forget(&w.east, drift.FactGlobalClusterState)
	}, unknown("rds:DescribeGlobalClusters")},

	{"DAT-05", "behind by more than the RPO", lagOf(drift.FactReplicaLag, "app/Database", behind("ReplicaLag", 600)), blocks("is 10m behind")},
	{"DAT-05", "-1 is stopped, not fast", lagOf(drift.FactReplicaLag, "app/Database", behind("ReplicaLag", -1)), blocks("its replication has stopped: ReplicaLag is -1 in us-west-2")},
	{"DAT-05", "in time", lagOf(drift.FactReplicaLag, "app/Database", behind("ReplicaLag", 0)), passes()},
	{"DAT-05", "no datapoint is not no lag", lagOf(drift.FactReplicaLag, "app/Database", silentLag()), silence("nobody knows how far it is behind")},
	{"DAT-05", "the metric could not be read", func(w *world) { w.deniedFact(drift.FactReplicaLag, "app/Database", "cloudwatch:GetMetricData") }, unknown("cloudwatch:GetMetricData")},
	{"DAT-05", "a replica that no source lists", func(w *world) {
		w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available",
			"ReadReplicaDBInstanceIdentifiers": []any{"arn:aws:rds:us-west-2:1:db:hidden", "arn:aws:rds:eu-west-1:1:db:elsewhere", "near"}})
	}, unknown("cloudwatch:GetMetricData")},

	{"DAT-09", "later than the RPO", lagOf(drift.FactTableLag, "app/Table#us-west-2", behind("ReplicationLatency", 400)), warns("is 6m40s behind")},
	{"DAT-09", "in time", lagOf(drift.FactTableLag, "app/Table#us-west-2", behind("ReplicationLatency", 0.9)), passes()},
	{"DAT-09", "nobody writes to the table", lagOf(drift.FactTableLag, "app/Table#us-west-2", silentLag()),
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "no datapoint of its lag in us-east-1"}},
	{"DAT-09", "the metric could not be read", primaryDenied(drift.FactTableLag, "app/Table#us-west-2", "cloudwatch:GetMetricData"), quietly("cloudwatch:GetMetricData")},

	{"DAT-10", "objects arrive later than the RPO", func(w *world) { replicatesBucket(w, "Enabled", behind("ReplicationLatency", 900), 0.0) }, blocks("is 15m behind")},
	{"DAT-10", "objects failed to replicate", func(w *world) { replicatesBucket(w, "Enabled", behind("ReplicationLatency", 9), 3.0) },
		blocks("3 operations of rule all failed to replicate since 2026-11-22T15:00:00Z")},
	{"DAT-10", "objects arrive in time", func(w *world) { replicatesBucket(w, "Enabled", behind("ReplicationLatency", 9), 0.0) }, passes()},
	{"DAT-10", "nothing measures the rule", func(w *world) { replicatesBucket(w, "Disabled", nil, nil) }, warns("nothing measures how far rule all is behind")},
	{"DAT-10", "nothing was written", func(w *world) { replicatesBucket(w, "Enabled", silentLag(), nil) },
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "nothing about failures of rule all"}},
	{"DAT-10", "the latency was not read", func(w *world) { replicatesBucket(w, "Enabled", nil, 0.0) }, unknown("cloudwatch:GetMetricData")},
}

// unlistedGlobal takes the global database out of the sources; the cluster says
// that it belongs to one.
func unlistedGlobal(w *world, state any) {
	w.without(typeGlobalCluster)
	w.fact(&w.east, drift.FactDBClusterState, "app/Aurora", object{"Status": "available", "GlobalClusterIdentifier": "Global"})
	if state != nil {
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Aurora", state)
	}
}
