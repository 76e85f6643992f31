package collect

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/rds"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/topology"
)

const backedUp = `
Parameters:
  Role: {Type: String}
Conditions:
  Primary: !Equals [!Ref Role, primary]
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {Description: of the vault}}
  Vault: {Type: AWS::Backup::BackupVault, Properties: {BackupVaultName: dr, EncryptionKeyArn: !GetAtt Key.Arn}}
  Table:
    Type: AWS::DynamoDB::Table
    Condition: Primary
    Properties:
      TableName: orders
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Orders:
    Type: AWS::RDS::DBInstance
    Condition: Primary
    Properties: {DBInstanceIdentifier: orders, DBInstanceClass: db.r6g.large, Engine: postgres, AllocatedStorage: "100", MasterUsername: app, ManageMasterUserPassword: true}
  Ledger:
    Type: AWS::RDS::DBCluster
    Condition: Primary
    Properties: {DBClusterIdentifier: ledger, Engine: aurora-postgresql, MasterUsername: app, ManageMasterUserPassword: true}
`

// recoverable deploys what is backed up, and more of it.
func recoverable(t *testing.T, more ...string) (*world, Options) {
	w := newWorld(t)
	w.topology.Strategy = topology.BackupRestore
	w.everywhere(backedUp + strings.Join(more, ""))
	o := w.options("app")
	o.Objectives = topology.Objectives{RPO: 24 * time.Hour, Drill: 90 * 24 * time.Hour}
	return w, o
}

const tableARN = "arn:aws:dynamodb:us-east-1:111111111111:table/orders"

// copies lets the table, the database and the cluster have recovery points in the
// standby's Region, made so long ago as the clock then advances.
func (w *world) copies(age time.Duration) {
	w.Helper()
	ctx, east, west := w.Context(), w.sessions[0].Config, w.sessions[1].Config
	must := func(err error) {
		if err != nil {
			w.Fatal(err)
		}
	}
	made, err := backup.NewFromConfig(east).StartBackupJob(ctx, &backup.StartBackupJobInput{BackupVaultName: aws.String("dr"), ResourceArn: aws.String(tableARN), IamRoleArn: aws.String("arn:aws:iam::111111111111:role/backup")})
	must(err)
	_, err = rds.NewFromConfig(east).CreateDBSnapshot(ctx, &rds.CreateDBSnapshotInput{DBInstanceIdentifier: aws.String("orders"), DBSnapshotIdentifier: aws.String("daily")})
	must(err)
	_, err = rds.NewFromConfig(east).CreateDBClusterSnapshot(ctx, &rds.CreateDBClusterSnapshotInput{DBClusterIdentifier: aws.String("ledger"), DBClusterSnapshotIdentifier: aws.String("rds:ledger-2026-11-01-09-30")})
	must(err)
	w.clock.Advance(age)
	_, err = backup.NewFromConfig(east).StartCopyJob(ctx, &backup.StartCopyJobInput{RecoveryPointArn: made.RecoveryPointArn, SourceBackupVaultName: aws.String("dr"),
		DestinationBackupVaultArn: aws.String("arn:aws:backup:us-west-2:111111111111:backup-vault:dr"), IamRoleArn: aws.String("arn:aws:iam::111111111111:role/backup")})
	must(err)
	_, err = rds.NewFromConfig(west).CopyDBSnapshot(ctx, &rds.CopyDBSnapshotInput{SourceDBSnapshotIdentifier: aws.String("arn:aws:rds:us-east-1:111111111111:snapshot:daily"),
		TargetDBSnapshotIdentifier: aws.String("copied")})
	must(err)
	_, err = rds.NewFromConfig(west).CopyDBClusterSnapshot(ctx, &rds.CopyDBClusterSnapshotInput{
		SourceDBClusterSnapshotIdentifier: aws.String("arn:aws:rds:us-east-1:111111111111:cluster-snapshot:rds:ledger-2026-11-01-09-30"), TargetDBClusterSnapshotIdentifier: aws.String("copied")})
	must(err)
}

// pointsOf are the recovery points of a store, as text.
func pointsOf(t *testing.T, s *drift.Snapshot, key string) string {
	t.Helper()
	var all []string
	for _, p := range factOf(t, s, drift.FactRecoveryPoints, key)["Points"].([]any) {
		one := p.(map[string]any)
		at, _ := one["Time"].(string)
		all = append(all, strings.Join([]string{one["From"].(string), one["Status"].(string), cmp.Or(at, "no time")}, ", "))
	}
	return strings.Join(all, "; ")
}

