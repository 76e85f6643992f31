package predict

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

func (a *planning) change(p terraform.Planned) {
	own := firstOf(p)
	switch {
	case p.Action == terraform.Keep && p.Previous == "":
		return
	case p.Action == terraform.Delete:
		a.remove(p)
		return
	case own == nil:
		a.gap(p, terraform.Object{Address: p.Address, Region: p.Of}, "", "the plans of two Regions are about it, and they cannot both be put into the prediction")
		return
	case p.Action == terraform.Forget:
		a.gap(p, *own, "", "Terraform would forget it and leave it as it is: whether anything watches it afterwards is not known")
		return
	case p.Action == terraform.Adopt:
		a.gap(p, *own, "", "Terraform would take it over as it is: it was not read")
		return
	}
	if own.Part != nil || len(p.Before) > 0 && p.Before[0].Part != nil {
		a.parts(p)
		return
	}
	if p.Action == terraform.Create {
		a.create(p)
		return
	}
	a.update(p)
}

// firstOf is the resource itself: as it would be or, where it goes, as it is.
func firstOf(p terraform.Planned) *terraform.Object {
	for _, list := range [][]terraform.Object{p.After, p.Before} {
		if len(list) > 0 {
			return &list[0]
		}
	}
	return nil
}

// remove takes out what the plan deletes, and what is written inside it.
func (a *planning) remove(p terraform.Planned) {
	for _, o := range p.Before {
		s := a.byRegion[o.Region]
		switch {
		case o.Part != nil:
			a.part(p, o, "it would be deleted, and what AWS sets then is not known")
		case find(s, o) != nil:
			key := find(s, o).Key
			s.Resources = drift.Withdrawn(s, find(s, o)).Resources
			s.Resources = slices.DeleteFunc(s.Resources, func(r drift.Resource) bool { return r.Key == key })
			s.Facts = slices.DeleteFunc(s.Facts, func(f drift.Fact) bool { return about(f.Subject, key) })
			s.Gaps = slices.DeleteFunc(s.Gaps, func(g drift.Gap) bool { return about(g.Resource, key) })
		case o.Problem != "":
			a.gap(p, o, "", "it would be deleted. "+o.Problem)
		}
	}
}

// create adds what the plan creates. What is written inside it is a resource of
// its own in CloudFormation, whose properties no table gives.
func (a *planning) create(p terraform.Planned) {
	for _, inside := range p.After[1:] {
		a.gap(p, inside, "", inside.Address+" would be created, and Lockstep does not know the properties of what is written inside another resource")
	}
	o := p.After[0]
	if why := a.unplaced(o); why != "" {
		a.gap(p, o, "", why)
		return
	}
	if a.source == "" {
		a.gap(p, o, "", "no Terraform inventory of the configuration lists its siblings: name the state under inventory")
		return
	}
	declared, ok := p.Declares()
	edits := p.Edits()
	if at := slices.IndexFunc(edits, func(e terraform.Edit) bool { return e.Property == "" }); !ok || at >= 0 {
		a.gap(p, o, "", edits[max(at, 0)].Why)
		return
	}
	s, key := a.byRegion[o.Region], a.keyOf(o)
	declared = a.sealed(s, o.Type, declared)
	for _, e := range edits {
		if e.Why != "" {
			a.gap(p, o, e.Property, e.Why)
		}
	}
	s.Gaps = slices.DeleteFunc(s.Gaps, func(g drift.Gap) bool { return g.Resource == key && g.Reason == "NotFound" })
	r := drift.Resource{Key: key, Type: o.Type, ID: o.ID, Properties: maps.Clone(declared), Declared: declared, Planned: drift.PlannedCreate}
	if terraform.IsSymbol(o.ID) {
		r.ID = key + " (planned for " + s.Region.Name + ")"
	}
	r.Identities = maps.Clone(o.Names) // by which others may mention it
	maps.DeleteFunc(r.Identities, func(_, name string) bool { return terraform.IsSymbol(name) })
	s.Resources = append(s.Resources, r)
	a.declareSiblings(key, o.Region)
}

// declareSiblings lets the comparison hold what would be created against what the
// other Regions' plans say of its siblings, beside what AWS says of them.
func (a *planning) declareSiblings(key, region string) {
	for _, s := range a.snapshots {
		p, planned := a.at[key][s.Region.Name]
		at := slices.IndexFunc(s.Resources, func(r drift.Resource) bool { return r.Key == key })
		if s.Region.Name == region || !planned || at < 0 || s.Resources[at].Declared != nil {
			continue
		}
		if declared, ok := p.Declares(); ok {
			s.Resources[at].Declared = a.sealed(s, s.Resources[at].Type, declared)
		}
	}
}

func (a *planning) sealed(s *drift.Snapshot, typeName string, declared map[string]any) map[string]any {
	if a.Seal == nil {
		return declared
	}
	return a.Seal(s.Region.Name, typeName, declared)
}

// update changes what exists. One that is replaced loses what was known of it.
func (a *planning) update(p terraform.Planned) {
	o := p.Before[0]
	s := a.byRegion[o.Region]
	r := find(s, o)
	if r == nil {
		why := a.unplaced(p.After[0])
		a.gap(p, p.After[0], "", cmp.Or(why, "it was not read: no source of the configuration lists it, or it is gone"))
		return
	}
	was := r.Key
	if why := a.unplaced(p.After[0]); why != "" {
		a.gapOf(s, r.Key, r.Type, "", p.Address+": "+why)
		return
	}
	if p.Previous != "" {
		a.rename(s, was, a.keyOf(p.After[0]))
	}
	if p.Action == terraform.Keep {
		return
	}
	s.Resources = drift.Withdrawn(s, r).Resources
	r = find(s, o)
	edits := p.Edits()
	a.edit(p, s, r, edits)
	if p.Action == terraform.Replace {
		r.Planned = drift.PlannedCreate
		s.Facts = slices.DeleteFunc(s.Facts, func(f drift.Fact) bool { return about(f.Subject, r.Key) })
		if declared, ok := p.Declares(); ok {
			r.Declared = a.sealed(s, r.Type, declared)
			a.declareSiblings(r.Key, s.Region.Name)
		}
	}
}

// rename gives a resource the key that its new address has.
func (a *planning) rename(s *drift.Snapshot, from, to string) {
	moved := func(key *string) {
		if about(*key, from) {
			*key = to + strings.TrimPrefix(*key, from)
		}
	}
	for i := range s.Resources {
		moved(&s.Resources[i].Key)
	}
	for i := range s.Facts {
		moved(&s.Facts[i].Subject)
	}
	for i := range s.Gaps {
		moved(&s.Gaps[i].Resource)
	}
}
