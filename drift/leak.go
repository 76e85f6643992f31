package drift

import (
	"reflect"
	"slices"
	"strings"
)

// peerNaming lists the properties whose purpose is to name another Region. A
// mention of the primary there is replication, not a leak.
var peerNaming = []struct{ Type, Property string }{
	{"AWS::ARCRegionSwitch::Plan", ""},
	{"AWS::Backup::BackupPlan", "BackupPlan.BackupPlanRule"},
	{"AWS::CloudFront::Distribution", ""},
	{"AWS::DocDB::GlobalCluster", ""},
	{"AWS::DynamoDB::GlobalTable", "Replicas"},
	{"AWS::DynamoDB::GlobalTable", "GlobalTableWitnesses"},
	{"AWS::DynamoDB::Table", "Replicas"},
	{"AWS::DynamoDB::Table", "ReplicationSpecification"},
	{"AWS::EC2::TransitGatewayPeeringAttachment", "PeerRegion"},
	{"AWS::EC2::VPCPeeringConnection", "PeerRegion"},
	{"AWS::EC2::VPCPeeringConnection", "PeerVpcId"},
	{"AWS::ECR::ReplicationConfiguration", "ReplicationConfiguration"},
	{"AWS::EFS::FileSystem", "ReplicationConfiguration"},
	{"AWS::ElastiCache::GlobalReplicationGroup", "Members"},
	{"AWS::ElastiCache::GlobalReplicationGroup", "RegionalConfigurations"},
	{"AWS::Events::Endpoint", ""},
	{"AWS::GlobalAccelerator::EndpointGroup", ""},
	{"AWS::KMS::ReplicaKey", "PrimaryKeyArn"},
	{"AWS::MSK::Replicator", ""},
	{"AWS::RDS::DBCluster", "ReplicationSourceIdentifier"},
	{"AWS::RDS::DBCluster", "SourceRegion"},
	{"AWS::RDS::DBInstance", "SourceDBClusterIdentifier"},
	{"AWS::RDS::DBInstance", "SourceDBInstanceIdentifier"},
	{"AWS::RDS::DBInstance", "SourceRegion"},
	{"AWS::RDS::GlobalCluster", "SourceDBClusterIdentifier"},
	{"AWS::Route53::HealthCheck", ""},
	{"AWS::Route53::HostedZone", "VPCs"},
	{"AWS::Route53::RecordSet", ""},
	{"AWS::Route53::RecordSetGroup", ""},
	{"AWS::S3::Bucket", "ReplicationConfiguration"},
	{"AWS::S3::MultiRegionAccessPoint", ""},
	{"AWS::SSMIncidents::ReplicationSet", "Regions"},
	{"AWS::SecretsManager::Secret", "ReplicaRegions"},
}

func mayNamePeer(typeName string, p path) bool {
	return slices.ContainsFunc(peerNaming, func(t struct{ Type, Property string }) bool {
		return t.Type == typeName && p.matches(t.Property)
	})
}

// words are the properties that are there to be read: no service acts on them.
var words = []string{"AlarmDescription", "Comment", "DBParameterGroupDescription", "DBSubnetGroupDescription", "Description", "DisplayName",
	"GroupDescription", "OptionGroupDescription", "ReplicationGroupDescription", "VersionDescription"}

// saysNothing reports whether a place holds a tag or words for people. A Region
// named there is a remark, not a reference.
func saysNothing(p path) bool {
	if len(p) == 0 {
		return false
	}
	return p[0].name == "Tags" || p[0].name == "TagSet" || strings.HasSuffix(p[0].name, "Tags") && len(p) > 1 || slices.Contains(words, p.last())
}

// asWritten reports whether both Regions have the same text.
func (d difference) asWritten() bool {
	return d.primary != nil && d.standby != nil && reflect.DeepEqual(d.primary.raw, d.standby.raw)
}

// mentions collects what a value and everything inside it names.
func (n *node) mentions() []mention {
	var all []mention
	n.walk(func(x *node) { all = append(all, x.names...) })
	return all
}

// pointer finds the mention that ties a value to the other Region: the most
// telling one. A value that names both Regions alike ("us-east-1,us-west-2")
// is a list of Regions and ties to none.
func (n *node) pointer() (mention, bool) {
	all := n.mentions()
	if namesBothAlike(all) {
		return mention{}, false
	}
	best, found := mention{}, false
	for _, m := range all {
		if m.points() && (!found || m.place < best.place) {
			best, found = m, true
		}
	}
	return best, found
}

// namesBothAlike reports whether everything that is named of the other Region
// is named of the own Region too.
func namesBothAlike(all []mention) bool {
	own, peer := map[string]bool{}, 0
	for _, m := range all {
		if !m.peer {
			own[m.symbol] = true
		}
	}
	for _, m := range all {
		if m.peer {
			peer++
			if !own[m.symbol] {
				return false
			}
		}
	}
	return peer > 0
}

// sureText is a value's texts with nothing rewritten that may be chance: a word
// that is the name of something, a stack's name in another name.
func (c *canoniser) sureText(n *node) string {
	var lines []string
	n.walk(func(x *node) {
		text, ok := x.raw.(string)
		if !ok || !x.scalar() || x.kind == kindSecret {
			lines = append(lines, string(x.kind)+x.text)
			return
		}
		text, _ = c.index.rewriteIf(c.view.side, text, func(m *mention) bool { return !m.vague })
		lines = append(lines, text)
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// hasVague reports whether any text of the value may name something by chance.
func hasVague(n *node) bool {
	return slices.ContainsFunc(n.mentions(), func(m mention) bool { return m.vague })
}

// sameByIntent reports whether two values that are written alike in both
// Regions, and so mean different things in each, are meant to be alike: a list
// of both Regions, a common word that happens to be a name. peers says that the
// place is there to name another Region.
func (c *comparer) sameByIntent(p, s *node, peers bool) bool {
	if p == nil || s == nil || p.kind == kindSecret || len(described(p)) > 0 && len(described(s)) > 0 {
		return false
	}
	if p.kind == s.kind && (p.scalar() || p.atomic() && s.atomic() && p.kind == kindSet) && (hasVague(p) || hasVague(s)) &&
		c.primary.sureText(p) == c.standby.sureText(s) {
		return true
	}
	if !reflect.DeepEqual(p.raw, s.raw) {
		return false
	}
	return peers || !tied(p) && !tied(s)
}

func tied(n *node) bool {
	all := n.mentions()
	if namesBothAlike(all) {
		return false
	}
	return slices.ContainsFunc(all, func(m mention) bool { return m.points() || m.peer && m.place == placeCode })
}