func TestWhatTheStandbyCouldRestoreIsRead(t *testing.T) {
	w, o := recoverable(t)
	for _, key := range []string{"app/Table", "app/Orders", "app/Ledger"} {
		if points := pointsOf(t, w.snapshots(o)[1], key); points != "" {
			t.Errorf("%s has %s before anything was copied", key, points)
		}
	}
	made := w.clock.Now().UTC().Format(time.RFC3339)
	w.copies(2 * time.Hour)
	_, err := rds.NewFromConfig(w.sessions[1].Config).StartDBInstanceAutomatedBackupsReplication(t.Context(), &rds.StartDBInstanceAutomatedBackupsReplicationInput{
		SourceDBInstanceArn: aws.String("arn:aws:rds:us-east-1:111111111111:db:orders")})
	if err != nil {
		t.Fatal(err)
	}
	now := w.clock.Now().Add(-5 * time.Minute).UTC().Format(time.RFC3339)
	snapshots := w.snapshots(o)
	for key, want := range map[string]string{
		"app/Table":  "vault dr, COMPLETED, " + made,
		"app/Orders": "replicated automated backups, replicating, " + now + "; copied snapshots, available, " + made,
		"app/Ledger": "copied cluster snapshots, available, 2026-11-01T09:30:00Z",
	} {
		if points := pointsOf(t, snapshots[1], key); points != want {
			t.Errorf("%s has %s, want %s", key, points, want)
		}
	}
	key := resource(t, snapshots[1], "app/Key")
	if state := factOf(t, snapshots[1], drift.FactRecoveryKey, key.Identities["Arn"]); state["KeyState"] != "Enabled" || state["Exists"] != true {
		t.Errorf("key: %v", state)
	}
	for _, s := range snapshots {
		for _, g := range s.Gaps {
			t.Errorf("%s: gap %+v", s.Region.Name, g)
		}
	}
	if slices.ContainsFunc(snapshots[0].Facts, func(f drift.Fact) bool { return f.Kind == drift.FactRecoveryPoints }) {
		t.Error("the primary was asked for recovery points: they are lost with it")
	}
	w.topology.Strategy = topology.WarmStandby
	o.Topology = w.topology
	if slices.ContainsFunc(w.snapshots(o)[1].Facts, func(f drift.Fact) bool { return f.Kind == drift.FactRecoveryPoints }) {
		t.Error("a warm standby was asked for recovery points")
	}
}

func TestAKeyThatIsToBeDeletedAndARestoreAreRead(t *testing.T) {
	w, o := recoverable(t)
	w.copies(time.Hour)
	west := w.sessions[1].Config
	key := resource(t, w.snapshots(o)[1], "app/Key")
	if _, err := kms.NewFromConfig(west).ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: &key.ID}); err != nil {
		t.Fatal(err)
	}
	vault := backup.NewFromConfig(west)
	points, err := vault.ListRecoveryPointsByBackupVault(t.Context(), &backup.ListRecoveryPointsByBackupVaultInput{BackupVaultName: aws.String("dr")})
	if err != nil || len(points.RecoveryPoints) != 1 {
		t.Fatalf("%v %v", points, err)
	}
	if _, err := vault.StartRestoreJob(t.Context(), &backup.StartRestoreJobInput{RecoveryPointArn: points.RecoveryPoints[0].RecoveryPointArn, Metadata: map[string]string{"targetTableName": "trial"}}); err != nil {
		t.Fatal(err)
	}
	snapshot := w.snapshots(o)[1]
	if state := factOf(t, snapshot, drift.FactRecoveryKey, key.Identities["Arn"]); state["KeyState"] != "PendingDeletion" || state["DeletionDate"] == nil {
		t.Errorf("key: %v", state)
	}
	if restore := factOf(t, snapshot, drift.FactRestores, "app/Table"); restore["Completed"] != w.clock.Now().UTC().Format(time.RFC3339) || restore["Failed"] != nil {
		t.Errorf("table: %v", restore)
	}
	if restore := factOf(t, snapshot, drift.FactRestores, "app/Orders"); restore["Completed"] != nil {
		t.Errorf("database: %v", restore)
	}
}

// TestAVaultThatMayNotBeListedHidesNothingElsewhere denies the vaults and leaves
// what RDS keeps: every store says which places were not read.
func TestAVaultThatMayNotBeListedHidesNothingElsewhere(t *testing.T) {
	w, o := recoverable(t)
	w.copies(time.Hour)
	if _, err := w.cloud.Fail(awssim.Fault{Service: "backup", Operation: "ListRecoveryPointsByBackupVault", Effect: fault.AccessDenied}); err != nil {
		t.Fatal(err)
	}
	west := w.snapshots(o)[1]
	for key, want := range map[string]string{"app/Table": "", "app/Ledger": "copied cluster snapshots"} {
		points := pointsOf(t, west, key)
		if unread := factOf(t, west, drift.FactRecoveryPoints, key)["Unread"]; !strings.HasPrefix(points, want) || (points == "") != (want == "") || !reflect.DeepEqual(unread, []any{"vault dr"}) {
			t.Errorf("%s has %q beside %v", key, points, unread)
		}
	}
}

