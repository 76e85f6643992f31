package collect

import (
	"context"
	"slices"
	"sync"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/evidence"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/topology"
)

// Planned describes in predicted snapshots what the resources of the change point
// to outside of the application. A Region is opened only where something is to be
// asked of it; one that cannot be opened leaves what it was asked as a gap.
func Planned(ctx context.Context, o Options, predicted []*drift.Snapshot) error {
	asked := o.Topology
	asked.Regions = slices.DeleteFunc(slices.Clone(asked.Regions), func(r topology.Region) bool {
		return !slices.ContainsFunc(predicted, func(s *drift.Snapshot) bool { return s.Region.Name == r.Name && unknownOf(s, predicted) })
	})
	if len(asked.Regions) == 0 {
		return nil
	}
	o.Session.Regions = len(o.Topology.Regions)
	sessions, err := session.Open(ctx, asked, o.Session)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	unreachable := map[string]*session.Error{}
	for _, failure := range session.Failures(err) {
		unreachable[failure.Region] = failure
	}
	return describePlanned(ctx, o, predicted, func(region string) (session.ReadOnly, *session.Error) {
		at := slices.Index(asked.Names(), region)
		if at < 0 || sessions[at] == nil {
			return session.ReadOnly{}, unreachable[region]
		}
		return sessions[at].ReadOnly, nil
	})
}

// PlannedFromSessions is Planned over Regions that are open already, in the order of the topology.
func PlannedFromSessions(ctx context.Context, sessions []*session.Session, o Options, predicted []*drift.Snapshot) error {
	return describePlanned(ctx, o, predicted, func(region string) (session.ReadOnly, *session.Error) {
		return sessions[slices.Index(o.Topology.Names(), region)].ReadOnly, nil
	})
}

func describePlanned(ctx context.Context, o Options, predicted []*drift.Snapshot, open func(region string) (session.ReadOnly, *session.Error)) error {
	shared := &read.Shared{}
	var group sync.WaitGroup
	machines := make([][]string, len(predicted))
	for i, s := range predicted {
		machines[i] = evidence.NewMachines(s, predicted)
	}
	for i, s := range predicted {
		if !read.Unread(s) && len(machines[i]) == 0 && !evidence.StartsUnread(s) {
			continue
		}
		readOnly, unreachable := open(s.Region.Name)
		if unreachable != nil {
			for _, kind := range []string{drift.FactContent, drift.FactImages} {
				s.Gaps = append(slices.Clip(s.Gaps), drift.Gap{Region: s.Region.Name, Operation: unreachable.Problem.Permission, Reason: unreachable.Problem.Reason, Fact: kind,
					Message: read.WithoutCredentials("what the change points to was not read: " + unreachable.Problem.Message)})
			}
			continue
		}
		group.Go(func() { o.describe(ctx, readOnly, shared, s, machines[i]) })
	}
	group.Wait()
	return ctx.Err()
}

// unknownOf reports whether something of a predicted Region has to be asked for.
func unknownOf(s *drift.Snapshot, predicted []*drift.Snapshot) bool {
	return read.Unread(s) || len(evidence.NewMachines(s, predicted)) > 0 || evidence.StartsUnread(s)
}

func (o Options) describe(ctx context.Context, readOnly session.ReadOnly, shared *read.Shared, s *drift.Snapshot, machines []string) {
	found, err := read.Planned(ctx, read.NewClients(readOnly), read.Request{Region: s.Region.Name, Account: readOnly.Account(), Sealer: o.Sealer, Shared: shared}, s)
	if err != nil {
		return // the context ended, and what is made of this with it
	}
	s.Facts, s.Gaps = slices.Concat(s.Facts, found.Facts), slices.Concat(s.Gaps, found.Gaps)
	if len(machines) > 0 {
		more := evidence.PlannedMachines(ctx, readOnly, s, machines)
		s.Facts, s.Gaps = append(s.Facts, more.Facts...), append(s.Gaps, more.Gaps...)
	}
	images := evidence.PlannedImages(ctx, readOnly, s)
	s.Facts = slices.DeleteFunc(s.Facts, func(old drift.Fact) bool { // of the image that a function has today
		return slices.ContainsFunc(images.Facts, func(f drift.Fact) bool { return f.Kind == old.Kind && f.Subject == old.Subject })
	})
	s.Facts, s.Gaps = append(s.Facts, images.Facts...), append(s.Gaps, images.Gaps...)
	o.finish(s)
}
