package drift

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// declaredBy explains a difference that the code itself makes: what each
// template says, and the parameter it says it through, if one can be told.
type declaredBy struct {
	primary, standby any
	parameter        string
	known            bool
	// why says through what the templates come to different values.
	why string
	// epoch is true where nothing is declared and one Region has nothing, ofTheDay
	// where AWS chose what was current.
	epoch, ofTheDay bool
}

// declaredAt finds what the templates say at a difference, where both say one
// plain value.
func (c *comparer) declaredAt(p *couple, d difference) declaredBy {
	left, right, ok := c.declared(p)
	if !ok || d.hidden() {
		return declaredBy{}
	}
	l, depthLeft := left.reach(d.path)
	r, depthRight := right.reach(d.path)
	if l == nil || r == nil || !l.scalar() || !r.scalar() || depthLeft != len(d.path) || depthRight != len(d.path) {
		return declaredBy{}
	}
	by := declaredBy{primary: l.raw, standby: r.raw, known: true}
	by.parameter = parameterBetween(c.primary.stackOf(p.key), c.standby.stackOf(p.key), fmt.Sprint(l.raw), fmt.Sprint(r.raw))
	return by
}

// whyUnknown is what the snapshots say about a template that told nothing.
func (c *comparer) whyUnknown(p *couple) string {
	var reasons []string
	for _, at := range []struct {
		r *Resource
		s *side
	}{{p.primary, c.primary}, {p.standby, c.standby}} {
		if at.r.Declared == nil && at.r.Undeclared != "" {
			reasons = append(reasons, "in "+at.s.region()+" "+strings.TrimSuffix(at.r.Undeclared, "."))
		}
	}
	return strings.Join(reasons, "; ")
}

// explainBy adds what the templates' functions say. One parameter alone is the
// one to change.
func (c *comparer) explainBy(by *declaredBy, b *because) {
	by.why = b.sentence()
	if by.parameter == "" && b != nil && len(b.parameters) == 1 && len(b.reasons) == 1 {
		by.parameter = b.parameters[0]
	}
}

// undeclared reports whether neither template says anything about the property
// a difference is in.
func (c *comparer) undeclared(p *couple, d difference) bool {
	left, right, ok := c.declared(p)
	return ok && len(d.path) > 0 && left.child(d.path[0].name) == nil && right.child(d.path[0].name) == nil
}

// differentEpoch reports whether a difference may be one of defaults: neither
// template says anything, and one Region has the property off or not at all.
// AWS changes defaults for what is created from then on and leaves what exists
// (the encryption of buckets, the version of the metadata service), so a standby
// built earlier really behaves differently.
func (c *comparer) differentEpoch(p *couple, d difference) bool {
	for _, n := range []*node{d.primary, d.standby} { // no default of AWS's is a list of rules, or lets anybody in
		if n != nil && (n.kind == kindSet || n.kind == kindList || strings.HasSuffix(d.path[0].name, "Policy")) {
			return false
		}
	}
	absent := func(n *node) bool { return n == nil || n.off || n.scalar() && isOff(n) }
	return c.undeclared(p, d) && d.path[0].name != "Tags" && !isTelling(p.primary.Type, d.path[0].name) && absent(d.primary) != absent(d.standby) && c.defaultAt(p.primary.Type, d.path) == nil
}

// parameterBetween names the one parameter of a stack that has these two
// values in the two Regions; "" when there is none, or more than one.
func parameterBetween(a, b *Stack, left, right string) string {
	if a == nil || b == nil {
		return ""
	}
	found := ""
	for _, name := range slices.Sorted(maps.Keys(a.Parameters)) {
		if other, ok := b.Parameters[name]; !ok || a.Parameters[name] != left || other != right {
			continue
		}
		if found != "" {
			return ""
		}
		found = name
	}
	return found
}
