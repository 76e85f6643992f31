package deploy

import (
	"context"
	"fmt"
	"time"
)

// Check is something that must hold in a Region for a deploy to go on: an
// answer of the application, an alarm that is quiet, a precondition.
type Check interface {
	// Name says what is looked at, for people. It is constant.
	Name() string
	// Check returns nil if it holds. An *Error of kind Failed or Refused: it
	// was looked at and does not hold. Any other error: it could not be
	// looked at, which never counts as holding.
	Check(ctx context.Context) error
}

// failedCheck is what a check that does not hold, or could not be looked at,
// means after something was executed: the release has not shown that it works.
func failedCheck(ctx context.Context, check Check, err error) error {
	if ctx.Err() != nil || KindOf(err) == Failed {
		return err
	}
	return &Error{Kind: Failed, Err: err, Reason: fmt.Sprintf("%s could not be confirmed: %v", check.Name(), err)}
}

// verifyHooks lets the Region prove by its own hooks that the release works
// there. It names the hook that failed.
func (r *run) verifyHooks(ctx context.Context, reg *regionRun) (string, error) {
	if reg.proved || len(reg.Hooks) == 0 || !r.touched() && !r.resumed() {
		return "", nil
	}
	for _, hook := range reg.Hooks {
		r.event(Event{Region: reg.Name, Phase: PhaseVerify, Status: "asking", Text: hook.Name()})
		if err := hook.Check(ctx); err != nil {
			return hook.Name(), failedCheck(ctx, hook, err)
		}
	}
	reg.proved = true
	return "", nil
}

// bake watches the alarms of all Regions for a while after a wave. It returns
// an ending if one of them rang, or could not be read when the time was over.
func (r *run) bake(base, work context.Context) *ending {
	if r.req.Bake <= 0 {
		return nil
	}
	r.phase(PhaseBake, r.req.Bake.String())
	until := r.req.Clock.Now().Add(r.req.Bake)
	every := min(max(r.req.Bake/20, 5*time.Second), 30*time.Second)
	r.each(func(reg *regionRun) {
		if alarm, err := r.watch(work, reg, until, every); err != nil {
			reg.fail(PhaseBake, alarm, err, r.req.Clock.Now())
			r.event(Event{Region: reg.Name, Phase: PhaseBake, Status: "failed", Text: said(err)})
		}
	})
	if reg, _ := r.worst(); reg == nil && work.Err() == nil {
		return nil
	}
	end := r.notVerified(base, work)
	return &end
}

// watch looks at the alarms of one Region until the time is over. A reading
// that failed is forgiven if a later one succeeds.
func (r *run) watch(ctx context.Context, reg *regionRun, until time.Time, every time.Duration) (string, error) {
	for {
		last := !r.req.Clock.Now().Before(until)
		for _, alarm := range reg.Alarms {
			err := alarm.Check(ctx)
			if err != nil && (last || KindOf(err) == Failed) {
				return alarm.Name(), failedCheck(ctx, alarm, err)
			}
		}
		if last {
			return "", nil
		}
		if err := pause(ctx, min(every, until.Sub(r.req.Clock.Now()))); err != nil {
			return "", err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// preconditions holds in one Region what must hold before anything is
// touched, the alarms included: one that rings already, or that nobody can
// read, could not tell a good release from a bad one.
func (r *run) preconditions(ctx context.Context, reg *regionRun) (string, error) {
	for _, check := range append(reg.Preconditions[:len(reg.Preconditions):len(reg.Preconditions)], reg.Alarms...) {
		err := check.Check(ctx)
		switch {
		case err == nil:
			continue
		case KindOf(err) == Failed:
			err = &Error{Kind: Refused, Reason: err.Error(), Err: err}
		}
		return check.Name(), err
	}
	return "", nil
}
