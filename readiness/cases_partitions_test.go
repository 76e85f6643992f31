package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

// partitionCases are about stores whose data each active Region keeps for its own users.
var partitionCases = []ruleCase{
	{"DAT-14", "a copy of two hours ago", partitioned(nothing), want{status: Pass, verdict: Ready}},
	{"DAT-14", "no copy", partitioned(func(w *world) {
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Table@"+east, object{"Points": []any{}})
	}),
		blocks("has no recovery point in us-west-2")},
	{"DAT-14", "a copy that is older than the RPO", partitioned(func(w *world) { w.objectives.RPO = time.Hour }), blocks("is 2h old; the RPO is 1h")},
	{"DAT-14", "a pattern that names nothing", partitioned(func(w *world) { w.objectives.GeoPartitioned = append(w.objectives.GeoPartitioned, "app/Tabel") }),
		blocks(`objectives.geo-partitioned names "app/Tabel", and us-east-1 has no such store`)},
	{"DAT-14", "the vaults were not read", partitioned(func(w *world) { w.forget(&w.west, drift.FactRecoveryPoints) }), unknown("backup:ListBackupVaults")},
	{"DAT-14", "the vaults may not be read", partitioned(func(w *world) {
		w.deniedFact(drift.FactRecoveryPoints, "app/Table@"+east, "backup:ListBackupVaults")
	}), unknown("backup:ListBackupVaults")},
	{"DAT-14", "a server by its disk", partitioned(func(w *world) {
		server(w, disk("vol-1", false))
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Server#vol-1@"+east, object{"Points": []any{inVault(2, "COMPLETED")}})
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Server@"+east, object{"Points": []any{}})
		w.objectives.GeoPartitioned = []string{"app/Server", "app/Tab*"}
	}), want{status: Pass, verdict: Ready}},
	{"DAT-14", "nothing is declared", partitioned(func(w *world) { w.objectives.GeoPartitioned = nil }), want{status: NotApplicable, verdict: NotReady, says: "no store is declared"}},
	{"DAT-12", "a table of each Region's own users", partitioned(nothing), want{status: Pass, verdict: Ready}},
	{"DAT-12", "the same table, and nobody says so", partitioned(func(w *world) { w.objectives.GeoPartitioned = nil }), blocks("nothing copies its data from us-east-1 to us-west-2")},
}

// partitioned is an active-active world whose table is not replicated, and has a
// recovery point in the peer.
func partitioned(bend func(*world)) func(*world) {
	return func(w *world) {
		bothWrite(w)
		w.objectives.RPO, w.objectives.GeoPartitioned = 24*time.Hour, []string{"app/Tab*"}
		w.fact(&w.east, drift.FactTableReplicas, "app/Table", []any{})
		w.fact(&w.west, drift.FactRecoveryKey, recoveryKey, object{"Exists": true, "KeyState": "Enabled"})
		w.fact(&w.west, drift.FactRecoveryPoints, "app/Table@"+east, object{"Points": []any{inVault(2, "COMPLETED")}})
		bend(w)
	}
}
