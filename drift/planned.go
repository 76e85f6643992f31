package drift

import (
	"slices"
	"strings"
)

// asPlanned reports whether a difference is only that between a value as AWS
// shows it and the same value as a template has it: one Region has what the
// templates of both say, to the other a planned change brings it. What would be
// created gets what its template says, and what AWS gives where that says
// nothing; what it refers to may not be known yet. Of what exists, the part that
// was changed by hand stays a difference.
func (c *comparer) asPlanned(p *couple, d difference) bool {
	create := (p.primary.Planned == PlannedCreate) != (p.standby.Planned == PlannedCreate)
	if !create && p.primary.Planned != PlannedUpdate && p.standby.Planned != PlannedUpdate {
		return false
	}
	if create && c.sameButForThePlace(p.key, d) {
		return true
	}
	left, right, ok := c.declared(p)
	if !ok {
		return false
	}
	_, depth := left.reach(d.path)
	_, depthRight := right.reach(d.path)
	where := d.path[:min(depth, depthRight)]
	declaredLeft, _ := left.reach(where)
	declaredRight, _ := right.reach(where)
	switch agree := alike(declaredLeft, declaredRight); { // the same words may name one Region in both
	case agree && (create || declaredRight == nil):
		return create
	case agree:
		return c.standing(p, d, left, right).changed == ""
	}
	at, depth := reachTogether(d.path, left, right)
	return create && (depth == len(d.path) && alike(at[0], at[1]) || c.comesTo(p, d, left, right))
}

// sameButForThePlace reports whether the two texts differ in nothing but their own
// Region and account: an ARN spelt out, of what has none yet where it does not exist.
func (c *comparer) sameButForThePlace(key string, d difference) bool {
	if d.primary == nil || d.standby == nil {
		return false
	}
	text := textOf(d.primary)
	for _, own := range [][2]string{{c.primary.region(), c.standby.region()}, {c.primary.snapshot.Account, c.standby.snapshot.Account}} {
		if own[0] != "" && own[1] != "" {
			text = replaceToken(text, own[0], own[1])
		}
	}
	return text != textOf(d.primary) && text == textOf(d.standby) && !c.lives(key, textOf(d.primary), c.primary, c.standby) && !c.lives(key, textOf(d.standby), c.standby, c.primary)
}

// lives reports whether a text is the name of another resource, whose sibling in the other
// Region is there already: that one has a name, and the text has to be it.
func (c *comparer) lives(but, text string, here, there *side) bool {
	return slices.ContainsFunc(here.owners[text], func(o owner) bool {
		sibling := there.resources[o.key]
		return o.key != but && sibling != nil && sibling.Planned != PlannedCreate
	})
}

// comesTo reports whether what is not known yet of the value to be created may
// be what the other Region has.
func (c *comparer) comesTo(p *couple, d difference, left, right *node) bool {
	live, planned, side := p.left, right, c.standby
	if p.primary.Planned == PlannedCreate {
		live, planned, side = p.right, left, c.primary
	}
	_, depth := planned.reach(d.path)
	value, _ := planned.reach(d.path[:depth])
	have, _ := live.reach(d.path[:depth])
	return value != nil && have != nil && value.kind == kindText && len(described(value)) == 0 && (side.unresolved(value.text) || side.holds(have, value))
}

// unresolved reports whether a text as a whole is a symbol of something that is
// not known: of a parameter that AWS stores, of a function of it.
func (s *side) unresolved(text string) bool {
	symbol := strings.HasPrefix(text, "${") && strings.HasSuffix(text, "}") || strings.HasPrefix(text, "{{resolve:") && strings.HasSuffix(text, "}}")
	return symbol && !s.identified(text) && !strings.HasPrefix(text, "${peer:") && strings.Count(text, "${") <= 1
}
