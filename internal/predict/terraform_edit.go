package predict

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/terraform"
)

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
	if terraform.Unsaid(planned) && terraform.Unsaid(live) {
		return true
	}
	return same(sorted(planned), sorted(live))
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
