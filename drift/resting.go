package drift

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// referenced finds the resources that a declared value names.
var referenced = regexp.MustCompile(`\$\{([A-Za-z0-9]+)[.}]`)

// restsOnUnread turns a difference into a gap where the template makes the
// property out of a resource that could not be read: the address of a database,
// the ARN of a set of rules are texts of each Region that only it could explain.
func (c *comparer) restsOnUnread(p *couple, d difference) bool {
	if len(d.path) == 0 || !machineMade(d.primary) || !machineMade(d.standby) {
		return false
	}
	property := d.path[0].name
	for _, at := range []struct {
		r *Resource
		s *side
	}{{p.primary, c.primary}, {p.standby, c.standby}} {
		for _, logical := range referencesIn(at.r.Declared[property]) {
			key := stackOf(at.r.Key) + "/" + logical
			if at.s.unread.resources[key] == nil {
				continue
			}
			c.out.Gaps = append(c.out.Gaps, Gap{Region: at.s.region(), Resource: p.key, Type: at.r.Type, Property: d.path.String(),
				Operation: "lockstep:Compare", Reason: "Unresolved", Message: property + " is made of " + key + ", which was not read in " + at.s.region()})
			return true
		}
	}
	return false
}

// machineMade reports whether a value has a text that AWS may have made: an id,
// an ARN, an address. All have digits; what somebody wrote by hand may not.
func machineMade(n *node) bool {
	return n == nil || slices.ContainsFunc(scalars(n), func(text string) bool { return strings.ContainsAny(text, "0123456789") })
}

// referencesIn lists the logical ids that a declared tree names.
func referencesIn(v any) []string {
	switch v := v.(type) {
	case string:
		var ids []string
		for _, m := range referenced.FindAllStringSubmatch(v, -1) {
			ids = append(ids, m[1])
		}
		return ids
	case []any:
		var ids []string
		for _, element := range v {
			ids = append(ids, referencesIn(element)...)
		}
		return ids
	case map[string]any:
		var ids []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			ids = append(ids, referencesIn(v[name])...)
		}
		return ids
	}
	return nil
}
