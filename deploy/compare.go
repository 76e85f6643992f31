package deploy

import (
	"cmp"
	"fmt"
	"slices"
)

// Comparison is what the policy judges: every plan, and how they differ.
// When a plan had to be made again during execution, the policy sees that
// one plan alone.
type Comparison struct {
	Plans       []RegionPlan
	Asymmetries []Asymmetry
}

// RegionPlan is the plan of one target in one Region.
type RegionPlan struct {
	Region, Role, Target, Kind string
	Plan                       Plan
}

// compare looks for changes that only some Regions would make and asks the policy.
func (r *run) compare() *ending {
	comparison := r.comparison()
	r.asymmetries = comparison.Asymmetries
	for _, a := range r.asymmetries {
		for _, region := range a.In {
			r.event(Event{Region: region, Target: a.Target, Phase: PhaseCompare, Resource: a.Resource, Type: a.Type, Status: "only-here", Text: a.Action})
		}
	}
	if err := sameProof(comparison.Plans); err != nil {
		return &ending{outcome: Rejected, reason: err.Error()}
	}
	if err := r.req.judge(comparison); err != nil {
		return &ending{outcome: Rejected, reason: err.Error()}
	}
	return nil
}

// comparison is every plan there is.
func (r *run) comparison() Comparison {
	var c Comparison
	for _, reg := range r.regions {
		for _, u := range reg.units {
			c.Plans = append(c.Plans, reg.planOf(u))
		}
	}
	c.Asymmetries = Asymmetries(c.Plans)
	return c
}

// sameProof refuses a target that would not run the same thing in every Region.
func sameProof(plans []RegionPlan) error {
	first := map[string]RegionPlan{}
	for _, p := range plans {
		if p.Plan.Proof == "" {
			continue
		}
		other, seen := first[p.Target]
		if !seen {
			first[p.Target] = p
			continue
		}
		if p.Plan.Proof != other.Plan.Proof {
			return &Error{Kind: Refused, Reason: fmt.Sprintf("%s would run %s in %s and %s in %s", p.Target, other.Plan.Proof, other.Region, p.Plan.Proof, p.Region),
				Hint: "bring the same build to every Region"}
		}
	}
	return nil
}

func (reg *regionRun) planOf(u *unit) RegionPlan {
	return RegionPlan{Region: reg.Name, Role: reg.Role, Target: u.about.Name, Kind: u.about.Kind, Plan: u.plan}
}

// Asymmetries are the changes that not every Region would make, sorted. A
// target that only some Regions would create is one asymmetry of the target
// itself. Plans that are deferred somewhere are not compared by resource:
// their changes are not known.
func Asymmetries(plans []RegionPlan) []Asymmetry {
	byTarget := map[string][]RegionPlan{}
	for _, p := range plans {
		byTarget[p.Target] = append(byTarget[p.Target], p)
	}
	var found []Asymmetry
	for target, regions := range byTarget {
		found = append(found, compareTarget(target, regions)...)
	}
	slices.SortFunc(found, func(a, b Asymmetry) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Action, b.Action))
	})
	return found
}

func compareTarget(target string, plans []RegionPlan) []Asymmetry {
	create, deferred := map[string]bool{}, false
	for _, p := range plans {
		if p.Plan.Action == ActionCreate {
			create[p.Region] = true
		}
		deferred = deferred || p.Plan.Deferred != ""
	}
	if len(create) > 0 && len(create) < len(plans) {
		in, notIn := split(plans, create)
		return []Asymmetry{{Target: target, Type: plans[0].Kind, Action: string(ActionCreate), In: in, NotIn: notIn}}
	}
	if deferred {
		return nil
	}
	return compareResources(target, plans)
}

func compareResources(target string, plans []RegionPlan) []Asymmetry {
	type key struct{ resource, typ, action string }
	seen := map[key]map[string]bool{}
	for _, p := range plans {
		for _, c := range p.Plan.Changes {
			k := key{c.Resource, c.Type, c.Action}
			if seen[k] == nil {
				seen[k] = map[string]bool{}
			}
			seen[k][p.Region] = true
		}
	}
	var found []Asymmetry
	for k, regions := range seen {
		if len(regions) == len(plans) {
			continue
		}
		in, notIn := split(plans, regions)
		found = append(found, Asymmetry{Target: target, Resource: k.resource, Type: k.typ, Action: k.action, In: in, NotIn: notIn})
	}
	return found
}

// split lists the Regions of plans that are in the set and those that are not, sorted.
func split(plans []RegionPlan, set map[string]bool) (in, notIn []string) {
	for _, p := range plans {
		if set[p.Region] {
			in = append(in, p.Region)
		} else {
			notIn = append(notIn, p.Region)
		}
	}
	slices.Sort(in)
	slices.Sort(notIn)
	return in, notIn
}
