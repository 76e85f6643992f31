package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

var otherCases = []ruleCase{
	{"CAP-10", "a function is inactive", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Inactive", "StateReasonCode": "Idle", "LastUpdateStatus": "Successful"})
	}, blocks("is Inactive in us-west-2 (Idle)")},
	{"CAP-10", "the last update failed", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Active", "LastUpdateStatus": "Failed"})
	}, blocks("last update ended as Failed")},
	{"CAP-10", "no concurrency at all", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 0.0})
	}, blocks("reserved concurrency is 0")},
	{"CAP-10", "less concurrency than the ceiling", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 5.0})
	}, blocks("ceiling of 100 %")},
	{"CAP-10", "a cap that the primary does not have", func(w *world) {
		w.fact(&w.east, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": nil})
	}, blocks("not limited in us-east-1")},
	{"CAP-10", "no reservation", func(w *world) {
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": nil})
	}, warns("nothing in us-west-2")},
	{"CAP-10", "provisioned concurrency failed", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 10.0, "Provisioned": object{"Status": "FAILED"}})
		}
	}, blocks("provisioned concurrency is FAILED")},
	{"CAP-10", "half the concurrency with a ceiling of half", func(w *world) {
		w.objectives.Ceiling = 0.5
		w.fact(&w.west, drift.FactLambdaConcurrency, "app/Fn", object{"Reserved": 5.0})
	}, passes()},
	{"CAP-10", "active and updated", func(*world) {}, passes()},
	{"CAP-10", "an inactive function with backup and restore", func(w *world) {
		backedUp(w)
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Inactive"})
	}, want{status: Off, verdict: Ready}},
	{"CAP-10", "the state could not be read", func(w *world) {
		w.deniedFact(drift.FactLambdaState, "app/Fn", "lambda:GetFunction")
	}, unknown("lambda:GetFunction")},
	{"CAP-10", "an update is in progress", func(w *world) {
		w.fact(&w.west, drift.FactLambdaState, "app/Fn", object{"State": "Active", "LastUpdateStatus": "InProgress"})
	}, unknown("")},

	{"SEC-01", "the replica failed", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": west, "Status": "Failed", "StatusMessage": "bad key"}}})
	}, blocks("replica in us-west-2 is Failed: bad key")},
	{"SEC-01", "the replica is not finished", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": west, "Status": "InProgress"}}})
	}, blocks("InProgress")},
	{"SEC-01", "neither a replica nor a copy", func(w *world) {
		w.lose("app/Secret", drift.Block)
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{object{"Region": "eu-west-1", "Status": "InSync"}}})
	}, blocks("missing in us-west-2")},
	{"SEC-01", "in sync", func(*world) {}, passes()},
	{"SEC-01", "a copy of its own", func(w *world) {
		w.fact(&w.east, drift.FactSecretReplication, "app/Secret", object{"Replicas": []any{}})
	}, passes()},
	{"SEC-01", "the secret could not be described", func(w *world) {
		w.forget(&w.east, drift.FactSecretReplication)
		w.gap(drift.Gap{Region: east, Resource: "app/Secret", Operation: "secretsmanager:DescribeSecret", Reason: "AccessDenied", Fact: drift.FactSecretReplication})
	}, unknown("secretsmanager:DescribeSecret")},

	{"SEC-03", "the key is disabled", func(w *world) {
		w.fact(&w.west, drift.FactKeyState, "app/Key", object{"KeyState": "Disabled", "Enabled": false})
	}, blocks("is Disabled in us-west-2")},
	{"SEC-03", "the key waits for deletion", func(w *world) {
		w.fact(&w.west, drift.FactKeyState, "app/Key", object{"KeyState": "PendingDeletion", "DeletionDate": "2026-12-01"})
	}, blocks("deleted on 2026-12-01")},
	{"SEC-03", "enabled", func(*world) {}, passes()},
	{"SEC-03", "the key could not be described", func(w *world) { w.deny("app/Key", "kms:DescribeKey") }, unknown("kms:DescribeKey")},
	{"SEC-03", "nobody tried to read the state", func(w *world) { w.forget(&w.west, drift.FactKeyState) }, unknown("kms:DescribeKey")},

	{"ART-07", "another checksum", func(w *world) {
		w.fact(&w.west, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code-west", "Key": "fn.zip", "Checksum": "xyz"})
	}, blocks("xyz in us-west-2")},
	{"ART-07", "only ETags are known and differ", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "etag:" + s.Region.Name, "Size": 10.0})
		}
	}, unknown("")},
	{"ART-07", "only ETags are known and the sizes differ too", func(w *world) {
		for i, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "etag:" + s.Region.Name, "Size": float64(i)})
		}
	}, blocks("etag:us-west-2 in us-west-2")},
	{"ART-07", "another checksum of one kind", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code", "Key": "fn.zip", "Checksum": "sha256:" + s.Region.Name})
		}
	}, blocks("sha256:us-west-2")},
	{"ART-07", "the bundle is not there", func(w *world) {
		w.forget(&w.west, drift.FactArtifact)
		w.gap(drift.Gap{Region: west, Resource: "app/Fn#Code", Operation: "s3:GetObject", Reason: "NoSuchKey", Fact: drift.FactArtifact})
	}, blocks("s3://code/fn.zip is not in us-west-2")},
	{"ART-07", "the same checksum in another bucket", func(w *world) {
		w.fact(&w.west, drift.FactArtifact, "app/Fn#Code", object{"Bucket": "code-west", "Key": "fn.zip", "Checksum": "abc"})
	}, passes()},
	{"ART-07", "the bundle could not be read", func(w *world) {
		w.deniedFact(drift.FactArtifact, "app/Fn#Code", "s3:GetObject")
	}, unknown("s3:GetObject")},
	{"ART-07", "inline code needs no bundle", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.forget(s, drift.FactArtifact)
			w.resource(s, "app/Fn").Properties["Code"] = object{"ZipFile": "pass"}
		}
	}, want{status: NotApplicable, verdict: Ready}},

	{"OBS-02", "an alarm rings", func(w *world) { w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "ALARM") }, blocks("is in ALARM in us-west-2")},
	{"OBS-02", "an alarm has no data", func(w *world) {
		w.fact(&w.west, drift.FactAlarmState, "app/Alarm", "INSUFFICIENT_DATA")
	}, warns("has no data")},
	{"OBS-02", "only the primary has the alarm", func(w *world) { w.lose("app/Alarm", drift.Warn) }, warns("watches us-east-1 and not us-west-2")},
	{"OBS-02", "the primary's alarm rings", func(w *world) { w.fact(&w.east, drift.FactAlarmState, "app/Alarm", "ALARM") }, passes()},
	{"OBS-02", "the alarm's state could not be read", func(w *world) {
		w.deniedFact(drift.FactAlarmState, "app/Alarm", "cloudwatch:DescribeAlarms")
	}, unknown("cloudwatch:DescribeAlarms")},
}
