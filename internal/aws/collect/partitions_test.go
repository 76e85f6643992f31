package collect

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Each active Region has orders of its own; only the East's are copied to the West.
func TestEachPeerIsAskedForRecoveryPointsOfTheOthersPartitions(t *testing.T) {
	w := newWorld(t)
	peers, err := topology.New("payments", topology.ActiveActive, []topology.Region{{Name: "us-east-1", Role: topology.Active}, {Name: "us-west-2", Role: topology.Active}})
	if err != nil {
		t.Fatal(err)
	}
	w.topology = peers
	w.everywhere(strings.ReplaceAll(backedUp, "    Condition: Primary\n", ""))
	o := w.options("app")
	o.Objectives = topology.Objectives{RPO: 24 * time.Hour, GeoPartitioned: []string{"app/Tab*"}}
	ctx, east := t.Context(), backup.NewFromConfig(w.sessions[0].Config)
	role := aws.String("arn:aws:iam::111111111111:role/backup")
	made, err := east.StartBackupJob(ctx, &backup.StartBackupJobInput{BackupVaultName: aws.String("dr"), ResourceArn: aws.String(tableARN), IamRoleArn: role})
	if err != nil {
		t.Fatal(err)
	}
	_, err = east.StartCopyJob(ctx, &backup.StartCopyJobInput{RecoveryPointArn: made.RecoveryPointArn, SourceBackupVaultName: aws.String("dr"),
		DestinationBackupVaultArn: aws.String("arn:aws:backup:us-west-2:111111111111:backup-vault:dr"), IamRoleArn: role})
	if err != nil {
		t.Fatal(err)
	}
	snapshots := w.snapshots(o)
	if points := pointsOf(t, snapshots[1], "app/Table@us-east-1"); !strings.HasPrefix(points, "vault dr, COMPLETED") {
		t.Errorf("the West has %q of the East's table", points)
	}
	if points := pointsOf(t, snapshots[0], "app/Table@us-west-2"); points != "" {
		t.Errorf("the East has %q of the West's table", points)
	}
	for _, s := range snapshots {
		if slices.ContainsFunc(s.Facts, func(f drift.Fact) bool {
			return f.Kind == drift.FactRecoveryPoints && !strings.HasPrefix(f.Subject, "app/Table@")
		}) {
			t.Errorf("%s was asked about what is not partitioned", s.Region.Name)
		}
		for _, g := range s.Gaps {
			t.Errorf("%s: gap %+v", s.Region.Name, g)
		}
	}
}
