package readiness

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// live judges a store by its replica in the standby, if it has one, instead of by
// recovery points.
func (h *hearing) live(s held) bool {
	switch s.kind {
	case "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable":
		return h.liveTable(s.key)
	case typeDBInstance:
		return h.liveInstance(s.key)
	case typeDBCluster:
		return h.liveCluster(s.key)
	case typeBucket:
		return h.liveBucket(s)
	case typeFileSystem:
		return h.liveFiles(s.key)
	case typeInstance:
		return h.liveServer(s)
	}
	return false
}

func (h *hearing) liveTable(key string) bool {
	value, _ := h.primary.fact(drift.FactTableReplicas, key)
	region := h.standby.snapshot.Region.Name
	active := slices.ContainsFunc(objects(value), func(r map[string]any) bool {
		return text(r, "RegionName") == region && text(r, "ReplicaStatus") == "ACTIVE"
	})
	if active {
		h.keepsUp(h.primary, drift.FactTableLag, key+"#"+region, key, drift.Warn)
	}
	return active
}

func (h *hearing) liveInstance(key string) bool {
	for _, replica := range h.replicasOf(key) {
		h.keepsUp(h.standby, drift.FactReplicaLag, replica, key, drift.Block)
		return true
	}
	return false
}

// replicasOf are the standby's replicas of an instance of the primary.
func (h *hearing) replicasOf(key string) (replicas []string) {
	fact, _ := h.primary.object(drift.FactDBInstanceState, key)
	for _, arn := range stringsOf(fact["ReadReplicaDBInstanceIdentifiers"]) {
		if regionOf(arn) == h.standby.snapshot.Region.Name {
			replicas = append(replicas, h.standby.listed(arn, typeDBInstance))
		}
	}
	return replicas
}

func (h *hearing) liveCluster(key string) bool {
	for _, secondary := range h.secondariesOf(key) {
		h.keepsUp(h.standby, drift.FactAuroraLag, secondary, key, drift.Block)
		return true
	}
	return false
}

// secondariesOf are the standby's members of the global database that a cluster
// of the primary belongs to.
func (h *hearing) secondariesOf(key string) []string {
	if h.secondaries == nil {
		h.secondaries = h.allSecondaries()
	}
	return h.secondaries[key]
}

// allSecondaries are the standby's members of every global database, by the key of
// the primary's.
func (h *hearing) allSecondaries() map[string][]string {
	all, here, there := map[string][]string{}, h.primary.keysByID(typeDBCluster), h.standby.keysByID(typeDBCluster)
	for _, subject := range h.globalDatabases() {
		fact, _ := h.primary.object(drift.FactGlobalClusterState, subject)
		var ours, theirs []string
		for _, m := range objects(fact["GlobalClusterMembers"]) {
			arn := text(m, "DBClusterArn")
			id := arn[strings.LastIndexByte(arn, ':')+1:]
			switch regionOf(arn) {
			case h.primary.snapshot.Region.Name:
				ours = append(ours, cmp.Or(here[id], arn))
			case h.standby.snapshot.Region.Name:
				theirs = append(theirs, cmp.Or(there[id], arn))
			}
		}
		for _, key := range slices.Compact(ours) {
			all[key] = append(all[key], theirs...)
		}
	}
	return all
}

// keysByID are the keys of a type's resources by their ids.
func (v *view) keysByID(kind string) map[string]string {
	keys := map[string]string{}
	for _, r := range v.byType[kind] {
		keys[r.ID] = cmp.Or(keys[r.ID], r.Key)
	}
	return keys
}

// liveBucket takes a rule in place of recovery points only if it replicates the
// whole bucket.
func (h *hearing) liveBucket(s held) bool {
	for _, rule := range h.rulesTo(s) {
		if len(matches(rule)) == 0 {
			h.ruleKeepsUp(s.key, rule)
			return true
		}
	}
	return false
}

// partly says what rules with a filter replicate of a bucket without a whole copy.
func (h *hearing) partly(s held) string {
	if s.kind != typeBucket {
		return ""
	}
	var parts []string
	for _, rule := range h.rulesTo(s) {
		parts = append(parts, matches(rule)...)
	}
	if len(parts) == 0 {
		return ""
	}
	return "; only what matches " + strings.Join(parts, ", ") + " is replicated"
}

// matches lists the filters of a replication rule; none: it takes every object. A
// filter of a kind that is not known takes who knows what, and counts as one.
// Source: Amazon S3 API reference, ReplicationRuleFilter; AWS::S3::Bucket
// ReplicationRule in the CloudFormation resource reference.
func matches(rule map[string]any) (filters []string) {
	add := func(name string, value any) {
		if list, ok := value.([]any); value != nil && value != "" && !(ok && len(list) == 0) {
			filters = append(filters, name+" "+show(value))
		}
	}
	add("prefix", rule["Prefix"])
	filter, _ := rule["Filter"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		switch both, nested := filter[name].(map[string]any); {
		case name == "And" && nested:
			for _, part := range slices.Sorted(maps.Keys(both)) {
				add(part, both[part])
			}
		default:
			add(name, filter[name])
		}
	}
	return filters
}

// rulesTo are the replication rules in force that lead to the standby's bucket.
func (h *hearing) rulesTo(s held) (rules []map[string]any) {
	for _, rule := range objects(at(s.primary.Properties, "ReplicationConfiguration.Rules")) {
		destination, _ := at(rule, "Destination.Bucket").(string)
		if s.standby != nil && text(rule, "Status") == "Enabled" && strings.HasSuffix(destination, ":::"+s.standby.ID) {
			rules = append(rules, rule)
		}
	}
	return rules
}

func (h *hearing) liveFiles(key string) bool {
	fact, _ := h.primary.object(drift.FactFileSystemReplication, key)
	for _, d := range objects(fact["Destinations"]) {
		if text(fact, "Role") == "source" && text(d, "Region") == h.standby.snapshot.Region.Name {
			h.fileSystemReplicates(key, d)
			return true
		}
	}
	return false
}
