package ledger

import (
	"context"

	"github.com/lockstep-dr/lockstep/deploy"
)

// Break removes a lock whatever its owner does, if it is still exactly the one
// that was seen. A run that lives notices at its next sign of life, stops, and
// touches nothing more.
func (l *Ledger) Break(ctx context.Context, seen deploy.LockInfo) error {
	held, err := l.holder(ctx)
	if err != nil || held == nil {
		return err
	}
	if held.Owner != seen.Owner || !held.RenewedAt.Equal(seen.RenewedAt) {
		return &deploy.LockedError{Region: l.region, Info: *held}
	}
	return l.remove(ctx, "lock")
}
