package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func partitionRules() []Rule {
	return []Rule{{
		ID: "DAT-14", Severity: drift.Block, check: partitionsRecoverable,
		Strategies: strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelOff, topology.WarmStandby: LevelOff},
		Title:      "Every geo-partitioned store can be recovered in its peers: a complete recovery point that is younger than the RPO and can be decrypted there",
		Why:        "Each Region alone has the data of its users. When it is lost, its peers take its users over, and have their data only as recovery points.",
		Source:     "Disaster Recovery of Workloads on AWS; AWS Backup developer guide, Creating backup copies across AWS Regions",
		Needs: []Need{{Types: storeTypes(), Fact: drift.FactRecoveryPoints, Actions: []string{"backup:ListBackupVaults", "backup:ListRecoveryPointsByBackupVault",
			"rds:DescribeDBClusterSnapshots", "rds:DescribeDBInstanceAutomatedBackups", "rds:DescribeDBSnapshots"}},
			{Types: storeTypes(), Fact: drift.FactRecoveryKey, Actions: []string{"kms:DescribeKey"}},
			{Types: []string{typeInstance}, Fact: drift.FactInstanceState, Actions: []string{"ec2:DescribeInstances"}}, needsServers},
		Fix:    "Let the backup plans of both Regions copy the store to a vault of the other, as often as the RPO says, or take it out of objectives.geo-partitioned and replicate it.",
		unused: "no store is declared to be geo-partitioned (`objectives.geo-partitioned`)",
	}}
}

// partitionsRecoverable judges what is declared to be geo-partitioned. A pattern that
// names no store was meant for one.
func partitionsRecoverable(h *hearing) {
	partitions := slices.DeleteFunc(h.stores(), func(s held) bool { return !h.Objectives.Partitioned(s.key) })
	for _, pattern := range h.Objectives.GeoPartitioned {
		one := topology.Objectives{GeoPartitioned: []string{pattern}}
		if !slices.ContainsFunc(partitions, func(s held) bool { return one.Partitioned(s.key) }) {
			h.applies(1, "pattern", "of a geo-partitioned store")
			h.fail("", "", "Correct objectives.geo-partitioned.", "objectives.geo-partitioned names %q, and %s has no such store", pattern, h.primary.region())
		}
	}
	h.allRecoverable(partitions)
}

// pointsSubject is the subject of the recovery points of a store. Where every Region
// has a store of its own, the Region that it stands in belongs to it.
func (h *hearing) pointsSubject(key string) string {
	return drift.PointsSubject(h.Strategy == topology.ActiveActive, key, h.primary.snapshot.Region.Name)
}
