package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

type backupAPI interface {
	DescribeBackupVault(context.Context, *backup.DescribeBackupVaultInput, ...func(*backup.Options)) (*backup.DescribeBackupVaultOutput, error)
	GetBackupVaultAccessPolicy(context.Context, *backup.GetBackupVaultAccessPolicyInput, ...func(*backup.Options)) (*backup.GetBackupVaultAccessPolicyOutput, error)
	GetBackupVaultNotifications(context.Context, *backup.GetBackupVaultNotificationsInput, ...func(*backup.Options)) (*backup.GetBackupVaultNotificationsOutput, error)
	GetBackupPlan(context.Context, *backup.GetBackupPlanInput, ...func(*backup.Options)) (*backup.GetBackupPlanOutput, error)
	GetBackupSelection(context.Context, *backup.GetBackupSelectionInput, ...func(*backup.Options)) (*backup.GetBackupSelectionOutput, error)
	ListTags(context.Context, *backup.ListTagsInput, ...func(*backup.Options)) (*backup.ListTagsOutput, error)
}

func backupReader() reader {
	return reader{
		specs: []Spec{
			{Type: "AWS::Backup::BackupVault", Properties: []string{"BackupVaultName", "EncryptionKeyArn", "AccessPolicy", "Notifications", "LockConfiguration",
				"BackupVaultTags", "Tags"}, Actions: []string{"backup:DescribeBackupVault", "backup:GetBackupVaultAccessPolicy",
				"backup:GetBackupVaultNotifications", "backup:ListTags"}, Identities: []string{"BackupVaultArn", "BackupVaultName"}},
			{Type: "AWS::Backup::BackupPlan", Properties: []string{"BackupPlan", "BackupPlanTags", "Tags"}, Actions: []string{"backup:GetBackupPlan", "backup:ListTags"},
				Identities: []string{"BackupPlanArn", "BackupPlanId"}},
			{Type: "AWS::Backup::BackupSelection", Properties: []string{"BackupPlanId", "BackupSelection"}, Actions: []string{"backup:GetBackupSelection"},
				Identities: []string{"SelectionId"}},
		},
		read: func(ctx context.Context, r *run, items []inventory.Item) {
			each(ctx, items, func(item inventory.Item) {
				switch item.Type {
				case "AWS::Backup::BackupVault":
					r.backupVault(ctx, item)
				case "AWS::Backup::BackupPlan":
					r.backupPlan(ctx, item)
				case "AWS::Backup::BackupSelection":
					r.backupSelection(ctx, item)
				}
			})
		},
	}
}

func (r *run) backupVault(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a vault name")
		return
	}
	v, err := r.clients.backup.DescribeBackupVault(ctx, &backup.DescribeBackupVaultInput{BackupVaultName: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	o := newObject().take(v, "BackupVaultName", "EncryptionKeyArn").identity("BackupVaultArn", aws.ToString(v.BackupVaultArn)).identity("BackupVaultName", item.ID)
	if aws.ToBool(v.Locked) {
		o.set("LockConfiguration", map[string]any{"MinRetentionDays": v.MinRetentionDays, "MaxRetentionDays": v.MaxRetentionDays})
	}
	policy, err := r.clients.backup.GetBackupVaultAccessPolicy(ctx, &backup.GetBackupVaultAccessPolicyInput{BackupVaultName: &item.ID})
	switch {
	case err == nil:
		o.document("AccessPolicy", aws.ToString(policy.Policy))
	case session.Classify(err).Reason != session.NotFound: // which is how Backup says that there is none
		r.partial(item, "AccessPolicy", err)
	}
	events, err := r.clients.backup.GetBackupVaultNotifications(ctx, &backup.GetBackupVaultNotificationsInput{BackupVaultName: &item.ID})
	switch {
	case err == nil:
		o.set("Notifications", map[string]any{"BackupVaultEvents": events.BackupVaultEvents, "SNSTopicArn": events.SNSTopicArn})
	case session.Classify(err).Reason != session.NotFound:
		r.partial(item, "Notifications", err)
	}
	r.backupTags(ctx, item, v.BackupVaultArn, o)
	r.found(item, o)
}

func (r *run) backupTags(ctx context.Context, item inventory.Item, arn *string, o *object) {
	pages := backup.NewListTagsPaginator(r.clients.backup, &backup.ListTagsInput{ResourceArn: arn})
	tags := map[string]string{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			r.partial(item, "Tags", err)
			return
		}
		for key, value := range page.Tags {
			tags[key] = value
		}
	}
	o.tags = tags
}

func (r *run) backupPlan(ctx context.Context, item inventory.Item) {
	if item.ID == "" {
		r.unaddressable(item, "a plan id")
		return
	}
	out, err := r.clients.backup.GetBackupPlan(ctx, &backup.GetBackupPlanInput{BackupPlanId: &item.ID})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.DeletionDate != nil {
		r.gone(item)
		return
	}
	p := out.BackupPlan
	if p == nil {
		r.empty(item, "backup:GetBackupPlan", "plan")
		return
	}
	o := newObject().identity("BackupPlanArn", aws.ToString(out.BackupPlanArn)).identity("BackupPlanId", aws.ToString(out.BackupPlanId))
	o.set("BackupPlan", map[string]any{"BackupPlanName": p.BackupPlanName, "BackupPlanRule": o.backupRules(p.Rules),
		"AdvancedBackupSettings": append([]types.AdvancedBackupSetting{}, p.AdvancedBackupSettings...)})
	r.backupTags(ctx, item, out.BackupPlanArn, o)
	r.found(item, o)
}

// backupRules are the rules of a plan, without the ids that AWS gives them.
func (o *object) backupRules(rules []types.BackupRule) []any {
	list := []any{}
	for _, rule := range rules {
		one := newObject().take(rule, "RuleName", "TargetBackupVaultName:TargetBackupVault", "ScheduleExpression", "ScheduleExpressionTimezone", "StartWindowMinutes",
			"CompletionWindowMinutes", "Lifecycle", "RecoveryPointTags", "CopyActions", "EnableContinuousBackup", "IndexActions", "ScanActions",
			"TargetLogicallyAirGappedBackupVaultArn")
		if one.err != nil {
			o.fail(one.err)
		}
		list = append(list, one.properties)
	}
	return list
}

// backupSelection finds a selection by its plan and its id, which the physical
// id joins.
func (r *run) backupSelection(ctx context.Context, item inventory.Item) {
	plan := text(item.Resolved, "BackupPlanId")
	id, _, _ := strings.Cut(item.ID, "_")
	if plan == "" || unresolved(plan) {
		_, plan, _ = strings.Cut(item.ID, "_")
	}
	if plan == "" || id == "" {
		r.unaddressable(item, "a plan id and a selection id")
		return
	}
	out, err := r.clients.backup.GetBackupSelection(ctx, &backup.GetBackupSelectionInput{BackupPlanId: &plan, SelectionId: &id})
	if err != nil {
		r.failed(item, err)
		return
	}
	if out.BackupSelection == nil {
		r.empty(item, "backup:GetBackupSelection", "selection")
		return
	}
	r.found(item, newObject().set("BackupPlanId", plan).set("BackupSelection", out.BackupSelection).identity("SelectionId", id))
}
