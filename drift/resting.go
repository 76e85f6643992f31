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

// attributed finds what a declared text takes of a resource: ${Vpc.DefaultSecurityGroup}.
var attributed = regexp.MustCompile(`\$\{([A-Za-z0-9]+)\.([A-Za-z0-9.]+)\}`)

// restsOnUnnamed leaves a gap where two ids that AWS made differ and both templates
// take such an id from an attribute of their own resource that no reader gives: the
// default security group of a network. Whose ids they are nobody knows.
func (c *comparer) restsOnUnnamed(p *couple, d difference) bool {
	if len(d.path) == 0 {
		return false
	}
	property := d.path[0].name
	here := c.primary.unnamedIn(p.primary, p.primary.Declared[property])
	if here == "" || here != c.standby.unnamedIn(p.standby, p.standby.Declared[property]) {
		return false
	}
	left, ours := skeleton(d.primary)
	right, theirs := skeleton(d.standby)
	if len(ours) == 0 || len(ours) != len(theirs) || left != right {
		return false
	}
	c.out.Gaps = append(c.out.Gaps, Gap{Region: c.standby.region(), Resource: p.key, Type: p.standby.Type, Property: d.path.String(),
		Operation: "lockstep:Compare", Reason: "Unresolved", Message: property + " is made of " + here + ", which is not read: whether each Region has its own is not known"})
	return true
}

// unnamedIn is the first attribute of an own resource in a declared tree that live
// values are not rewritten to.
func (s *side) unnamedIn(r *Resource, declared any) string {
	found := ""
	mapText(declared, func(text string) string {
		if !strings.Contains(text, "${") {
			return text
		}
		for _, m := range attributed.FindAllStringSubmatch(text, -1) {
			key := s.of(inStack(stackOf(r.Key)+"/", m[1]))
			if found == "" && s.known[key] && !s.identified("${"+s.classes.find(key+"."+m[2])+"}") {
				found = key + "." + m[2]
			}
		}
		return text
	})
	return found
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
