package drift

import (
	"maps"
	"slices"
	"strings"
)

// pair is a resource and its sibling; one of them is nil when only one Region
// has it.
type pair struct {
	key              string
	primary, standby *Resource
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
	// ambiguous are the keys that one Region uses more than once: guessing
	// which is meant could call the wrong two equal.
	ambiguous []pair
}

// keyOf is the key that pairs a resource with its sibling. Every source of
// resources (stacks, Terraform, tags) gives its resources such a key.
func keyOf(r *Resource) string { return r.Key }

// pairUp pairs resources by key, sorted by key.
func pairUp(primary, standby *Snapshot) pairing {
	left, twiceLeft := byKey(primary)
	right, twiceRight := byKey(standby)
	keys := map[string]bool{}
	for key := range left {
		keys[key] = true
	}
	for key := range right {
		keys[key] = true
	}
	var p pairing
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		next := pair{key: key, primary: left[key], standby: right[key]}
		if twiceLeft[key] || twiceRight[key] {
			p.ambiguous = append(p.ambiguous, next)
			continue
		}
		p.pairs = append(p.pairs, next)
	}
	return p
}

func byKey(s *Snapshot) (resources map[string]*Resource, twice map[string]bool) {
	resources, twice = make(map[string]*Resource, len(s.Resources)), map[string]bool{}
	for i := range s.Resources {
		r := &s.Resources[i]
		key := keyOf(r)
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
