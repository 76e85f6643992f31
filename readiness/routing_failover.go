package readiness

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const typeRecordGroup = "AWS::Route53::RecordSetGroup"

// routedKinds are the types of records that lead clients somewhere.
var routedKinds = []string{"A", "AAAA", "CNAME", "HTTPS", "SVCB"}

// recordTargets are where a record says where it leads.
var recordTargets = []string{"AliasTarget", "ResourceRecords"}

func failoverRules() []Rule {
	return []Rule{{
		ID: "RTE-01", Severity: drift.Block, compares: true, check: failoverPrepared,
		Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
		Title:      "Names that lead to the primary have a record for the standby too, and a health check that moves clients there",
		Why:        "Route 53 could not be changed for hours while us-east-1 was impaired. A takeover that begins with changing a record begins when that is over.",
		Source:     "AWS Fault Isolation Boundaries, global services; AWS post-event summary of 7 December 2021; ARC Region switch, Route 53 block",
		Needs: []Need{{Types: []string{typeRecord, typeRecordGroup}, Properties: []string{"AliasTarget", "ResourceRecords", "SetIdentifier", "HealthCheckId",
			"Failover", "Weight", "Region", "GeoLocation", "GeoProximityLocation", "CidrRoutingConfig", "MultiValueAnswer", "RecordSets"}, Actions: []string{"route53:ListResourceRecordSets"}}},
		Fix:    "Give the name one record for each Region now, with failover, weighted or latency routing and a health check, or turn the alias's EvaluateTargetHealth on.",
		unused: "no record of the application leads to one Region",
	}}
}

// record is one record of a hosted zone, as one Region's snapshot has it.
type record struct {
	key        string
	properties map[string]any
	// leads is the Region that the record leads to, empty when it names none.
	leads string
}

// name is what clients ask for: all records of one name are one answer.
func (r record) name() string {
	return r.zone() + "/" + strings.ToLower(strings.TrimSuffix(text(r.properties, "Name"), ".")) + "/" + text(r.properties, "Type")
}

// zone is the hosted zone that the record is in.
func (r record) zone() string {
	return text(r.properties, "HostedZoneId") + "/" + strings.TrimSuffix(text(r.properties, "HostedZoneName"), ".")
}

// set tells a record from others of its name; a template may write it as a number.
func (r record) set() string {
	switch set := r.properties["SetIdentifier"].(type) {
	case nil:
		return ""
	case string:
		return set
	default:
		return canonical(set)
	}
}

// steered reports whether Route 53 stops answering with the record when what it
// leads to is not healthy.
func (r record) steered() bool {
	return text(r.properties, "HealthCheckId") != "" || at(r.properties, "AliasTarget.EvaluateTargetHealth") == true
}

// failoverPrepared judges every name with a record that leads to the primary:
// another leads to the standby, and the primary's is taken out of the answers by
// a health check. A name of a Region's own is not one that moves.
func failoverPrepared(h *hearing) {
	names, answers := h.recordsByName()
	judged := 0
	for _, name := range names {
		records := answers[name]
		i := slices.IndexFunc(records, func(r record) bool { return r.leads == h.primary.region() })
		if i < 0 || h.hasOwnName(records[i]) {
			continue
		}
		judged++
		h.failoverOf(records[i], records)
	}
	h.hearFindings(typeRecord, func(f *drift.Finding) (drift.Severity, bool) {
		return raised(f, drift.Block), f.Relation == drift.Superset && slices.ContainsFunc(recordTargets, func(p string) bool { return within(f.Property, p) })
	})
	h.applies(judged, "name", "a record for each Region, and a health check that moves clients")
}

func (h *hearing) failoverOf(here record, records []record) {
	there := slices.ContainsFunc(records, func(r record) bool { return r.leads == h.standby.region() })
	target := "ResourceRecords"
	if here.properties["AliasTarget"] != nil {
		target = "AliasTarget"
	}
	switch r := h.primary.byKey[here.key]; {
	case !there && (h.standby.empty() || r != nil && h.hidden(h.standby.region(), r)): // hearSilence or a gap says so
	case !there:
		h.failProperty("", here.key, target, "", "%s leads to %s alone: a takeover has to change the record", show(here.properties["Name"]), h.primary.region())
	case !here.steered():
		h.failProperty("", here.key, "HealthCheckId", "", "the record of %s that leads to %s has no health check: Route 53 goes on answering with it, whatever happens there",
			show(here.properties["Name"]), h.primary.region())
	}
}

