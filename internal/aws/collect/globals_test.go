package collect

import (
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

const globalData = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Table:
    Type: AWS::DynamoDB::GlobalTable
    Condition: Primary
    Properties:
      TableName: ledger
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      Replicas:
        - {Region: us-east-1, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, DeletionProtectionEnabled: true}
        - {Region: us-west-2, PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}, DeletionProtectionEnabled: true}
  Global:
    Type: AWS::RDS::GlobalCluster
    Condition: Primary
    Properties: {GlobalClusterIdentifier: ledger, Engine: aurora-postgresql, EngineVersion: "16.6", StorageEncrypted: true}
  Cluster:
    Type: AWS::RDS::DBCluster
    Properties:
      Engine: aurora-postgresql
      EngineVersion: "16.6"
      GlobalClusterIdentifier: !If [Primary, !Ref Global, ledger]
      StorageEncrypted: true
      MasterUsername: !If [Primary, app, !Ref "AWS::NoValue"]
      ManageMasterUserPassword: !If [Primary, true, !Ref "AWS::NoValue"]
  Instance:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: aurora-postgresql, DBClusterIdentifier: !Ref Cluster, DBInstanceClass: db.r6g.large}
`

func TestWhatReplicatesBetweenTheRegionsSaysHowItFares(t *testing.T) {
	w := newWorld(t)
	for i, s := range w.sessions {
		w.deploy(s.Config, "app", []byte(globalData), map[string]string{"Role": []string{"primary", "standby"}[i]})
	}
	snapshots := w.snapshots(w.options("app"))
	for _, s := range snapshots {
		if len(s.Gaps) != 0 {
			t.Errorf("%s: gaps %+v", s.Region.Name, s.Gaps)
		}
	}
	table := resource(t, snapshots[0], "app/Table")
	replicas, _ := table.Properties["Replicas"].([]any)
	if len(replicas) != 2 || replicas[0].(map[string]any)["DeletionProtectionEnabled"] != true || table.Properties["DeletionProtectionEnabled"] != nil {
		t.Errorf("%v", table.Properties)
	}
	found := false
	for _, f := range snapshots[0].Facts {
		if list, _ := f.Value.([]any); f.Kind == drift.FactTableReplicas && len(list) == 1 {
			found = list[0].(map[string]any)["ReplicaStatus"] == "ACTIVE" && list[0].(map[string]any)["RegionName"] == "us-west-2"
		}
	}
	if !found {
		t.Error("nothing says how the replica fares")
	}
	members, _ := factOf(t, snapshots[0], drift.FactGlobalClusterState, "app/Global")["GlobalClusterMembers"].([]any)
	if len(members) != 2 || members[0].(map[string]any)["IsWriter"] != true || members[1].(map[string]any)["SynchronizationStatus"] != "connected" {
		t.Errorf("members %v", members)
	}
	for _, f := range compare(w, snapshots).Findings {
		if f.Resource == "app/Cluster" || f.Resource == "app/Instance" {
			t.Errorf("a secondary is no drift: %s.%s: %v and %v", f.Resource, f.Property, f.Primary, f.Standby)
		}
	}
}
