package readiness

import (
	"strconv"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const recoveryKey = "arn:aws:kms:us-west-2:111111111111:key/1"

// inVault is a recovery point so many hours old.
func inVault(hours int, status string) object {
	return object{"From": "vault dr", "Status": status, "Complete": status == "COMPLETED",
		"Time": now.Add(-time.Duration(hours) * time.Hour).Format(time.RFC3339), "Encrypted": true, "Key": recoveryKey}
}

func with(o object, name string, value any) object {
	o[name] = value
	return o
}

// backedUp makes of a world one that recovers from recovery points: nothing
// replicates, and every store has a point of two hours ago.
func backedUp(w *world) {
	w.strategy, w.objectives.RPO = topology.BackupRestore, 24*time.Hour
	w.without("AWS::MSK::Cluster", "AWS::OpenSearchService::Domain", "AWS::ElastiCache::ReplicationGroup")
	w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
	w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{}})
	w.forget(&w.east, drift.FactFileSystemReplication)
	w.fact(&w.west, drift.FactRecoveryKey, recoveryKey, object{"Exists": true, "KeyState": "Enabled"})
	for _, key := range []string{"app/Table", "app/Database", "app/Aurora", "app/Files", "app/Bucket"} {
		points(w, key, inVault(2, "COMPLETED"))
		w.fact(&w.west, drift.FactRestores, key, object{"Completed": "2026-11-01T10:00:00Z", "Failed": nil})
	}
}

func points(w *world, key string, list ...any) {
	w.fact(&w.west, drift.FactRecoveryPoints, key, object{"Points": list})
}

// recovering bends a world that is backed up.
func recovering(bend func(*world)) func(*world) {
	return func(w *world) {
		backedUp(w)
		bend(w)
	}
}

func ofTable(list ...any) func(*world) {
	return recovering(func(w *world) { points(w, "app/Table", list...) })
}

func nothing(*world) {}

// logBucket makes the bucket, which has no recovery point, that of a balancer's logs.
func logBucket(bend func(*world)) func(*world) {
	return recovering(func(w *world) {
		points(w, "app/Bucket")
		bucket := w.resource(&w.east, "app/Bucket")
		bucket.ID = "bucket-of-east-1234"
		w.resource(&w.east, "app/Balancer").Properties["LoadBalancerAttributes"] = []any{object{"Key": "access_logs.s3.bucket", "Value": bucket.ID}}
		bend(w)
	})
}

