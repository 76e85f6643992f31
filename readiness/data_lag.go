package readiness

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// staleAfter is how old the newest datapoint of a metric may be and still speak
// of now. The metrics of replication come every minute and arrive within a few.
// Source: Amazon CloudWatch user guide, Metrics concepts.
const staleAfter = 10 * time.Minute

func lagRules() []Rule {
	softer := strategyLevels{topology.BackupRestore: LevelOff}
	metrics := []string{"cloudwatch:GetMetricData"}
	return []Rule{
		{
			ID: "DAT-03", Severity: drift.Block, check: clustersKeepUp, Strategies: softer,
			Title:  "Every secondary cluster of an Aurora global database is behind by no more than the RPO",
			Why:    "A secondary that is connected and an hour behind loses an hour of data in the takeover.",
			Source: "Amazon Aurora user guide, Monitoring an Aurora global database; ARC readiness rule RdsGlobalReplicaLag, with the declared RPO for its fixed 30 seconds",
			Needs: []Need{{Types: []string{typeGlobalCluster, typeDBCluster}, Fact: drift.FactAuroraLag, Actions: metrics},
				{Types: []string{typeGlobalCluster}, Fact: drift.FactGlobalClusterState, Actions: []string{"rds:DescribeGlobalClusters"}}},
			Fix: "Find out what holds the replication up (the size of the secondary, the load of the writer), or declare the RPO that holds.",
		},
		{
			ID: "DAT-05", Severity: drift.Block, check: replicasKeepUp, Strategies: softer,
			Title:  "Every cross-Region read replica replicates, and is behind by no more than the RPO",
			Why:    "A lag of -1 says that replication stopped: whoever only compares it with a bound takes the worst state for the best.",
			Source: "Amazon RDS user guide, Monitoring read replication; Amazon CloudWatch metrics for Amazon RDS",
			Needs: []Need{{Types: []string{typeDBInstance}, Fact: drift.FactReplicaLag, Actions: metrics},
				{Types: []string{typeDBInstance}, Fact: drift.FactDBInstanceState, Actions: []string{"rds:DescribeDBInstances"}}},
			Fix: "Repair the replica or create it again; give it the size that the writer's load needs; or declare the RPO that holds.",
		},
		{
			ID: "DAT-09", Severity: drift.Warn, check: tablesKeepUp, Strategies: softer,
			Title:  "Global tables reach the standby within the RPO",
			Why:    "What the primary wrote and the standby's replica does not have yet is lost with the primary.",
			Source: "Amazon DynamoDB developer guide, Monitoring global tables; ARC readiness rule DynamoReplicationLatency",
			Needs: []Need{{Types: tableTypes, Fact: drift.FactTableLag, Actions: metrics},
				{Types: tableTypes, Fact: drift.FactTableReplicas, Actions: []string{"dynamodb:DescribeTable"}}},
			Fix: "Look for throttled writes and the capacity of the replica; a table nobody writes to has no latency: write a heartbeat to it.",
		},
	}
}

// keepsUp judges one lag, read in the Region of v, about a resource. quiet is how
// hard a metric without a datapoint bites: never is it taken for no lag. It
// returns the lag and whether it speaks of now.
func (h *hearing) keepsUp(v *view, kind, subject, resource string, quiet drift.Severity) (time.Duration, bool) {
	fact, read := v.object(kind, subject)
	seconds, measured := number(fact, "Seconds")
	at, err := time.Parse(time.RFC3339, text(fact, "At"))
	asOf := v.snapshot.TakenAt
	if asOf.IsZero() {
		asOf = h.Now
	}
	if !read || measured && err != nil {
		h.unknown(v.region(), subject, kind, "its lag was not read in %s", v.region())
		return 0, false
	}
	lag := time.Duration(seconds * float64(time.Second)).Round(time.Millisecond)
	switch {
	case !measured:
		h.add(outcome{status: Undetermined, severity: quiet, resource: resource,
			evidence: "CloudWatch has no datapoint of its lag in " + v.region() + " within " + cmp.Or(text(fact, "Window"), "the time asked for") + ": nobody knows how far it is behind"})
	case asOf.Sub(at) > staleAfter:
		h.add(outcome{status: Undetermined, severity: quiet, resource: resource,
			evidence: "the newest datapoint of its lag, " + text(fact, "Metric") + ", is from " + text(fact, "At") + ", " + topology.Span(asOf.Sub(at).Round(time.Second)) + " before it was read"})
	case seconds < 0:
		h.fail("", resource, "", "its replication has stopped: %s is %s in %s", text(fact, "Metric"), show(seconds), v.region())
	case h.Objectives.RPO == 0:
		h.fail(drift.Warn, resource, "Declare objectives.rpo.", "is %s behind, and no objectives.rpo says how much is too much", lag)
	case lag > h.Objectives.RPO:
		h.fail("", resource, "", "is %s behind (%s at %s in %s); the RPO is %s", lag, text(fact, "Metric"), text(fact, "At"), v.region(), h.Objectives.RPO)
	default:
		return lag, true
	}
	return 0, false
}

// worst says the greatest lag of those that hold.
func (h *hearing) worst(lags []time.Duration) {
	if len(lags) > 0 {
		h.remark("the greatest lag is %s", slices.Max(lags))
	}
}

