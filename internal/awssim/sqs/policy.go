package sqs

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// applyPolicy writes the document of a QueuePolicy into its queues; queues that are no longer named lose theirs.
func applyPolicy(c *core.Change) error {
	now := wire.Object(c.Resource.Properties).Strings("Queues")
	for _, url := range now {
		if _, ok := c.World.Store.Get(c.Resource.Scope, Type, url); !ok {
			return nonExistent()
		}
	}
	if c.Before != nil {
		for _, url := range wire.Object(c.Before.Properties).Strings("Queues") {
			if !slices.Contains(now, url) {
				setPolicy(c.World, c.Resource.Scope, url, "")
			}
		}
	}
	for _, url := range now {
		setPolicy(c.World, c.Resource.Scope, url, shape.Document(c.Resource.Properties["PolicyDocument"]))
	}
	return nil
}

func removePolicy(c *core.Change) error {
	for _, url := range wire.Object(c.Resource.Properties).Strings("Queues") {
		setPolicy(c.World, c.Resource.Scope, url, "")
	}
	return nil
}

func setPolicy(w *core.World, scope store.Scope, url, document string) {
	_, _, _ = w.Store.Update(scope, Type, url, func(r *store.Resource) error { // a queue that is gone has no policy to set
		r.Private["Policy"] = document
		return nil
	})
}

// follow makes the QueuePolicy resources of a queue show a document that was set through the queue, as reading them on AWS
// would.
func follow(w *core.World, scope store.Scope, url, document string) {
	for _, p := range w.Store.List(scope, PolicyType) {
		if !slices.Contains(wire.Object(p.Properties).Strings("Queues"), url) {
			continue
		}
		if doc, ok := shape.ParseDocument(document); ok {
			p.Properties["PolicyDocument"] = doc
			w.Store.Replace(p)
			continue
		}
		w.Store.Delete(scope, PolicyType, p.ID)
	}
}
