package readiness

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// ruleDataArrives is the rule without which no data is in the standby.
const ruleDataArrives = "DAT-12"

func arrivalRules() []Rule {
	return []Rule{{
		ID: ruleDataArrives, Severity: drift.Block, check: dataArrives,
		Strategies: strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn},
		Title:      "With an RPO declared, or where each Region is active, something copies the data of every DynamoDB table, RDS instance, Aurora cluster and EFS file system to the standby",
		Why:        "Two databases of one configuration are not one database: the standby's may be empty, and everything else about it may be right. Buckets, and databases and file systems of other kinds, are judged where they replicate, not for being copied at all.",
		Source:     "Disaster Recovery of Workloads on AWS",
		Needs: []Need{
			{Types: tableTypes, Properties: []string{"Replicas"}, Fact: drift.FactTableReplicas, Actions: []string{"dynamodb:DescribeTable"}},
			{Types: []string{typeDBInstance, typeDBCluster}, Fact: drift.FactDBInstanceState, Actions: []string{"rds:DescribeDBInstances"}},
			{Types: []string{typeDBCluster}, Fact: drift.FactDBClusterState, Actions: []string{"rds:DescribeDBClusters"}},
			{Types: []string{typeFileSystem}, Fact: drift.FactFileSystemReplication, Actions: []string{"elasticfilesystem:DescribeReplicationConfigurations"}},
		},
		Fix: "Replicate it (a global table, a global database, a cross-Region read replica, EFS replication). If something else copies it (AWS DMS, a stream), or the standby may start without this data, accept it with that as the reason.",
	}}
}

// dataArrives looks for a link between every pair of stores. Without an RPO
// nobody said that the data has to be there, unless each Region writes its own, and
// a pilot light may have it from its recovery points, which BKP-01 asks for. A table whose items expire holds
// sessions or locks more often than orders: it warns.
func dataArrives(h *hearing) {
	if h.Objectives.RPO == 0 && h.Strategy != topology.ActiveActive {
		return
	}
	demand := "each Region is active"
	if h.Objectives.RPO > 0 {
		demand = "an RPO of " + topology.Span(h.Objectives.RPO) + " is declared"
	}
	stores := h.linked()
	h.applies(len(stores), "database, table or file system", "something copies its data to the standby")
	for _, s := range stores {
		if s.standby == nil || h.joined(s) || h.linkUnread(s) {
			continue
		}
		severity, reason := drift.Severity(""), ""
		if expires(s.primary) {
			severity, reason = drift.Warn, "; its items expire by themselves"
		}
		h.fail(severity, s.key, "", "nothing copies its data from %s to %s, and %s%s", h.primary.region(), h.standby.region(), demand, reason)
	}
}

// linked are the stores whose copies in other Regions AWS lists, without those
// that each Region keeps for its own users.
func (h *hearing) linked() []held {
	return slices.DeleteFunc(h.stores(), func(s held) bool {
		return linkFacts[s.kind].fact == "" || h.Objectives.Partitioned(s.key)
	})
}

// expires reports whether a table deletes its items after their time.
func expires(table *drift.Resource) bool {
	ttl, _ := table.Properties["TimeToLiveSpecification"].(map[string]any)
	return ttl["Enabled"] == true
}

// linkFacts are the facts that show what joins the stores of two Regions, whether
// those of the standby are needed too, and the properties that do so by themselves
// in the standby's template, before there is a fact.
var linkFacts = map[string]struct {
	fact     string
	both     bool
	declares []string
	// absent is set where there is no fact about a store that nothing joins.
	absent bool
}{
	"AWS::DynamoDB::Table": {fact: drift.FactTableReplicas},
	typeGlobalTable:        {fact: drift.FactTableReplicas, declares: []string{"Replicas"}},
	typeDBInstance:         {fact: drift.FactDBInstanceState, both: true, declares: []string{"SourceDBInstanceIdentifier", "SourceDBClusterIdentifier"}},
	typeDBCluster:          {fact: drift.FactDBClusterState, both: true, declares: []string{"GlobalClusterIdentifier", "ReplicationSourceIdentifier"}},
	typeFileSystem:         {fact: drift.FactFileSystemReplication, both: true, declares: []string{"ReplicationConfiguration"}, absent: true},
}

// joined reports whether the stores of the two Regions are one: one follows the
// other, or both are members of what spans them.
func (h *hearing) joined(s held) bool {
	switch s.kind {
	case typeDBInstance:
		return h.instancesJoined(s.pair)
	case typeDBCluster:
		return h.clustersJoined(s.pair)
	case typeFileSystem:
		return h.sendsFiles(h.primary, s.primary, s.standby) || h.sendsFiles(h.standby, s.standby, s.primary)
	}
	replicas, read := h.primary.fact(drift.FactTableReplicas, s.key)
	if !read || plansReplicas(s.primary) {
		replicas = s.primary.Properties["Replicas"] // of a table that is to be made or changed
		return (!read || s.primary.ID == s.standby.ID) && namesRegion(replicas, "Region", h.standby.snapshot.Region.Name)
	}
	return s.primary.ID == s.standby.ID && namesRegion(replicas, "RegionName", h.standby.snapshot.Region.Name)
}

