package drift

import (
	"cmp"
	"slices"
)

// zoneProperties name the one zone a resource is in.
var zoneProperties = []string{"AvailabilityZone", "AvailabilityZoneId"}

// numberZones gives the zones of two Regions common numbers. Letters and ids
// say nothing across Regions, or even accounts: what counts is which resources
// share a zone. Zones in which most of the same resources are belong together;
// those that only lists name follow in their own order.
func numberZones(left, right *view) {
	for _, property := range zoneProperties {
		ours, theirs := placesBy(left, property), placesBy(right, property)
		if property == zoneProperties[0] {
			left.zoneNames, right.zoneNames = together(left.zoneNames, right.zoneNames, ours, theirs)
		} else {
			left.zoneIDs, right.zoneIDs = together(left.zoneIDs, right.zoneIDs, ours, theirs)
		}
	}
}

// placesBy says in which zone each resource is.
func placesBy(v *view, property string) map[string]string {
	in := map[string]string{}
	for i := range v.snapshot.Resources {
		r := &v.snapshot.Resources[i]
		if zone, _ := r.Properties[property].(string); zone != "" {
			in[v.of(r.Key)] = zone
		}
	}
	return in
}

// vote is how many resources speak for two zones belonging together.
type vote struct {
	left, right string
	times       int
	first       string // the first resource that does
}

// together orders the zones of two Regions so that those at one position belong
// together, whichever Region is asked first.
func together(left, right []string, ours, theirs map[string]string) (a, b []string) {
	votes := map[[2]string]*vote{}
	for key, zone := range ours {
		other, ok := theirs[key]
		if !ok || !slices.Contains(left, zone) || !slices.Contains(right, other) {
			continue
		}
		v := votes[[2]string{zone, other}]
		if v == nil {
			v = &vote{left: zone, right: other, first: key}
			votes[[2]string{zone, other}] = v
		}
		v.times++
		v.first = min(v.first, key)
	}
	list := make([]*vote, 0, len(votes))
	for _, v := range votes {
		list = append(list, v)
	}
	slices.SortFunc(list, func(x, y *vote) int { return cmp.Or(cmp.Compare(y.times, x.times), cmp.Compare(x.first, y.first)) })
	for _, v := range list {
		if !slices.Contains(a, v.left) && !slices.Contains(b, v.right) {
			a, b = append(a, v.left), append(b, v.right)
		}
	}
	return append(a, except(left, a)...), append(b, except(right, b)...)
}

func except(list, taken []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(taken, s) })
}
