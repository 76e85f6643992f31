package core

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// PolicyKind is a resource type that writes its PolicyDocument into other resources, as those for queues and topics do: the
// document is in Private["Policy"] of each of them, as text.
type PolicyKind struct {
	Type    string
	Into    string       // the type it writes into
	Members string       // property that lists what it writes into
	Missing func() error // what to say when one of them does not exist
}

// Kind is the kind of the policy resource.
func (p PolicyKind) Kind() Kind {
	return Kind{
		Type:   p.Type,
		Schema: Schema{Required: []string{"PolicyDocument", p.Members}},
		Create: p.apply,
		Update: p.apply,
		Delete: p.remove,
	}
}

// apply writes the document; what is no longer listed loses it.
func (p PolicyKind) apply(c *Change) error {
	now := p.members(c.Resource)
	for _, id := range now {
		if _, ok := c.World.Store.Get(c.Resource.Scope, p.Into, id); !ok {
			return p.Missing()
		}
	}
	if c.Before != nil {
		for _, id := range p.members(c.Before) {
			if !slices.Contains(now, id) {
				p.write(c.World, c.Resource.Scope, id, "")
			}
		}
	}
	for _, id := range now {
		p.write(c.World, c.Resource.Scope, id, shape.Document(c.Resource.Properties["PolicyDocument"]))
	}
	return nil
}

func (p PolicyKind) remove(c *Change) error {
	for _, id := range p.members(c.Resource) {
		p.write(c.World, c.Resource.Scope, id, "")
	}
	return nil
}

func (p PolicyKind) members(r *store.Resource) []string {
	return wire.Object(r.Properties).Strings(p.Members)
}

func (p PolicyKind) write(w *World, scope store.Scope, id, document string) {
	_, _, _ = w.Store.Update(scope, p.Into, id, func(r *store.Resource) error { // what is gone has no policy to set
		r.Private["Policy"] = document
		return nil
	})
}

// Set gives a resource a policy through its own API. The policy resources that list it show the document from then on, as
// reading them on AWS would; without a document they are gone.
func (p PolicyKind) Set(w *World, r store.Resource, document string) {
	p.write(w, r.Scope, r.ID, document)
	doc, ok := shape.ParseDocument(document)
	for _, policy := range w.Store.List(r.Scope, p.Type) {
		switch {
		case !slices.Contains(p.members(&policy), r.ID):
		case ok:
			policy.Properties["PolicyDocument"] = doc
			w.Store.Replace(policy)
		default:
			w.Store.Delete(policy.Scope, p.Type, policy.ID)
		}
	}
}
