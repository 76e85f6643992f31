package read

import (
	"context"

	"github.com/lockstep-dr/lockstep/drift"
)

// Unread reports whether resources of a snapshot that a change would create or
// update point to something from outside that the snapshot does not describe.
func Unread(s *drift.Snapshot) bool {
	r := planned(s)
	if len(r.mentioned()) > 0 {
		return true
	}
	for _, reference := range references() {
		if len(r.ids(reference)) > 0 {
			return true
		}
	}
	return false
}

// Planned describes what such resources point to: the image and the certificate
// that a stack which does not exist yet will be given are there already, and
// whether they are the primary's is no question of their ids. Resources are none of
// the result.
func Planned(ctx context.Context, clients Clients, q Request, s *drift.Snapshot) (Result, error) {
	r := planned(s)
	r.Request, r.clients = q, clients
	r.describeMentions(ctx)
	r.describeReferences(ctx)
	r.result.Resources = nil
	return r.sorted(), ctx.Err()
}

// planned is a run that has read the planned resources of a snapshot and knows
// the names of all.
func planned(s *drift.Snapshot) *run {
	r := &run{Request: Request{Region: s.Region.Name, Account: s.Account}, done: map[string]bool{}, described: map[string]bool{}, others: ownNames{}}
	for _, resource := range s.Resources {
		r.others.note(resource.Type, resource.ID)
		if resource.Planned == "" {
			for _, name := range resource.Identities {
				r.others.note(resource.Type, name)
			}
			continue
		}
		r.result.Resources = append(r.result.Resources, resource)
		for _, v := range resource.Properties { // one of them is its name
			if name, ok := v.(string); ok {
				r.others.note(resource.Type, name)
			}
		}
	}
	for _, f := range s.Facts {
		r.described[f.Subject] = r.described[f.Subject] || f.Kind == drift.FactContent
	}
	for _, g := range s.Gaps {
		r.described[g.Resource] = r.described[g.Resource] || g.Fact == drift.FactContent
	}
	return r
}
