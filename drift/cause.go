package drift

import (
	"reflect"
	"slices"
	"strconv"
)

// cause says where a difference comes from and, when live values left their
// code, in which Region.
func (c *comparer) cause(p *couple, d difference) (Cause, string) {
	left, right, ok := c.declared(p)
	if !ok {
		return Unknown, ""
	}
	if p.primary.Planned == PlannedCreate && p.standby.Planned == PlannedCreate {
		return Declared, "" // there is nothing but the templates
	}
	if p.primary.Type == typeVersion && (d.path.String() == codeHash || d.path[0].name == servedConfiguration) {
		return Unknown, "" // a version never changes: the Regions published what they had, each at its time
	}
	if ours, theirs, ok := c.functionOf(p, d); ok {
		if c.releasesDiffer() {
			return NotYetDeployed, ""
		}
		return OutOfBand, c.changedIn(alike(d.primary, ours), alike(d.standby, theirs))
	}
	if d.path.String() == codeHash && !sameCode(p.primary, p.standby) {
		if c.releasesDiffer() {
			return NotYetDeployed, ""
		}
		return Declared, ""
	}
	s := c.standing(p, d, left, right)
	_, points := s.declaredRight.pointer()
	switch {
	case s.agree && points && s.changed == "":
		return Declared, ""
	case s.agree || s.changed != "":
		return OutOfBand, s.changed
	case c.releasesDiffer() || c.pendingAgrees(p, d):
		return NotYetDeployed, ""
	}
	return Declared, ""
}

// standing is how the live values of a difference stand to what the templates say.
type standing struct {
	declaredRight *node
	agree         bool   // both templates say the same
	changed       string // the one Region whose live value is not what its template says
}

func (c *comparer) standing(p *couple, d difference, left, right *node) standing {
	at, depth := reachTogether(d.path, left, right, p.left, p.right)
	where := d.path[:depth]
	declaredLeft, declaredRight, liveLeft, liveRight := at[0], at[1], at[2], at[3]
	trueLeft, trueRight := c.primary.holds(liveLeft, declaredLeft), c.standby.holds(liveRight, declaredRight)
	if !trueLeft && !trueRight && isSet(declaredLeft) && isSet(declaredRight) { // AWS may have added to what is declared in both
		trueLeft, trueRight = c.primary.keeps(liveLeft, declaredLeft), c.standby.keeps(liveRight, declaredRight)
	}
	if given := c.defaultAt(p.primary.Type, where); given != nil && declaredLeft == nil && declaredRight == nil {
		trueLeft, trueRight = asGiven(liveLeft, given), asGiven(liveRight, given)
	}
	if c.chases(p.primary.Type, where) {
		trueLeft, trueRight = c.primary.pointsAsDeclared(liveLeft, declaredLeft), c.standby.pointsAsDeclared(liveRight, declaredRight)
	}
	agree := alike(declaredLeft, declaredRight) || literalAlike(declaredLeft, declaredRight)
	changed := c.changedIn(trueLeft, trueRight)
	if !agree && (declaredLeft == nil || declaredRight == nil) {
		changed = "" // what a template leaves to AWS cannot be held against it
	}
	if changed == "" && isSet(declaredLeft) && isSet(declaredRight) {
		changed = c.changedIn(isSet(liveLeft), isSet(liveRight)) // what is declared and not there was removed
	}
	return standing{declaredRight, agree, changed}
}

// leftAlone reports whether one Region alone left its template for a value that
// is written alike in both: a policy of the standby that names the primary's
// account, although the template names each Region's own.
func (c *comparer) leftAlone(p *couple, d difference) bool {
	left, right, ok := c.declared(p)
	return ok && c.standing(p, d, left, right).changed != ""
}

// codeHash is what a function runs; its template says it as Code.
const codeHash = "CodeSha256"

const typeVersion = "AWS::Lambda::Version"

// sameCode reports whether both templates name one code bundle. Buckets,
// object versions and registries differ between Regions that hold the same bytes.
func sameCode(left, right *Resource) bool {
	ours, _ := left.Declared["Code"].(map[string]any)
	theirs, _ := right.Declared["Code"].(map[string]any)
	return reflect.DeepEqual(ours["ZipFile"], theirs["ZipFile"]) && reflect.DeepEqual(ours["S3Key"], theirs["S3Key"])
}

// changedIn names the Region that left its code, when exactly one did.
func (c *comparer) changedIn(primaryTrue, standbyTrue bool) string {
	switch {
	case primaryTrue && !standbyTrue:
		return c.standby.region()
	case standbyTrue && !primaryTrue:
		return c.primary.region()
	}
	return ""
}

// literalAlike reports whether both templates say the same words.
func literalAlike(p, s *node) bool {
	return p != nil && s != nil && same(rawNode(p), rawNode(s))
}

// rawNode is a value's text as written, without symbols.
func rawNode(n *node) *node {
	if text, ok := n.raw.(string); ok {
		return &node{kind: kindText, text: text}
	}
	return n
}

func isSet(n *node) bool { return n != nil && !n.off && n.kind != kindNull }

// asGiven reports whether a live value is the documented default, or left to it.
func asGiven(live, given *node) bool {
	return live == nil || live.kind == given.kind && live.text == given.text || alike(live, given)
}

// alike is equality with absent and empty being one.
func alike(a, b *node) bool {
	if a != nil && a.off {
		a = nil
	}
	if b != nil && b.off {
		b = nil
	}
	return same(a, b)
}

// reachTogether follows a path through several trees at once, as far as each step
// leads to the same place in all of them: by names, and into arrays that are as long
// as one another by the place in their order, or into the only element. What AWS adds
// to one property of an element says nothing then about its others.
func reachTogether(p path, trees ...*node) (at []*node, depth int) {
	at = trees
	for i, s := range p {
		next := make([]*node, len(at))
		for k, n := range at {
			if n == nil {
				continue
			}
			step := n.placeOf(s, at)
			if step < 0 {
				return at, i
			}
			if step < len(n.kids) {
				next[k] = n.kids[step]
			}
		}
		at = next
	}
	return at, len(p)
}

// placeOf is the index of the child that a step leads to, len(kids) where it leads
// nowhere and -1 where it cannot be told: among elements without names, unless the
// others have as many.
func (n *node) placeOf(s step, others []*node) int {
	named := n.kind == kindObject || n.kind == kindKeyed
	for _, o := range others {
		if o != nil && (o.kind != n.kind && !(named && (o.kind == kindObject || o.kind == kindKeyed)) || !named && len(o.kids) != len(n.kids)) {
			return -1
		}
	}
	switch {
	case named:
		if i, ok := slices.BinarySearch(n.keys, s.name); ok {
			return i
		}
		return len(n.kids)
	case n.kind == kindSet && len(n.kids) == 1:
		return 0
	case n.kind == kindList:
		if i, err := strconv.Atoi(s.name); err == nil && i >= 0 && i < len(n.kids) {
			return i
		}
	}
	return -1
}

// reach follows a path as far as names lead: into properties and elements
// that have a name of their own, not into sets and ordered arrays. It returns
// the node and how many steps it took; nil when a named step leads nowhere.
func (n *node) reach(p path) (*node, int) {
	for i, s := range p {
		if n == nil {
			return nil, len(p)
		}
		switch n.kind {
		case kindObject, kindKeyed:
			n = n.child(s.name)
		case kindSet, kindList:
			return n, i
		default:
			return n, i
		}
	}
	return n, len(p)
}
