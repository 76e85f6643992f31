package readiness

import (
	"slices"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func TestWhatWasMeasuredStandsBesideWhatWasDeclared(t *testing.T) {
	replicated := func(w *world) {
		w.without("AWS::MSK::Cluster", "AWS::OpenSearchService::Domain", "AWS::ElastiCache::ReplicationGroup", typeBucket)
		w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"ReadReplicaDBInstanceIdentifiers": []any{"arn:aws:rds:us-west-2:1:db:Database"}})
		w.fact(&w.east, drift.FactGlobalClusterState, "app/Global", object{"GlobalClusterMembers": []any{
			object{"DBClusterArn": "arn:aws:rds:us-east-1:1:cluster:Aurora", "IsWriter": true}, object{"DBClusterArn": "arn:aws:rds:us-west-2:1:cluster:Aurora"}}})
		w.fact(&w.east, drift.FactFileSystemReplication, "app/Files", replicated("ENABLED", "2026-11-22T17:58:00Z"))
	}
	for _, c := range []struct {
		name     string
		bend     func(*world)
		measured any // seconds, or nil
		resource string
		missing  []string
	}{
		{"the worst of all replicas", replicated, 120.0, "app/Files", nil},
		{"a lag that is stale measures nothing", func(w *world) {
			replicated(w)
			w.fact(&w.west, drift.FactReplicaLag, "app/Database", staleLag("ReplicaLag"))
		}, 120.0, "app/Files", []string{"app/Database"}},
		{"-1 is stopped and measures nothing", func(w *world) {
			replicated(w)
			w.fact(&w.west, drift.FactReplicaLag, "app/Database", behind("ReplicaLag", -1))
		}, 120.0, "app/Files", []string{"app/Database"}},
		{"the worst of all recovery points", func(w *world) {
			backedUp(w)
			points(w, "app/Database", inVault(30, "COMPLETED"))
		}, 108000.0, "app/Database", nil},
		{"a recovery point that cannot be decrypted measures nothing", func(w *world) {
			backedUp(w)
			points(w, "app/Database", with(inVault(1, "COMPLETED"), "Key", "arn:aws:kms:us-east-1:1:key/1"))
		}, 7200.0, "app/Aurora", []string{"app/Database"}},
		{"the better of a replica and a recovery point", func(w *world) {
			backedUp(w)
			w.fact(&w.east, drift.FactDBInstanceState, "app/Database", object{"ReadReplicaDBInstanceIdentifiers": []any{"arn:aws:rds:us-west-2:1:db:Database"}})
			points(w, "app/Database", inVault(30, "COMPLETED"))
		}, 7200.0, "app/Aurora", nil},
		{"a rule that replicates a part of a bucket measures no bucket", func(w *world) {
			backedUp(w)
			bucketRule("Filter", object{"Prefix": "invoices/"})(w)
		}, 7200.0, "app/Aurora", []string{"app/Bucket"}},
		{"nothing is known", func(w *world) {
			w.without("AWS::DynamoDB::Table", typeDBInstance, typeDBCluster, typeFileSystem, typeBucket, "AWS::MSK::Cluster", "AWS::ElastiCache::ReplicationGroup")
		}, nil, "", []string{"app/Search"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := healthy()
			c.bend(w)
			loss := Measure(w.evidence()).RPO
			var measured any
			if loss.Measured != nil {
				measured = *loss.Measured
			}
			if measured != c.measured || loss.Resource != c.resource || !slices.Equal(loss.NotMeasured, c.missing) {
				t.Errorf("%v of %s (%s), not measured %v; want %v of %s, %v", measured, loss.Resource, loss.By, loss.NotMeasured, c.measured, c.resource, c.missing)
			}
		})
	}
}

func TestWhatLimitsATakeoverIsTheDrillAndTheLongestTTL(t *testing.T) {
	w := healthy()
	w.objectives.RTO = 15 * time.Minute
	w.resource(&w.east, "app/Record").Properties["TTL"] = "300"
	o := Measure(w.evidence()).RTO
	if o.Declared != 900 || o.Measured == nil || *o.Measured != 720 || o.Drill != "2026-10-03" || o.By != "by plan" {
		t.Errorf("drill: %+v", o)
	}
	if o.TTL == nil || *o.TTL != 300 || o.Record != "app/Record" {
		t.Errorf("ttl: %+v", o)
	}
	w.takeover = topology.Takeover{Drill: topology.Drill{On: now.AddDate(0, 0, -20).Truncate(24 * time.Hour)}}
	w.without(typeRecord)
	if o = Measure(w.evidence()).RTO; o.Measured != nil || o.TTL != nil || o.Drill != "2026-11-02" {
		t.Errorf("a drill whose length nobody wrote down, and no record: %+v", o)
	}
	w.takeover = topology.Takeover{}
	if o = Measure(w.evidence()).RTO; o.Drill != "" || o.Measured != nil {
		t.Errorf("no drill: %+v", o)
	}
}

func TestARegionThatFollowsSeveralIsAsFarBehindAsTheWorst(t *testing.T) {
	a := Measured{Region: west, RPO: Loss{Measured: pointer(1.0), Resource: "a", NotMeasured: []string{"x"}}, RTO: Outage{TTL: pointer(60.0), Record: "r"}}
	b := Measured{Region: west, RPO: Loss{Measured: pointer(9.0), Resource: "b", NotMeasured: []string{"x", "y"}}, RTO: Outage{}}
	m := WorseOf(a, b)
	if *m.RPO.Measured != 9 || m.RPO.Resource != "b" || !slices.Equal(m.RPO.NotMeasured, []string{"x", "y"}) || *m.RTO.TTL != 60 {
		t.Errorf("%+v", m)
	}
}
