package drift

import (
	"cmp"
	"slices"
)

// zoneProperties name the one zone a resource is in.
var zoneProperties = []string{"AvailabilityZone", "AvailabilityZoneId"}

// zoned are the types that say which zones belong together, the weightiest
// first: a template puts subnets into zones, and what runs in them follows.
// Where AWS chooses the zone, as for a database, it says nothing.
var zoned = []struct {
	Type   string
	Weight int
}{
	{"AWS::EC2::Subnet", 1000}, {"AWS::EC2::Volume", 1}, {"AWS::EC2::Instance", 1},
}

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

// residence is the zone a resource is in, and how much that says.
type residence struct {
	zone   string
	weight int
}

// placesBy says in which zone each resource is.
func placesBy(v *view, property string) map[string]residence {
	in := map[string]residence{}
	for i := range v.snapshot.Resources {
		r := &v.snapshot.Resources[i]
		for _, t := range zoned {
			if zone, _ := r.Properties[property].(string); zone != "" && t.Type == r.Type {
				in[v.of(r.Key)] = residence{zone, t.Weight}
			}
		}
	}
	return in
}

// vote is how much speaks for two zones belonging together.
type vote struct {
	left, right string
	weight      int
	first       string // the first resource that does
}

// together orders the zones of two Regions so that those at one position belong
// together, whichever Region is asked first.
func together(left, right []string, ours, theirs map[string]residence) (a, b []string) {
	votes := map[[2]string]*vote{}
	for key, here := range ours {
		there, ok := theirs[key]
		if !ok || !slices.Contains(left, here.zone) || !slices.Contains(right, there.zone) {
			continue
		}
		at := [2]string{here.zone, there.zone}
		v := votes[at]
		if v == nil {
			v = &vote{left: here.zone, right: there.zone, first: key}
			votes[at] = v
		}
		v.weight += min(here.weight, there.weight)
		v.first = min(v.first, key)
	}
	list := make([]*vote, 0, len(votes))
	for _, v := range votes {
		list = append(list, v)
	}
	slices.SortFunc(list, func(x, y *vote) int { return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.first, y.first)) })
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
