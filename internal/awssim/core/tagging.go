package core

import (
	"cmp"
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Tagging is how the API of a service lists and changes the tags of its resources; List, Add and Remove are the handlers.
// Changes go past the rules of the kind: tags are no new version of anything.
type Tagging struct {
	Find   func(*Call) (store.Resource, error)                                 // the resource a request names
	Tags   string                                                              // member of requests and of the listing; default Tags
	Keys   string                                                              // member of requests; default TagKeys
	Show   func(c *Call, tags map[string]string) (any, error)                  // the listing; default a list of Key and Value
	Write  func(c *Call, r store.Resource, change func(*store.Resource)) error // default straight into the store
	Status int                                                                 // of the answer to a change; default the protocol's own
}

// List answers with the tags of a resource.
func (t Tagging) List(c *Call) (any, error) {
	r, err := t.Find(c)
	if err != nil {
		return nil, err
	}
	if t.Show != nil {
		return t.Show(c, r.Tags)
	}
	return Out{cmp.Or(t.Tags, "Tags"): TagList(r.Tags)}, nil
}

// Add sets the tags in a request, a map or a list of them.
func (t Tagging) Add(c *Call) (any, error) {
	given := Tags(c.In[cmp.Or(t.Tags, "Tags")])
	return t.change(c, func(r *store.Resource) { maps.Copy(r.Tags, given) })
}

// Remove takes away the tags whose keys are in a request, a list or, in a query string, a single one.
func (t Tagging) Remove(c *Call) (any, error) {
	member := cmp.Or(t.Keys, "TagKeys")
	keys := c.In.Strings(member)
	if len(keys) == 0 {
		keys = []string{c.In.String(member)}
	}
	return t.change(c, func(r *store.Resource) {
		for _, k := range keys {
			delete(r.Tags, k)
		}
	})
}

func (t Tagging) change(c *Call, change func(*store.Resource)) (any, error) {
	r, err := t.Find(c)
	if err != nil {
		return nil, err
	}
	if t.Write != nil {
		err = t.Write(c, r, change)
	} else {
		_, _, err = c.World.Store.Update(r.Scope, r.Type, r.ID, func(r *store.Resource) error {
			change(r)
			return nil
		})
	}
	if t.Status != 0 && err == nil {
		return &wire.Raw{Status: t.Status}, nil
	}
	return nil, err
}
