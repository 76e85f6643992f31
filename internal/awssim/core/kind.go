package core

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Kind is one resource type; see the package documentation for how to write one.
type Kind struct {
	Type       string
	Service    string // signing name of the owner, set from the Service
	Global     bool   // lives in store.GlobalRegion
	Name       NameRule
	Identifier []string          // members of the primary identifier; default: the Name property, else "Id", which is generated
	Attributes map[string]string // patterns of what AWS assigns
	Ref        string            // pattern of what Ref and the physical id are; default {ID}
	Replace    []string          // properties that cannot be updated
	WriteOnly  []string          // properties that reads never return (secrets, code)
	Ignored    []string          // properties that are read but never reported as drift
	Defaults   map[string]any    // live values of properties that were not given
	TagMap     bool              // Tags is a map in the template, not a list of Key and Value
	Schema     Schema            // types and limits of properties
	Invalid    string            // code of the service's own API for their violation; default ValidationException
	Takes      Durations

	Create, Update, Delete func(*Change) error
	Model                  func(r store.Resource, model map[string]any) // adjusts what Cloud Control returns
}

// Durations is how long CloudFormation waits for a resource; zero means DefaultDurations.
type Durations struct{ Create, Update, Delete time.Duration }

// DefaultDurations apply to kinds that say nothing.
func DefaultDurations() Durations {
	return Durations{Create: 6 * time.Second, Update: 5 * time.Second, Delete: 3 * time.Second}
}

// NameRule says which property names a resource and how CloudFormation generates it.
type NameRule struct {
	Property string
	Max      int  // longest name; 0 is 64
	Lower    bool // lower case only, as S3 buckets
	Shared   bool // many have it, as the revisions of a family
}

// Change is what a hook works on.
type Change struct {
	World    *World
	Resource *store.Resource // the state to be; hooks alter it. In Delete: the state to be removed
	Before   *store.Resource // the state before an update, nil otherwise
	Origin   Origin
}

// Origin says who creates a resource.
type Origin struct {
	Tags                    map[string]string // added to the tags in the properties
	StackID, Stack, Logical string            // CloudFormation; empty otherwise
	Nth                     int               // how many resources this logical id had before
}

// Patch is a change of some properties: nil removes one, which gives it its default again. Properties not named keep their
// live value. Tags, when not nil, replace all tags but the aws: ones.
type Patch struct {
	Properties map[string]any
	Tags       map[string]string
}

// Kind returns the kind of a type. Unknown types get a generic one; known reports the difference.
func (w *World) Kind(typ string) (k Kind, known bool) {
	k, known = w.kinds[typ]
	if !known {
		k = Kind{Type: typ, Service: strings.ToLower(segment(typ, 1))}
	}
	if k.Identifier == nil {
		k.Identifier = []string{"Id"}
		if k.Name.Property != "" {
			k.Identifier = []string{k.Name.Property}
		}
	}
	if k.Ref == "" {
		k.Ref = "{ID}"
	}
	if d, scripted := w.Durations[typ]; scripted {
		k.Takes = d
	}
	d := DefaultDurations()
	for _, p := range []struct{ set, def *time.Duration }{
		{&k.Takes.Create, &d.Create}, {&k.Takes.Update, &d.Update}, {&k.Takes.Delete, &d.Delete}} {
		if *p.set == 0 {
			*p.set = *p.def
		}
	}
	return k, known
}

func segment(typ string, i int) string {
	parts := strings.Split(typ, "::")
	if i < len(parts) {
		return parts[i]
	}
	return ""
}

// Kinds lists the known types, sorted.
func (w *World) Kinds() []string { return slices.Sorted(maps.Keys(w.kinds)) }

// Scope is where resources of the type live for a caller in the scope: the Region, or nowhere in particular.
func (w *World) Scope(scope store.Scope, typ string) store.Scope { return w.scope(scope, typ) }

func (w *World) scope(scope store.Scope, typ string) store.Scope {
	if w.kinds[typ].Global {
		scope.Region = store.GlobalRegion
	}
	return scope
}

// Ref is the physical id of a resource, which is also what Ref returns.
func (w *World) Ref(r store.Resource) string {
	k, _ := w.Kind(r.Type)
	return expand(k.Ref, &r)
}

// GetAtt returns an attribute of a resource: an assigned one, else a property; dots walk into maps.
func (w *World) GetAtt(r store.Resource, name string) (any, bool) {
	if v, ok := r.Attributes[name]; ok {
		return v, true
	}
	for _, from := range []map[string]any{r.Attributes, r.Properties} {
		var at any = from
		for _, part := range strings.Split(name, ".") {
			m := wire.AsObject(at)
			at = m[part]
		}
		if at != nil {
			return store.Clone(at), true
		}
	}
	return nil, false
}

// Model is the resource as Cloud Control returns it: properties without the write-only ones, assigned attributes, tags.
func (w *World) Model(r store.Resource) map[string]any {
	k, _ := w.Kind(r.Type)
	model := store.CloneMap(r.Attributes)
	maps.Copy(model, store.CloneMap(r.Properties))
	for _, name := range k.WriteOnly {
		delete(model, name)
	}
	if tags := k.TagProperty(r.Tags); tags != nil {
		model["Tags"] = tags
	}
	if k.Model != nil {
		k.Model(r, model)
	}
	return model
}

// TagProperty shapes tags as the kind's Tags property, without the aws: ones; nil when there is none.
func (k Kind) TagProperty(tags map[string]string) any {
	var list []any
	asMap := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		if strings.HasPrefix(key, "aws:") {
			continue
		}
		asMap[key] = tags[key]
		list = append(list, map[string]any{"Key": key, "Value": tags[key]})
	}
	switch {
	case len(list) == 0:
		return nil
	case k.TagMap:
		return asMap
	}
	return list
}

// Tags reads tags in either shape: a map, or a list of structures with Key and Value (or key and value, TagKey and TagValue).
func Tags(v any) map[string]string {
	out := map[string]string{}
	if m := wire.AsObject(v); m != nil {
		for k, e := range m {
			out[k] = wire.Text(e)
		}
		return out
	}
	list, _ := wire.Items(v)
	for _, e := range list {
		tag := wire.AsObject(e)
		for _, names := range [][2]string{{"Key", "Value"}, {"key", "value"}, {"TagKey", "TagValue"}} {
			if tag.Has(names[0]) {
				out[tag.String(names[0])] = tag.String(names[1])
			}
		}
	}
	return out
}

// TagList shapes tags as a list of Key and Value in order of the keys, aws: ones included, as service APIs return them.
func TagList(tags map[string]string) []any {
	out := []any{}
	for _, k := range slices.Sorted(maps.Keys(tags)) {
		out = append(out, Out{"Key": k, "Value": tags[k]})
	}
	return out
}

// expand fills a pattern: {Account}, {Region}, {ID}, then attributes, then properties.
func expand(pattern string, r *store.Resource) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(pattern, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		b.WriteString(member(name, r))
		pattern = after
	}
}

func member(name string, r *store.Resource) string {
	switch name {
	case "Account":
		return r.Account
	case "Region":
		return r.Region
	case "ID":
		return r.ID
	}
	if v, ok := r.Attributes[name]; ok {
		return wire.Text(v)
	}
	return wire.Text(r.Properties[name])
}
