package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/efs"
	"github.com/aws/aws-sdk-go-v2/service/efs/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestFileSystems(t *testing.T) {
	w := telltale(t, "efs")
	ctx := t.Context()
	w.shows(
		edit{"Files", "ThroughputMode", func(cfg aws.Config, id string) error {
			_, err := efs.NewFromConfig(cfg).UpdateFileSystem(ctx, &efs.UpdateFileSystemInput{FileSystemId: &id, ThroughputMode: "bursting"})
			return err
		}},
		edit{"Files", "LifecyclePolicies", func(cfg aws.Config, id string) error {
			_, err := efs.NewFromConfig(cfg).PutLifecycleConfiguration(ctx, &efs.PutLifecycleConfigurationInput{FileSystemId: &id, LifecyclePolicies: []types.LifecyclePolicy{}})
			return err
		}},
		edit{"Plain", "BackupPolicy", func(cfg aws.Config, id string) error {
			_, err := efs.NewFromConfig(cfg).PutBackupPolicy(ctx, &efs.PutBackupPolicyInput{FileSystemId: &id, BackupPolicy: &types.BackupPolicy{Status: "ENABLED"}})
			return err
		}},
		edit{"Target", "SecurityGroups", func(cfg aws.Config, id string) error {
			_, err := efs.NewFromConfig(cfg).ModifyMountTargetSecurityGroups(ctx, &efs.ModifyMountTargetSecurityGroupsInput{MountTargetId: &id, SecurityGroups: []string{"sg-0123456789abcdef0"}})
			return err
		}},
	)
}

const replicating = `
Resources:
  Files:
    Type: AWS::EFS::FileSystem
    Properties: {Encrypted: true, ReplicationConfiguration: {Destinations: [{Region: us-west-2}]}}
`

func TestAReplicationIsToldOfItsSource(t *testing.T) {
	w := newWorld(t)
	w.deploy(w.sessions[0].Config, "app", []byte(replicating), nil)
	s := w.snapshots(w.options("app"))[0]
	if len(s.Gaps) != 0 {
		t.Errorf("gaps %+v", s.Gaps)
	}
	state := factOf(t, s, drift.FactFileSystemReplication, "app/Files")
	destinations, _ := state["Destinations"].([]any)
	if state["Role"] != "source" || len(destinations) != 1 || destinations[0].(map[string]any)["Status"] != "ENABLED" {
		t.Errorf("%v", state)
	}
}
