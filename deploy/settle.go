package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// afterExecute decides what follows execution: nil means verify. A definite
// failure takes all Regions back; a state that is not known is left alone
// for a run that can read it.
func (r *run) afterExecute(base, work context.Context) *ending {
	if base.Err() != nil {
		end := r.interrupted(base)
		return &end
	}
	if work.Err() != nil {
		end := r.timedOut(base)
		return &end
	}
	reg, kind := r.worst()
	if reg == nil {
		return nil
	}
	r.discard(base)
	var end ending
	switch {
	case kind == Unknown:
		end = r.inDoubt(base, r.because())
	case !r.touched() && !r.resumed():
		end = r.backOut(base, ending{outcome: FailedClean, reason: r.because()})
	default:
		end = r.rollback(base, r.because())
	}
	return &end
}

// timedOut takes back what ran into the deadline.
func (r *run) timedOut(base context.Context) ending {
	ctx, cancel := r.brief(base)
	defer cancel()
	r.each(func(reg *regionRun) { reg.abort(ctx) })
	r.discard(base)
	if !r.touched() && !r.resumed() {
		return r.backOut(base, ending{outcome: FailedClean, reason: errDeadline.Error()})
	}
	return r.rollback(base, errDeadline.Error())
}

// interrupted leaves within seconds after a cancellation during execution or
// later. What runs on AWS's side is aborted or left, as asked, and the
// journal stays, so that the next run continues from there.
func (r *run) interrupted(base context.Context) ending {
	cause := interruption(base)
	reason := r.explain(cause)
	if cause == errLockLost { // another run is in charge now: touch nothing
		r.markDoubt(reason)
		return ending{outcome: InDoubt, reason: reason}
	}
	if !r.touched() {
		return r.backOut(base, ending{outcome: FailedClean, reason: reason})
	}
	ctx, cancel := r.brief(base)
	defer cancel()
	var end ending
	var all sync.WaitGroup
	all.Go(func() { r.discard(base) })
	all.Go(func() { end = r.inDoubt(base, reason) })
	if r.req.OnCancel == AbortOnCancel {
		all.Go(func() { r.each(func(reg *regionRun) { reg.abort(ctx) }) })
	}
	all.Wait()
	return end
}

// backOut ends a run that has touched nothing: what was prepared is removed
// and journals of this run are cleared. If an earlier deploy was left
// unfinished, the Regions may differ, and the way back is taken.
func (r *run) backOut(base context.Context, end ending) ending {
	r.discard(base)
	if r.req.DryRun {
		return end
	}
	if interruption(base) == errLockLost { // the ledger is another run's now
		if r.resumed() {
			end = ending{outcome: InDoubt, reason: r.explain(errLockLost)}
			r.markDoubt(end.reason)
		}
		return end
	}
	if r.resumed() {
		switch {
		case base.Err() != nil:
			return r.inDoubt(base, end.reason)
		case end.undetermined, end.outcome == Rejected && r.noFailure():
			return r.inDoubt(base, end.reason)
		}
		return r.rollback(base, end.reason)
	}
	ctx, cancel := r.brief(base)
	defer cancel()
	r.each(func(reg *regionRun) {
		if err := r.forget(ctx, reg); err != nil {
			reg.note("the journal could not be cleared; the next run will: %v", err)
		}
	})
	return end
}

// noFailure reports whether no Region failed: the policy said no.
func (r *run) noFailure() bool {
	reg, _ := r.worst()
	return reg == nil
}

// inDoubt notes in every journal that the deploy did not end.
func (r *run) inDoubt(base context.Context, reason string) ending {
	ctx, cancel := r.brief(base)
	defer cancel()
	r.markDoubt(reason)
	r.journalAll(ctx, JournalInDoubt, reason)
	return ending{outcome: InDoubt, reason: reason}
}

// markDoubt words what is known of each Region that was or may be touched.
func (r *run) markDoubt(reason string) {
	for _, reg := range r.regions {
		if reg.state != "" {
			continue
		}
		switch touched, done := reg.progress(); {
		case touched == 0 && reg.unfinished == nil:
			reg.now, reg.state = reg.before, "untouched: "+named(reg.before)
		case reg.err == nil && touched == done && reg.unfinished == nil:
			reg.now, reg.state = "?", fmt.Sprintf("in doubt: updated to %s, not confirmed: %s", named(r.req.Release.ID), reason)
		case reg.err != nil && !reg.collateral:
			reg.now, reg.state = "?", "in doubt: "+said(reg.err)
		default:
			reg.now, reg.state = "?", "in doubt: "+reason
		}
	}
}

// progress counts the units that were started and those that also ended well.
func (reg *regionRun) progress() (started, done int) {
	for _, u := range reg.units {
		if u.started {
			started++
			if u.result.Status == "created" || u.result.Status == "updated" {
				done++
			}
		}
	}
	return started, done
}

