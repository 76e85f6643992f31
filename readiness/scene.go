package readiness

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// scene is the evidence, indexed and in canonical order, so that the order in
// which things were read never decides anything.
type scene struct {
	Evidence
	primary, standby *view
	findings         []*drift.Finding
	byType, byKey    map[string][]*drift.Finding
	gaps             []drift.Gap
	// absent are the keys whose absence from the standby was waived: rules
	// judge as if the reference Region did not have them.
	absent map[string]bool
	// owned maps names that only the primary's resources have to their keys.
	owned map[string]string
	// leftover are the findings that no rule has dealt with; set before the guards.
	leftover []*drift.Finding
}

// view is one Region of the scene.
type view struct {
	snapshot *drift.Snapshot
	byKey    map[string]*drift.Resource
	byType   map[string][]*drift.Resource
	facts    map[factKey]any
	subjects map[string][]string // kind → subjects, sorted
	stacks   map[string]*drift.Stack
	stackIDs []string // stack keys, sorted
}

type factKey struct{ kind, subject string }

func newScene(e Evidence) *scene {
	s := &scene{Evidence: e, primary: newView(e.Primary), standby: newView(commonKeys(e.Standby, e.Comparison)),
		byType: map[string][]*drift.Finding{}, byKey: map[string][]*drift.Finding{}, absent: map[string]bool{}}
	if e.Comparison != nil {
		for i := range e.Comparison.Findings {
			s.findings = append(s.findings, &e.Comparison.Findings[i])
		}
	}
	slices.SortStableFunc(s.findings, compareFindings)
	for _, f := range s.findings {
		s.byType[f.Type] = append(s.byType[f.Type], f)
		s.byKey[f.Resource] = append(s.byKey[f.Resource], f)
		if f.Property == "" && f.Waived != nil && isMissing(f) {
			s.absent[f.Resource] = true
		}
	}
	s.gaps = collectGaps(e)
	s.owned = s.primaryOnly()
	return s
}

func newView(snapshot *drift.Snapshot) *view {
	if snapshot == nil {
		snapshot = &drift.Snapshot{}
	}
	v := &view{snapshot: snapshot, byKey: map[string]*drift.Resource{}, byType: map[string][]*drift.Resource{},
		facts: map[factKey]any{}, subjects: map[string][]string{}, stacks: map[string]*drift.Stack{}}
	v.indexResources()
	v.indexFacts()
	for i := range snapshot.Stacks {
		stack := &snapshot.Stacks[i]
		if old, ok := v.stacks[stack.Key]; !ok || before(stack, old) {
			v.stacks[stack.Key] = stack
		}
	}
	for key := range v.stacks {
		v.stackIDs = append(v.stackIDs, key)
	}
	slices.Sort(v.stackIDs)
	return v
}

func (v *view) indexResources() {
	resources := make([]*drift.Resource, len(v.snapshot.Resources))
	for i := range v.snapshot.Resources {
		resources[i] = &v.snapshot.Resources[i]
	}
	slices.SortFunc(resources, func(a, b *drift.Resource) int {
		if order := cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Type, b.Type)); order != 0 {
			return order
		}
		return cmp.Compare(canonical(a), canonical(b))
	})
	for _, r := range resources {
		if _, twice := v.byKey[r.Key]; twice {
			continue
		}
		v.byKey[r.Key] = r
		v.byType[r.Type] = append(v.byType[r.Type], r)
	}
}

func (v *view) indexFacts() {
	for i := range v.snapshot.Facts {
		fact := &v.snapshot.Facts[i]
		key := factKey{fact.Kind, fact.Subject}
		old, twice := v.facts[key]
		if !twice {
			v.subjects[fact.Kind] = append(v.subjects[fact.Kind], fact.Subject)
		}
		if !twice || before(fact.Value, old) {
			v.facts[key] = fact.Value
		}
	}
	for kind := range v.subjects {
		slices.Sort(v.subjects[kind])
	}
}