// hasOwnName reports whether the sibling of a record has another name: then each
// Region has a name of its own, and neither is the one that moves. In a group the
// sibling is the record in the same place, and no other of the standby's has the
// name. Where one has fewer records than its template says, the place is that in
// the templates. A record with a routing policy is one of several answers of its
// zone: its sibling is another name only in another zone, the private one of each
// Region.
func (h *hearing) hasOwnName(r record) bool {
	here, there := h.primary.recordsOf(r.key), h.standby.recordsOf(r.key)
	named := func(other record) bool { return other.name() == r.name() }
	if slices.ContainsFunc(there, named) {
		return false
	}
	if len(here) != len(there) {
		here, there = h.primary.declaredIn(r.key), h.standby.declaredIn(r.key)
	}
	place := slices.IndexFunc(here, named)
	if place < 0 || len(here) != len(there) || slices.ContainsFunc(there, named) {
		return false
	}
	sibling := there[place]
	return text(sibling.properties, "Type") == text(r.properties, "Type") && (r.set() == "" || sibling.zone() != r.zone())
}

// recordsByName collects the records of both Regions, once each, in a fixed order.
func (s *scene) recordsByName() (names []string, answers map[string][]record) {
	answers = map[string][]record{}
	for _, v := range []*view{s.primary, s.standby} {
		for _, r := range v.records() {
			if !slices.Contains(routedKinds, text(r.properties, "Type")) {
				continue
			}
			name := r.name()
			if slices.ContainsFunc(answers[name], func(other record) bool { return other.set() == r.set() }) {
				continue // the other Region's, read again
			}
			if answers[name] == nil {
				names = append(names, name)
			}
			r.leads = s.whereTo(r, v)
			answers[name] = append(answers[name], r)
		}
	}
	return names, answers
}

// records are a Region's records, those in groups included.
func (v *view) records() []record {
	var all []record
	for _, kind := range []string{typeRecord, typeRecordGroup} {
		for _, r := range v.byType[kind] {
			all = append(all, v.recordsOf(r.Key)...)
		}
	}
	return all
}

// recordsOf are those that a resource is or, in a group, holds.
func (v *view) recordsOf(key string) []record {
	r := v.byKey[key]
	if r == nil || r.Type != typeRecord && r.Type != typeRecordGroup {
		return nil
	}
	if r.Type == typeRecord {
		return []record{{key: key, properties: r.Properties}}
	}
	return groupOf(r, r.Properties["RecordSets"])
}

// declaredIn are the records of a group as its template has them, in the zone
// that the group is in.
func (v *view) declaredIn(key string) []record {
	r := v.byKey[key]
	if r == nil || r.Type != typeRecordGroup {
		return nil
	}
	return groupOf(r, r.Declared["RecordSets"])
}

func groupOf(r *drift.Resource, sets any) []record {
	var all []record
	for _, one := range objects(sets) {
		properties := map[string]any{"HostedZoneId": r.Properties["HostedZoneId"], "HostedZoneName": r.Properties["HostedZoneName"]}
		maps.Copy(properties, one)
		all = append(all, record{key: r.Key, properties: properties})
	}
	return all
}

// whereTo is the Region that a record leads to: the one that its target or its
// latency routing names or, for one of several records, the one that declares it.
func (s *scene) whereTo(r record, declaredIn *view) string {
	target := canonical([]any{at(r.properties, "AliasTarget.DNSName"), r.properties["ResourceRecords"], r.properties["Region"]})
	for _, v := range []*view{s.primary, s.standby} {
		if name := v.snapshot.Region.Name; mentions(target, name) {
			return name
		}
	}
	if r.set() == "" {
		return ""
	}
	return declaredIn.snapshot.Region.Name
}
