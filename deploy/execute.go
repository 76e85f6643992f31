package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// begin saves what every Region has and notes the deploy in every journal. No
// Region is touched before all of them have done so.
func (r *run) begin(ctx context.Context, stop context.CancelCauseFunc) *ending {
	r.each(func(reg *regionRun) {
		err := r.ready(ctx, reg)
		var held *LockedError
		if errors.As(err, &held) {
			stop(errLockLost)
		}
		if err != nil {
			reg.fail(PhaseExecute, "", err, r.req.Clock.Now())
		}
	})
	if end := r.notBegun(ctx); end != nil {
		return end
	}
	if end := r.frozen(); end != nil { // meanwhile
		return end
	}
	r.begun = true
	r.journalAll(ctx, JournalExecuting, "")
	return r.notBegun(ctx)
}

// notBegun is the ending if begin did not work in every Region.
func (r *run) notBegun(ctx context.Context) *ending {
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if reg, kind := r.worst(); reg != nil {
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: kind == Unknown}
	}
	return nil
}

// ready does in one Region what must hold before any is touched: the note of
// this deploy can be removed once written, the images are saved, and the lock
// is this run's before and after, however long the process was asleep.
func (r *run) ready(ctx context.Context, reg *regionRun) error {
	r.mention(Event{Region: reg.Name, Phase: PhasePrepare, Status: Waiting, Text: "for the state of its targets to be saved"})
	if err := reg.Ledger.Renew(ctx, r.req.Owner, r.req.Lease); err != nil {
		return fmt.Errorf("renew lock: %w", err)
	}
	if reg.ledger.Journal == nil {
		if err := reg.Ledger.ClearJournal(ctx); err != nil {
			return fmt.Errorf("rehearse clearing the journal: %w", err)
		}
	}
	if err := r.saveImages(ctx, reg); err != nil {
		return err
	}
	state, err := reg.Ledger.Read(ctx)
	if err != nil {
		return fmt.Errorf("read ledger again: %w", err)
	}
	reg.ledger.Freeze = state.Freeze
	if err := reg.Ledger.Renew(ctx, r.req.Owner, r.req.Lease); err != nil {
		return fmt.Errorf("renew lock: %w", err)
	}
	return nil
}

// saveImages keeps the state of every unit that may change. The images of an
// unfinished deploy stay: they show what all Regions had when they last agreed.
func (r *run) saveImages(ctx context.Context, reg *regionRun) error {
	units := slices.DeleteFunc(slices.Clone(reg.units), func(u *unit) bool { return u.imaged || !reg.mayChange(u) })
	images, errs := make([][]byte, len(units)), make([]error, len(units))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, u := range units {
		group.Go(func() error {
			images[i], errs[i] = u.target.Image(ctx)
			return nil
		})
	}
	_ = group.Wait() // errs holds what failed
	for i, u := range units {
		if errs[i] == nil {
			errs[i] = reg.Ledger.SaveImage(ctx, ImageKey(u.about.Name, reg.before), images[i])
		}
		if errs[i] != nil {
			return fmt.Errorf("save state of %s: %w", u.about.Name, errs[i])
		}
		u.image, u.imaged = images[i], true
	}
	return nil
}

// journal is the note for one Region. A run that has not begun anything adds to
// the note of the one before only how it stands: what did not end is still that.
func (r *run) journal(reg *regionRun, state JournalState, reason string) Journal {
	if !r.begun && reg.unfinished != nil {
		j := *reg.unfinished
		j.State, j.Reason = state, reason
		return j
	}
	j := Journal{Deployment: r.req.Deployment, Release: r.req.Release, State: state, By: r.req.Owner, Rollback: r.req.back != nil,
		StartedAt: r.started, Before: reg.before, Reason: reason, IgnoredFreeze: r.ignoredFreeze}
	images := map[string]bool{}
	if reg.unfinished != nil {
		for _, name := range reg.unfinished.Images {
			images[name] = true
		}
	}
	for _, u := range reg.units {
		if u.imaged {
			images[u.about.Name] = true
		}
	}
	j.Images, j.Staged, j.Regions, j.Targets = slices.Sorted(maps.Keys(images)), reg.staged(), r.regionNames(), reg.digests()
	if r.decided && state != JournalCommitted { // whatever else is to be said: the decision stands until it is revoked
		j.State = JournalDecided
	}
	return j
}

// journalAll writes the journal of every Region at once.
func (r *run) journalAll(ctx context.Context, state JournalState, reason string) {
	r.each(func(reg *regionRun) {
		if !r.begun && reg.unfinished == nil {
			return // nothing is unfinished here
		}
		if err := reg.Ledger.WriteJournal(ctx, r.journal(reg, state, reason)); err != nil {
			reg.note("the journal could not be written: %v", err)
			reg.fail(PhaseExecute, "", fmt.Errorf("write journal: %w", err), r.req.Clock.Now())
		}
	})
}

// latch closes once.
type latch struct {
	once sync.Once
	ch   chan struct{}
}

func (l *latch) close() (first bool) {
	l.once.Do(func() { close(l.ch); first = true })
	return first
}

func (l *latch) closed() bool {
	select {
	case <-l.ch:
		return true
	default:
		return false
	}
}

// execute carries out the plans wave by wave. A wave begins only after all
// Regions of the one before it were verified and baked.
func (r *run) execute(base, work context.Context) *ending {
	waves := r.inWaves()
	for i, wave := range waves {
		if end := r.mayGoOn(base, work, i); end != nil {
			return end
		}
		if end := r.executeWave(base, work, wave); end != nil {
			return end
		}
		if len(waves) == 1 && r.req.Bake <= 0 && !r.anyStaged() {
			break // what follows verifies all Regions
		}
		if end := r.verify(base, work, wave); end != nil {
			return end
		}
		if end := r.bake(base, work); end != nil {
			return end
		}
	}
	return nil
}

