package predict

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

// Terraform is what the plans of a Terraform configuration would change.
type Terraform struct {
	// Target names the configuration in gaps.
	Target string
	// Changes are those of the plans of all Regions.
	Changes []terraform.Planned
	// Sources are the keys of the application's sources that are Terraform states.
	Sources []string
	// Seal hides the secrets of what is declared in a Region; may be nil.
	Seal func(region, typeName string, declared map[string]any) map[string]any
}

// terraformPlan is the operation that gaps of plans name.
const terraformPlan = "terraform:Plan"

// ApplyTerraform puts the changes of plans into snapshots, which must be the
// caller's own: of lists and resources, nothing below is changed. A value that
// changes is put in only where the plan's value of today is the one that was read,
// so that the form is known to be that of the reader; or where the other Region
// has it already. Everything else is a gap.
func ApplyTerraform(snapshots []*drift.Snapshot, t Terraform) {
	a := &planning{Terraform: t, byRegion: map[string]*drift.Snapshot{}, keys: map[string]string{}, at: map[string]map[string]terraform.Planned{}}
	for _, s := range snapshots {
		a.byRegion[s.Region.Name] = s
		a.live = append(a.live, slices.Clone(s.Resources))
	}
	a.snapshots = snapshots
	a.pair()
	for _, p := range t.Changes {
		a.change(p)
	}
}

// planning is the application of the plans of one configuration.
type planning struct {
	Terraform
	snapshots []*drift.Snapshot
	live      [][]drift.Resource // as they were before, by snapshot
	byRegion  map[string]*drift.Snapshot
	// keys are the keys that resources have in snapshots, by their key in the plans.
	keys map[string]string
	// source is the key of the source that lists what the plans are about.
	source string
	// at are the changes by the key in snapshots and the Region.
	at map[string]map[string]terraform.Planned
}

// pair finds what the snapshots call the resources of the plans.
func (a *planning) pair() {
	for _, s := range a.snapshots { // the reference goes first
		for _, p := range a.Changes {
			if len(p.Before) == 0 || len(p.After) == 0 || p.Previous != "" || p.Before[0].Region != s.Region.Name {
				continue
			}
			if r := find(s, p.Before[0]); r != nil {
				if _, known := a.keys[p.After[0].Key]; !known {
					a.keys[p.After[0].Key] = r.Key
				}
				if source := r.Key[:max(0, strings.LastIndexByte(r.Key, '/'))]; a.source == "" && slices.Contains(a.Sources, source) {
					a.source = source
				}
			}
		}
	}
	if a.source == "" && len(a.Sources) == 1 {
		a.source = a.Sources[0]
	}
	for _, p := range a.Changes {
		if len(p.After) > 0 && p.After[0].Ambiguous == "" {
			key := a.keyOf(p.After[0])
			if a.at[key] == nil {
				a.at[key] = map[string]terraform.Planned{}
			}
			a.at[key][p.After[0].Region] = p
		}
	}
}

// keyOf is the key that an object has, or would have, in snapshots.
func (a *planning) keyOf(o terraform.Object) string {
	return cmp.Or(a.keys[o.Key], o.KeyIn(cmp.Or(a.source, "terraform")))
}

// find is a resource of a snapshot by the id that AWS knows it by; nil: it is not there.
func find(s *drift.Snapshot, o terraform.Object) *drift.Resource {
	if s == nil || o.Type == "" || o.ID == "" {
		return nil
	}
	at := slices.IndexFunc(s.Resources, func(r drift.Resource) bool { return r.Type == o.Type && r.ID == o.ID })
	if at < 0 {
		return nil
	}
	return &s.Resources[at]
}

// owner is the resource that a part belongs to.
func owner(s *drift.Snapshot, part *terraform.Part) *drift.Resource {
	if s == nil {
		return nil
	}
	at := slices.IndexFunc(s.Resources, func(r drift.Resource) bool {
		return r.Type == part.Type && (r.ID == part.Owner || slices.Contains(slices.Collect(maps.Values(r.Identities)), part.Owner))
	})
	if at < 0 {
		return nil
	}
	return &s.Resources[at]
}

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

func (a *planning) gap(p terraform.Planned, o terraform.Object, property, why string) {
	region := o.Region
	if a.byRegion[region] == nil {
		region = p.Of
	}
	s := a.byRegion[region]
	if s == nil {
		return
	}
	key := a.Target + "/" + p.Address
	if o.Key != "" {
		key = a.keyOf(o)
	}
	if r := find(s, o); r != nil {
		key = r.Key
	}
	a.gapOf(s, key, o.Type, property, p.Address+": "+why)
}

