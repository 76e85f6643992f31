package core

import (
	"maps"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Create creates a resource. properties has the CloudFormation shape, Tags included. An existing one of the same identifier
// is an error with the code AlreadyExists; the Create hook of the kind may report others.
func (w *World) Create(scope store.Scope, typ string, properties map[string]any, origin Origin) (store.Resource, error) {
	k, _ := w.Kind(typ)
	r := store.Resource{
		Scope: w.scope(scope, typ), Type: typ,
		Properties: store.CloneMap(properties), Attributes: map[string]any{}, Private: map[string]any{},
		Tags: Tags(properties["Tags"]),
	}
	delete(r.Properties, "Tags")
	maps.Copy(r.Tags, origin.Tags)
	for name, v := range k.Defaults {
		if _, set := r.Properties[name]; !set {
			r.Properties[name] = store.Clone(v)
		}
	}
	if err := k.Schema.check(&r); err != nil {
		return store.Resource{}, err
	}
	w.name(k, &r, origin)
	w.assign(k, &r)
	if k.Create != nil {
		if err := k.Create(&Change{World: w, Resource: &r, Origin: origin}); err != nil {
			return store.Resource{}, err
		}
		w.assign(k, &r)
	}
	made, fresh := w.Store.Insert(r)
	if !fresh {
		return store.Resource{}, wire.Errorf(400, "AlreadyExists", "Resource of type '%s' with identifier '%s' already exists.", typ, r.ID)
	}
	return made, nil
}

// name gives the resource its name, or the generic generated id.
func (w *World) name(k Kind, r *store.Resource, origin Origin) {
	about := []string{r.Account, r.Region, r.Type, origin.StackID, origin.Logical, strconv.Itoa(origin.Nth)}
	prefix := strings.Trim(origin.Stack+"-"+origin.Logical, "-")
	if prefix == "" {
		prefix = strings.ToLower(segment(r.Type, 2))
	}
	if p := k.Name.Property; p != "" {
		if wire.Text(r.Properties[p]) != "" {
			return
		}
		r.Properties[p] = GeneratedName(prefix, w.IDs.Upper(12, about...), k.Name)
		return
	}
	if len(k.Identifier) == 1 && k.Identifier[0] == "Id" && r.Properties["Id"] == nil {
		r.Attributes["Id"] = GeneratedName(prefix, w.IDs.Upper(12, about...), NameRule{Max: 128})
	}
}

// GeneratedName joins a prefix and a random suffix within the limits of the rule, shortening the prefix.
func GeneratedName(prefix, suffix string, rule NameRule) string {
	limit := rule.Max
	if limit == 0 {
		limit = 64
	}
	if room := limit - len(suffix) - 1; len(prefix) > room {
		prefix = prefix[:max(room, 0)]
	}
	name := strings.Trim(prefix+"-"+suffix, "-")
	if rule.Lower {
		name = strings.ToLower(name)
	}
	return name
}

// assign fills in the identifier and the attributes that have a pattern; what a hook has set besides them is kept.
func (w *World) assign(k Kind, r *store.Resource) {
	for range 2 { // patterns may refer to each other and to the identifier
		for name, pattern := range k.Attributes {
			r.Attributes[name] = expand(pattern, r)
		}
		parts := make([]string, len(k.Identifier))
		for i, name := range k.Identifier {
			parts[i] = member(name, r)
		}
		if id := strings.Join(parts, "|"); strings.Trim(id, "|") != "" {
			r.ID = id
		}
	}
	if _, known := w.kinds[r.Type]; !known && r.Attributes["Arn"] == nil {
		r.Attributes["Arn"] = "arn:aws:" + k.Service + ":" + r.Region + ":" + r.Account + ":" + strings.ToLower(segment(r.Type, 2)) + "/" + r.ID
	}
}

// Update applies a patch. A resource that does not exist is an error with the code NotFound.
func (w *World) Update(scope store.Scope, typ, id string, patch Patch) (store.Resource, error) {
	k, _ := w.Kind(typ)
	for {
		before, ok := w.Store.Get(w.scope(scope, typ), typ, id)
		if !ok {
			return store.Resource{}, NotFound(typ, id)
		}
		after, _ := w.Store.Get(before.Scope, typ, id)
		patch.apply(k, &after)
		if err := k.Schema.check(&after); err != nil {
			return store.Resource{}, err
		}
		if k.Update != nil {
			if err := k.Update(&Change{World: w, Resource: &after, Before: &before}); err != nil {
				return store.Resource{}, err
			}
		}
		w.assign(k, &after)
		after.ID, after.Revision = before.ID, before.Revision // an identifier never changes
		if written, won := w.Store.Replace(after); won {
			return written, nil
		}
	}
}

func (p Patch) apply(k Kind, r *store.Resource) {
	for name, v := range p.Properties {
		switch {
		case name == "Tags":
			p.Tags = Tags(v)
		case v != nil:
			r.Properties[name] = store.Clone(v)
		case k.Defaults[name] != nil:
			r.Properties[name] = store.Clone(k.Defaults[name])
		default:
			delete(r.Properties, name)
		}
	}
	if p.Tags == nil {
		return
	}
	maps.DeleteFunc(r.Tags, func(key, _ string) bool { return !strings.HasPrefix(key, "aws:") })
	maps.Copy(r.Tags, p.Tags)
}

// Delete removes a resource. One that does not exist is an error with the code NotFound.
func (w *World) Delete(scope store.Scope, typ, id string) error {
	k, _ := w.Kind(typ)
	r, ok := w.Store.Get(w.scope(scope, typ), typ, id)
	if !ok {
		return NotFound(typ, id)
	}
	if k.Delete != nil {
		if err := k.Delete(&Change{World: w, Resource: &r}); err != nil {
			return err
		}
	}
	w.Store.Delete(r.Scope, typ, id)
	return nil
}

// NotFound is the error of the life cycle for a resource that does not exist.
func NotFound(typ, id string) *wire.Error {
	return wire.Errorf(404, "NotFound", "Resource of type '%s' with identifier '%s' was not found.", typ, id)
}

// Code returns the code of an AWS error, "" for others.
func Code(err error) string {
	if e, ok := err.(*wire.Error); ok {
		return e.Code
	}
	return ""
}
