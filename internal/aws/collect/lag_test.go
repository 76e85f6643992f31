package collect

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/topology"
)

const replicas = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceIdentifier: !Sub "orders-${Role}"
      DBInstanceClass: db.r6g.large
      Engine: !If [Primary, postgres, !Ref "AWS::NoValue"]
      AllocatedStorage: !If [Primary, "100", !Ref "AWS::NoValue"]
      MasterUsername: !If [Primary, app, !Ref "AWS::NoValue"]
      ManageMasterUserPassword: !If [Primary, true, !Ref "AWS::NoValue"]
      BackupRetentionPeriod: !If [Primary, 7, !Ref "AWS::NoValue"]
      SourceDBInstanceIdentifier: !If [Primary, !Ref "AWS::NoValue", !Sub "arn:aws:rds:us-east-1:${AWS::AccountId}:db:orders-primary"]
  Files:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: !Sub "files-${Role}"
      VersioningConfiguration: {Status: Enabled}
      ReplicationConfiguration: !If
        - Primary
        - Role: arn:aws:iam::111111111111:role/replication
          Rules:
            - {Id: all, Status: Enabled, Prefix: "", Destination: {Bucket: "arn:aws:s3:::files-standby", Metrics: {Status: Enabled}}}
        - !Ref AWS::NoValue
`

// measured tells CloudWatch of a Region a datapoint, so many minutes ago.
func (w *world) measured(region int, namespace, name string, value float64, minutesAgo int, dimensions ...[2]string) {
	w.Helper()
	datum := types.MetricDatum{MetricName: &name, Value: &value, Timestamp: aws.Time(w.clock.Now().Add(-time.Duration(minutesAgo) * time.Minute))}
	for _, d := range dimensions {
		datum.Dimensions = append(datum.Dimensions, types.Dimension{Name: aws.String(d[0]), Value: aws.String(d[1])})
	}
	_, err := cloudwatch.NewFromConfig(w.sessions[region].Config).PutMetricData(w.Context(), &cloudwatch.PutMetricDataInput{Namespace: &namespace, MetricData: []types.MetricDatum{datum}})
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) everywhere(body string) {
	w.Helper()
	for i, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(body), map[string]string{"Role": []string{"primary", "standby"}[i]})
	}
}

func TestHowFarTheCopiesAreBehindIsAFactWithItsTime(t *testing.T) {
	w := newWorld(t)
	w.everywhere(replicas)
	lags := []struct {
		region        int // where it is read
		kind, subject string
		want          any
	}{
		{1, drift.FactReplicaLag, "app/Orders", 12.0},
		{1, drift.FactBucketLag, "app/Files#all", 30.0},
	}
	for _, l := range lags {
		if fact := factOf(t, w.snapshots(w.options("app"))[l.region], l.kind, l.subject); fact["Seconds"] != nil || fact["At"] != nil || fact["Window"] != "3h" {
			t.Errorf("%s without a datapoint is %v", l.kind, fact)
		}
	}
	files := [][2]string{{"SourceBucket", "files-primary"}, {"DestinationBucket", "files-standby"}, {"RuleId", "all"}}
	w.measured(1, "AWS/RDS", "ReplicaLag", 99, 7, [2]string{"DBInstanceIdentifier", "orders-standby"})
	w.measured(1, "AWS/RDS", "ReplicaLag", 12, 3, [2]string{"DBInstanceIdentifier", "orders-standby"})
	w.measured(1, "AWS/S3", "ReplicationLatency", 30, 3, files...)
	w.measured(0, "AWS/S3", "OperationsFailedReplication", 2, 100, files...)
	w.measured(0, "AWS/S3", "OperationsFailedReplication", 3, 5, files...)
	w.measured(0, "AWS/S3", "OperationsFailedReplication", 7, 500, files...)
	snapshots := w.snapshots(w.options("app"))
	for _, l := range lags {
		at := w.clock.Now().Add(-3 * time.Minute).UTC().Format(time.RFC3339)
		if fact := factOf(t, snapshots[l.region], l.kind, l.subject); fact["Seconds"] != l.want || fact["At"] != at {
			t.Errorf("%s is %v, want %v at %s", l.kind, fact, l.want, at)
		}
	}
	if failures := factOf(t, snapshots[0], drift.FactBucketFailures, "app/Files#all"); failures["Operations"] != 5.0 {
		t.Errorf("failures %v: those of the last three hours are five", failures)
	}
}

func TestAMetricThatCannotBeReadIsAGap(t *testing.T) {
	w := newWorld(t)
	w.everywhere(replicas)
	w.fail(awssim.Fault{Region: "us-west-2", Service: "monitoring", Operation: "GetMetricData", Effect: fault.AccessDenied})
	found := map[string]bool{}
	for _, g := range w.snapshots(w.options("app"))[1].Gaps {
		if g.Operation == "cloudwatch:GetMetricData" && g.Reason == "AccessDenied" {
			found[g.Fact+" "+g.Resource] = true
		}
	}
	if len(found) != 2 || !found[drift.FactReplicaLag+" app/Orders"] || !found[drift.FactBucketLag+" app/Files#all"] {
		t.Errorf("gaps %v", found)
	}
}

func TestAnAuroraSecondaryIsMeasuredByItsRPO(t *testing.T) {
	w := newWorld(t)
	w.everywhere(globalData)
	cluster := resource(t, w.snapshots(w.options("app"))[1], "app/Cluster").ID
	dimensions := [][2]string{{"DBClusterIdentifier", cluster}, {"SourceRegion", "us-east-1"}}
	w.measured(1, "AWS/RDS", "AuroraGlobalDBReplicationLag", 250, 2, dimensions...)
	w.measured(0, "AWS/DynamoDB", "ReplicationLatency", 1500, 1, [2]string{"TableName", "ledger"}, [2]string{"ReceivingRegion", "us-west-2"})
	snapshots := w.snapshots(w.options("app"))
	if fact := factOf(t, snapshots[1], drift.FactAuroraLag, "app/Cluster"); fact["Metric"] != "AuroraGlobalDBReplicationLag" || fact["Seconds"] != 0.25 {
		t.Errorf("an engine without the metric of the RPO: %v", fact)
	}
	if fact := factOf(t, snapshots[0], drift.FactTableLag, "app/Table#us-west-2"); fact["Seconds"] != 1.5 {
		t.Errorf("table: %v", fact)
	}
	w.measured(1, "AWS/RDS", "AuroraGlobalDBRPOLag", 4000, 2, dimensions...)
	if fact := factOf(t, w.snapshots(w.options("app"))[1], drift.FactAuroraLag, "app/Cluster"); fact["Metric"] != "AuroraGlobalDBRPOLag" || fact["Seconds"] != 4.0 {
		t.Errorf("with it: %v", fact)
	}
}

const globalAlone = `
Resources:
  Global:
    Type: AWS::RDS::GlobalCluster
    Properties: {GlobalClusterIdentifier: ledger, Engine: aurora-postgresql, EngineVersion: "16.6"}
