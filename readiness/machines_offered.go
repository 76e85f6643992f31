package readiness

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// instancesOffered asks for the types that the standby itself would start and, for
// what it does not have yet, those of the primary.
func instancesOffered(h *hearing) {
	ours, theirs := h.fleets(h.primary), byKey(h.fleets(h.standby))
	h.applies(len(ours), "group or instance", "of types that the standby's Region and zones offer")
	for _, f := range ours {
		if own, there := theirs[f.key]; there {
			f = own
		}
		if f.attributes {
			continue // EC2 chooses among what the zones offer
		}
		if len(f.kinds()) == 0 {
			h.undecided(f.key, "the types of instances that it starts are not known")
			continue
		}
		h.offered(f)
	}
}

// offered judges one fleet: none of its types offered in its zones blocks, one
// that is missing where others are not warns.
func (h *hearing) offered(f fleet) {
	zones := h.zonesOf(f.key)
	var lacking []string
	for _, instance := range f.kinds() {
		fact, read := h.standby.object(drift.FactInstanceOffering, instance)
		if !read {
			h.unknown(h.standby.region(), instance, drift.FactInstanceOffering, "whether %s offers %s was not read", h.standby.region(), instance)
			return
		}
		offered := stringsOf(fact["AvailabilityZones"])
		without := slices.DeleteFunc(slices.Clone(zones), func(zone string) bool { return slices.Contains(offered, zone) })
		switch {
		case len(offered) == 0 || len(zones) > 0 && len(without) == len(zones):
			lacking = append(lacking, instance)
		case len(without) > 0:
			h.fail(drift.Warn, f.key, "", "%s is not offered in %s of %s, where it may be started", instance, strings.Join(without, ", "), h.standby.region())
		}
	}
	where := h.standby.region()
	if len(zones) > 0 {
		where = strings.Join(zones, ", ")
	}
	switch {
	case len(lacking) == 0:
	case len(lacking) == len(f.kinds()):
		h.fail("", f.key, "", "starts %s, which %s does not offer", strings.Join(lacking, ", "), where)
	default:
		h.fail(drift.Warn, f.key, "", "may start %s, which %s does not offer", strings.Join(lacking, ", "), where)
	}
}

// zonesOf are the zones in which the standby starts it, none when they are not
// said there.
func (h *hearing) zonesOf(key string) []string {
	r := h.standby.byKey[key]
	if r == nil {
		return nil
	}
	if zone := text(r.Properties, "AvailabilityZone"); zone != "" {
		return []string{zone}
	}
	return stringsOf(r.Properties["AvailabilityZones"])
}

// capacityReserved adds what runs in the standby to what is reserved and free
// there, and demands that it is what the primary runs, to the ceiling.
func capacityReserved(h *hearing) {
	if !h.Objectives.ReservedCapacity {
		return
	}
	ours, theirs := h.fleets(h.primary), byKey(h.fleets(h.standby))
	h.applies(len(ours), "group or instance", "reserved to the ceiling in the standby")
	fact, read := h.standby.object(drift.FactCapacityReservations, "")
	if !read {
		h.unknown(h.standby.region(), "", drift.FactCapacityReservations, "the reservations were not read in %s", h.standby.region())
		return
	}
	free := freeReservations(objects(fact["Reservations"]))
	for _, f := range ours {
		want := needed(f.size(), share(h.Objectives.Ceiling))
		own, there := theirs[f.key]
		if !there {
			own = fleet{key: f.key, starts: f.kinds()} // which reservations it would name nobody knows
		}
		zones, missing := h.zonesOf(f.key), want-own.size()
		if missing > 0 && len(zones) == 0 {
			h.undecided(f.key, "the zones in which it starts instances in %s are not known", h.standby.region())
			continue
		}
		missing = take(free, own, zones, own.uses, missing)
		switch {
		case missing <= 0:
		case own.reserves == nil && take(free, own, zones, reservation.named, missing) <= 0:
			h.undecided(f.key, "%s of %s in %s are reserved only for instances that name the reservation; whether these do is not known", show(missing), strings.Join(own.kinds(), ", "), h.standby.region())
		default:
			h.fail("", f.key, "", "needs %s instances in %s, runs %s there, and %s of %s are not reserved", show(want), h.standby.region(), show(own.size()), show(missing), cmp.Or(strings.Join(own.kinds(), ", "), "an unknown type"))
		}
	}
}

// capacityLikely reads the scores. A group at its maximum needs none; of any
// other, no score and one that nobody knows say nothing.
func capacityLikely(h *hearing) {
	if !h.Objectives.CapacityScore {
		return
	}
	groups := h.pairs(typeGroup)
	h.applies(len(groups), "Auto Scaling group", "scored well enough by EC2")
	for _, p := range h.present(groups) {
		fact, read := h.standby.object(drift.FactCapacityScore, p.key)
		switch score := text(fact, "Score"); {
		case !read:
			h.unknown(h.standby.region(), p.key, drift.FactCapacityScore, "the score was not read in %s", h.standby.region())
		case score == "low" || score == "unsupported":
			h.fail("", p.key, "", "EC2's score for starting %s more instances in %s is %s", show(fact["Instances"]), h.standby.region(), score)
		case text(fact, "Unasked") != "":
			h.undecided(p.key, "the score was not asked for in %s: %s", h.standby.region(), text(fact, "Unasked"))
		case score == "high" || score == "medium":
		default:
			if more, known := number(fact, "Instances"); !known || more > 0 || score != "" {
				h.undecided(p.key, "EC2's score in %s is %s, of which nobody knows what it means", h.standby.region(), show(fact["Score"]))
			}
		}
	}
}
