package drift

import (
	"fmt"
	"slices"
	"strings"
)

// sharedPins looks at roles and policies that only the primary's stack
// declares and the standby uses too: what they allow must not end at the
// primary's Region. Such a role looks healthy until the day it is needed.
func (c *comparer) sharedPins() {
	for i := range c.primary.snapshot.Resources {
		r := &c.primary.snapshot.Resources[i]
		if !c.standby.used[r.Key] || !strings.HasPrefix(r.Type, "AWS::IAM::") {
			continue
		}
		root := c.primary.resource(r)
		if slices.ContainsFunc(root.mentions(), func(m mention) bool { return m.peer && m.place != placeAccount }) {
			continue // it names the standby somewhere: written for both
		}
		for _, found := range c.pinnedStatements(root, nil) {
			c.add(c.pinFinding(r, found))
		}
	}
}

// pinnedStatements finds the statements that allow something in the Region of
// the mentions alone.
func (c *comparer) pinnedStatements(n *node, at path) []difference {
	var found []difference
	if effect := n.child("Effect"); effect != nil {
		resource := n.child("Resource")
		if effect.text == "Allow" && resource != nil && slices.ContainsFunc(resource.mentions(), c.regional) &&
			!slices.ContainsFunc(resource.kids, func(k *node) bool { return k.text == "*" }) {
			found = append(found, difference{path: at.with(step{name: "Resource"}), primary: resource})
		}
		return found
	}
	names := elementNames{}
	if n.kind == kindSet {
		names = newElementNames(n, n)
	}
	for i, kid := range n.kids {
		next := step{name: position(i), element: true}
		switch n.kind {
		case kindObject, kindKeyed:
			next = step{name: n.keys[i], element: n.kind == kindKeyed}
		case kindSet:
			next.name = names.of(kid, nil)
		}
		found = append(found, c.pinnedStatements(kid, at.with(next))...)
	}
	return found
}

func (c *comparer) pinFinding(r *Resource, d difference) Finding {
	here, there := c.primary.region(), c.standby.region()
	key := r.Key
	return Finding{Resource: key, Type: r.Type, Property: d.path.String(), Region: there, Primary: d.shown(d.primary),
		Relation: Superset, Severity: Block, Cause: Declared, Location: r.Location,
		Message: fmt.Sprintf("%s is used in %s too, and what it allows ends in %s: %s is %s. In %s that is denied.",
			key, there, here, d.path.String(), brief(d.shown(d.primary)), there),
		Fix: fmt.Sprintf("let %s name the resources of %s as well, or give %s a role of its own", key, there, there)}
}

// regional reports whether a mention names something that exists in one Region.
func (c *comparer) regional(m mention) bool {
	return m.place != placeAccount && !m.vague && !isGlobal(c.primary.typeOf(m.key))
}
