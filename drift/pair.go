package drift

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pair is a resource and its sibling; one of them is nil when only one Region
// has it.
type pair struct {
	key              string
	primary, standby *Resource
	// by says what shows that they belong together, where it is not their key.
	by string
}

// note tells a reader of a finding what a pair without a common key rests on.
func (p pair) note() string {
	if p.by == "" || p.primary == nil || p.standby == nil {
		return ""
	}
	return fmt.Sprintf(" It is compared with %s, to which it belongs by %s.", p.standby.Key, p.by)
}

// couple is a pair that both Regions have, in canonical form: what is live,
// and what the templates declare, which only a difference makes worth asking.
type couple struct {
	pair
	left, right                 *node
	declaredLeft, declaredRight *node
	evaluated                   bool
}

// declared brings the declared trees into canonical form, once; ok is false
// when a Region's template could not be evaluated.
func (c *comparer) declared(p *couple) (left, right *node, ok bool) {
	if p.primary.Declared == nil || p.standby.Declared == nil {
		return nil, nil, false
	}
	if !p.evaluated {
		p.evaluated = true
		p.declaredLeft, p.declaredRight = c.primary.declared(p.primary), c.standby.declared(p.standby)
	}
	return p.declaredLeft, p.declaredRight, true
}

// pairing is how the resources of two snapshots belong together.
type pairing struct {
	pairs []pair
	// ambiguous are resources that could belong to more than one of the other
	// Region: guessing which is meant could call the wrong two equal.
	ambiguous []ambiguity
}

// ambiguity is a resource, or a key, that several resources answer to.
type ambiguity struct {
	key, typeName, why string
}

// pairUp pairs resources by key, sorted by key: of one Region or, where
// matching found more, of the primary. What matching found ambiguous has no
// sibling, and is not missing either.
func pairUp(primary, standby *Snapshot, m *matching) pairing {
	left, twiceLeft := byKey(primary, newAliases())
	right, twiceRight := byKey(standby, m.aliases)
	keys := make([]string, 0, len(left))
	keys = slices.AppendSeq(keys, maps.Keys(left))
	for key := range right {
		if left[key] == nil {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	p := pairing{ambiguous: m.ambiguous}
	for _, key := range keys {
		next := pair{key: key, primary: left[key], standby: right[key], by: m.by[key]}
		switch {
		case twiceLeft[key] || twiceRight[key]:
			p.ambiguous = append(p.ambiguous, ambiguity{key, cmp.Or(next.primary, next.standby).Type,
				"several resources of one Region have this key; they were left unpaired"})
		case m.unsure[key]:
		default:
			p.pairs = append(p.pairs, next)
		}
	}
	return p
}

func byKey(s *Snapshot, a aliases) (resources map[string]*Resource, twice map[string]bool) {
	resources, twice = make(map[string]*Resource, len(s.Resources)), map[string]bool{}
	for i := range s.Resources {
		r := &s.Resources[i]
		key := a.of(r.Key)
		if _, seen := resources[key]; seen {
			twice[key] = true
		}
		resources[key] = r
	}
	return resources, twice
}

// stackOf is the stack part of a resource key.
func stackOf(key string) string {
	return key[:max(0, strings.LastIndexByte(key, '/'))]
}

// logicalOf is the logical id of a resource key.
func logicalOf(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
