package drift

import (
	"maps"
	"slices"
	"strings"
)

// replication lists the properties by which AWS itself keeps a copy of a
// resource in other Regions: an array, and the field that names the Region.
var replication = []struct{ Type, Property, Field string }{
	{"AWS::DynamoDB::GlobalTable", "Replicas", "Region"},
	{"AWS::DynamoDB::Table", "Replicas", "Region"},
	{"AWS::DynamoDB::Table", "Replicas", "RegionName"},
	{"AWS::ElastiCache::GlobalReplicationGroup", "Members", "ReplicationGroupRegion"},
	{"AWS::ElastiCache::GlobalReplicationGroup", "RegionalConfigurations", "ReplicationGroupRegion"},
	{"AWS::S3::MultiRegionAccessPoint", "Regions", "Region"},
	{"AWS::SSMIncidents::ReplicationSet", "Regions", "RegionName"},
	{"AWS::SecretsManager::Secret", "ReplicaRegions", "Region"},
}

// replicatedTo reports whether AWS keeps a copy of the resource in a Region:
// no stack there owns it, and it is not missing. Whether the copy is healthy
// is a fact for readiness to judge.
func replicatedTo(r *Resource, region string) bool {
	for _, t := range replication {
		if t.Type != r.Type {
			continue
		}
		list, _ := r.Properties[t.Property].([]any)
		for _, e := range list {
			object, _ := e.(map[string]any)
			if name, _ := object[t.Field].(string); name == region && region != "" {
				return true
			}
		}
	}
	return false
}

// shareReplicas makes the copies that AWS keeps in v's Region known there:
// they have the names of the original, with this Region in them.
func (v *view) shareReplicas(other *view) {
	here, there := v.snapshot.Region.Name, other.snapshot.Region.Name
	for i := range other.snapshot.Resources {
		r := &other.snapshot.Resources[i]
		key := other.of(r.Key)
		if v.known[key] || !replicatedTo(r, here) {
			continue
		}
		v.known[key] = true
		for attribute, text := range identities(r, other.stackNames[stackOf(r.Key)]) {
			text = replaceToken(text, there, here)
			v.owners[text] = append(v.owners[text], owner{symbolOf(key, attribute), key, placeResource, useless})
		}
	}
}

// copied reports whether the primary's account keeps a copy of the resource in
// a Region by a rule that is a resource of its own: a registry's replication, a
// global cluster.
func (s *side) copied(r *Resource, to *side) bool {
	region := to.region()
	switch r.Type {
	case "AWS::KMS::Key": // something there uses the replica, and it could be described
		return strings.HasPrefix(r.ID, "mrk-") && to.describesKey(r.ID)
	case "AWS::ECR::ReplicationConfiguration": // the rule itself belongs to the side that sends
		return slices.Contains(digAll(r.Properties, "ReplicationConfiguration.Rules.*.Destinations.*.Region"), region)
	case "AWS::ECR::Repository":
		return s.registryCopies(nameOf(r), region)
	case "AWS::RDS::DBCluster":
		return s.hasMember(r, region)
	case "AWS::ElastiCache::GlobalReplicationGroup": // a cache that would be created there joins one
		return slices.ContainsFunc(to.ofType("AWS::ElastiCache::ReplicationGroup"), func(cache *Resource) bool {
			global, _ := cache.Properties["GlobalReplicationGroupId"].(string)
			return cache.Planned == PlannedCreate && s.isThisDatastore(r, global)
		})
	}
	return false
}

// isThisDatastore reports whether a name is that of a global datastore. What is not
// known yet can be it only where there is no other.
func (s *side) isThisDatastore(r *Resource, name string) bool {
	if strings.Contains(name, "${") || strings.Contains(name, "{{resolve:") {
		return len(s.ofType(r.Type)) == 1
	}
	return name != "" && (name == r.ID || slices.Contains(slices.Collect(maps.Values(identities(r, ""))), name))
}

// registryCopies reports whether a replication rule of the registry takes a
// repository's images to a Region.
func (s *side) registryCopies(repository, region string) bool {
	var rules []any
	for _, r := range s.ofType("AWS::ECR::ReplicationConfiguration") {
		list, _ := dig(r.Properties, "ReplicationConfiguration.Rules").([]any)
		rules = append(rules, list...)
	}
	for _, f := range s.snapshot.Facts {
		if f.Kind == FactRegistryReplication {
			list, _ := dig(f.Value, "Rules").([]any)
			rules = append(rules, list...)
		}
	}
	return slices.ContainsFunc(rules, func(rule any) bool {
		regions, prefixes := digAll(rule, "Destinations.*.Region"), digAll(rule, "RepositoryFilters.*.Filter")
		return slices.Contains(regions, region) && filtered(prefixes, repository)
	})
}

// filtered reports whether a name begins with one of the prefixes; no prefix lets all through.
func filtered(prefixes []string, name string) bool {
	return len(prefixes) == 0 || slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// hasMember reports whether the global cluster of a database cluster has a
// member in a Region.
func (s *side) hasMember(r *Resource, region string) bool {
	global, _ := r.Properties["GlobalClusterIdentifier"].(string)
	for _, o := range s.owners[global] {
		state := s.facts[factKey{FactGlobalClusterState, o.key}]
		for _, arn := range digAll(state, "GlobalClusterMembers.*.DBClusterArn") {
			if fields := strings.SplitN(arn, ":", 5); len(fields) == 5 && fields[3] == region {
				return global != ""
			}
		}
	}
	return false
}

// describesKey reports whether a fact of the Region is about its replica of a
// multi-Region key.
func (s *side) describesKey(id string) bool {
	for _, f := range s.snapshot.Facts {
		if content, _ := dig(f.Value, "Content").(map[string]any); f.Kind == FactContent && len(content) > 0 &&
			(f.Subject == id || strings.HasSuffix(f.Subject, "/"+id) && strings.Contains(f.Subject, ":"+s.region()+":")) {
			return true
		}
	}
	return false
}