`

const memberAlone = `
Parameters:
  Role: {Type: String}
Resources:
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, EngineVersion: "16.6", GlobalClusterIdentifier: ledger, MasterUsername: app, ManageMasterUserPassword: true}
`

// A global database is often declared by nobody, or by a stack that is not the application's.
func TestAGlobalDatabaseThatNoSourceListsIsAskedFor(t *testing.T) {
	w := newWorld(t)
	w.deploy(w.sessions[0].Config, "global", []byte(globalAlone), nil)
	w.everywhere(memberAlone)
	for i, s := range w.snapshots(w.options("app")) {
		if fact := factOf(t, s, drift.FactGlobalClusterState, "app/Cluster"); fact["Status"] != "available" || len(fact["GlobalClusterMembers"].([]any)) != 2 {
			t.Errorf("Region %d: %v", i, fact)
		}
	}
	w.fail(awssim.Fault{Region: "us-east-1", Service: "rds", Operation: "DescribeGlobalClusters", Effect: fault.AccessDenied})
	for _, g := range w.snapshots(w.options("app"))[0].Gaps {
		if g.Fact == drift.FactGlobalClusterState && g.Resource == "app/Cluster" && g.Operation == "rds:DescribeGlobalClusters" {
			return
		}
	}
	t.Error("the refusal is no gap")
}

func TestTheObjectivesReachTheEvidence(t *testing.T) {
	o := Options{Objectives: topology.Objectives{RPO: time.Minute}, Topology: topology.Topology{Strategy: topology.PilotLight}}
	if d := o.declared(); d.Objectives.RPO != time.Minute || d.Strategy != topology.PilotLight {
		t.Errorf("%+v", d)
	}
}
