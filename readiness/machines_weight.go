package readiness

import (
	"maps"
	"math"
	"slices"
)

// groupWeighs compares the maxima. Of the same types they are numbers of
// instances: which of its types a group happens to run says nothing about the
// other Region. Of different types both are counted in the smallest that each
// may start, and what runs must fit into the largest of the standby's.
func (h *hearing) groupWeighs(p pair, ours, theirs fleet) {
	here, read := number(p.primary.Properties, "MaxSize")
	there, readThere := number(p.standby.Properties, "MaxSize")
	part := min(1, share(h.Objectives.Ceiling)) // of a maximum there is no more than all
	kinds, kindsThere := ours.choice(), theirs.choice()
	switch {
	case ours.weighted || theirs.weighted:
		h.undecided(p.key, "its sizes are in units of weight, which say nothing about vCPUs and memory")
	case len(kinds) == 0 || len(kindsThere) == 0:
		h.undecided(p.key, "the types of instances that it may start are not known in both Regions")
	case !read:
		h.unknown(h.primary.region(), p.key, "", "its maximum was not read in %s", h.primary.region())
	case !readThere:
		h.unknown(h.standby.region(), p.key, "", "its maximum was not read in %s", h.standby.region())
	case !slices.Equal(kinds, kindsThere):
		h.typesWeigh(p.key, ours, kinds, kindsThere, here*part, there)
	case there < closeEnough*here*part:
		h.fail("", p.key, "", "may have %s instances in %s and %s of the same types in %s", show(here), h.primary.region(), show(there), h.standby.region())
	}
}

func (h *hearing) typesWeigh(key string, ours fleet, kinds, kindsThere []string, here, there float64) {
	small, _, known := h.extremes(kinds)
	smallThere, largeThere, knownThere := h.extremes(kindsThere)
	runs, knownRuns := h.weightOf(ours.running)
	if !known || !knownThere || !knownRuns {
		return
	}
	want, have := small.times(here), smallThere.times(there)
	if !have.carries(want) {
		h.fail("", key, "", "at its maximum has %s in %s and %s in %s, in the smallest types that it may start", want, h.primary.region(), have, h.standby.region())
		return
	}
	want, have = runs.times(share(h.Objectives.Ceiling)), largeThere.times(there)
	if !have.carries(want) {
		h.fail("", key, "", "needs %s for what runs in %s; at its maximum it has at most %s in %s", want, h.primary.region(), have, h.standby.region())
	}
}

// weight is what instances can carry.
type weight struct{ vcpus, memory float64 }

func (w weight) times(n float64) weight { return weight{w.vcpus * n, w.memory * n} }

func (w weight) carries(want weight) bool {
	return w.vcpus >= closeEnough*want.vcpus && w.memory >= closeEnough*want.memory
}

func (w weight) String() string { return show(w.vcpus) + " vCPUs and " + show(w.memory) + " MiB" }

// weightOf adds up instances by their types.
func (h *hearing) weightOf(running map[string]float64) (sum weight, known bool) {
	for _, instance := range slices.Sorted(maps.Keys(running)) {
		n := running[instance]
		vcpus, memory, known := h.sizeOf(instance)
		if !known {
			return weight{}, false
		}
		sum.vcpus, sum.memory = sum.vcpus+n*vcpus, sum.memory+n*memory
	}
	return sum, true
}

// extremes is the least and the most that one instance of some types has.
func (h *hearing) extremes(kinds []string) (least, most weight, known bool) {
	least = weight{math.Inf(1), math.Inf(1)}
	for _, instance := range kinds {
		vcpus, memory, known := h.sizeOf(instance)
		if !known {
			return least, most, false
		}
		least = weight{min(least.vcpus, vcpus), min(least.memory, memory)}
		most = weight{max(most.vcpus, vcpus), max(most.memory, memory)}
	}
	return least, most, true
}