// clustersKeepUp looks for the members in the standby of every global database
// that the primary takes part in. A writer follows nobody.
func clustersKeepUp(h *hearing) {
	var seen []string
	var lags []time.Duration
	for _, subject := range h.globalDatabases() {
		fact, known := h.primary.object(drift.FactGlobalClusterState, subject)
		if !known {
			h.unknown(h.primary.region(), subject, drift.FactGlobalClusterState, "its members were not read in %s", h.primary.region())
		}
		for _, m := range objects(fact["GlobalClusterMembers"]) {
			arn := text(m, "DBClusterArn")
			if m["IsWriter"] == true || regionOf(arn) != h.standby.snapshot.Region.Name || slices.Contains(seen, arn) {
				continue
			}
			seen = append(seen, arn)
			key := h.standby.listed(arn, typeDBCluster)
			if lag, holds := h.keepsUp(h.standby, drift.FactAuroraLag, key, key, drift.Block); holds {
				lags = append(lags, lag)
			}
		}
	}
	h.applies(len(seen), "secondary cluster", "no further behind than the RPO")
	h.worst(lags)
}

// replicasKeepUp looks at the replicas in the standby, those that are listed
// there and those that only the primary's instances name.
func replicasKeepUp(h *hearing) {
	var replicas []string
	for _, r := range h.standby.byType[typeDBInstance] {
		fact, known := h.standby.object(drift.FactDBInstanceState, r.Key)
		if !known {
			h.unknown(h.standby.region(), r.Key, drift.FactDBInstanceState, "whether it is a replica was not read in %s", h.standby.region())
		}
		if text(fact, "ReadReplicaSourceDBInstanceIdentifier") != "" {
			replicas = append(replicas, r.Key)
		}
	}
	for _, subject := range h.primary.subjects[drift.FactDBInstanceState] {
		fact, _ := h.primary.object(drift.FactDBInstanceState, subject)
		for _, arn := range stringsOf(fact["ReadReplicaDBInstanceIdentifiers"]) {
			if regionOf(arn) == h.standby.snapshot.Region.Name {
				replicas = append(replicas, h.standby.listed(arn, typeDBInstance))
			}
		}
	}
	slices.Sort(replicas)
	replicas = slices.Compact(replicas)
	h.applies(len(replicas), "read replica", "no further behind than the RPO")
	var lags []time.Duration
	for _, replica := range replicas {
		if lag, holds := h.keepsUp(h.standby, drift.FactReplicaLag, replica, replica, drift.Block); holds {
			lags = append(lags, lag)
		}
	}
	h.worst(lags)
}

// tablesKeepUp reads the latency where it is sent from.
func tablesKeepUp(h *hearing) {
	replicated := 0
	var lags []time.Duration
	for _, key := range h.primary.subjects[drift.FactTableReplicas] {
		value, _ := h.primary.fact(drift.FactTableReplicas, key)
		if !namesRegion(value, "RegionName", h.standby.snapshot.Region.Name) {
			continue
		}
		replicated++
		if lag, holds := h.keepsUp(h.primary, drift.FactTableLag, key+"#"+h.standby.snapshot.Region.Name, key, drift.Warn); holds {
			lags = append(lags, lag)
		}
	}
	h.applies(replicated, "replicated table", "no further behind than the RPO")
	h.worst(lags)
}

// ruleKeepsUp judges what is measured of a bucket's rule that ends in the
// standby. A bucket that nothing was written to has no datapoint, and neither has
// one whose metrics are off.
func (h *hearing) ruleKeepsUp(key string, rule map[string]any) {
	id := ruleID(rule)
	if at(rule, "Destination.Metrics.Status") != "Enabled" {
		if h.Objectives.RPO > 0 {
			h.fail(drift.Warn, key, "Turn on the replication metrics of the rule.", "nothing measures how far rule %s is behind, and an RPO of %s is declared", show(id), h.Objectives.RPO)
		}
		return
	}
	h.keepsUp(h.standby, drift.FactBucketLag, key+"#"+id, key, drift.Warn)
	fact, read := h.primary.object(drift.FactBucketFailures, key+"#"+id)
	failed, reported := number(fact, "Operations")
	switch {
	case !read:
		h.unknown(h.primary.region(), key+"#"+id, drift.FactBucketFailures, "whether replication failed was not read in %s", h.primary.region())
	case !reported:
		h.add(outcome{status: Undetermined, severity: drift.Warn, resource: key,
			evidence: "CloudWatch has nothing about failures of rule " + show(id) + " since " + text(fact, "Since")})
	case failed > 0:
		h.fail("", key, "Replicate again what failed (S3 Batch Replication), and repair what it failed for: permissions, the key, the destination.",
			"%s operations of rule %s failed to replicate since %s", show(failed), show(id), text(fact, "Since"))
	}
}

// ruleID is the id of a replication rule, which S3 and CloudFormation write differently.
func ruleID(rule map[string]any) string { return cmp.Or(text(rule, "Id"), text(rule, "ID")) }

// regionOf is the Region that an ARN names.
func regionOf(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[3]
	}
	return ""
}

// listed is the key of a resource by its ARN; the ARN where no source lists it.
func (v *view) listed(arn, kind string) string {
	for _, r := range v.byType[kind] {
		if r.ID == arn[strings.LastIndexByte(arn, ':')+1:] {
			return r.Key
		}
	}
	return arn
}
