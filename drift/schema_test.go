package drift

import (
	"compress/gzip"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// schemaProperties are the properties of every type that a table names, with
// everything inside, as dotted paths. testdata/properties.json.gz is an extract
// of the CloudFormation registry schemas of us-east-1 as shipped by cfn-lint
// 1.51.0 (MIT-0): for each type the sorted paths of properties, "*" for an
// element of an array or a map, recursion cut at the first repetition.
func schemaProperties(t *testing.T) map[string][]string {
	t.Helper()
	file, err := os.Open("testdata/properties.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	reader, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var extract struct{ Types map[string][]string }
	if err := json.NewDecoder(reader).Decode(&extract); err != nil {
		t.Fatal(err)
	}
	return extract.Types
}

// A path that no schema knows is a typing error, or a property that AWS took
// away: the row would silently never apply.
func TestEveryPropertyThatATableNamesExists(t *testing.T) {
	known := schemaProperties(t)
	check := func(table, typeName, property string) {
		property = strings.TrimSuffix(property, ".*")
		paths, ok := known[typeName]
		first, _, _ := strings.Cut(property, ".") // no schema knows what is inside of a telling one
		switch {
		case !ok:
			t.Errorf("%s: no schema has the type %s", table, typeName)
		case property == "" || slices.Contains(paths, property) || isTelling(typeName, first):
		default:
			t.Errorf("%s: %s has no property %s", table, typeName, property)
		}
	}
	for _, r := range Rules() {
		if r.Type != "*" {
			check("relations", r.Type, r.Property)
		}
	}
	for _, r := range Rules() {
		shape := newShape(r.Type)
		for name := range strings.SplitSeq(r.Property, ".") {
			if shape = shape.at(name); shape.has(traitDropped) {
				t.Errorf("relations: %s %s is dropped before it is compared", r.Type, r.Property)
			}
		}
	}
	for _, r := range propertyTraits {
		check("traits", r.Type, r.Property)
	}
	for _, r := range identityProperties {
		check("identities", r.Type, r.Property)
	}
	for _, r := range slices.Concat(linkages, partOf, ownRanges) {
		check("linkages", r.Type, r.Property)
	}
	for _, r := range slices.Concat(peerNaming, replicas) {
		check("peers and replicas", r.Type, r.Property)
	}
	for _, r := range replication {
		check("replication", r.Type, r.Property)
	}
	for _, r := range bands {
		check("bands", r.Type, r.Property)
	}
	for _, r := range revisions {
		check("revisions", r.Type, r.Property)
	}
	for _, r := range spanning {
		for _, property := range slices.Concat(r.Properties, r.Together) {
			check("spanning", r.Type, property)
		}
	}
	for _, r := range children {
		for _, property := range r.Fields {
			check("children", r.Type, property)
		}
	}
	for _, h := range holding {
		check("holding", h.Of, h.Part)
	}
	for _, r := range companions {
		check("companions", r.Type, r.Property)
		check("companions", r.Type, r.Switch)
	}
}

func TestTheSchemaCheckNoticesAPropertyThatDoesNotExist(t *testing.T) {
	if paths := schemaProperties(t)["AWS::SQS::Queue"]; slices.Contains(paths, "VisibilityTimeOut") || !slices.Contains(paths, "VisibilityTimeout") {
		t.Errorf("the queue's properties are %v", paths)
	}
}

// A type that is newer than the schemas we know is compared as it is, and no
// Region is said to lack it.
func TestATypeThatNoSchemaKnowsIsCompared(t *testing.T) {
	build := func(p testPlace, size float64) *Snapshot {
		return lonely(p, "AWS::Newest::Thing", props{"Size": size, "Home": p.region})
	}
	if found := Compare(build(east, 1), build(west, 1), options).Findings; len(found) != 0 {
		t.Errorf("from one source:%s", show(found))
	}
	if found := Compare(build(east, 1), build(west, 2), options).Findings; len(found) != 1 || found[0].Property != "Size" || found[0].Severity != Warn {
		t.Errorf("another size:%s", show(found))
	}
	gone := build(west, 1)
	gone.Resources = nil
	if found := Compare(build(east, 1), gone, options).Findings; len(found) != 1 || found[0].Property != "" || strings.Contains(found[0].Message, "does not offer") {
		t.Errorf("missing:%s", show(found))
	}
}