// policyOf gives the bucket a policy that lets somebody in, beside those it has.
func policyOf(w *world, principal any) {
	id := w.resource(&w.east, "app/Bucket").ID
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		s.Resources = append(s.Resources, drift.Resource{Key: "app/Policy" + strconv.Itoa(len(s.Resources)), Type: typeBucketPolicy, Properties: object{"Bucket": id,
			"PolicyDocument": object{"Statement": []any{object{"Effect": "Allow", "Principal": principal, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::" + id + "/*"}}}}})
	}
}

// server gives the primary an instance with disks.
func server(w *world, disks ...any) {
	w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Server", Type: typeInstance, ID: "i-1", Properties: object{}})
	w.find(drift.Finding{Resource: "app/Server", Type: typeInstance, Primary: "exists", Severity: drift.Warn})
	w.fact(&w.east, drift.FactMachines, "app/Server", running(object{"m5.large": 1.0}, "m5.large"))
	w.fact(&w.east, drift.FactInstanceState, "app/Server", object{"State": "running", "Disks": append([]any{}, disks...)})
	w.fact(&w.west, drift.FactRestores, "app/Server", object{"Completed": "2026-11-01T10:00:00Z", "Failed": nil})
	w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{}})
	points(w, "app/Server")
	for _, d := range disks {
		points(w, "app/Server#"+text(d.(object), "Id"))
	}
}

func disk(id string, goes bool) object { return object{"Id": id, "DeleteOnTermination": goes} }

// vaultUnread gives the table points, beside which a vault could not be read.
func vaultUnread(list ...any) func(*world) {
	return recovering(func(w *world) {
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Table", object{"Points": append([]any{}, list...), "Unread": []any{"vault other"}})
		w.gap(drift.Gap{Region: west, Resource: "vault other", Operation: "backup:ListRecoveryPointsByBackupVault", Reason: "AccessDenied", Fact: drift.GapRecoveryPlace})
	})
}

func keyIs(state object) func(*world) {
	return recovering(func(w *world) { w.fact(&w.west, drift.FactRecoveryKey, recoveryKey, state) })
}

func restoredOn(completed, failed any) func(*world) {
	return recovering(func(w *world) {
		w.fact(&w.west, drift.FactRestores, "app/Table", object{"Completed": completed, "Failed": failed, "FailedMessage": "no such role"})
	})
}

// bucketRule replicates a bucket without recovery points by one rule that has this, too.
func bucketRule(name string, value any) func(*world) {
	return func(w *world) {
		points(w, "app/Bucket")
		replicatesBucket(w, "Enabled", behind("ReplicationLatency", 9), 0.0)
		rules := at(w.resource(&w.east, "app/Bucket").Properties, "ReplicationConfiguration.Rules").([]any)
		with(rules[0].(object), name, value)
	}
}

func undecided(says string) want {
	return want{status: Undetermined, severity: drift.Block, verdict: Unknown, says: says}
}

var recoveryCases = []ruleCase{
	{"BKP-01", "a fresh point of every store", backedUp, passes()},
	{"BKP-01", "a table without a point", ofTable(), blocks("app/Table: has no recovery point in us-west-2, and nothing copies its data there")},
	{"BKP-01", "a point older than the RPO", ofTable(inVault(30, "COMPLETED")), blocks("(vault dr) is 30h old; the RPO is 24h")},
	{"BKP-01", "a point as old as the RPO", ofTable(inVault(24, "COMPLETED")), passes()},
	{"BKP-01", "the only point is partial", ofTable(inVault(2, "PARTIAL")), blocks("the newest (vault dr) is PARTIAL")},
	{"BKP-01", "the newest is partial and one before it is recent enough", ofTable(inVault(1, "PARTIAL"), inVault(20, "COMPLETED")), passes()},
	{"BKP-01", "the key waits for deletion", keyIs(object{"Exists": true, "KeyState": "PendingDeletion", "DeletionDate": "2026-12-01T00:00:00Z"}),
		blocks("key/1 is PendingDeletion (2026-12-01T00:00:00Z)")},
	{"BKP-01", "the key is disabled", keyIs(object{"Exists": true, "KeyState": "Disabled"}), blocks("is Disabled")},
	{"BKP-01", "the key is gone", keyIs(object{"Exists": false}), blocks("does not exist")},
	{"BKP-01", "the key lies in the primary's Region", ofTable(with(inVault(2, "COMPLETED"), "Key", "arn:aws:kms:us-east-1:1:key/1")), blocks("a key of us-east-1")},
	{"BKP-01", "another point has a key that works", recovering(func(w *world) {
		points(w, "app/Table", with(inVault(1, "COMPLETED"), "Key", "arn:aws:kms:us-east-1:1:key/1"), inVault(3, "COMPLETED"))
	}), passes()},
	{"BKP-01", "a point that is not encrypted", ofTable(with(with(inVault(2, "COMPLETED"), "Encrypted", false), "Key", nil)), passes()},
	{"BKP-01", "a point that AWS encrypts with a key of its own", ofTable(with(with(inVault(2, "COMPLETED"), "Key", nil), "Owned", true)), passes()},
	{"BKP-01", "a point that is encrypted with nobody knows which key", ofTable(with(inVault(2, "COMPLETED"), "Key", nil)),
		undecided("is encrypted, and AWS does not say with which key")},
	{"BKP-01", "a vault could not be read, and another has a point that counts", vaultUnread(inVault(2, "COMPLETED")), passes()},
	{"BKP-01", "a vault could not be read, and no other has a point", vaultUnread(), unknown("backup:ListRecoveryPointsByBackupVault")},
	{"BKP-01", "a vault could not be read, and what another has is too old", vaultUnread(inVault(30, "COMPLETED")),
		undecided("is 30h old; the RPO is 24h; vault other could not be read")},
	{"BKP-01", "nobody noted why a vault was not read", recovering(func(w *world) {
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Table", object{"Points": []any{}, "Unread": []any{"vault other"}})
	}), unknown("backup:ListRecoveryPointsByBackupVault")},
	{"BKP-01", "a vault could not be read, and a replica is there", func(w *world) {
		vaultUnread()(w)
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{object{"RegionName": west, "ReplicaStatus": "ACTIVE"}})
	}, passes()},
	{"BKP-01", "the key was not read", recovering(func(w *world) {
		w.deniedFact(drift.FactRecoveryKey, recoveryKey, "kms:DescribeKey")
	}), unknown("kms:DescribeKey")},
	{"BKP-01", "the points could not be read", recovering(func(w *world) {
		w.deniedFact(drift.FactRecoveryPoints, "app/Table", "backup:ListRecoveryPointsByBackupVault")
	}), unknown("backup:ListRecoveryPointsByBackupVault")},
	{"BKP-01", "nobody says when the data was", ofTable(with(inVault(2, "available"), "Time", nil), with(with(inVault(2, "available"), "Complete", true), "Time", nil)),
		undecided("nothing says from when")},
	{"BKP-01", "nobody says when the data of one was, and another is too old",
		ofTable(with(with(inVault(2, "available"), "Complete", true), "Time", nil), inVault(30, "COMPLETED")), undecided("nothing says from when")},
	{"BKP-01", "the clocks cannot be right", ofTable(inVault(-2, "COMPLETED")), undecided("lies in the future")},
	{"BKP-01", "a store whose recovery points nobody can read", recovering(func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Topics", Type: "AWS::MSK::Cluster", ID: "t"})
		w.find(drift.Finding{Resource: "app/Topics", Type: "AWS::MSK::Cluster", Primary: "exists", Severity: drift.Warn})
	}), undecided("app/Topics: whether its data can be recovered in us-west-2 is not known")},
	{"BKP-01", "a database of a service that Lockstep reads no copies of", recovering(func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Ledger", Type: "AWS::DSQL::Cluster", ID: "l"})
		w.find(drift.Finding{Resource: "app/Ledger", Type: "AWS::DSQL::Cluster", Primary: "exists", Severity: drift.Warn})
	}), undecided("app/Ledger: whether its data can be recovered in us-west-2 is not known")},
	{"BKP-01", "a volume that may have been copied otherwise", recovering(func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Disk", Type: "AWS::EC2::Volume", ID: "vol-1"})
		w.find(drift.Finding{Resource: "app/Disk", Type: "AWS::EC2::Volume", Primary: "exists", Severity: drift.Warn})
		points(w, "app/Disk")
	}), undecided("does not say of which volume")},
	{"BKP-01", "a bucket of logs", logBucket(nothing), warns("app/Bucket: has no recovery point in us-west-2, and nothing copies its data there; it is only named as the destination of logs, by app/Balancer")},
	{"BKP-01", "a bucket of logs whose policy lets in what delivers them", logBucket(func(w *world) {
		policyOf(w, object{"Service": "delivery.logs.amazonaws.com"})
		policyOf(w, object{"AWS": "arn:aws:iam::127311923021:root"})
	}), warns("destination of logs")},
	{"BKP-01", "a bucket of logs whose policy lets in a role", logBucket(func(w *world) {
		policyOf(w, object{"AWS": []any{"arn:aws:iam::1:role/app"}})
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs whose policy lets in everybody", logBucket(func(w *world) { policyOf(w, "*") }), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs that a function knows, too", logBucket(func(w *world) {
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"UPLOADS": w.resource(&w.east, "app/Bucket").ID}}
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs that a change gives to a function, too", logBucket(func(w *world) {
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"UPLOADS": "${app/Bucket}"}}
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs beside a server whose user data nobody sees", logBucket(func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Template", Type: "AWS::EC2::LaunchTemplate", Properties: object{"UserData": drift.NewSealer("run", make([]byte, 32)).Seal(east, "", "#!")}})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Template", Type: "AWS::EC2::LaunchTemplate", Properties: object{}})
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs beside a function with a variable that nobody sees", logBucket(func(w *world) {
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"CONFIG": drift.NewSealer("run", make([]byte, 32)).Seal(east, "", "s3")}}
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs beside the password of a database", logBucket(func(w *world) {
		w.resource(&w.east, "app/Database").Properties["MasterUserPassword"] = drift.NewSealer("run", make([]byte, 32)).Seal(east, "", "s3")
	}), warns("destination of logs")},
	{"BKP-01", "a bucket of logs that a task definition of a deploy names", logBucket(func(w *world) {
		w.fact(&w.east, drift.FactContent, revision, object{"Kind": "TaskDefinition", "Name": "web", "Content": object{
			"Environment": object{"UPLOADS": w.resource(&w.east, "app/Bucket").ID}}})
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs beside a task definition of a deploy with a variable that nobody sees", logBucket(func(w *world) {
		w.fact(&w.east, drift.FactContent, revision, object{"Kind": "TaskDefinition", "Name": "web", "Content": object{
			"Environment": object{"CONFIG": drift.NewSealer("run", make([]byte, 32)).Seal(east, "", "s3")}}})
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket that logs to itself", logBucket(func(w *world) {
		w.resource(&w.east, "app/Balancer").Properties["LoadBalancerAttributes"] = []any{}
		bucket := w.resource(&w.east, "app/Bucket")
		bucket.Properties["LoggingConfiguration"] = object{"DestinationBucketName": bucket.ID}
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs that logs to itself, too", logBucket(func(w *world) {
		bucket := w.resource(&w.east, "app/Bucket")
		bucket.Properties["LoggingConfiguration"] = object{"DestinationBucketName": bucket.ID}
	}), warns("destination of logs, by app/Balancer")},
	{"BKP-01", "a bucket of logs that must not be deleted", logBucket(func(w *world) {
		w.resource(&w.east, "app/Bucket").Properties["ObjectLockEnabled"] = true
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs beside what could not be read", logBucket(func(w *world) {
		w.gap(drift.Gap{Region: east, Resource: "app/Fn", Type: typeFunction, Property: "Environment", Operation: "lambda:GetFunction", Reason: "AccessDenied"})
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket that every deploy fills", recovering(func(w *world) {
		points(w, "app/Bucket")
		w.delivered = []string{w.resource(&w.east, "app/Bucket").ID}
	}), warns("every deploy fills it from source")},
	{"BKP-01", "a bucket that every deploy fills, and that a function knows, too", recovering(func(w *world) {
		points(w, "app/Bucket")
		w.delivered = []string{w.resource(&w.east, "app/Bucket").ID}
		w.resource(&w.east, "app/Fn").Properties["Environment"] = object{"Variables": object{"UPLOADS": w.resource(&w.east, "app/Bucket").ID}}
	}), blocks("app/Bucket: has no recovery point")},
	{"BKP-01", "a bucket of logs and a vault that could not be read", logBucket(func(w *world) {
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Bucket", object{"Points": []any{}, "Unread": []any{"vault other"}})
	}), want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "backup:ListRecoveryPointsByBackupVault"}},
	{"BKP-01", "a server with a point of its own", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		points(w, "app/Server", inVault(2, "COMPLETED"))
	}), passes()},
	{"BKP-01", "a server with a point of each disk that stays", recovering(func(w *world) {
		server(w, disk("vol-1", false), disk("vol-2", false), disk("vol-0", true))
		points(w, "app/Server#vol-1", inVault(2, "COMPLETED"))
		points(w, "app/Server#vol-2", inVault(3, "COMPLETED"))
	}), passes()},
	{"BKP-01", "a server with a point of one disk of two", recovering(func(w *world) {
		server(w, disk("vol-1", false), disk("vol-2", false))
		points(w, "app/Server#vol-1", inVault(2, "COMPLETED"))
	}), undecided("app/Server: has no recovery point in a vault of us-west-2, and a copied image or EBS snapshot does not say of which server it is")},
	{"BKP-01", "a server with a point of a disk that is too old", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		points(w, "app/Server#vol-1", inVault(30, "COMPLETED"))
	}), blocks("app/Server: its disk vol-1: its newest usable recovery point in us-west-2 (vault dr) is 30h old")},
	{"BKP-01", "a server whose own point is too old", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		points(w, "app/Server", inVault(30, "COMPLETED"))
	}), blocks("app/Server: its newest usable recovery point")},
	{"BKP-01", "a server that is replicated", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{object{"InstanceID": "i-1", "State": "CONTINUOUS", "LagSeconds": 9.0}}})
	}), passes()},
	{"BKP-01", "a server of which nobody may ask whether it is replicated", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		points(w, "app/Server", inVault(30, "COMPLETED"))
		w.deniedFact(drift.FactSourceServers, "", "drs:DescribeSourceServers")
	}), unknown("drs:DescribeSourceServers")},
	{"BKP-01", "a server whose replication stalled", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		w.fact(&w.west, drift.FactSourceServers, "", object{"Servers": []any{object{"InstanceID": "i-1", "State": "STALLED"}}})
	}), blocks("its replication to us-west-2 is STALLED")},
	{"BKP-01", "a server whose disks go with it", recovering(func(w *world) { server(w, disk("vol-0", true)) }),
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "app/Server: has no recovery point in a vault"}},
	{"BKP-01", "a server without disks of its own", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Disk", Type: "AWS::EC2::Volume", ID: "vol-1"})
		w.find(drift.Finding{Resource: "app/Disk", Type: "AWS::EC2::Volume", Primary: "exists", Severity: drift.Warn})
		points(w, "app/Disk", inVault(2, "COMPLETED"))
		w.fact(&w.west, drift.FactRestores, "app/Disk", object{"Completed": "2026-11-01T10:00:00Z", "Failed": nil})
		w.fact(&w.west, drift.FactRestores, "app/Server", nil)
	}), passes()},
	{"BKP-01", "a server whose disks nobody read", recovering(func(w *world) {
		server(w)
		deniedHere(w, drift.FactInstanceState, "app/Server", "ec2:DescribeInstances")
	}), unknown("ec2:DescribeInstances")},
	{"BKP-01", "a server and a vault that could not be read", recovering(func(w *world) {
		server(w, disk("vol-1", false))
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Server#vol-1", object{"Points": []any{}, "Unread": []any{"vault other"}})
	}), unknown("backup:ListRecoveryPointsByBackupVault")},
	{"BKP-01", "no RPO is declared", recovering(func(w *world) { w.objectives.RPO = 0 }), warns("no objectives.rpo says how much is too much")},
	{"BKP-01", "a replica in place of a point", recovering(func(w *world) {
		points(w, "app/Table")
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{object{"RegionName": west, "ReplicaStatus": "ACTIVE"}})
	}), passes()},
	{"BKP-01", "a replica that is made", recovering(func(w *world) {
		points(w, "app/Table")
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{object{"RegionName": west, "ReplicaStatus": "CREATING"}})
	}), blocks("has no recovery point")},
	{"BKP-01", "a database whose replica is too far behind", recovering(func(w *world) {
		points(w, "app/Database")
		w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"DBInstanceStatus": "available",
			"ReadReplicaDBInstanceIdentifiers": []any{"arn:aws:rds:us-west-2:1:db:Database"}})
		w.fact(&w.west, drift.FactReplicaLag, "app/Database", behind("ReplicaLag", 90000))
	}), blocks("is 25h behind")},
	{"BKP-01", "an Aurora secondary in place of a point", recovering(func(w *world) {
		points(w, "app/Aurora")
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"Status": "available", "GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-east-1:1:cluster:Aurora", "IsWriter": true},
			object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:Aurora", "SynchronizationStatus": "connected"}}})
	}), passes()},
	{"BKP-01", "a file system that replicates", recovering(func(w *world) {
		points(w, "app/Files")
		w.fact(&w.east, drift.FactFileSystemReplication, "app/Files", replicated("ENABLED", "2026-11-22T17:58:00Z"))
	}), passes()},
	{"BKP-01", "a bucket that replicates", recovering(func(w *world) {
		points(w, "app/Bucket")
		replicatesBucket(w, "Enabled", behind("ReplicationLatency", 9), 0.0)
	}), passes()},
	{"BKP-01", "a bucket whose rule has an empty filter", recovering(bucketRule("Filter", object{"Prefix": ""})), passes()},
	{"BKP-01", "a bucket whose rule has an empty prefix", recovering(bucketRule("Prefix", "")), passes()},
	{"BKP-01", "a bucket of which a prefix replicates", recovering(bucketRule("Filter", object{"Prefix": "invoices/"})),
		blocks("app/Bucket: has no recovery point in us-west-2; only what matches Prefix invoices/ is replicated")},
	{"BKP-01", "a bucket whose rule is of the old kind and has a prefix", recovering(bucketRule("Prefix", "invoices/")),
		blocks("only what matches prefix invoices/ is replicated")},
	{"BKP-01", "a bucket of which replicates what has a tag", recovering(bucketRule("Filter", object{"TagFilter": object{"Key": "keep", "Value": "yes"}})),
		blocks("only what matches TagFilter")},
	{"BKP-01", "a bucket of which replicates what has a prefix and a tag", recovering(bucketRule("Filter", object{"And": object{"Prefix": "invoices/",
		"TagFilters": []any{object{"Key": "keep", "Value": "yes"}}}})), blocks("only what matches Prefix invoices/, TagFilters")},
	{"BKP-01", "an instance of a cluster holds nothing of its own", recovering(func(w *world) {
		points(w, "app/Database")
		w.resource(&w.east, "app/Database").Properties["DBClusterIdentifier"] = "aurora"
	}), passes()},
	{"BKP-01", "a pilot light whose table nothing copies", recovering(func(w *world) {
		w.strategy = topology.PilotLight
		points(w, "app/Table")
	}), want{status: Fail, severity: drift.Block, verdict: NotReady, says: "has no recovery point"}},
	{"BKP-01", "a warm standby has its data", recovering(func(w *world) {
		w.strategy = topology.WarmStandby
		points(w, "app/Table")
	}), want{status: Off, verdict: NotReady}},

	{"BKP-04", "every kind was restored in November", backedUp, passes()},
	{"BKP-04", "a table was never restored", restoredOn(nil, nil), warns("no restore of a table by AWS Backup in us-west-2 is known")},
	{"BKP-04", "a table was restored in spring", restoredOn("2026-05-01T10:00:00Z", nil), warns("on 2026-05-01, longer than 90 days ago")},
	{"BKP-04", "the last restore failed", restoredOn("2026-11-01T10:00:00Z", "2026-11-20T10:00:00Z"), warns("on 2026-11-20, failed (no such role)")},
	{"BKP-04", "a failure that was repaired", restoredOn("2026-11-01T10:00:00Z", "2026-10-20T10:00:00Z"), passes()},
	{"BKP-04", "a takeover was practised and written down", recovering(func(w *world) {
		w.fact(&w.west, drift.FactRestores, "app/Table", object{})
		w.takeover.Drill.On = now.AddDate(0, 0, -30)
	}), passes()},
	{"BKP-04", "no time is declared", recovering(func(w *world) { w.objectives.Drill = 0 }), want{status: NotApplicable, verdict: Ready, says: "objectives.drill"}},
	{"BKP-04", "the restores could not be read", recovering(func(w *world) {
		w.deniedFact(drift.FactRestores, "app/Table", "backup:ListRestoreJobs")
	}), want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "backup:ListRestoreJobs"}},
}

func TestWhatIsBackedUpIsReady(t *testing.T) {
	w := healthy()
	backedUp(w)
	if a := w.assess(); a.Verdict != Ready {
		t.Errorf("verdict %s\n%s", a.Verdict, dump(a, ""))
	}
}
