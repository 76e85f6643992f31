package drift

import "slices"

// linkages are properties that make a resource the replica, or the original,
// of one in another Region. Where a pair has one, what the service rules over
// on the replica's side (credentials, backup windows) is no drift.
var linkages = []struct{ Type, Property string }{
	{"AWS::DocDB::DBCluster", "GlobalClusterIdentifier"},
	{"AWS::ElastiCache::ReplicationGroup", "GlobalReplicationGroupId"},
	{"AWS::RDS::DBCluster", "GlobalClusterIdentifier"},
	{"AWS::RDS::DBCluster", "ReplicationSourceIdentifier"},
	{"AWS::RDS::DBInstance", "SourceDBClusterIdentifier"},
	{"AWS::RDS::DBInstance", "SourceDBInstanceIdentifier"},
}

// partOf are the properties by which a resource belongs to another one and is
// a replica where that is.
var partOf = []struct{ Type, Property string }{
	{"AWS::DocDB::DBInstance", "DBClusterIdentifier"},
	{"AWS::RDS::DBInstance", "DBClusterIdentifier"},
}

// replicates reports whether one of a pair is a replica of the other.
func (c *comparer) replicates(p pair) bool {
	if p.primary.Type != p.standby.Type && areTwins(p.primary.Type, p.standby.Type) {
		return true
	}
	return c.primary.linked(p.primary) || c.standby.linked(p.standby)
}

func (s *side) linked(r *Resource) bool {
	for _, t := range linkages {
		if text, _ := r.Properties[t.Property].(string); t.Type == r.Type && text != "" {
			return true
		}
	}
	for _, t := range partOf {
		text, _ := r.Properties[t.Property].(string)
		if t.Type != r.Type || text == "" {
			continue
		}
		for _, o := range s.owners[text] {
			if whole := s.resources[o.key]; whole != nil && whole != r && s.linked(whole) {
				return true
			}
		}
	}
	return false
}

// inherited are the properties that a replica takes from its original: the template
// of one leaves them out, or must. Sources: CloudFormation resource reference, and for
// caches ElastiCache user guide, Replication across Regions using global datastores.
var inherited = []struct {
	Type       string
	Properties []string
}{
	{"AWS::DocDB::DBCluster", []string{"MasterUsername", "StorageEncrypted"}},
	{"AWS::ElastiCache::ReplicationGroup", []string{"AtRestEncryptionEnabled", "AuthToken", "CacheNodeType", "CacheParameterGroupName", "Engine", "EngineVersion",
		"GlobalReplicationGroupId", "NumNodeGroups", "TransitEncryptionEnabled", "TransitEncryptionMode"}},
	{"AWS::RDS::DBCluster", []string{"DatabaseName", "EngineVersion", "MasterUsername", "StorageEncrypted"}},
	{"AWS::RDS::DBInstance", []string{"AllocatedStorage", "CharacterSetName", "DBName", "Engine", "EngineVersion", "MasterUsername", "StorageEncrypted", "Timezone"}},
}

// leftToItsOriginal reports whether the template of what does not exist yet leaves out
// what a replica takes from its original, which it is linked to. An original has no
// link of its own.
func (c *comparer) leftToItsOriginal(p *couple, d difference) bool {
	silent, side := p.standby, c.standby
	if d.primary == nil {
		silent, side = p.primary, c.primary
	}
	if silent.Planned != PlannedCreate || d.primary != nil && d.standby != nil {
		return false
	}
	if !side.linked(silent) {
		return silent == p.primary && c.standby.linked(p.standby) && len(d.path) == 1 && d.path[0].name == "GlobalReplicationGroupId"
	}
	return slices.ContainsFunc(inherited, func(t struct {
		Type       string
		Properties []string
	}) bool {
		return t.Type == p.primary.Type && len(d.path) == 1 && slices.Contains(t.Properties, d.path[0].name)
	})
}
