package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"github.com/lockstep-dr/lockstep/deploy"
)

const (
	// grace is how long after its lease a lock is left alone: the clocks of
	// two runners differ, and a holder never renews after the end of its lease.
	grace = 30 * time.Second
	// settle is how long a taken-over lock is given before it is read back.
	// Of several runs that take over at once, the last one to write is the holder.
	settle = time.Second
	// attempts bounds a lock that comes and goes while it is looked at.
	attempts = 5
)

// Lock implements deploy.Ledger. Creating the parameter is the atomic step:
// SSM creates a name only once.
func (l *Ledger) Lock(ctx context.Context, owner deploy.Owner, lease time.Duration) error {
	now := l.opts.Now().UTC()
	mine := deploy.LockInfo{Owner: owner, TakenAt: now, RenewedAt: now, ExpiresAt: now.Add(lease)}
	for range attempts {
		failed := l.write(ctx, "lock", mine, false)
		if failed == nil {
			return nil
		}
		var exists *types.ParameterAlreadyExists
		held, err := l.holder(ctx)
		switch {
		case err != nil:
			return errors.Join(failed, err)
		case held != nil && held.Owner.ID == owner.ID && held.TakenAt.Equal(now): // only the answer was lost
			return nil
		case !errors.As(failed, &exists):
			return failed
		case held == nil: // released meanwhile
			continue
		case held.Owner.ID == owner.ID:
			return l.Renew(ctx, owner, lease)
		case l.opts.Now().Before(held.ExpiresAt.Add(grace)):
			return &deploy.LockedError{Region: l.region, Info: *held}
		}
		return l.takeOver(ctx, *held, mine)
	}
	return fmt.Errorf("lock %s in %s: it comes and goes; run again", l.name("lock"), l.region)
}

// takeOver replaces the lock of a run that died. SSM cannot delete on
// condition, so the lock is read again before, and after a while: a run that
// took over at the same time is noticed, and only one goes on.
func (l *Ledger) takeOver(ctx context.Context, dead, mine deploy.LockInfo) error {
	held, err := l.holder(ctx)
	if err != nil {
		return err
	}
	if held != nil {
		if held.Owner != dead.Owner || !held.ExpiresAt.Equal(dead.ExpiresAt) {
			return &deploy.LockedError{Region: l.region, Info: *held}
		}
		if err := l.remove(ctx, "lock"); err != nil {
			return err
		}
	}
	err = l.write(ctx, "lock", mine, false)
	var exists *types.ParameterAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return err
	}
	if err := l.opts.Sleep(ctx, settle); err != nil {
		return err
	}
	held, err = l.holder(ctx)
	switch {
	case err != nil:
		return err
	case held == nil:
		return fmt.Errorf("lock %s in %s: it vanished while it was taken over; run again", l.name("lock"), l.region)
	case held.Owner.ID != mine.Owner.ID:
		return &deploy.LockedError{Region: l.region, Info: *held}
	}
	return nil
}

// Renew implements deploy.Ledger. A lease that has ended is not renewed: the
// lock may be about to be taken over.
func (l *Ledger) Renew(ctx context.Context, owner deploy.Owner, lease time.Duration) error {
	held, err := l.holder(ctx)
	if err != nil {
		return err
	}
	now := l.opts.Now().UTC()
	if held == nil {
		return &deploy.LockedError{Region: l.region, Info: deploy.LockInfo{Owner: deploy.Owner{ID: "nobody: somebody removed it"}}}
	}
	if held.Owner.ID != owner.ID || now.After(held.ExpiresAt) {
		return &deploy.LockedError{Region: l.region, Info: *held}
	}
	held.RenewedAt, held.ExpiresAt = now, now.Add(lease)
	return l.write(ctx, "lock", held, true)
}

// Unlock implements deploy.Ledger.
func (l *Ledger) Unlock(ctx context.Context, owner deploy.Owner) error {
	held, err := l.holder(ctx)
	if err != nil || held == nil || held.Owner.ID != owner.ID {
		return err
	}
	return l.remove(ctx, "lock")
}

// holder reads the lock; nil: nobody holds it.
func (l *Ledger) holder(ctx context.Context) (*deploy.LockInfo, error) {
	values, err := l.get(ctx, l.name("lock"))
	if err != nil {
		return nil, err
	}
	text, ok := values[l.name("lock")]
	if !ok {
		return nil, nil
	}
	var info deploy.LockInfo
	if err := json.Unmarshal([]byte(text), &info); err != nil {
		return nil, fmt.Errorf("read %s in %s: it is not what Lockstep wrote; delete it by hand if no deploy runs: %w", l.name("lock"), l.region, err)
	}
	return &info, nil
}
