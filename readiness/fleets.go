package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// fleet is what one group, node group or instance runs and may start.
type fleet struct {
	key     string
	running map[string]float64
	// leaving is what a planned change of the type replaces, sooner or later.
	leaving map[string]float64
	starts  []string
	// weighted sizes are no numbers of instances; attributes choose types by themselves.
	weighted, attributes bool
	volumes, iops        map[string]float64 // of one of them, by quota
	onDemand             float64            // share that counts towards the quotas of On-Demand Instances
	reserves             map[string]any     // the capacity reservations that its instances name; nil: not known
}

// fleets are those of a Region. One whose fact nobody read leaves the rule open.
func (h *hearing) fleets(v *view) []fleet {
	var all []fleet
	for _, kind := range machineTypes {
		for _, r := range v.byType[kind] {
			if v == h.primary && h.absent[r.Key] {
				continue
			}
			fact, read := v.object(drift.FactMachines, r.Key)
			if !read {
				h.unknown(v.region(), r.Key, drift.FactMachines, "what it runs was not read in %s", v.region())
				continue
			}
			onDemand, known := number(fact, "OnDemand")
			if !known {
				onDemand = 1
			}
			all = append(all, fleet{reserves: reservesOf(fact), onDemand: onDemand, key: r.Key, running: numbers(fact["Running"]), leaving: numbers(fact["Leaving"]), starts: stringsOf(fact["Starts"]),
				weighted: fact["Weighted"] == true, attributes: fact["Attributes"] == true, volumes: numbers(fact["Volumes"]), iops: numbers(fact["IOPS"])})
		}
	}
	return all
}

// kinds are the types that a fleet runs or may start, sorted.
func (f fleet) kinds() []string {
	kinds := slices.Clone(f.starts)
	for name := range f.running {
		kinds = append(kinds, name)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// choice are the types among which a fleet starts, those it runs where nothing
// says; none where EC2 chooses by attributes.
func (f fleet) choice() []string {
	switch {
	case f.attributes:
		return nil
	case len(f.starts) == 0:
		return f.kinds()
	}
	return slices.Compact(slices.Sorted(slices.Values(f.starts)))
}

// size is how many instances run.
func (f fleet) size() float64 {
	total := 0.0
	for _, n := range f.running {
		total += n
	}
	return total
}

// numbers reads an object of numbers.
func numbers(v any) map[string]float64 {
	object, _ := v.(map[string]any)
	out := make(map[string]float64, len(object))
	for name := range object {
		out[name], _ = number(object, name)
	}
	return out
}
