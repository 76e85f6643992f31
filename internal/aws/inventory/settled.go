package inventory

import (
	"cmp"
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// InProgress is the reason of a gap over a stack that changed while it was read.
const InProgress = "InProgress"

// Changed looks at stacks once more after their resources were read, and
// returns a gap for each that is not as it was: what was read of it may be half
// of a change. The error is the context's; a stack that cannot be looked at is
// a gap too.
func Changed(ctx context.Context, region session.ReadOnly, stacks []drift.Stack) ([]drift.Gap, error) {
	l := lister{api: cloudformation.NewFromConfig(region.Config()), region: region.Region()}
	return l.changed(ctx, stacks)
}

func (l *lister) changed(ctx context.Context, stacks []drift.Stack) ([]drift.Gap, error) {
	if len(stacks) >= stacksForList {
		all := l.describeAll(ctx, len(stacks))
		l.all = func() map[string]types.Stack { return all }
	}
	var looks sync.WaitGroup
	limit := make(chan struct{}, 8)
	for _, s := range stacks {
		looks.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			l.look(ctx, s)
		})
	}
	looks.Wait()
	return l.listing.Gaps, ctx.Err()
}

// look compares one stack with what it was. By its id it is found after it was
// deleted as well.
func (l *lister) look(ctx context.Context, was drift.Stack) {
	described, err := l.describe(ctx, cmp.Or(was.ID, was.Name))
	now := stackOf(was.Key, described)
	switch {
	case err != nil && session.Classify(err).Reason == session.NotFound:
		now = drift.Stack{}
	case err != nil:
		l.gap(was.Key, stackType, "", err)
		return
	}
	if now.ID != was.ID || now.Status != was.Status || !now.UpdatedAt.Equal(was.UpdatedAt) {
		l.note(was.Key, stackType, "", "cloudformation:DescribeStacks", InProgress,
			"stack "+was.Name+" was "+said(was.Status)+" before it was read and "+said(now.Status)+" after, or was updated in between: run again when it has settled")
	}
}

func said(status string) string { return cmp.Or(status, "not there") }
