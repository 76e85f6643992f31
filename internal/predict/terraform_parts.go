package predict

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// parts are changes of what CloudFormation writes in another resource.
func (a *planning) parts(p terraform.Planned) {
	before, after := p.Before, p.After
	if p.Action == terraform.Replace || len(before) > 1 || len(after) > 1 || len(before) == 1 && len(after) == 1 && !reflect.DeepEqual(before[0].Part, after[0].Part) {
		for _, o := range append(slices.Clone(before), after...) {
			a.part(p, o, "it would be made anew, and what that leaves behind is not known")
		}
		return
	}
	o := *firstOf(p)
	s := a.byRegion[o.Region]
	if o.Part == nil || s == nil || owner(s, o.Part) == nil {
		a.part(p, o, "")
		return
	}
	edits := p.Edits()
	for _, e := range edits {
		if top, _, _ := strings.Cut(e.Property, "."); e.Property == "" || top != o.Part.Property {
			a.part(p, o, e.Why)
			return
		}
	}
	a.edit(p, s, owner(s, o.Part), edits)
}

// part says that nothing is known of the property of an owner.
func (a *planning) part(p terraform.Planned, o terraform.Object, why string) {
	if o.Part == nil {
		a.gap(p, o, "", cmp.Or(o.Problem, why))
		return
	}
	if s := a.byRegion[o.Region]; s != nil {
		if r := owner(s, o.Part); r != nil {
			a.gapOf(s, r.Key, r.Type, o.Part.Property, p.Address+": "+cmp.Or(why, "what it sets is not known"))
			return
		}
	}
	o.Type = o.Part.Type
	a.gap(p, o, "", cmp.Or(why, "it would be a part of something that does not exist yet or was not read"))
}
