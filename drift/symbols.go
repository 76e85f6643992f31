package drift

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// owner is a resource attribute, or a stack, that a text stands for.
type owner struct {
	symbol, key string
	place       place
	// least is the strength that is known from the kind of attribute.
	least strength
}

// view is one Region as the normaliser sees it: what its texts mean.
type view struct {
	snapshot *Snapshot
	side     int // 0 for the primary, 1 for the standby
	// owners of every identity in this Region.
	owners map[string][]owner
	// zones by name and by id, in the order that numbers them.
	zoneNames, zoneIDs []string
	// known are the keys of the Region's resources.
	known map[string]bool
	// listed are the keys that the Region's stacks list and that were not read or are gone.
	listed map[string]bool
	// shared are the resources of the other Region's stacks that exist once for
	// both; used says which of them a value of this Region names.
	shared, used map[string]bool
	// stackNames maps stack keys to the names the stacks have here.
	stackNames map[string]string
	aliases
}

func newView(s *Snapshot, side int, a aliases) *view {
	v := &view{snapshot: s, side: side, owners: make(map[string][]owner, 4*len(s.Resources)), known: make(map[string]bool, len(s.Resources)), listed: map[string]bool{}, shared: map[string]bool{}, used: map[string]bool{}, stackNames: map[string]string{}, aliases: a}
	for _, stack := range s.Stacks {
		v.stackNames[stack.Key] = stack.Name
	}
	for i := range s.Resources {
		r := &s.Resources[i]
		key := v.of(r.Key)
		v.known[key] = true
		texts := identities(r, v.stackNames[stackOf(r.Key)])
		for _, attribute := range sortedKeys(texts) {
			text := texts[attribute]
			v.owners[text] = append(v.owners[text], owner{symbolOf(key, attribute), key, placeResource, leastStrength(r.Type, attribute, text)})
		}
	}
	v.addNamed()
	v.addStacks()
	for _, list := range v.owners {
		slices.SortFunc(list, func(a, b owner) int { return cmp.Compare(a.symbol, b.symbol) })
	}
	v.zoneNames, v.zoneIDs = zones(s)
	return v
}

// idOf is the id of a resource; "" where the Region does not have it.
func (v *view) idOf(key string) string {
	for i := range v.snapshot.Resources {
		if r := &v.snapshot.Resources[i]; v.of(r.Key) == key {
			return r.ID
		}
	}
	return ""
}

func (v *view) addStacks() {
	for _, stack := range v.snapshot.Stacks {
		if stack.ID != "" {
			v.owners[stack.ID] = append(v.owners[stack.ID], owner{"Stack:" + stack.Key, "", placeStack, useless})
		}
		if stack.Name != "" {
			v.owners[stack.Name] = append(v.owners[stack.Name], owner{"StackName:" + stack.Key, "", placeStack, useless})
		}
	}
}

// shareGlobals makes resources that exist once for all Regions the property of
// both: a role declared in the primary's stack alone is no pointer to the primary.
// One that this Region's stack lists too has a sibling, read or not.
func (v *view) shareGlobals(other *view) {
	unread := newUnread(v.snapshot, v.aliases).resources // they are the Region's own, whatever they are called
	for i := range other.snapshot.Resources {
		r := &other.snapshot.Resources[i]
		key := other.of(r.Key)
		if v.known[key] || v.listed[key] || unread[key] != nil || !existsOnce(r) {
			continue
		}
		v.shared[key] = true
		for attribute, text := range identities(r, other.stackNames[stackOf(r.Key)]) {
			if _, taken := v.owners[text]; !taken {
				v.owners[text] = []owner{{symbolOf(key, attribute), key, placeResource, leastStrength(r.Type, attribute, text)}}
			}
		}
	}
}

// addTo enters everything that names something of the Region: places first,
// then what belongs to the application.
func (v *view) addTo(x *index, c *classes) {
	v.addPlaces(x)
	for text, list := range v.owners {
		o := list[0]
		level := strengthOf(text)
		if level < o.least {
			level = o.least
		}
		if level == useless {
			continue
		}
		m := mention{place: o.place, symbol: c.find(o.symbol), key: o.key, text: text, vague: level == vague}
		if o.place == placeStack { // names of unknown resources begin with the stack's
			level, m.vague = unmistake, m.vague || strings.HasPrefix(o.symbol, "StackName:")
		}
		x.add(v.side, text, level, m)
	}
}

// addPlaces enters the names of the Region itself.
func (v *view) addPlaces(x *index) {
	region := v.snapshot.Region.Name
	add := func(text, symbol string, p place) {
		x.add(v.side, text, unmistake, mention{place: p, symbol: symbol, text: text})
	}
	if region != "" {
		add(region, "Region", placeRegion)
	}
	for _, code := range shortCodes(region) {
		add(code, "RegionCode", placeCode)
	}
	for i, zone := range v.zoneNames {
		add(zone, "Zone"+strconv.Itoa(i+1), placeZone)
	}
	for i, zone := range v.zoneIDs {
		add(zone, "ZoneID"+strconv.Itoa(i+1), placeZone)
	}
	v.addHostedZones(add)
	v.addLogAccount(add)
	if len(v.snapshot.Account) == 12 {
		add(v.snapshot.Account, "Account", placeAccount)
	}
}

// partitionFacts replaces, in the values of Region a, the texts that differ
// between the partitions of a and b; nil when both are in one. A partition's
// services go by the domains of both (lambda.amazonaws.com in China too), an
// ARN of the other partition leads nowhere.
func partitionFacts(a, b string) *strings.Replacer {
	if topology.Partition(a) == topology.Partition(b) {
		return nil
	}
	pairs := []string{"arn:" + topology.Partition(a) + ":", "arn:${Partition}:", "arn:" + topology.Partition(b) + ":", "arn:${peer:Partition}:"}
	suffixes := []string{topology.DNSSuffix(a), topology.DNSSuffix(b)}
	slices.SortFunc(suffixes, func(x, y string) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x, y)) })
	for _, suffix := range suffixes {
		pairs = append(pairs, suffix, "${DNSSuffix}")
	}
	return strings.NewReplacer(pairs...)
}