// canonical is only computed to break a tie between duplicates.
func canonical(x any) string {
	data, err := json.Marshal(x)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

func before(a, b any) bool { return canonical(a) < canonical(b) }

func (v *view) region() string {
	return cmp.Or(v.snapshot.Region.Name, "an unnamed Region")
}

// empty reports whether nothing at all was read from the Region.
func (v *view) empty() bool {
	return len(v.snapshot.Resources) == 0 && len(v.snapshot.Stacks) == 0
}

// fact returns the value of a fact and whether it was read at all.
func (v *view) fact(kind, subject string) (any, bool) {
	value, ok := v.facts[factKey{kind, subject}]
	return value, ok
}

// object is fact for facts that are objects; anything else counts as not read.
func (v *view) object(kind, subject string) (map[string]any, bool) {
	value, _ := v.fact(kind, subject)
	object, ok := value.(map[string]any)
	return object, ok
}

// pair is a resource of the reference Region with its sibling, nil if there is none.
type pair struct {
	key              string
	primary, standby *drift.Resource
}

// pairs lists the reference Region's resources of the types with their
// siblings, without those whose absence was waived.
func (s *scene) pairs(types ...string) []pair {
	var pairs []pair
	for _, t := range types {
		for _, r := range s.primary.byType[t] {
			if !s.absent[r.Key] {
				pairs = append(pairs, pair{r.Key, r, s.standby.byKey[r.Key]})
			}
		}
	}
	return pairs
}

// present keeps the pairs whose standby exists. A sibling that the comparison
// reports missing is CFG-02's to judge. One that is absent without such a
// finding, or of which there is none at all, leaves the rule undecided: there
// is nothing that could be right.
func (h *hearing) present(pairs []pair) []pair {
	var both []pair
	missing := 0
	for _, p := range pairs {
		switch {
		case p.standby != nil:
			both = append(both, p)
		case h.missing(p.key) != nil || h.goneFromStandby(p.key):
			missing++
		case !h.hidden(h.standby.region(), p.primary):
			h.undecided(p.key, "exists in %s; in %s it was neither read nor found missing", h.primary.region(), h.standby.region())
		}
	}
	if len(pairs) > 0 && missing == len(pairs) {
		h.undecided("", "%s has none of the %d in %s that this rule is about: see CFG-02", h.standby.region(), len(pairs), h.primary.region())
	}
	return both
}

func (s *scene) goneFromStandby(key string) bool {
	_, gone := s.standby.fact(drift.FactGone, key)
	return gone
}

// missing is the finding that says the resource is absent from the standby.
func (s *scene) missing(key string) *drift.Finding {
	for _, f := range s.byKey[key] {
		if isMissing(f) {
			return f
		}
	}
	return nil
}

// findingAt is the finding about this property or about the value it is in,
// the most exact first and waived ones last.
func (s *scene) findingAt(key, property string) *drift.Finding {
	var found *drift.Finding
	for _, f := range s.byKey[key] {
		if f.Property == "" || !within(property, f.Property) && !within(f.Property, property) {
			continue
		}
		if found == nil || found.Waived != nil && f.Waived == nil ||
			(found.Waived == nil) == (f.Waived == nil) && f.Property == property {
			found = f
		}
	}
	return found
}

// isMissing reports whether a finding says that the resource itself is absent
// from the standby, as opposed to being an extra one there.
func isMissing(f *drift.Finding) bool {
	return f.Property == "" && (f.Primary != nil || f.Standby == nil)
}

// within reports whether a dotted path is the property or lies below it.
func within(path, property string) bool {
	rest, ok := strings.CutPrefix(path, property)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// compareFindings orders findings without looking at memory order.
func compareFindings(a, b *drift.Finding) int {
	order := cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Property, b.Property), cmp.Compare(a.Type, b.Type))
	if order != 0 {
		return order
	}
	return cmp.Compare(canonical(a), canonical(b))
}
