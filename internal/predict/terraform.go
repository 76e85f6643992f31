package predict

import (
	"cmp"
	"maps"
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