// TestEachRefusalOfARecoveryPointIsAGap lets each call be denied in turn: nothing
// is said of what might be behind it, and the printed policy has the permission.
func TestEachRefusalOfARecoveryPointIsAGap(t *testing.T) {
	w, o := recoverable(t)
	w.copies(time.Hour)
	key := resource(t, w.snapshots(o)[1], "app/Key").Identities["Arn"]
	listed := RecoveryActions(evidence.Declared{Strategy: topology.BackupRestore}, []string{"AWS::DynamoDB::Table", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"}, Inventory{})
	for _, call := range []struct{ service, operation, fact, subject string }{
		{"backup", "ListBackupVaults", drift.GapRecoveryPlace, "backup vaults"},
		{"backup", "ListRecoveryPointsByBackupVault", drift.GapRecoveryPlace, "vault dr"},
		{"rds", "DescribeDBInstanceAutomatedBackups", drift.GapRecoveryPlace, "replicated automated backups"},
		{"rds", "DescribeDBSnapshots", drift.GapRecoveryPlace, "copied snapshots"},
		{"rds", "DescribeDBClusterSnapshots", drift.GapRecoveryPlace, "copied cluster snapshots"},
		{"backup", "ListRestoreJobs", drift.FactRestores, "app/Table"},
		{"kms", "DescribeKey", drift.FactRecoveryKey, key},
	} {
		action := call.service + ":" + call.operation
		id, err := w.cloud.Fail(awssim.Fault{Service: call.service, Operation: call.operation, Effect: fault.AccessDenied})
		if err != nil {
			t.Fatal(err)
		}
		west := w.snapshots(o)[1]
		w.cloud.Heal(id)
		named := slices.ContainsFunc(west.Gaps, func(g drift.Gap) bool {
			return g.Fact == call.fact && g.Resource == call.subject && g.Operation == action && strings.HasPrefix(g.Reason, "AccessDenied")
		})
		known := slices.ContainsFunc(west.Facts, func(f drift.Fact) bool { return f.Kind == call.fact && f.Subject == call.subject })
		if !named || known || !slices.Contains(listed, action) {
			t.Errorf("%s denied: gap %v, fact %v, listed %v; %+v", action, named, known, slices.Contains(listed, action), west.Gaps)
		}
	}
}

// TestADiskOfAnInstanceHasItsOwnRecoveryPoints backs up a volume that no template
// declares, in the standby's Region.
func TestADiskOfAnInstanceHasItsOwnRecoveryPoints(t *testing.T) {
	w, o := recoverable(t, `
  Server:
    Type: AWS::EC2::Instance
    Condition: Primary
    Properties: {ImageId: ami-0123456789abcdef0, InstanceType: m5.large, BlockDeviceMappings: [{DeviceName: /dev/sdf, Ebs: {VolumeSize: 8, DeleteOnTermination: false}}]}
`)
	disks := factOf(t, w.snapshots(o)[0], drift.FactInstanceState, "app/Server")["Disks"].([]any)
	if len(disks) != 1 || disks[0].(map[string]any)["DeleteOnTermination"] != false {
		t.Fatalf("disks: %v", disks)
	}
	id := disks[0].(map[string]any)["Id"].(string)
	west := backup.NewFromConfig(w.sessions[1].Config)
	if _, err := west.StartBackupJob(t.Context(), &backup.StartBackupJobInput{BackupVaultName: aws.String("dr"),
		ResourceArn: aws.String("arn:aws:ec2:us-east-1:111111111111:volume/" + id), IamRoleArn: aws.String("arn:aws:iam::111111111111:role/backup")}); err != nil {
		t.Fatal(err)
	}
	snapshot := w.snapshots(o)[1]
	if points := pointsOf(t, snapshot, "app/Server#"+id); !strings.HasPrefix(points, "vault dr, COMPLETED") {
		t.Errorf("the disk has %q", points)
	}
	if points := pointsOf(t, snapshot, "app/Server"); points != "" {
		t.Errorf("the server has %q", points)
	}
	if slices.ContainsFunc(snapshot.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactRestores && strings.Contains(f.Subject, "#") }) {
		t.Error("restores of a disk are told of its server")
	}
}