// plansReplicas reports whether a change of a global table says where its replicas
// will be: that outvotes where they are today.
func plansReplicas(table *drift.Resource) bool {
	return table != nil && table.Type == typeGlobalTable && table.Planned != "" && filled(table.Properties["Replicas"])
}

// instancesJoined: either may be the one that is written, as with active-active,
// where each Region is judged as the standby.
func (h *hearing) instancesJoined(p pair) bool {
	theirs, _ := h.standby.object(drift.FactDBInstanceState, p.key)
	ours := h.primary.snapshot.Region.Name
	return slices.Contains(h.replicasOf(p.key), p.key) || h.writes(p.key) ||
		regionOf(text(theirs, "ReadReplicaSourceDBInstanceIdentifier")) == ours || regionOf(text(theirs, "ReadReplicaSourceDBClusterIdentifier")) == ours
}

// clustersJoined: a primary that says nothing of a global database may have been
// read before it was in one, and DAT-01 looks at the members of those.
func (h *hearing) clustersJoined(p pair) bool {
	ours, _ := h.primary.object(drift.FactDBClusterState, p.key)
	theirs, _ := h.standby.object(drift.FactDBClusterState, p.key)
	global := text(theirs, "GlobalClusterIdentifier")
	return slices.Contains(h.secondariesOf(p.key), p.key) || global != "" && global == cmp.Or(text(ours, "GlobalClusterIdentifier"), global) ||
		regionOf(text(theirs, "ReplicationSourceIdentifier")) == h.primary.snapshot.Region.Name ||
		regionOf(text(ours, "ReplicationSourceIdentifier")) == h.standby.snapshot.Region.Name
}

// sendsFiles reports whether a file system replicates to its sibling in the other
// Region, and to no other one there.
func (h *hearing) sendsFiles(from *view, source, sibling *drift.Resource) bool {
	to := h.primary.snapshot.Region.Name
	if from == h.primary {
		to = h.standby.snapshot.Region.Name
	}
	fact, read := from.object(drift.FactFileSystemReplication, source.Key)
	destinations := objects(fact["Destinations"])
	if !read || source.Planned != "" {
		destinations = objects(at(source.Properties, "ReplicationConfiguration.Destinations"))
	}
	return text(fact, "Role") != "destination" && slices.ContainsFunc(destinations, func(d map[string]any) bool {
		id := text(d, "FileSystemId")
		return text(d, "Region") == to && (id == "" || id == sibling.ID)
	})
}

// writes reports whether the standby's database is the one that the primary's follows.
func (h *hearing) writes(key string) bool {
	state, _ := h.primary.object(drift.FactDBInstanceState, key)
	source := text(state, "ReadReplicaSourceDBInstanceIdentifier")
	return source != "" && regionOf(source) == h.standby.snapshot.Region.Name
}

// linkUnread records that it was not read whether the stores are joined, if so. A
// store that is only to be made has what its template declares: what declares no
// link has none. What a change declares without saying where leaves it open.
func (h *hearing) linkUnread(s held) bool {
	link := linkFacts[s.kind]
	views := []*view{h.primary}
	if link.both {
		views = append(views, h.standby)
	}
	for _, v := range views {
		if h.linkOpen(v, s.key, link.declares) {
			return true
		}
		_, read := v.fact(link.fact, s.key)
		later := h.comesLater(v.region(), s.key, link.fact)
		if read || later && !s.declaresLink(link.declares) || link.absent && !later && len(h.gapsAbout(v.region(), s.key, link.fact)) == 0 {
			continue
		}
		h.unknown(v.region(), s.key, link.fact, "whether anything copies its data to %s was not read", h.standby.region())
		return true
	}
	return false
}

// linkOpen records that a change of what joins a file system or a global table is
// not known, if so: its place is a symbol, or a gap says that it was not evaluated.
func (h *hearing) linkOpen(v *view, key string, declares []string) bool {
	for _, gap := range h.gapsAbout(v.region(), key, "") {
		if slices.ContainsFunc(declares, func(p string) bool { return within(gap.Property, p) }) {
			h.add(outcome{status: Undetermined, resource: key, missing: []drift.Gap{gap}, evidence: gapEvidence(gap)})
			return true
		}
	}
	r := v.byKey[key]
	places := slices.Concat(objects(at(r.Properties, "ReplicationConfiguration.Destinations")), objects(r.Properties["Replicas"]))
	if r.Planned != drift.PlannedUpdate || !slices.ContainsFunc(places, open) {
		return false
	}
	h.undecided(key, "where its data is copied to is known only after its change in %s", v.region())
	return true
}

// open reports whether the place that data is copied to is a symbol, or nothing
// that is text.
func open(place map[string]any) bool {
	return slices.ContainsFunc([]string{"Region", "FileSystemId"}, func(name string) bool {
		value, isText := place[name].(string)
		return place[name] != nil && (!isText || strings.Contains(value, "{"))
	})
}

// declaresLink reports whether either template says that the store is joined to another.
func (s held) declaresLink(properties []string) bool {
	return slices.ContainsFunc(properties, func(name string) bool {
		return filled(s.primary.Properties[name]) || filled(s.standby.Properties[name])
	})
}
