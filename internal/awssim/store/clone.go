package store

import (
	"maps"
	"time"
)

func (r Resource) clone() Resource {
	r.Properties = CloneMap(r.Properties)
	r.Attributes = CloneMap(r.Attributes)
	r.Private = CloneMap(r.Private)
	r.Tags = maps.Clone(r.Tags)
	if r.Tags == nil {
		r.Tags = map[string]string{}
	}
	return r
}

// CloneMap copies a closed tree. The result is never nil.
func CloneMap(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[k] = Clone(v)
	}
	return out
}

// Clone copies a closed tree; scalars are returned as they are.
func Clone(v any) any {
	switch v := v.(type) {
	case map[string]any:
		return CloneMap(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = Clone(e)
		}
		return out
	}
	return v
}

// View is a reader of the store that may see it as it was a while ago, as eventually consistent reads do.
type View struct {
	store *Store
	lag   time.Duration
}

// View returns a reader that does not see writes younger than lag. It sees at most one write back.
func (s *Store) View(lag time.Duration) View { return View{s, lag} }

// Get is Store.Get through the view.
func (v View) Get(scope Scope, typ, id string) (Resource, bool) {
	return v.store.get(scope, typ, id, v.lag)
}

// Page is Store.Page through the view.
func (v View) Page(scope Scope, typ, after string, limit int) ([]Resource, string) {
	return v.store.page(scope, typ, after, limit, v.lag)
}

// Prefix returns the resources whose id starts with prefix, sorted by id. It looks at no others.
func (v View) Prefix(scope Scope, typ, prefix string) []Resource {
	return v.store.prefix(scope, typ, prefix, v.lag)
}

// List is Store.List through the view.
func (v View) List(scope Scope, typ string) []Resource {
	out, _ := v.Page(scope, typ, "", 0)
	return out
}
