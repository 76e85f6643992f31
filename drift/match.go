package drift

import (
	"fmt"
	"slices"
	"strings"
)

// matching finds the siblings of resources that have no common key: stacks and
// logical ids that are called differently in each Region, resources known by
// their tags, copies that AWS keeps. Evidence is tried from the strongest to
// the weakest, each kind only on what a stronger one left over.
type matching struct {
	aliases
	// by says, for a key of the primary, what its pair rests on.
	by map[string]string
	// unsure are keys of resources that more than one could be the sibling of.
	unsure    map[string]bool
	ambiguous []ambiguity
	left      []*Resource
	right     []*Resource
}

// matchUp pairs what has no common key.
func matchUp(primary, standby *Snapshot) *matching {
	m := &matching{aliases: newAliases(), by: map[string]string{}, unsure: map[string]bool{}}
	m.left, m.right = unpaired(primary, standby), unpaired(standby, primary)
	if len(m.left) == 0 || len(m.right) == 0 {
		return m
	}
	ours, theirs := newTokens(primary), newTokens(standby)
	for _, kind := range evidences {
		m.step(kind.by, func(r *Resource) []string { return kind.keys(ours, r) }, func(r *Resource) []string { return kind.keys(theirs, r) })
	}
	return m
}

// unpaired are the resources of a snapshot whose keys the other one neither
// has nor failed to read, in the order of their keys. A key that stands for
// several resources stands for none.
func unpaired(s, other *Snapshot) []*Resource {
	have, times := make(map[string]bool, len(other.Resources)), make(map[string]int, len(s.Resources))
	for i := range other.Resources {
		have[other.Resources[i].Key] = true
	}
	var rest []*Resource
	for i := range s.Resources {
		r := &s.Resources[i]
		times[r.Key]++
		if !have[r.Key] {
			rest = append(rest, r)
		}
	}
	if len(rest) == 0 {
		return nil
	}
	lost := newUnread(other, newAliases())
	rest = slices.DeleteFunc(rest, func(r *Resource) bool {
		return times[r.Key] > 1 || isSilent(r.Type) || lost.covers(r.Key, r.Type) != nil
	})
	slices.SortFunc(rest, func(a, b *Resource) int { return strings.Compare(a.Key, b.Key) })
	return rest
}

// bearers are the resources of both Regions that share one piece of evidence.
type bearers struct{ left, right []*Resource }

// crowded reports whether the evidence could mean more than one pair.
func (b *bearers) crowded() bool { return len(b.left) > 1 || len(b.right) > 1 }

// step pairs the resources that share evidence with exactly one of the other
// Region, and sets aside those that share it with several.
func (m *matching) step(by string, ours, theirs func(*Resource) []string) {
	if len(m.left) == 0 || len(m.right) == 0 {
		return
	}
	groups := map[string]*bearers{}
	bear := func(r *Resource, key string) *bearers {
		key = sortOf(r.Type) + "\x00" + key
		if groups[key] == nil {
			groups[key] = &bearers{}
		}
		return groups[key]
	}
	for _, r := range m.left {
		for _, key := range ours(r) {
			b := bear(r, key)
			b.left = append(b.left, r)
		}
	}
	for _, r := range m.right {
		for _, key := range theirs(r) {
			b := bear(r, key)
			b.right = append(b.right, r)
		}
	}
	partners, crowds := map[*Resource][]*Resource{}, map[*Resource]*bearers{}
	for _, key := range sortedKeys(groups) {
		b := groups[key]
		if len(b.left) == 0 || len(b.right) == 0 {
			continue
		}
		if !b.crowded() {
			l, r := b.left[0], b.right[0]
			partners[l], partners[r] = append(partners[l], r), append(partners[r], l)
			continue
		}
		for _, r := range append(append([]*Resource(nil), b.left...), b.right...) {
			crowds[r] = b
		}
	}
	m.settle(by, partners, crowds)
}

// settle joins those that have one partner which has no other, and sets aside
// all the rest that have any.
func (m *matching) settle(by string, partners map[*Resource][]*Resource, crowds map[*Resource]*bearers) {
	sure := func(r *Resource) bool {
		return crowds[r] == nil && len(partners[r]) > 0 && !slices.ContainsFunc(partners[r], func(p *Resource) bool { return p != partners[r][0] })
	}
	settled := func(r *Resource) bool { return crowds[r] != nil || len(partners[r]) > 0 }
	for _, l := range m.left {
		if sure(l) && sure(partners[l][0]) {
			m.join(l.Key, partners[l][0].Key)
			m.by[l.Key] = by
		} else if settled(l) {
			m.setAside(l, by, partners[l], crowds[l])
		}
	}
	for _, r := range m.right {
		if settled(r) && !(sure(r) && sure(partners[r][0])) {
			m.setAside(r, by, partners[r], crowds[r])
		}
	}
	m.left, m.right = slices.DeleteFunc(m.left, settled), slices.DeleteFunc(m.right, settled)
}

// setAside leaves a resource unpaired and names a few of those it could belong to.
func (m *matching) setAside(r *Resource, by string, partners []*Resource, crowd *bearers) {
	const most = 3
	m.unsure[r.Key] = true
	all := [][]*Resource{partners}
	if crowd != nil {
		all = append(all, crowd.left, crowd.right)
	}
	var names []string
	others := 0
	for _, list := range all {
		others += len(list)
		for _, other := range list {
			if len(names) == most {
				break
			}
			if other.Key != r.Key && !slices.Contains(names, other.Key) {
				names = append(names, other.Key)
			}
		}
	}
	if others > most+1 {
		names = append(names, "and others")
	}
	m.ambiguous = append(m.ambiguous, ambiguity{r.Key, r.Type,
		fmt.Sprintf("by %s it could be one of several pairs (with %s); it was left unpaired, name its sibling with the tag %s", by, strings.Join(names, ", "), pairingTag)})
}
