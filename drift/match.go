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
	standby   string
	left      []*Resource
	right     []*Resource
}

// matchUp pairs what has no common key.
func matchUp(primary, standby *Snapshot) *matching {
	m := &matching{aliases: newAliases(), by: map[string]string{}, unsure: map[string]bool{}, standby: standby.Region.Name}
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

// step pairs the resources that share evidence with exactly one of the other
// Region, and sets aside those that share it with several.
func (m *matching) step(by string, ours, theirs func(*Resource) []string) {
	if len(m.left) == 0 || len(m.right) == 0 {
		return
	}
	bearers := map[string][]*Resource{}
	for _, r := range m.right {
		for _, key := range theirs(r) {
			bearers[key] = append(bearers[key], r)
		}
	}
	candidates, claims := map[*Resource][]*Resource{}, map[*Resource][]*Resource{}
	for _, l := range m.left {
		for _, key := range ours(l) {
			for _, r := range bearers[key] {
				if (l.Type == r.Type || areTwins(l.Type, r.Type)) && !slices.Contains(candidates[l], r) {
					candidates[l] = append(candidates[l], r)
					claims[r] = append(claims[r], l)
				}
			}
		}
	}
	m.settle(by, m.standby, m.left, candidates, claims)
	m.settleRest(by, claims, candidates)
	m.left = slices.DeleteFunc(m.left, func(r *Resource) bool { return len(candidates[r]) > 0 })
	m.right = slices.DeleteFunc(m.right, func(r *Resource) bool { return len(claims[r]) > 0 })
}

// settle joins the resources of the primary to their only candidates.
func (m *matching) settle(by, region string, left []*Resource, candidates, claims map[*Resource][]*Resource) {
	for _, l := range left {
		switch found := candidates[l]; {
		case len(found) == 0:
		case len(found) == 1 && len(claims[found[0]]) == 1:
			m.join(l.Key, found[0].Key)
			m.by[l.Key] = by
		default:
			m.setAside(l, by, region, found)
		}
	}
}

// settleRest sets aside what several resources of the primary claim.
func (m *matching) settleRest(by string, claims, candidates map[*Resource][]*Resource) {
	for _, r := range m.right {
		if found := claims[r]; len(found) > 1 || len(found) == 1 && len(candidates[found[0]]) > 1 {
			m.setAside(r, by, "the primary", found)
		}
	}
}

func (m *matching) setAside(r *Resource, by, region string, found []*Resource) {
	m.unsure[r.Key] = true
	names := make([]string, len(found))
	for i, other := range found {
		names[i] = other.Key
	}
	m.ambiguous = append(m.ambiguous, ambiguity{r.Key, r.Type,
		fmt.Sprintf("by %s it could belong to more than one pair with %s of %s; it was left unpaired", by, strings.Join(names, ", "), region)})
}
