package evidence

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/backup"
	"github.com/aws/aws-sdk-go-v2/service/backup/types"

	"github.com/lockstep-dr/lockstep/drift"
)

type vaultsAPI interface {
	backup.ListBackupVaultsAPIClient
	backup.ListRecoveryPointsByBackupVaultAPIClient
}

type restoresAPI interface {
	backup.ListRestoreJobsAPIClient
}

// allVaults is the place of which nothing is known where vaults cannot be listed.
const allVaults = "backup vaults"

// vaults reads every vault of the Region: where a copy lies nobody knows
// beforehand, and what lies in the primary's Region is lost with it. One that may
// not be read hides only what lies nowhere else.
func (a *across) vaults(ctx context.Context, api vaultsAPI, stores []*store) {
	byARN := map[string][]*store{} // a volume may be a resource and the disk of an instance
	for _, s := range stores {
		byARN[s.arn] = append(byARN[s.arn], s)
	}
	pages := backup.NewListBackupVaultsPaginator(api, &backup.ListBackupVaultsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			a.unreadable(stores, allVaults, err)
			return
		}
		for _, vault := range page.BackupVaultList {
			name := aws.ToString(vault.BackupVaultName)
			if err := a.vault(ctx, api, name, byARN); err != nil {
				a.unreadable(stores, vaultNamed(name), err)
			}
		}
	}
}

func (a *across) vault(ctx context.Context, api vaultsAPI, name string, byARN map[string][]*store) error {
	since := a.since()
	pages := backup.NewListRecoveryPointsByBackupVaultPaginator(api, &backup.ListRecoveryPointsByBackupVaultInput{BackupVaultName: &name, ByCreatedAfter: &since})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, p := range page.RecoveryPoints {
			for _, s := range byARN[aws.ToString(p.ResourceArn)] {
				s.points = append(s.points, inVault(name, p))
			}
		}
	}
	return nil
}

func vaultNamed(name string) string { return "vault " + name }

// inVault is a recovery point of AWS Backup. A copy keeps the date on which its
// source was created. Source: AWS Backup developer guide, Copy a backup.
func inVault(name string, p types.RecoveryPointByBackupVault) recoveryPoint {
	one := recoveryPoint{from: vaultNamed(name), status: string(p.Status), complete: p.Status == types.RecoveryPointStatusCompleted,
		at: p.CreationDate, encrypted: p.IsEncrypted, owned: p.EncryptionKeyType == types.EncryptionKeyTypeAwsOwnedKmsKey}
	if !one.owned {
		one.key = aws.ToString(p.EncryptionKeyArn)
	}
	return one
}

// restored is when a store was last restored, well and badly.
type restored struct {
	completed, failed *time.Time
	message           string
}

// restores reads whether the stores were restored in this Region, where somebody
// declared within which time they have to be.
func (a *across) restores(ctx context.Context, api restoresAPI, stores []*store) {
	within := a.app.Declared.Objectives.Drill
	if within == 0 {
		return
	}
	found, whose := map[string][]*restored{}, map[string]*restored{} // by what was restored, and by the store
	for _, s := range stores {
		if whose[s.owner()] == nil {
			whose[s.owner()] = &restored{}
		}
		found[s.arn] = append(found[s.arn], whose[s.owner()])
	}
	since := a.app.Now.Add(-within - kept) // a job is found by its start
	pages := backup.NewListRestoreJobsPaginator(api, &backup.ListRestoreJobsInput{ByCreatedAfter: &since})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			for key := range whose {
				a.failed(drift.FactRestores, key, "", err)
			}
			return
		}
		for _, job := range page.RestoreJobs {
			for _, r := range found[aws.ToString(job.SourceResourceArn)] {
				r.take(job)
			}
		}
	}
	for key, r := range whose {
		a.fact(drift.FactRestores, key, map[string]any{"Completed": instant(r.completed), "Failed": instant(r.failed), "FailedMessage": r.message})
	}
}

// take notes a job that has ended. One whose restored data did not stand the
// validation that was asked for ended badly.
func (r *restored) take(job types.RestoreJobsListMember) {
	at := job.CompletionDate
	if at == nil {
		at = job.CreationDate
	}
	switch {
	case job.Status == types.RestoreJobStatusCompleted && job.ValidationStatus == types.RestoreValidationStatusFailed:
		r.fail(at, "its validation failed: "+aws.ToString(job.ValidationStatusMessage))
	case job.Status == types.RestoreJobStatusCompleted && job.CompletionDate != nil:
		if compareTimes(r.completed, at) < 0 {
			r.completed = at
		}
	case job.Status == types.RestoreJobStatusFailed, job.Status == types.RestoreJobStatusAborted:
		r.fail(at, aws.ToString(job.StatusMessage))
	}
}

func (r *restored) fail(at *time.Time, message string) {
	if compareTimes(r.failed, at) < 0 {
		r.failed, r.message = at, message
	}
}
