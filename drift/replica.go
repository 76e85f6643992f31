package drift

// replication lists the properties by which AWS itself keeps a copy of a
// resource in other Regions: an array, and the field that names the Region.
var replication = []struct{ Type, Property, Field string }{
	{"AWS::DynamoDB::GlobalTable", "Replicas", "Region"},
	{"AWS::DynamoDB::Table", "Replicas", "Region"},
	{"AWS::DynamoDB::Table", "Replicas", "RegionName"},
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
func (v *view) shareReplicas(other *view, keyOf func(*Resource) string) {
	here, there := v.snapshot.Region.Name, other.snapshot.Region.Name
	for i := range other.snapshot.Resources {
		r := &other.snapshot.Resources[i]
		key := keyOf(r)
		if v.known[key] || !replicatedTo(r, here) {
			continue
		}
		v.known[key] = true
		for attribute, text := range identities(r, other.stackNames[stackOf(key)]) {
			text = replaceToken(text, there, here)
			v.owners[text] = append(v.owners[text], owner{symbolOf(key, attribute), key, placeResource, useless})
		}
	}
}
