package predict

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// localID finds ids that AWS makes and that exist in one Region only: of
// images, networks and what lies in them, volumes and snapshots. Source: the
// resource ids of the Amazon EC2 User Guide.
var localID = regexp.MustCompile(`^(?:acl|ami|eipalloc|eni|fs|i|igw|lt|nat|pcx|pl|rtb|sg|snap|subnet|tgw|tgw-attach|vgw|vol|vpc|vpce)-[0-9a-f]{8,17}$`)

// Pinned are the values that a standby declares exactly as the primary does and
// that exist in one Region only. The comparison takes two equal texts without
// a name of a Region in them for alike; of these, one leads nowhere.
func Pinned(primary, standby *drift.Snapshot) []drift.Finding {
	ours := map[string]drift.Resource{}
	for _, r := range primary.Resources {
		ours[r.Key] = r
	}
	var found []drift.Finding
	for _, r := range standby.Resources {
		other, both := ours[r.Key]
		if !both || other.Type != r.Type {
			continue
		}
		theirs := map[string]string{}
		walk(other.Properties, "", func(path, text string) { theirs[path] = text })
		walk(r.Properties, "", func(path, text string) {
			if localID.MatchString(text) && theirs[path] == text {
				found = append(found, pinned(r, path, text, primary.Region.Name, standby.Region.Name))
			}
		})
	}
	return found
}

func pinned(r drift.Resource, path, text, here, there string) drift.Finding {
	kind, _, _ := strings.Cut(text, "-")
	fix := "give each Region its own, with a parameter per Region or a mapping"
	if kind == "ami" {
		fix += ", or take it from the Parameter Store with {{resolve:ssm:…}}"
	}
	return drift.Finding{Resource: r.Key, Type: r.Type, Property: path, Region: there, Primary: text, Standby: text,
		Relation: drift.Equal, Severity: drift.Block, Cause: drift.Declared, Location: r.Location,
		Message: fmt.Sprintf("%s: %s is %s in %s and in %s. Such an id exists in one Region only: the other cannot use it.", r.Key, path, text, here, there),
		Fix:     fix}
}

// NotOffered are the resources of a standby's templates whose type AWS is known
// not to offer there, with the date of that knowledge.
func NotOffered(standby *drift.Snapshot) []drift.Finding {
	var found []drift.Finding
	for _, r := range standby.Resources {
		source, lacks := drift.NotOffered(standby.Region.Name, r.Type)
		if !lacks {
			continue
		}
		found = append(found, drift.Finding{Resource: r.Key, Type: r.Type, Property: "Type", Region: standby.Region.Name,
			Primary: r.Type, Standby: "not offered in " + standby.Region.Name + " (" + source + ")",
			Relation: drift.Equal, Severity: drift.Block, Cause: drift.Declared, Location: r.Location,
			Message: fmt.Sprintf("%s (%s) cannot be created in %s: AWS does not offer the type there (%s).", r.Key, r.Type, standby.Region.Name, source),
			Fix:     "choose a standby Region that offers " + r.Type + ", or build the standby without it; if AWS has brought it to " + standby.Region.Name + " since, the deploy will show it"})
	}
	return found
}

// walk visits the texts of a tree with their dotted paths, in order.
func walk(v any, path string, visit func(path, text string)) {
	switch v := v.(type) {
	case string:
		visit(path, v)
	case []any:
		for i, element := range v {
			walk(element, path+"["+strconv.Itoa(i)+"]", visit)
		}
	case map[string]any:
		for _, name := range sortedKeys(v) {
			walk(v[name], strings.TrimPrefix(path+"."+name, "."), visit)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
