package readiness

import "github.com/lockstep-dr/lockstep/drift"

const typeBackupPlan = "AWS::Backup::BackupPlan"

func backupRules() []Rule {
	return []Rule{{
		ID: "BKP-02", Severity: drift.Warn, check: backupsCopied,
		Title:  "Backup plans of the primary copy to the standby's Region",
		Why:    "A backup that lies in the lost Region restores nothing. Copies carry no option groups: what a restore needs beside them must exist in the standby.",
		Source: "AWS Backup developer guide, Creating backup copies across AWS Regions; Disaster Recovery of Workloads on AWS",
		Needs:  []Need{{Types: []string{typeBackupPlan}, Properties: []string{"BackupPlan"}, Actions: []string{"backup:GetBackupPlan"}}},
		Fix:    "Add a copy action to a rule of the plan, with a vault of the standby's Region as its destination.",
	}, {
		ID: "BKP-03", Severity: drift.Warn, compares: true, check: recoverableInPlace,
		Title:  "Point-in-time recovery and automated backups are on in the standby too",
		Why:    "Replication copies a corruption as faithfully as everything else. Only a backup in the standby leads back to before it.",
		Source: "Disaster Recovery of Workloads on AWS; Salesforce NA14, May 2016",
		Needs: []Need{
			{Types: tableTypes, Properties: []string{"PointInTimeRecoverySpecification", "Replicas"}, Actions: []string{"dynamodb:DescribeContinuousBackups"}},
			{Types: []string{typeDBInstance, typeDBCluster}, Properties: []string{"BackupRetentionPeriod"}, Actions: []string{"rds:DescribeDBInstances", "rds:DescribeDBClusters"}},
		},
		Fix: "Turn on point-in-time recovery, or a backup retention of at least a day, in the standby.",
	}}
}

// backupsCopied asks of every plan of the primary that one rule copies to the
// standby's Region.
func backupsCopied(h *hearing) {
	plans := h.primary.byType[typeBackupPlan]
	h.applies(len(plans), "backup plan", "copies to the standby")
	for _, plan := range plans {
		copied := false
		for _, rule := range objects(at(plan.Properties, "BackupPlan.BackupPlanRule")) {
			for _, action := range objects(rule["CopyActions"]) {
				copied = copied || mentions(text(action, "DestinationBackupVaultArn"), h.standby.snapshot.Region.Name)
			}
		}
		if !copied {
			h.fail("", plan.Key, "", "no rule of the plan copies to %s", h.standby.region())
		}
	}
}

// recoverableInPlace looks at stores of the standby whose sibling keeps backups.
func recoverableInPlace(h *hearing) {
	tables := h.pairs("AWS::DynamoDB::Table")
	h.applies(len(tables), "table", "point-in-time recovery wherever the primary has it")
	for _, p := range h.present(tables) {
		const property = "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"
		if at(p.primary.Properties, property) == true && at(p.standby.Properties, property) != true {
			h.failProperty("", p.key, property, "", "has point-in-time recovery in %s and not in %s", h.primary.region(), h.standby.region())
		}
	}
	databases := h.pairs(typeDBInstance, typeDBCluster)
	h.applies(len(databases), "database", "automated backups wherever the primary has them")
	for _, p := range h.present(databases) {
		ours, _ := number(p.primary.Properties, "BackupRetentionPeriod")
		theirs, _ := number(p.standby.Properties, "BackupRetentionPeriod")
		if ours > 0 && theirs == 0 {
			h.failProperty("", p.key, "BackupRetentionPeriod", "", "keeps backups for %s days in %s and none in %s", show(ours), h.primary.region(), h.standby.region())
		}
	}
}
