package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// lock takes the lock of every Region in sorted order, so that two runs can
// never hold each other up. It returns an ending if one could not be had.
func (r *run) lock(ctx context.Context) *ending {
	order := slices.Clone(r.regions)
	slices.SortFunc(order, func(a, b *regionRun) int { return strings.Compare(a.Name, b.Name) })
	for _, reg := range order {
		reg.locked = true // also when the answer is lost: Unlock checks the owner
		err := reg.Ledger.Lock(ctx, r.req.Owner, r.req.Lease)
		if err == nil {
			r.event(Event{Region: reg.Name, Phase: PhaseLock, Status: "taken"})
			continue
		}
		end := r.lockFailed(ctx, reg, err)
		r.unlock(ctx)
		return &end
	}
	return nil
}

func (r *run) lockFailed(ctx context.Context, reg *regionRun, err error) ending {
	if cause := interruption(ctx); cause != nil {
		return ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	reg.fail(PhaseLock, "", err, r.req.Clock.Now())
	var held *LockedError
	if errors.As(err, &held) {
		reg.failure.Hint = fmt.Sprintf("wait for that run, or for its lease to end (in %s); if that run is dead, `lockstep recover --force-unlock` ends it and goes back, "+
			"once a heartbeat is missing: %s after the last one", held.Info.ExpiresAt.Sub(r.req.Clock.Now()).Round(time.Second), held.Info.Patience())
		return ending{outcome: Rejected, reason: err.Error()}
	}
	return ending{outcome: FailedClean, reason: r.because(), undetermined: true}
}

// unlock releases every lock this run may hold, whatever happened before.
func (r *run) unlock(ctx context.Context) {
	span := tidy
	if ctx.Err() != nil {
		span = goodbye
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), span)
	defer cancel()
	r.each(func(reg *regionRun) {
		if !reg.locked {
			return
		}
		reg.locked = false
		if err := reg.Ledger.Unlock(ctx, r.req.Owner); err != nil {
			reg.note("the lock could not be released and ends with its lease: %v", err)
		}
	})
}

// keepLocks renews every lock until the returned function is called. It stops
// the run when a lock is lost, or could not be renewed before its lease ended.
func (r *run) keepLocks(ctx context.Context, stop context.CancelCauseFunc) (finish func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	for _, reg := range r.regions {
		all.Go(func() { r.heartbeat(ctx, reg, stop) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

func (r *run) heartbeat(ctx context.Context, reg *regionRun, stop context.CancelCauseFunc) {
	every := r.req.Lease / 3
	tick := time.NewTicker(every)
	defer tick.Stop()
	alive := r.req.Clock.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		attempt, cancel := context.WithTimeout(ctx, every)
		err := reg.Ledger.Renew(attempt, r.req.Owner, r.req.Lease)
		cancel()
		var held *LockedError
		switch now := r.req.Clock.Now(); {
		case err == nil:
			alive = now
		case ctx.Err() != nil:
			return
		case errors.As(err, &held), now.Sub(alive) >= 2*every:
			r.event(Event{Region: reg.Name, Phase: PhaseLock, Status: "lost", Text: err.Error()})
			stop(errLockLost)
			return
		}
	}
}
