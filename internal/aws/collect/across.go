package collect

import (
	"context"
	"sync"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// across adds the evidence that follows from what was read of all Regions. A
// Region of which nothing is known has said so already.
func (o Options) across(ctx context.Context, snapshots []*drift.Snapshot, open func(i int) (session.ReadOnly, *session.Error)) {
	found := make([]evidence.Found, len(snapshots))
	var group sync.WaitGroup
	for i, s := range snapshots {
		readOnly, unreachable := open(i)
		if unreachable != nil || silent(s) {
			continue
		}
		app := evidence.Application{Snapshots: snapshots, Declared: o.declared(), Now: s.TakenAt}
		group.Go(func() { found[i] = evidence.Across(ctx, readOnly, s, app) })
	}
	group.Wait()
	for i, s := range snapshots {
		hider := read.Seal(o.Sealer, s.Region.Name, s.Account)
		for _, f := range found[i].Facts {
			f.Value = hider.Tree(f.Value)
			s.Facts = append(s.Facts, f)
		}
		for _, g := range found[i].Gaps {
			g.Message = read.WithoutCredentials(g.Message)
			s.Gaps = append(s.Gaps, g)
		}
		inOrder(s)
	}
}

// silent reports a Region that did not answer at all.
func silent(s *drift.Snapshot) bool { return len(s.Resources) == 0 && len(s.Gaps) > 0 }

func (o Options) declared() evidence.Declared {
	return evidence.Declared{Strategy: o.Topology.Strategy, EveryStrategy: o.EveryStrategy, Objectives: o.Objectives, Takeover: o.Takeover}
}
