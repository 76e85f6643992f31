package drift

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// difference is one place where two resources are not alike. A node is nil
// where the value is absent.
type difference struct {
	path             path
	primary, standby *node
}

// alignment lays two canonical trees side by side: two closed trees of
// string-keyed maps in which what belongs together has the same key, and for
// every place the nodes it was made from. Equal parts are left out.
type alignment struct {
	primary, standby map[string]any
	places           map[string]difference
}

// align prunes what is equal and pairs the elements of arrays.
func align(p, s *node) *alignment {
	a := &alignment{places: map[string]difference{}}
	a.primary, a.standby = map[string]any{}, map[string]any{}
	a.children("", nil, p, s, a.primary, a.standby)
	return a
}

// children aligns the named children of two nodes.
func (a *alignment) children(at string, where path, p, s *node, pt, st map[string]any) {
	names := slices.Concat(p.keys, s.keys)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		left, right := p.child(name), s.child(name)
		next := step{name: name, element: p.kind == kindKeyed}
		for _, n := range []*node{left, right} {
			if n != nil && next.label == "" {
				next.label = n.label
			}
		}
		a.pair(at, name, where.with(next), left, right, pt, st)
	}
}

// pair aligns two nodes that belong together and enters them under key.
func (a *alignment) pair(at, key string, where path, p, s *node, pt, st map[string]any) {
	if p != nil && p.off {
		p = absentIf(p, s)
	}
	if s != nil && s.off {
		s = absentIf(s, p)
	}
	if same(p, s) {
		return
	}
	at += "\x00" + key
	a.places[at] = difference{where, p, s}
	if p == nil || s == nil {
		enter(pt, key, p)
		enter(st, key, s)
		return
	}
	switch {
	case p.whole && s.whole:
		enter(pt, key, p)
		enter(st, key, s)
	case p.kind == s.kind && (p.kind == kindObject || p.kind == kindKeyed):
		a.children(at, where, p, s, submap(pt, key), submap(st, key))
	case p.kind == kindSet && s.kind == kindSet && !(p.atomic() && s.atomic()):
		a.sets(at, where, p, s, submap(pt, key), submap(st, key))
	case p.kind == kindList && s.kind == kindList && len(p.kids) == len(s.kids) && !(p.atomic() && s.atomic()):
		left, right := submap(pt, key), submap(st, key)
		for i := range p.kids {
			a.pair(at, position(i), where.with(step{name: position(i), element: true}), p.kids[i], s.kids[i], left, right)
		}
	default:
		enter(pt, key, p)
		enter(st, key, s)
	}
}

// absentIf makes an empty value absent; false and "" stay for the report when
// the other side says something.
func absentIf(off, other *node) *node {
	if other == nil || other.off || !off.scalar() {
		return nil
	}
	return off
}

func same(p, s *node) bool {
	if p == nil || s == nil {
		return p == s
	}
	return string(p.encode(nil)) == string(s.encode(nil))
}

// atomic arrays hold scalars only: they differ as a whole.
func (n *node) atomic() bool {
	return !slices.ContainsFunc(n.kids, func(k *node) bool { return !k.scalar() })
}

func enter(tree map[string]any, key string, n *node) {
	if n != nil {
		tree[key] = string(n.encode(nil))
	}
}

func submap(tree map[string]any, key string) map[string]any {
	m := map[string]any{}
	tree[key] = m
	return m
}

// sets pairs the elements of two sets: equal ones cancel out, what remains is
// paired by likeness, best first, so that an edited element is reported as an
// edit and not as one lost and one gained.
func (a *alignment) sets(at string, where path, p, s *node, pt, st map[string]any) {
	left, right := unmatched(p, s)
	names := newElementNames(p, s)
	for _, m := range likeliest(p, s, left, right) {
		next := where.with(step{name: names.of(p.kids[m.left], s.kids[m.right]), element: true})
		a.pair(at, "both"+strconv.Itoa(m.left), next, p.kids[m.left], s.kids[m.right], pt, st)
		left = slices.DeleteFunc(left, func(i int) bool { return i == m.left })
		right = slices.DeleteFunc(right, func(i int) bool { return i == m.right })
	}
	for _, i := range left {
		a.pair(at, "left"+strconv.Itoa(i), where.with(step{name: names.of(p.kids[i], nil), element: true}), p.kids[i], nil, pt, st)
	}
	for _, i := range right {
		a.pair(at, "right"+strconv.Itoa(i), where.with(step{name: names.of(nil, s.kids[i]), element: true}), nil, s.kids[i], pt, st)
	}
}

// unmatched lists the elements of each set that the other does not have.
func unmatched(p, s *node) (left, right []int) {
	count := map[string][]int{}
	for i, kid := range s.kids {
		code := string(kid.encode(nil))
		count[code] = append(count[code], i)
	}
	for i, kid := range p.kids {
		code := string(kid.encode(nil))
		if len(count[code]) == 0 {
			left = append(left, i)
			continue
		}
		count[code] = count[code][1:]
	}
	for _, rest := range count {
		right = append(right, rest...)
	}
	slices.Sort(right)
	return left, right
}

// match is a candidate pair; tie orders candidates of one score alike,
// whichever of the two Regions is the primary.
type match struct {
	left, right, score int
	tie                string
}

func tie(a, b *node) string {
	x, y := string(a.encode(nil)), string(b.encode(nil))
	return min(x, y) + max(x, y)
}

// mostCandidates bounds the work of pairing by likeness; beyond it elements
// are reported as lost and gained.
const mostCandidates = 200

func likeliest(p, s *node, left, right []int) []match {
	if len(left) > mostCandidates || len(right) > mostCandidates {
		return nil
	}
	var all []match
	for _, i := range left {
		for _, j := range right {
			if score := likeness(p.kids[i], s.kids[j]); score > 0 {
				all = append(all, match{i, j, score, tie(p.kids[i], s.kids[j])})
			}
		}
	}
	slices.SortFunc(all, func(x, y match) int {
		return cmp.Or(cmp.Compare(y.score, x.score), strings.Compare(x.tie, y.tie))
	})
	var chosen []match
	usedLeft, usedRight := map[int]bool{}, map[int]bool{}
	for _, m := range all {
		if !usedLeft[m.left] && !usedRight[m.right] {
			usedLeft[m.left], usedRight[m.right] = true, true
			chosen = append(chosen, m)
		}
	}
	return chosen
}

// likeness counts what two objects have in common; a shared Sid decides.
func likeness(a, b *node) int {
	if a.kind != kindObject || b.kind != kindObject {
		return 0
	}
	score := 0
	for i, key := range a.keys {
		other := b.child(key)
		switch {
		case other == nil:
		case same(a.kids[i], other) && key == "Sid":
			score += 100
		case same(a.kids[i], other):
			score += 2
		case a.kids[i].kind == other.kind:
			score++
		}
	}
	return score
}