// mayGoOn asks for a stop before every wave but the first, which was asked about
// when the deploy began.
func (r *run) mayGoOn(base, work context.Context, wave int) *ending {
	if wave == 0 {
		return nil
	}
	r.frozenMeanwhile(work, PhaseExecute)
	if reg, _ := r.worst(); reg == nil && work.Err() == nil {
		return nil
	}
	end := r.notVerified(base, work)
	return &end
}

// executeWave carries out the plans of some Regions at once and collects every
// outcome. When one fails, the others start nothing more and take back what
// they are doing.
func (r *run) executeWave(base, work context.Context, wave []*regionRun) *ending {
	r.phaseIn(wave, PhaseExecute, "")
	stop := &latch{ch: make(chan struct{})}
	together(wave, func(reg *regionRun) {
		target, err := r.executeRegion(work, reg, stop)
		if err == nil {
			r.mention(Event{Region: reg.Name, Phase: PhaseExecute, Status: Waiting, Text: "for the other Regions"})
			return
		}
		err = r.whileStopping(work, err)
		reg.collateral = reg.collateral || reg.wasAborted(err)
		reg.fail(PhaseExecute, target, err, r.req.Clock.Now())
		if stop.close() && work.Err() == nil && KindOf(err) != Unknown {
			r.abortOthers(work, reg)
		}
	})
	return r.afterExecute(base, work)
}

// abortOthers asks every other Region to take back what it is doing.
func (r *run) abortOthers(ctx context.Context, failed *regionRun) {
	ctx, cancel := r.brief(ctx)
	defer cancel()
	r.each(func(reg *regionRun) {
		if reg != failed {
			reg.abort(ctx)
		}
	})
}

// executeRegion carries out the plans of one Region in order. It names the
// target that failed.
func (r *run) executeRegion(ctx context.Context, reg *regionRun, stop *latch) (string, error) {
	for _, u := range reg.units {
		if stop.closed() {
			reg.collateral = true
			return u.about.Name, &Error{Kind: Failed, Cancelled: true, Reason: "not started: another Region failed"}
		}
		if err := ctx.Err(); err != nil {
			return u.about.Name, err
		}
		if err := r.executeUnit(ctx, reg, u); err != nil {
			return u.about.Name, err
		}
	}
	return "", nil
}

func (r *run) executeUnit(ctx context.Context, reg *regionRun, u *unit) error {
	if err := r.replan(ctx, reg, u); err != nil {
		return err
	}
	if u.plan.empty() {
		u.result.Status = "unchanged"
		return nil
	}
	u.started = true
	u.result.Status = "in-doubt"
	u.result.StartedAt = r.req.Clock.Now()
	r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseExecute, Status: string(u.plan.Action)})
	reg.setRunning(u)
	err := reg.carryOut(ctx, u)
	if ctx.Err() == nil { // otherwise the operation may still run: keep it abortable
		reg.setRunning(nil)
	}
	u.result.FinishedAt = r.req.Clock.Now()
	if err != nil {
		if KindOf(err) != Unknown {
			u.result.Status = "failed"
		}
		u.result.Detail = said(err)
		r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseExecute, Status: u.result.Status, Text: said(err)})
		return err
	}
	if u.waiting() { // done is what stays
		r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseExecute, Status: "ready", Text: "waits for all Regions"})
		return nil
	}
	u.result.Status, u.result.Detail = doneStatus(u.plan.Action), ""
	r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseExecute, Status: u.result.Status})
	if !reg.isNeeded(u) {
		return nil
	}
	outputs, err := u.target.Outputs(ctx)
	if err != nil {
		return fmt.Errorf("read outputs: %w", err)
	}
	u.outputs = outputs
	return nil
}

func doneStatus(a Action) string {
	switch a {
	case ActionCreate:
		return "created"
	case ActionNone:
		return "unchanged"
	}
	return "updated"
}

// replan makes a plan again that was deferred or whose inputs have changed
// since, and asks the policy about the new one.
func (r *run) replan(ctx context.Context, reg *regionRun, u *unit) error {
	in := reg.inputs(u)
	if u.plan.Deferred == "" && maps.Equal(in, u.plan.Inputs) && !reg.outdated(u) {
		return nil
	}
	for _, need := range u.about.Needs {
		if _, ok := in[need]; !ok {
			return lacks(need)
		}
	}
	if u.plan.Handle != "" {
		if err := u.target.Discard(ctx, u.plan); err != nil {
			return &Error{Kind: Failed, Reason: fmt.Sprintf("discard outdated plan: %v", err), Err: err}
		}
	}
	if err := r.plan(ctx, reg, u, in); err != nil {
		return untouched(err)
	}
	if u.plan.Deferred != "" {
		return &Error{Kind: Failed, Reason: "plan again: " + u.plan.Deferred}
	}
	if err := r.req.judge(Comparison{Plans: []RegionPlan{reg.planOf(u)}}); err != nil {
		return &Error{Kind: Refused, Reason: err.Error(), Err: err}
	}
	return nil
}

// untouched words a failed planning: whatever it could not read, the target
// itself was not touched by it.
func untouched(err error) error {
	if KindOf(err) != Unknown {
		return err
	}
	return &Error{Kind: Failed, Reason: err.Error(), Err: err}
}
