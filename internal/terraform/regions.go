package terraform

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/regionname"
)

// Given is a state and the Regions that the configuration gives it for.
type Given struct {
	State   *State
	Regions []string
}

// Regions sorts what states hold into the Regions of an application; places are
// those Regions, the reference first. The result has an entry for every place
// and one, under "", for what exists in none of them or nobody knows where.
//
// A resource is in the Region its attributes, its provider or its address name;
// one of which nothing is said is in the only Region its state is given for, and,
// when it is of a global service, in the reference Region.
//
// Keys: an address that the reference and another Region both have pairs as it
// is. What is left pairs by its address without Region codes, provider aliases
// and role words, or by the tag lockstep:key, which goes before everything. Where
// two would share a key none is guessed: both keep their address and say so.
func Regions(given []Given, places []Place) map[string][]Object {
	tables := newTables()
	byRegion := map[string][]Object{"": nil}
	for _, p := range places {
		byRegion[p.Region] = nil
	}
	seen := map[string]bool{}
	for _, g := range given {
		var fresh []string
		for _, o := range tables.place(g, places) {
			id := o.Region + " " + o.Type + " " + o.ID + " " + fmt.Sprint(o.Resolved)
			if o.Type != "" && seen[id] {
				continue // another state has it too
			}
			if fresh = append(fresh, id); !isPlace(places, o.Region) {
				byRegion[""] = append(byRegion[""], o)
				continue
			}
			byRegion[o.Region] = append(byRegion[o.Region], o)
		}
		for _, id := range fresh {
			seen[id] = true
		}
	}
	pair(byRegion, places)
	for region := range byRegion {
		slices.SortFunc(byRegion[region], func(a, b Object) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Address, b.Address)) })
	}
	return byRegion
}

func isPlace(places []Place, region string) bool {
	return slices.ContainsFunc(places, func(p Place) bool { return p.Region == region })
}

// place translates the resources of one state and says where each exists.
func (t tables) place(g Given, places []Place) []Object {
	var all []Object
	regions, separate := where(g.State.Resources, places), t.separate(g.State.Resources)
	for i, r := range g.State.Resources {
		region := regions[i]
		switch {
		case region != "":
		case r.strange && !isGlobal(r.Type): // of a second provider, which may be anywhere
		case len(g.Regions) == 1:
			region = g.Regions[0]
		case isGlobal(r.Type) && len(places) > 0:
			region = places[0].Region
		}
		normal := r.normal(wordsOf(region, r.Provider.Alias, places))
		for _, o := range t.objects(r, separate) {
			o.Region, o.normal, o.change = region, normal+o.normal, r.change
			all = append(all, o)
		}
	}
	return all
}

// wordsOf are the words that say in an address that it is the Region's.
func wordsOf(region, alias string, places []Place) regionname.Words {
	var others []string
	for _, p := range places {
		if p.Region != region {
			others = append(others, p.Region)
		}
	}
	words := regionname.Of(region, others)
	if alias != "" {
		words[strings.ToLower(alias)] = ""
	}
	for _, p := range places {
		if p.Region == region {
			maps.Copy(words, roleWords(p))
		}
	}
	return words
}

// pair gives every object its key.
func pair(byRegion map[string][]Object, places []Place) {
	paired := inReferenceAndElsewhere(byRegion, places)
	claims := map[string]map[string][]string{} // key → Region → addresses that come to it
	for region, objects := range byRegion {
		for i := range objects {
			o := &objects[i]
			switch {
			case o.tag != "":
				o.Key = o.tag
			case paired[o.Address]:
				o.Key = o.Address
			default:
				o.Key = o.normal
			}
			if claims[o.Key] == nil {
				claims[o.Key] = map[string][]string{}
			}
			claims[o.Key][region] = append(claims[o.Key][region], o.Address)
		}
	}
	for region, objects := range byRegion {
		for i := range objects {
			objects[i].settle(region, claims[objects[i].Key], paired)
		}
	}
}

// settle takes the key away from an object that shares it. One whose address
// is the same in both Regions keeps it: nothing about it is a guess.
func (o *Object) settle(region string, claims map[string][]string, paired map[string]bool) {
	if o.tag == "" && paired[o.Address] || region == "" {
		return
	}
	for _, claimed := range slices.Sorted(maps.Keys(claims)) {
		if addresses := claims[claimed]; len(addresses) > 1 && claimed != "" {
			slices.Sort(addresses)
			o.Ambiguous = fmt.Sprintf("%s are all %s in %s: nothing says which of them belongs to which in the other Region; give each its own tag %s",
				strings.Join(addresses, ", "), o.Key, claimed, PairTag)
			break
		}
	}
	if o.Ambiguous != "" {
		o.Key = o.Address
	}
}

// inReferenceAndElsewhere are the addresses that the reference Region shares
// with another: one source applied to both.
func inReferenceAndElsewhere(byRegion map[string][]Object, places []Place) map[string]bool {
	paired, reference := map[string]bool{}, map[string]bool{}
	for i, p := range places {
		for _, o := range byRegion[p.Region] {
			if i == 0 {
				reference[o.Address] = true
			} else if reference[o.Address] {
				paired[o.Address] = true
			}
		}
	}
	return paired
}