func (a *planning) gapOf(s *drift.Snapshot, key, typeName, property, message string) {
	s.Gaps = append(s.Gaps, drift.Gap{Region: s.Region.Name, Resource: key, Type: typeName, Operation: terraformPlan, Reason: "NotEvaluated",
		Property: property, Message: "the plan of " + a.Target + " changes " + message})
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
			s.Resources = slices.DeleteFunc(s.Resources, func(r drift.Resource) bool { return r.Key == key })
			s.Facts = slices.DeleteFunc(s.Facts, func(f drift.Fact) bool { return about(f.Subject, key) })
			s.Gaps = slices.DeleteFunc(s.Gaps, func(g drift.Gap) bool { return about(g.Resource, key) })
		case o.Problem != "":
			a.gap(p, o, "", "it would be deleted. "+o.Problem)
		}
	}
}

func about(subject, key string) bool { return subject == key || strings.HasPrefix(subject, key+"#") }

// unplaced says of an object why it cannot be put into a snapshot; empty: it can.
func (a *planning) unplaced(o terraform.Object) string {
	switch {
	case o.Problem != "":
		return o.Problem
	case o.Region == "":
		return "the plan does not say in which Region it would be: its provider is not the default one, and is not told a Region in so many words"
	case a.byRegion[o.Region] == nil:
		return "it would be in " + o.Region + ", which is no Region of the application"
	case o.Ambiguous != "":
		return o.Ambiguous
	}
	return ""
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

// edit puts the edits of a change into a resource.
func (a *planning) edit(p terraform.Planned, s *drift.Snapshot, r *drift.Resource, edits []terraform.Edit) {
	live := r.Properties
	r.Properties = maps.Clone(live)
	changed := map[string]bool{}
	for _, e := range edits {
		changed[e.Property] = true
		if e.Property == "" {
			a.gapOf(s, r.Key, r.Type, "", p.Address+": "+e.Why)
			continue
		}
		if value, known := a.elsewhere(s, r, e); known {
			terraform.SetProperty(r.Properties, e.Property, value)
			continue
		}
		if why := a.doubt(s, *r, live, e); why != "" {
			a.gapOf(s, r.Key, r.Type, e.Property, p.Address+": "+why)
			continue
		}
		terraform.SetProperty(r.Properties, e.Property, a.sealedValue(s, r.Type, e.Property, e.After))
	}
	app := &application{out: s}
	before := *r
	before.Properties = live
	app.recount(before, func(property string) bool {
		return changed[""] || changed[property] || changed[strings.SplitN(property, ".", 2)[0]]
	}, live, r.Properties)
	if changed["CodeSha256"] || changed[""] {
		s.Facts = slices.DeleteFunc(s.Facts, func(f drift.Fact) bool { return f.Kind == drift.FactArtifact && about(f.Subject, r.Key) })
	}
}

// doubt says why the value after an edit is not known; empty: it is.
func (a *planning) doubt(s *drift.Snapshot, r drift.Resource, live map[string]any, e terraform.Edit) string {
	if e.Why != "" {
		return e.Why
	}
	if e.Property == "Tags" {
		return "" // every reader gives tags one form
	}
	if !alike(a.sealedValue(s, r.Type, e.Property, e.Before), terraform.Property(live, e.Property)) {
		return "what AWS shows of " + e.Property + " today is not what the plan says of today, so that its new value cannot be told either"
	}
	return ""
}

func (a *planning) sealedValue(s *drift.Snapshot, typeName, property string, value any) any {
	if value == nil {
		return nil
	}
	tree := map[string]any{}
	terraform.SetProperty(tree, property, value)
	return terraform.Property(a.sealed(s, typeName, tree), property)
}

// elsewhere is the value of a property that another Region shows, whose plan
// leaves it alone and says of it what this edit says.
func (a *planning) elsewhere(s *drift.Snapshot, r *drift.Resource, e terraform.Edit) (value any, known bool) {
	if e.Why != "" || e.Property == "Tags" {
		return nil, false
	}
	for i, other := range a.snapshots {
		p, planned := a.at[r.Key][other.Region.Name]
		if other == s || !planned || len(p.Before) == 0 || slices.ContainsFunc(p.Edits(), func(x terraform.Edit) bool { return x.Property == e.Property || x.Property == "" }) {
			continue
		}
		declared, ok := p.Declares()
		at := slices.IndexFunc(a.live[i], func(x drift.Resource) bool { return x.Key == r.Key && x.Type == r.Type })
		if ok && at >= 0 && reflect.DeepEqual(terraform.Property(declared, e.Property), e.After) {
			return terraform.Property(a.live[i][at].Properties, e.Property), true
		}
	}
	return nil, false
}

// alike is equality of a value of a plan and one that was read: what is off, none
// or empty need not be shown, and the order of plain values is the service's.
func alike(planned, live any) bool {
	if unset(planned) && unset(live) {
		return true
	}
	return same(sorted(planned), sorted(live))
}

func unset(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case bool:
		return !v
	case float64:
		return v == 0
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

// sorted is a tree whose lists of texts are in order.
func sorted(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = sorted(e)
		}
		if !slices.ContainsFunc(out, func(e any) bool { _, text := e.(string); return !text }) {
			slices.SortFunc(out, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = sorted(member)
		}
		return out
	}
	return v
}

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
