package readiness

import "github.com/lockstep-dr/lockstep/drift"

func backupRules() []Rule {
	return []Rule{{
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
