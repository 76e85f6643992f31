package drift

import (
	"regexp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift/metadata"
)

// evidences are what shows that two resources without a common key are
// siblings, strongest first. Each gives the texts a resource is known by;
// resources of one type that share a text are candidates.
var evidences = []struct {
	by   string
	keys func(*tokens, *Resource) []string
}{
	{"the tag lockstep:key", byTag},
	{"the tags of its stack", byStackTags},
	{"its logical id and the name of its stack without the Region", byStackName},
	{"its name without the Region", byName},
	{"the replication between them", byReplication},
}

// pairingTag is the tag by which people say which resources belong together.
const pairingTag = "lockstep:key"

func byTag(_ *tokens, r *Resource) []string { return texts(r.tag(pairingTag)) }

// byStackTags uses the tags CloudFormation gives, which name stack and logical id.
func byStackTags(t *tokens, r *Resource) []string {
	stack, logical := r.tag("aws:cloudformation:stack-name"), r.tag("aws:cloudformation:logical-id")
	if stack == "" || logical == "" {
		return nil
	}
	return texts(t.without(stack) + "/" + logical)
}

func byStackName(t *tokens, r *Resource) []string {
	stack := stackOf(r.Key)
	if stack == "" || stack == "terraform" {
		return nil
	}
	return texts(t.without(stack) + "/" + logicalOf(r.Key))
}

func byName(t *tokens, r *Resource) []string {
	if isChild(r.Type) {
		return nil // a name under a parent: see children
	}
	return texts(t.without(nameOf(r)))
}

// nameOf is the name a person gave a resource: its name property, or the one
// property that identifies it and that AWS does not make up.
func nameOf(r *Resource) string {
	if _, name, ok := ownName(r); ok {
		return name
	}
	known, _ := metadata.Lookup(r.Type)
	if len(known.Identifier) == 1 && !slices.Contains(known.ReadOnly, known.Identifier[0]) {
		name, _ := r.Properties[known.Identifier[0]].(string)
		return name
	}
	return ""
}

func texts(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

// tag is the value of a tag, wherever the resource carries its tags.
func (r *Resource) tag(name string) string {
	if value, ok := r.Tags[name]; ok {
		return value
	}
	list, _ := r.Properties["Tags"].([]any)
	for _, e := range list {
		object, _ := e.(map[string]any)
		if key, _ := object["Key"].(string); key == name {
			value, _ := object["Value"].(string)
			return value
		}
	}
	object, _ := r.Properties["Tags"].(map[string]any)
	value, _ := object[name].(string)
	return value
}

// replicas are properties that lead from a resource to its sibling in another
// Region, or that both share: by them a source and its replica are known.
var replicas = []struct{ Type, Property string }{
	{"AWS::DocDB::DBCluster", "GlobalClusterIdentifier"},
	{"AWS::EFS::FileSystem", "ReplicationConfiguration.Destinations.*.FileSystemId"},
	{"AWS::ElastiCache::ReplicationGroup", "GlobalReplicationGroupId"},
	{"AWS::KMS::ReplicaKey", "PrimaryKeyArn"},
	{"AWS::RDS::DBCluster", "GlobalClusterIdentifier"},
	{"AWS::RDS::DBCluster", "ReplicationSourceIdentifier"},
	{"AWS::RDS::DBInstance", "SourceDBInstanceIdentifier"},
	{"AWS::S3::Bucket", "ReplicationConfiguration.Rules.*.Destination.Bucket"},
}

// byReplication knows a resource by its own ids and by those its replication names.
func byReplication(_ *tokens, r *Resource) []string {
	var found []string
	for _, t := range replicas {
		if t.Type == r.Type {
			found = append(found, digAll(r.Properties, t.Property)...)
		}
	}
	if strings.HasPrefix(r.ID, "mrk-") { // one id in every Region
		found = append(found, r.ID)
	}
	if len(found) == 0 && !replicable(r.Type) {
		return nil
	}
	found = append(found, r.ID)
	for _, text := range r.Identities {
		found = append(found, text)
	}
	if r.Type == "AWS::S3::Bucket" {
		found = append(found, "arn:aws:s3:::"+r.ID)
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(s string) bool { return s == "" })
}

func replicable(typeName string) bool {
	return typeName == "AWS::KMS::Key" || slices.ContainsFunc(replicas, func(t struct{ Type, Property string }) bool { return t.Type == typeName })
}

// digAll follows a dotted path, "*" through every element, to texts.
func digAll(v any, property string) []string {
	if property == "" {
		text, _ := v.(string)
		return texts(text)
	}
	name, rest, _ := strings.Cut(property, ".")
	switch v := v.(type) {
	case map[string]any:
		return digAll(v[name], rest)
	case []any: // name is "*"
		var found []string
		for _, e := range v {
			found = append(found, digAll(e, rest)...)
		}
		return found
	}
	return nil
}

// tokens removes what names a Region from names.
type tokens struct{ places *index }

func newTokens(s *Snapshot) *tokens {
	v := &view{snapshot: s}
	v.zoneNames, v.zoneIDs = zones(s)
	t := &tokens{newIndex(0)}
	v.addPlaces(t.places)
	return t
}

// placeIn finds a place in a rewritten name, and what joins it to the rest.
var placeIn = regexp.MustCompile(`[-_./:]?\$\{(?:peer:)?[A-Za-z0-9]+\}`)

// without is a name in which nothing says where it is: orders-us-east-1,
// use1_orders and orders are one.
func (t *tokens) without(name string) string {
	bare, _ := t.places.rewrite(0, name)
	return withoutPlaces(name, bare)
}

// withoutPlaces is a rewritten name without what stands for a place.
func withoutPlaces(name, bare string) string {
	if bare == name {
		return name
	}
	if bare = placeIn.ReplaceAllString(bare, ""); strings.HasPrefix(name, "/") {
		return bare
	}
	return strings.TrimLeft(bare, "-_./:")
}
