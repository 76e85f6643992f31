package terraform

import (
	"maps"
	"slices"
	"strings"
)

// RegionPlan is the plan of a configuration for one Region.
type RegionPlan struct {
	Region string
	Plan   *Plan
}

// Planned is one change with what it is about, in CloudFormation's terms.
type Planned struct {
	Change
	// Of is the Region whose plan it is in.
	Of string
	// Before and After are the resource itself, then what is written inside it; what
	// would be created has no id that AWS knows.
	Before, After []Object
}

// InPlans translates the changes of the plans of all Regions together, so that
// what would be created has the key of its sibling. Objects are placed and named
// as those of states are. See Regions.
func InPlans(plans []RegionPlan, places []Place) []Planned {
	t := newTables()
	var list []*Planned
	byChange := map[*Change]*Planned{}
	var before, after []Given
	for _, p := range plans {
		was, will := &State{}, &State{}
		for i := range p.Plan.Changes {
			c := &p.Plan.Changes[i]
			planned := &Planned{Change: *c, Of: p.Region}
			list, byChange[c] = append(list, planned), planned
			if c.before != nil {
				r := *c.before
				r.change = c
				was.Resources = append(was.Resources, r)
			}
			if c.after != nil && c.Action != Forget {
				will.Resources = append(will.Resources, t.named(c))
			}
		}
		before, after = append(before, Given{was, []string{p.Region}}), append(after, Given{will, []string{p.Region}})
	}
	for _, g := range before {
		for _, o := range t.place(g, places) {
			byChange[o.change].Before = append(byChange[o.change].Before, o)
		}
	}
	regions := Regions(after, places)
	for _, region := range slices.Sorted(maps.Keys(regions)) {
		for _, o := range regions[region] {
			p := byChange[o.change]
			p.After = append(p.After, o)
		}
	}
	out := make([]Planned, len(list))
	for i, p := range list { // the resource itself, whose address is the shortest, comes first
		slices.SortStableFunc(p.After, func(a, b Object) int { return len(a.Address) - len(b.Address) })
		out[i] = *p
	}
	return out
}

// named is the resource after the change with a symbol for each value that is
// not known yet: what names it is among those. None of them leaves the package as
// a value of a property.
func (t tables) named(c *Change) Resource {
	r := *c.after
	r.change = c
	r.attributes = maps.Clone(r.attributes)
	inline := map[string]bool{}
	for _, i := range t.inlines[r.Type] {
		inline[i.Attribute] = true
	}
	for name, open := range c.open {
		if open == true && !(inline[name] && c.given != nil && !c.given[name]) {
			r.attributes[name] = "${" + c.Address + "." + name + "}"
		}
	}
	return r
}

// IsSymbol reports whether an id stands for one that AWS has not made yet.
func IsSymbol(id string) bool { return strings.Contains(id, "${") }
