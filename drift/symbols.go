package drift

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// owner is a resource attribute, or a stack, that a text stands for.
type owner struct {
	symbol, key string
	place       place
}

// view is one Region as the normaliser sees it: what its texts mean.
type view struct {
	snapshot *Snapshot
	index    *index
	// owners of every identity in this Region.
	owners map[string][]owner
	// zones by name and by id, in the order that numbers them.
	zoneNames, zoneIDs []string
	// known are the keys of the Region's resources.
	known map[string]bool
	// stackNames maps stack keys to the names the stacks have here.
	stackNames map[string]string
}

func newView(s *Snapshot, keyOf func(*Resource) string) *view {
	v := &view{snapshot: s, owners: map[string][]owner{}, known: map[string]bool{}, stackNames: map[string]string{}}
	for _, stack := range s.Stacks {
		v.stackNames[stack.Key] = stack.Name
	}
	for i := range s.Resources {
		r := &s.Resources[i]
		key := keyOf(r)
		v.known[key] = true
		texts := identities(r, v.stackNames[stackOf(key)])
		for _, attribute := range slices.Sorted(maps.Keys(texts)) {
			text := texts[attribute]
			v.owners[text] = append(v.owners[text], owner{symbolOf(key, attribute), key, placeResource})
		}
	}
	v.addStacks()
	for _, list := range v.owners {
		slices.SortFunc(list, func(a, b owner) int { return cmp.Compare(a.symbol, b.symbol) })
	}
	v.zoneNames, v.zoneIDs = zones(s)
	return v
}

func (v *view) addStacks() {
	for _, stack := range v.snapshot.Stacks {
		if stack.ID != "" {
			v.owners[stack.ID] = append(v.owners[stack.ID], owner{"Stack:" + stack.Key, "", placeStack})
		}
		if stack.Name != "" {
			v.owners[stack.Name] = append(v.owners[stack.Name], owner{"StackName:" + stack.Key, "", placeStack})
		}
	}
}

// shareGlobals makes resources that exist once for all Regions the property of
// both: a role declared in the primary's stack alone is no pointer to the primary.
func (v *view) shareGlobals(other *view, keyOf func(*Resource) string) {
	for i := range other.snapshot.Resources {
		r := &other.snapshot.Resources[i]
		key := keyOf(r)
		if v.known[key] || !isGlobal(r.Type) {
			continue
		}
		for attribute, text := range identities(r, other.stackNames[stackOf(key)]) {
			if _, taken := v.owners[text]; !taken {
				v.owners[text] = []owner{{symbolOf(key, attribute), key, placeResource}}
			}
		}
	}
}

// build makes the index that finds everything the texts of v's Region may
// mention: first what is its own, then what is the other Region's.
func (v *view) build(other *view, c *classes) {
	x := newIndex()
	v.addPlaces(x, false, v.snapshot)
	v.addOwners(x, false, c)
	other.addPlaces(x, true, v.snapshot)
	other.addOwners(x, true, c)
	v.index = x
}

func (v *view) addOwners(x *index, peer bool, c *classes) {
	for text, list := range v.owners {
		o := list[0]
		level := strengthOf(text)
		if level == useless {
			continue
		}
		m := mention{place: o.place, symbol: c.find(o.symbol), key: o.key, text: text, peer: peer, vague: level == vague}
		if o.place == placeStack { // names of unknown resources begin with the stack's
			level, m.vague = unmistake, m.vague || strings.HasPrefix(o.symbol, "StackName:")
		}
		x.add(text, level, m)
	}
}

// addPlaces adds a Region's own names; own is the Region whose texts are read.
func (v *view) addPlaces(x *index, peer bool, own *Snapshot) {
	s := v.snapshot
	region := s.Region.Name
	if region == "" || peer && region == own.Region.Name {
		return
	}
	x.add(region, unmistake, mention{place: placeRegion, symbol: "Region", text: region, peer: peer})
	for _, code := range shortCodes(region) {
		x.add(code, unmistake, mention{place: placeCode, symbol: "RegionCode", text: code, peer: peer})
	}
	for i, zone := range v.zoneNames {
		x.add(zone, unmistake, mention{place: placeZone, symbol: "Zone" + strconv.Itoa(i+1), text: zone, peer: peer})
	}
	for i, zone := range v.zoneIDs {
		x.add(zone, unmistake, mention{place: placeZone, symbol: "ZoneID" + strconv.Itoa(i+1), text: zone, peer: peer})
	}
	if len(s.Account) == 12 {
		x.add(s.Account, unmistake, mention{place: placeAccount, symbol: "Account", text: s.Account, peer: peer})
	}
}

// partitionFacts replaces the texts that differ between two partitions; nil when
// both Regions are in one.
func partitionFacts(a, b string) *strings.Replacer {
	if topology.Partition(a) == topology.Partition(b) {
		return nil
	}
	var pairs []string
	for _, region := range []string{a, b} {
		pairs = append(pairs, "arn:"+topology.Partition(region)+":", "arn:${Partition}:")
	}
	suffixes := []string{topology.DNSSuffix(a), topology.DNSSuffix(b)}
	slices.SortFunc(suffixes, func(x, y string) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x, y)) })
	for _, suffix := range suffixes {
		pairs = append(pairs, suffix, "${DNSSuffix}")
	}
	return strings.NewReplacer(pairs...)
}
