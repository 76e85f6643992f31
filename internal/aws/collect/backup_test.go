package collect

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	backuptypes "github.com/aws/aws-sdk-go-v2/service/backup/types"
	"github.com/aws/aws-sdk-go-v2/service/opensearch"
	searchtypes "github.com/aws/aws-sdk-go-v2/service/opensearch/types"

	"github.com/lockstep-dr/lockstep/drift"
)

func TestBackupsAndSearch(t *testing.T) {
	w := telltale(t, "backup")
	ctx := t.Context()
	if state := factOf(t, w.snapshots(w.options("app"))[1], drift.FactDomainState, "app/Search"); state["DomainProcessingStatus"] != "Active" {
		t.Errorf("state %v", state)
	}
	w.shows(
		edit{"Plan", "BackupPlan", func(cfg aws.Config, id string) error {
			_, err := backup.NewFromConfig(cfg).UpdateBackupPlan(ctx, &backup.UpdateBackupPlanInput{BackupPlanId: &id, BackupPlan: &backuptypes.BackupPlanInput{
				BackupPlanName: aws.String("daily"), Rules: []backuptypes.BackupRuleInput{{RuleName: aws.String("daily"), TargetBackupVaultName: aws.String("app-us-west-2"),
					ScheduleExpression: aws.String("cron(0 3 1 * ? *)")}}}})
			return err
		}},
		edit{"Plain", "AccessPolicy", func(cfg aws.Config, id string) error {
			_, err := backup.NewFromConfig(cfg).PutBackupVaultAccessPolicy(ctx, &backup.PutBackupVaultAccessPolicyInput{BackupVaultName: &id,
				Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"backup:*","Resource":"*"}]}`)})
			return err
		}},
		edit{"Search", "ClusterConfig", func(cfg aws.Config, id string) error {
			_, err := opensearch.NewFromConfig(cfg).UpdateDomainConfig(ctx, &opensearch.UpdateDomainConfigInput{DomainName: &id,
				ClusterConfig: &searchtypes.ClusterConfig{InstanceType: "t3.small.search"}})
			return err
		}},
	)
}
