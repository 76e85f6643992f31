package readiness

import "slices"

// reservation is capacity that is reserved and free.
type reservation struct {
	id, instance, zone string
	groups             []string
	open               bool // used by any instance, and not only by those that name it
	free               float64
}

func (r reservation) named() bool { return !r.open }

// freeReservations are those in force. A Capacity Block is for a time of its own, and
// no reserve.
func freeReservations(all []map[string]any) (free []*reservation) {
	for _, r := range all {
		if text(r, "State") != "active" || text(r, "ReservationType") == "capacity-block" {
			continue
		}
		n, _ := number(r, "Available")
		free = append(free, &reservation{id: text(r, "Id"), instance: text(r, "InstanceType"), zone: text(r, "AvailabilityZone"),
			groups: stringsOf(r["Groups"]), open: text(r, "InstanceMatchCriteria") == "open", free: n})
	}
	return free
}

func reservesOf(fact map[string]any) map[string]any {
	reserves, _ := fact["Reserves"].(map[string]any)
	return reserves
}

// uses reports whether the instances of a fleet use a reservation: that which they
// name, by itself or by a group that it is in, and where they name none any open one.
// Where nobody knows what they name only the open ones count.
func (f fleet) uses(r reservation) bool {
	ids, groups := stringsOf(f.reserves["Ids"]), stringsOf(f.reserves["Groups"])
	switch {
	case text(f.reserves, "Preference") == "none":
		return false
	case len(ids)+len(groups) == 0:
		return r.open
	}
	return slices.Contains(ids, r.id) || slices.ContainsFunc(groups, func(arn string) bool { return slices.Contains(r.groups, arn) })
}

// take uses up such reservations of a fleet's types in some zones, and gives what is
// still missing.
func take(free []*reservation, f fleet, zones []string, such func(reservation) bool, missing float64) float64 {
	for _, r := range free {
		if such(*r) && slices.Contains(f.kinds(), r.instance) && slices.Contains(zones, r.zone) {
			took := max(0, min(missing, r.free))
			r.free, missing = r.free-took, missing-took
		}
	}
	return missing
}
