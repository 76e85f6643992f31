package drift

import (
	"fmt"
	"slices"
	"strings"
)

// sharedPins looks at roles and policies that both Regions use: those that only
// the primary's stack declares and the standby names, and those that were read
// in both Regions and are one. What they allow must not end at the primary's
// Region. Such a role looks healthy until the day it is needed.
func (c *comparer) sharedPins() {
	for i := range c.primary.snapshot.Resources {
		r := &c.primary.snapshot.Resources[i]
		if !strings.HasPrefix(r.Type, "AWS::IAM::") || !c.standby.used[r.Key] && !c.isOne(r) && !c.attached(r) {
			continue
		}
		root := c.primary.resource(r)
		for _, found := range c.pinnedStatements(root, namedThere(root), nil) {
			c.add(c.pinFinding(r, found))
		}
	}
}

// isOne reports whether a resource was read in both Regions and is the same one.
func (c *comparer) isOne(r *Resource) bool {
	other := c.standby.resources[r.Key]
	return other != nil && c.oneForAll(pair{key: r.Key, primary: r, standby: other})
}

// attached reports whether a policy of the primary's stack belongs to a role
// that the standby uses.
func (c *comparer) attached(r *Resource) bool {
	if c.standby.known[r.Key] {
		return false // it has a sibling, and is compared
	}
	for _, property := range []string{"Roles.*", "RoleName"} {
		for _, name := range digAll(r.Properties, property) {
			if slices.ContainsFunc(c.primary.owners[name], func(o owner) bool { return c.standby.used[o.key] }) {
				return true
			}
		}
	}
	return false
}

// namedThere are the symbols that a document names in the other Region, each
// alone and with the actions of the statement it stands in.
func namedThere(root *node) map[string]bool {
	there := map[string]bool{}
	root.walk(func(n *node) {
		for _, m := range n.names {
			if m.peer {
				there[m.symbol] = there[m.symbol] || m.place == placeResource
			}
		}
		if n.child("Effect") == nil {
			return
		}
		for _, m := range n.mentions() {
			if m.peer {
				there[actionsOf(n)+m.symbol] = true
			}
		}
	})
	return there
}

// actionsOf identifies what a statement is about: to allow the same in two
// Regions takes two statements of the same actions, or one that names both.
func actionsOf(statement *node) string {
	return string(statement.child("Action").encode(nil)) + string(statement.child("NotAction").encode(nil))
}

// pinnedStatements finds the statements that allow something in the primary's
// Region alone, or forbid it everywhere else.
func (c *comparer) pinnedStatements(n *node, there map[string]bool, at path) []difference {
	if n.child("Effect") != nil {
		return c.pinnedParts(n, there, at)
	}
	var found []difference
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
		found = append(found, c.pinnedStatements(kid, there, at.with(next))...)
	}
	return found
}

// pinnedParts are the parts of a statement that name the primary's Region and
// have no counterpart for the other one anywhere in the document.
func (c *comparer) pinnedParts(statement *node, there map[string]bool, at path) []difference {
	allows := statement.child("Effect").text == "Allow"
	var found []difference
	consider := func(n *node, where path) {
		if n != nil && c.endsHere(n, there, actionsOf(statement)) {
			found = append(found, difference{path: where, primary: n})
		}
	}
	if allows {
		consider(statement.child("Resource"), at.with(step{name: "Resource"}))
		consider(statement.child("Principal"), at.with(step{name: "Principal"}))
	}
	conditions := statement.child("Condition")
	if conditions == nil {
		return found
	}
	for i, operator := range conditions.keys {
		if positive := !strings.Contains(strings.ToLower(operator), "not"); positive != allows {
			continue
		}
		for j, key := range conditions.kids[i].keys {
			consider(conditions.kids[i].kids[j], at.with(step{name: "Condition"}).with(step{name: operator}).with(step{name: key}))
		}
	}
	return found
}

// endsHere reports whether a value names something of the own Region and
// nothing that makes up for it in the other.
func (c *comparer) endsHere(n *node, there map[string]bool, actions string) bool {
	mentions := n.mentions()
	if slices.ContainsFunc(n.kids, func(k *node) bool { return k.text == "*" }) {
		return false
	}
	for _, m := range mentions {
		if m.peer || !c.regional(m) {
			continue
		}
		if there[actions+m.symbol] || m.place == placeResource && there[m.symbol] {
			continue
		}
		return true
	}
	return false
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
	return m.place != placeAccount && m.place != placeCode && !m.vague && !isGlobal(c.primary.typeOf(m.key))
}