// rollback brings every Region back to what it had, targets in reverse order.
func (r *run) rollback(base context.Context, reason string) ending {
	r.phase(PhaseRollback, reason)
	r.revoke(base, reason)
	ctx, cancel := context.WithTimeoutCause(base, r.req.RollbackTimeout, errDeadline)
	defer cancel()
	kinds := make(map[string]ErrorKind)
	r.each(func(reg *regionRun) {
		if err := r.rollbackRegion(ctx, reg); err != nil {
			r.mu.Lock()
			kinds[reg.Name] = KindOf(err)
			r.mu.Unlock()
		}
	})
	if len(kinds) == 0 {
		return r.wentBack(base, reason)
	}
	end := ending{outcome: Quarantined, reason: r.notBack(base, reason)}
	state := JournalQuarantined
	for _, kind := range kinds {
		if kind == Unknown {
			end.outcome, state = InDoubt, JournalInDoubt
		}
	}
	if interruption(base) == errLockLost {
		return end
	}
	brief, done := r.brief(base)
	defer done()
	r.journalAll(brief, state, end.reason)
	return end
}

// rollbackRegion restores the units of one Region that were touched, by this
// run or by the unfinished one, last first. It stops at one it cannot restore:
// those before it may be needed by it. What those before it may have moved is
// restored once more, after them.
func (r *run) rollbackRegion(ctx context.Context, reg *regionRun) error {
	if len(reg.orphans) > 0 {
		err := &Error{Kind: Stuck, Reason: "an unfinished deploy touched " + strings.Join(reg.orphans, ", ") + ", which this release does not have",
			Hint: "run the unfinished release again, or `lockstep recover`"}
		reg.fail(PhaseRollback, reg.orphans[0], err, r.req.Clock.Now())
		reg.now, reg.state = "?", "quarantined: "+err.Error()
		return err
	}
	var back []*unit
	for _, u := range slices.Backward(reg.units) {
		if reg.touched(u) {
			back = append(back, u)
		}
	}
	for _, u := range append(back, reg.followers()...) {
		if err := r.restore(ctx, reg, u); err != nil {
			err = r.whileStopping(ctx, err)
			reg.notBack(u, err, r.req.Clock.Now())
			return err
		}
	}
	reg.now = reg.before
	reg.state = "untouched: " + named(reg.before)
	switch {
	case slices.ContainsFunc(back, (*unit).moved):
		reg.state = "rolled back to " + named(reg.before)
	case len(back) > 0:
		reg.state = "was back on " + named(reg.before) + " already"
	}
	return nil
}

// moved reports whether this run changed the unit, there or back.
func (u *unit) moved() bool { return u.started || u.result.Status != "untouched" }

// touched reports whether this run, or the unfinished one, may have changed the unit.
func (reg *regionRun) touched(u *unit) bool {
	return u.started || reg.unfinished != nil && u.imaged
}

// followers are the units that one before them may have moved, in their order:
// also those that the release itself did not come to.
func (reg *regionRun) followers() []*unit {
	var all []*unit
	for _, u := range reg.units {
		if u.about.AfterOthers && u.imaged && reg.anyBefore(u, reg.touched) {
			all = append(all, u)
		}
	}
	return all
}

// notBack words a unit that could not be taken back.
func (reg *regionRun) notBack(u *unit, err error, now time.Time) {
	reg.fail(PhaseRollback, u.about.Name, err, now)
	state := "quarantined"
	if KindOf(err) == Unknown {
		state = "in doubt"
	}
	reg.now, reg.state = "?", fmt.Sprintf("%s: %s could not be taken back: %s", state, u.about.Name, said(err))
}

func (r *run) restore(ctx context.Context, reg *regionRun, u *unit) error {
	image := u.image
	if image == nil {
		loaded, err := reg.Ledger.LoadImage(ctx, ImageKey(u.about.Name, reg.before))
		if err != nil {
			u.result.Status, u.result.Detail = "in-doubt", said(err)
			return fmt.Errorf("load saved state: %w", err)
		}
		image = loaded
	}
	r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseRollback, Status: "started"})
	if f, ok := u.target.(Follower); ok && (!u.started || u.back) && reg.anyBefore(u, reg.touched) {
		f.Follows()
	}
	back, err := u.target.Restore(ctx, image)
	if err != nil {
		u.result.Status, u.result.Detail = "in-doubt", said(err)
		r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseRollback, Status: "failed", Text: said(err)})
		return err
	}
	for _, note := range back.Notes {
		reg.note("%s: %s", u.about.Name, note)
	}
	u.back = true
	switch {
	case back.Status != "untouched":
		u.result.Status, u.result.Detail = back.Status, back.Detail
	case u.result.Status == "failed" && !reg.collateral: // it went back by itself: what people look for is why
	case u.started:
		u.result.Status, u.result.Detail = "restored", back.Detail
	default:
		u.result.Status, u.result.Detail = "untouched", back.Detail
	}
	r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseRollback, Status: back.Status})
	return nil
}

// named words a release id.
func named(id string) string {
	if id == "" {
		return "no recorded release"
	}
	return "release " + id
}
