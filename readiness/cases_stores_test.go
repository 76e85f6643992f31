package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// primaryFact changes what the primary says of its replicas: where replication
// is described.
func primaryFact(kind, subject string, value any) func(*world) {
	return func(w *world) { w.fact(&w.east, kind, subject, value) }
}

// primaryDenied replaces a fact of the primary by a gap.
func primaryDenied(kind, subject, action string) func(*world) {
	return func(w *world) {
		w.forget(&w.east, kind)
		w.gap(drift.Gap{Region: east, Resource: subject, Operation: action, Reason: "AccessDenied", Fact: kind})
	}
}

var storeCases = []ruleCase{
	{"DAT-07", "no replica in the standby", primaryFact(drift.FactTableReplicas, "app/Table", []any{object{"RegionName": "eu-west-1", "ReplicaStatus": "ACTIVE"}}),
		blocks("has replicas, and none in us-west-2")},
	{"DAT-07", "the replica lost its key", primaryFact(drift.FactTableReplicas, "app/Table",
		[]any{object{"RegionName": west, "ReplicaStatus": "INACCESSIBLE_ENCRYPTION_CREDENTIALS"}}), blocks("is INACCESSIBLE_ENCRYPTION_CREDENTIALS")},
	{"DAT-07", "the replica is being made", primaryFact(drift.FactTableReplicas, "app/Table", []any{object{"RegionName": west, "ReplicaStatus": "CREATING"}}), unknown("")},
	{"DAT-07", "a change takes the standby's replica away", func(w *world) { changedTable(w, east, "eu-west-1") }, blocks("has replicas, and none in us-west-2")},
	{"DAT-07", "a change leaves the standby's replica alone", func(w *world) { changedTable(w, east, west) }, passes()},
	{"DAT-07", "an active replica", func(*world) {}, passes()},
	{"DAT-07", "a table that is not replicated", primaryFact(drift.FactTableReplicas, "app/Table", []any{}), want{status: NotApplicable, verdict: NotReady}},
	{"DAT-07", "the replicas could not be read", primaryDenied(drift.FactTableReplicas, "app/Table", "dynamodb:DescribeTable"), unknown("dynamodb:DescribeTable")},

	{"DAT-11", "no member in the standby", primaryFact(drift.FactGlobalReplicationGroupState, "app/Cache", object{"Status": "available", "Members": []any{}}),
		blocks("has no member in us-west-2")},
	{"DAT-11", "a member that was cut off", primaryFact(drift.FactGlobalReplicationGroupState, "app/Cache", object{"Status": "available", "Members": []any{
		object{"ReplicationGroupRegion": west, "Status": "disassociating"}}}), blocks("is disassociating")},
	{"DAT-11", "a file system whose replication failed", primaryFact(drift.FactFileSystemReplication, "app/Files", replicated("ERROR", "")), blocks("is ERROR")},
	{"DAT-11", "a file system replicated too long ago", func(w *world) {
		w.objectives.RPO = time.Minute
	}, blocks("2m ago; the RPO is 1m")},
	{"DAT-11", "a file system that was never replicated", func(w *world) {
		w.objectives.RPO = time.Hour
		w.fact(&w.east, drift.FactFileSystemReplication, "app/Files", replicated("ENABLED", ""))
	}, unknown("elasticfilesystem:DescribeReplicationConfigurations")},
	{"DAT-11", "a cache that cannot serve", func(w *world) {
		w.fact(&w.west, drift.FactReplicationGroupState, "app/Sessions", object{"Status": "create-failed"})
	}, blocks("is create-failed")},
	{"DAT-11", "replicated within the RPO", func(w *world) { w.objectives.RPO = 5 * time.Minute }, passes()},
	{"DAT-11", "the global group could not be read", primaryDenied(drift.FactGlobalReplicationGroupState, "app/Cache", "elasticache:DescribeGlobalReplicationGroups"),
		unknown("elasticache:DescribeGlobalReplicationGroups")},

	{"DAT-12", "two tables that nothing joins", func(w *world) {
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
	}, blocks("nothing copies its data from us-east-1 to us-west-2, and an RPO of 5m is declared")},
	{"DAT-12", "two tables that nothing joins, whose items expire", func(w *world) {
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
		w.resource(&w.east, "app/Table").Properties["TimeToLiveSpecification"] = object{"Enabled": true, "AttributeName": "expires"}
		w.resource(&w.west, "app/Table").Properties["TimeToLiveSpecification"] = object{"Enabled": true, "AttributeName": "expires"}
	}, warns("its items expire by themselves")},
	{"DAT-12", "a pilot light that may have the data from its recovery points", func(w *world) {
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
		w.strategy = topology.PilotLight
	}, want{status: Fail, severity: drift.Warn, verdict: Unknown, says: "nothing copies its data"}},
	{"DAT-12", "two databases that nothing joins", func(w *world) {
		w.fact(&w.west, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available"})
	}, blocks("app/Database: nothing copies its data")},
	{"DAT-12", "the standby writes, and the primary has the replica", func(w *world) {
		w.fact(&w.west, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available"})
		w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available",
			"ReadReplicaSourceDBInstanceIdentifier": "arn:aws:rds:us-west-2:111111111111:db:payments", "StatusInfos": []any{object{"StatusType": "read replication", "Status": "replicating"}}})
	}, passes()},
	{"DAT-12", "a global table, a global database and a replica", func(*world) {}, passes()},
	{"DAT-12", "global tables of one Region each", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.resource(s, "app/Table").Type = typeGlobalTable
		}
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
	}, blocks("app/Table: nothing copies its data")},
	{"DAT-12", "a replicated table, and another one in its place", func(w *world) {
		w.resource(&w.east, "app/Table").ID, w.resource(&w.west, "app/Table").ID = "orders", "orders-copy"
	}, blocks("app/Table: nothing copies its data")},
	{"DAT-12", "the replica of a database of its own Region", func(w *world) {
		w.fact(&w.west, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available", "ReadReplicaSourceDBInstanceIdentifier": "local",
			"StatusInfos": []any{object{"StatusType": "read replication", "Status": "replicating"}}})
	}, blocks("app/Database: nothing copies its data")},
	{"DAT-12", "a member of another global database", func(w *world) {
		unlistedGlobal(w, object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:other", "SynchronizationStatus": "connected"}}})
		w.fact(&w.west, drift.FactDBClusterState, "app/Aurora", object{"Status": "available", "GlobalClusterIdentifier": "other", "DBClusterMembers": []any{object{}}})
	}, blocks("app/Aurora: nothing copies its data")},
	{"DAT-12", "two tables that a change makes", func(w *world) {
		plannedTable(w, "AWS::DynamoDB::Table", nil)
	}, blocks("app/Table: nothing copies its data")},
	{"DAT-12", "a global table that a change makes", func(w *world) {
		plannedTable(w, typeGlobalTable, []any{object{"Region": east}, object{"Region": west}})
	}, passes()},
	{"DAT-12", "a global table that a change makes, of which nobody says in which Regions", func(w *world) {
		plannedTable(w, typeGlobalTable, "unresolved")
	}, want{status: Pass, verdict: Ready, says: "known only after the change"}},
	{"DAT-12", "two file systems that nothing joins", func(w *world) { w.forget(&w.east, drift.FactFileSystemReplication) }, blocks("app/Files: nothing copies its data")},
	{"DAT-12", "a file system that replicates to another one than its sibling", replicatesTo("fs-other"), blocks("app/Files: nothing copies its data")},
	{"DAT-12", "a file system that replicates to its sibling", replicatesTo("fs-sibling"), passes()},
	{"DAT-12", "a file system that replicates from the standby", func(w *world) {
		w.forget(&w.east, drift.FactFileSystemReplication)
		w.fact(&w.west, drift.FactFileSystemReplication, "app/Files", object{"Role": "source", "Destinations": []any{object{"Region": east, "Status": "ENABLED"}}})
	}, passes()},
	{"DAT-12", "the replications of file systems could not be read", primaryDenied(drift.FactFileSystemReplication, "app/Files", "elasticfilesystem:DescribeReplicationConfigurations"),
		unknown("elasticfilesystem:DescribeReplicationConfigurations")},
	{"DAT-12", "a change ends the replication of a file system", func(w *world) {
		plannedFiles(w, nil)
	}, blocks("app/Files: nothing copies its data")},
	{"DAT-12", "a change leaves the replication of a file system alone", func(w *world) {
		plannedFiles(w, object{"Destinations": []any{object{"Region": west, "FileSystemId": "fs-sibling"}}})
	}, passes()},
	{"DAT-12", "a change sends a file system elsewhere", func(w *world) {
		plannedFiles(w, object{"Destinations": []any{object{"Region": west, "FileSystemId": "fs-other"}}})
	}, blocks("app/Files: nothing copies its data")},
	{"DAT-12", "a change begins to replicate a file system, to one that a parameter names", func(w *world) {
		w.forget(&w.east, drift.FactFileSystemReplication)
		plannedFiles(w, object{"Destinations": []any{object{"Region": west, "FileSystemId": "{{resolve:ssm:/efs/standby}}"}}})
	}, unknown("")},
	{"DAT-12", "a change begins to replicate a file system, to a Region that a parameter names", func(w *world) {
		w.forget(&w.east, drift.FactFileSystemReplication)
		plannedFiles(w, object{"Destinations": []any{object{"Region": "{{resolve:ssm:/dr/region}}"}}})
	}, unknown("")},
	{"DAT-12", "a change of the replication that could not be evaluated", func(w *world) {
		w.forget(&w.east, drift.FactFileSystemReplication)
		plannedFiles(w, nil)
		w.gap(drift.Gap{Region: east, Resource: "app/Files", Type: typeFileSystem, Property: "ReplicationConfiguration", Operation: "terraform:Plan", Reason: "NotEvaluated", Message: "known after the apply"})
	}, want{status: Undetermined, severity: drift.Block, verdict: Unknown, says: "could not be evaluated for us-east-1: known after the apply | Mend what"}},
	{"DAT-12", "a change takes the standby's replica from a global table", func(w *world) {
		changedTable(w, east, "eu-west-1")
	}, blocks("app/Table: nothing copies its data")},
	{"DAT-12", "a change leaves the replicas of a global table alone", func(w *world) { changedTable(w, east, west) }, passes()},
	{"DAT-12", "a change of a global table's replicas, to a Region that a parameter names", func(w *world) {
		changedTable(w, east, "{{resolve:ssm:/dr/region}}")
	}, unknown("")},
	{"DAT-12", "no RPO is declared", func(w *world) { w.objectives.RPO = 0 }, want{status: NotApplicable, verdict: Ready}},
	{"DAT-12", "the tables' replicas could not be read", primaryDenied(drift.FactTableReplicas, "app/Table", "dynamodb:DescribeTable"), unknown("dynamodb:DescribeTable")},

	{"RTE-02", "a record that lives for an hour", func(w *world) { w.resource(&w.east, "app/Record").Properties["TTL"] = "3600" }, warns("lives for 3600 seconds")},
	{"RTE-02", "the standby's own record by the same key lives for an hour", func(w *world) {
		w.resource(&w.west, "app/Record").Properties["TTL"] = "3600"
	}, warns("us-west-2 lives for 3600 seconds")},
	{"RTE-02", "a group of records, of which one lives for an hour", func(w *world) {
		r := w.resource(&w.east, "app/Record")
		r.Type, r.Properties = typeRecordGroup, object{"RecordSets": []any{failover(east), with(failover(west), "TTL", "3600")}}
	}, warns("us-west-2 lives for 3600 seconds")},
	{"RTE-02", "the same record in a private zone of each Region, of which the standby's lives long", func(w *world) {
		records(w, func(region string, o object) object {
			o["HostedZoneId"], o["SetIdentifier"] = "Z-"+region, "only"
			if region == west {
				o["TTL"] = "900"
			}
			return o
		})
	}, warns("only lives for 900 seconds")},
	{"RTE-02", "a record that is one of several by a number", func(w *world) {
		records(w, func(region string, o object) object {
			return with(with(o, "SetIdentifier", map[string]any{east: 1.0, west: 2.0}[region]), "TTL", "900")
		})
	}, warns("1 lives for 900 seconds")},
	{"RTE-02", "a record without a choice may live long", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			s.Resources = append(s.Resources, drift.Resource{Key: "app/Text", Type: typeRecord, Properties: object{"TTL": "86400"}})
		}
	}, passes()},
	{"RTE-02", "the records could not be read", func(w *world) { w.deny("app/Record", "route53:ListResourceRecordSets") },
		want{status: Undetermined, severity: drift.Warn, verdict: Unknown, missing: "route53:ListResourceRecordSets"}},

	{"RTE-03", "the health check is disabled", func(w *world) {
		w.resource(&w.west, "app/Probe").Properties["HealthCheckConfig"] = object{"Type": "HTTPS", "Disabled": true}
	}, blocks("is disabled")},
	{"RTE-03", "most checkers see it fail", func(w *world) {
		w.fact(&w.west, drift.FactHealthCheckStatus, "app/Probe", object{"Success": 3.0, "Failure": 5.0})
	}, blocks("5 of 8 checkers")},
	{"RTE-03", "one checker has a bad day", func(w *world) {
		w.fact(&w.west, drift.FactHealthCheckStatus, "app/Probe", object{"Success": 7.0, "Failure": 1.0})
	}, passes()},
	{"RTE-03", "no checker has answered", func(w *world) {
		w.fact(&w.west, drift.FactHealthCheckStatus, "app/Probe", object{"Success": 0.0, "Failure": 0.0})
	}, unknown("route53:ListHealthChecks")},

	{"BKP-02", "no copy to the standby", func(w *world) {
		w.resource(&w.east, "app/Backups").Properties["BackupPlan"] = object{"BackupPlanRule": []any{object{"CopyActions": []any{
			object{"DestinationBackupVaultArn": "arn:aws:backup:us-east-1:1:backup-vault:v"}}}}}
	}, warns("no rule of the plan copies to us-west-2")},
	{"BKP-02", "a copy to the standby", func(*world) {}, passes()},
	{"BKP-02", "the plan could not be read", func(w *world) {
		w.gap(drift.Gap{Region: east, Resource: "app/Backups", Type: typeBackupPlan, Property: "BackupPlan", Operation: "backup:GetBackupPlan", Reason: "AccessDenied"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Unknown, missing: "backup:GetBackupPlan"}},
}

// arrives declares an RPO and lets the data of every store arrive.
func arrives(w *world) {
	w.objectives.RPO = 5 * time.Minute
	w.fact(&w.west, drift.FactDBInstanceState, "app/Database", replica("replicating"))
	w.fact(&w.west, drift.FactDBClusterState, "app/Aurora", object{"Status": "available", "GlobalClusterIdentifier": "Global",
		"DBClusterMembers": []any{object{"DBInstanceIdentifier": "a-1"}}})
}

// replicatesTo lets the primary's file system replicate to one of the standby's Region.
func replicatesTo(id string) func(*world) {
	return func(w *world) {
		w.resource(&w.west, "app/Files").ID = "fs-sibling"
		to := replicated("ENABLED", "2026-11-22T17:58:00Z")
		to["Destinations"].([]any)[0].(map[string]any)["FileSystemId"] = id
		w.fact(&w.east, drift.FactFileSystemReplication, "app/Files", to)
	}
}

// plannedFiles lets a change of the primary's file system say where it replicates to.
func plannedFiles(w *world, replication any) {
	files := w.resource(&w.east, "app/Files")
	files.Planned = drift.PlannedUpdate
	if replication != nil {
		files.Properties["ReplicationConfiguration"] = replication
	}
	w.resource(&w.west, "app/Files").ID = "fs-sibling"
}

// changedTable lets a change of a global table say in which Regions it is.
func changedTable(w *world, regions ...string) {
	var replicas []any
	for _, region := range regions {
		replicas = append(replicas, object{"Region": region})
	}
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		w.resource(s, "app/Table").Type = typeGlobalTable
	}
	table := w.resource(&w.east, "app/Table")
	table.Planned = drift.PlannedUpdate
	table.Properties["Replicas"] = replicas
}

// plannedTable makes the tables ones that a change is to make.
func plannedTable(w *world, kind string, replicas any) {
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		table := w.resource(s, "app/Table")
		table.Type, table.Planned = kind, drift.PlannedCreate
		table.Properties["Replicas"] = replicas
	}
	w.forget(&w.east, drift.FactTableReplicas)
}
