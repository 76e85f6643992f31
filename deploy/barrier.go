package deploy

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// CommitMode is when a Region keeps a release. The targets carry it out: the
// coordinator holds what a plan says can be held.
type CommitMode string

// The modes.
const (
	// Settle lets every target settle by itself. Until then it goes back by
	// itself, too; afterwards its saved state is deployed.
	Settle CommitMode = "settle"
	// Barrier holds targets that can be held until every Region is ready.
	Barrier CommitMode = "barrier"
)

// CommitModes lists them, the default first.
func CommitModes() []CommitMode { return []CommitMode{Settle, Barrier} }

// Stager is a target that can hold an execution right before its end: all of
// it is there, and it waits for the word whether it stays. Together with the
// decision in every ledger this makes a two-phase commit: nobody keeps the
// release until everybody could, and a target that never hears anything goes
// back by itself.
type Stager interface {
	Target
	// Stage carries out a plan that Stages until the target waits. Errors are
	// those of Execute.
	Stage(ctx context.Context, plan Plan) error
	// Staged confirms that the target still waits. Failed: it does not.
	Staged(ctx context.Context) error
	// Keep tells what a deployment staged here that it stays. It returns at
	// once and may be repeated, by another run too. One that does not wait any
	// more is no error: Settle says what became of it.
	Keep(ctx context.Context, deployment string) error
	// Settle waits until what a deployment staged has settled. nil: it stays.
	// Failed: it went back, or was never there.
	Settle(ctx context.Context, deployment string) error
}

// waiting reports whether the unit waits for the decision.
func (u *unit) waiting() bool { return u.staged && !u.kept }

// carryOut executes the plan, or holds it where it can be held.
func (reg *regionRun) carryOut(ctx context.Context, u *unit) error {
	stager, ok := u.target.(Stager)
	if !ok || !u.plan.Stages {
		return u.target.Execute(ctx, u.plan)
	}
	err := stager.Stage(ctx, u.plan)
	if err == nil {
		reg.hold(u)
	}
	return err
}

// confirm is Verify, or Staged for what still waits.
func (u *unit) confirm(ctx context.Context, in Inputs) error {
	if stager, ok := u.target.(Stager); ok && u.waiting() {
		return stager.Staged(ctx)
	}
	return u.target.Verify(ctx, in)
}

// staged are the names of the units that wait, or waited, in their order.
func (reg *regionRun) staged() []string {
	var names []string
	for _, u := range reg.units {
		if u.staged {
			names = append(names, u.about.Name)
		}
	}
	return names
}

func (r *run) anyStaged() bool {
	for _, reg := range r.regions {
		if len(reg.staged()) > 0 {
			return true
		}
	}
	return false
}

// commit ends the waiting: the decision is written in every Region, then every
// target is told, then all are followed until they have settled. Before the
// decision is in every ledger, any failure and any cancellation means no.
// After it nothing but a target that cannot stay means no any more.
func (r *run) commit(base, work context.Context) *ending {
	if !r.anyStaged() {
		return nil
	}
	if base.Err() != nil {
		end := r.interrupted(base)
		return &end
	}
	r.phase(PhaseCommit, "")
	if end := r.decide(base, work); end != nil {
		return end
	}
	r.tell(base)
	r.awaitKept(base, work)
	if base.Err() != nil {
		end := r.inDoubt(base, r.explain(interruption(base))+" after the decision; `lockstep recover` carries it out")
		return &end
	}
	reg, kind := r.worst()
	var end ending
	switch {
	case reg == nil:
		return nil
	case kind == Unknown:
		end = r.inDoubt(base, r.because())
	default:
		end = r.rollback(base, r.because())
	}
	return &end
}

// decide writes the decision into every ledger, if everything still waits and
// nobody has called a stop. What waits is written before: a run that finds the
// decision in some ledgers learns from the others what to keep there. If that
// does not work everywhere, the decision is taken back everywhere, and so is
// the release.
func (r *run) decide(base, work context.Context) *ending {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(base), r.req.Lease/3)
	defer cancel()
	r.each(func(reg *regionRun) {
		if name, err := r.stillWaits(ctx, reg); err != nil {
			reg.fail(PhaseCommit, name, err, r.req.Clock.Now())
		}
	})
	r.frozenMeanwhile(ctx, PhaseCommit)
	if reg, _ := r.worst(); reg != nil {
		end := r.notVerified(base, work)
		return &end
	}
	r.journalAll(ctx, JournalExecuting, "")
	if reg, _ := r.worst(); reg == nil {
		r.decided = true
		r.journalAll(ctx, JournalDecided, "")
	}
	if reg, _ := r.worst(); reg == nil {
		return nil
	}
	r.decided = false
	reason := "the decision could not be recorded in every Region, and nobody was told: " + r.because()
	r.each(func(reg *regionRun) { // one that stays in a ledger would be carried out by the next run
		reg.undecided = reg.Ledger.WriteJournal(ctx, r.journal(reg, JournalExecuting, reason)) == nil
	})
	var end ending
	switch {
	case !r.revoked():
		end = r.inDoubt(base, reason)
	case base.Err() != nil:
		end = r.interrupted(base)
	default:
		end = r.rollback(base, reason)
	}
	return &end
}

// stillWaits confirms that the lock is this run's and that all that was staged
// in the Region waits. It names the target that does not.
func (r *run) stillWaits(ctx context.Context, reg *regionRun) (string, error) {
	if err := reg.Ledger.Renew(ctx, r.req.Owner, r.req.Lease); err != nil {
		return "", fmt.Errorf("renew lock: %w", err)
	}
	for _, u := range reg.units {
		if stager, ok := u.target.(Stager); ok && u.waiting() {
			if err := stager.Staged(ctx); err != nil {
				return u.about.Name, err
			}
		}
	}
	return "", nil
}

// revoked reports whether no ledger holds the decision any more.
func (r *run) revoked() bool {
	for _, reg := range r.regions {
		if !reg.undecided {
			return false
		}
	}
	return true
}

// tell lets everything that waits stay, in all Regions at once. A cancellation
// does not stop it.
func (r *run) tell(base context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(base), tidy)
	defer cancel()
	r.each(func(reg *regionRun) {
		for _, u := range reg.units {
			stager, ok := u.target.(Stager)
			if !ok || !u.waiting() {
				continue
			}
			u.kept = true // also when the answer is lost
			if err := stager.Keep(ctx, r.req.Deployment); err != nil {
				reg.fail(PhaseCommit, u.about.Name, err, r.req.Clock.Now())
				continue
			}
			r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseCommit, Status: "kept"})
		}
	})
}

// settling bounds what follows a decision: by what is left of the deadline,
// and by no less than a way back is given. A target may take as long to settle
// as to get there: ECS shifts traffic in steps only after it was told to go on.
func (r *run) settling(base, work context.Context) (context.Context, context.CancelFunc) {
	until := time.Now().Add(r.req.RollbackTimeout)
	if deadline, ok := work.Deadline(); ok && deadline.After(until) {
		until = deadline
	}
	return context.WithDeadlineCause(base, until, errDeadline)
}

// awaitKept follows what was told to stay until it has settled.
func (r *run) awaitKept(base, work context.Context) {
	ctx, cancel := r.settling(base, work)
	defer cancel()
	r.each(func(reg *regionRun) {
		for _, u := range reg.units {
			stager, ok := u.target.(Stager)
			if !ok || !u.staged || reg.err != nil {
				continue
			}
			if err := stager.Settle(ctx, r.req.Deployment); err != nil {
				reg.fail(PhaseCommit, u.about.Name, err, r.req.Clock.Now())
				return
			}
			u.result.Status, u.result.Detail, u.result.FinishedAt = doneStatus(u.plan.Action), "", r.req.Clock.Now()
			r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseCommit, Status: u.result.Status})
		}
	})
}

// revoke notes that a decision is no longer carried out, because a Region
// could not stay: from here on a later run takes back what is left.
func (r *run) revoke(base context.Context, reason string) {
	if !r.decided {
		return
	}
	r.decided = false
	ctx, cancel := r.brief(base)
	defer cancel()
	r.each(func(reg *regionRun) {
		if err := reg.Ledger.WriteJournal(ctx, r.journal(reg, JournalExecuting, reason)); err != nil {
			reg.note("the journal could not be written: %v", err)
		}
	})
}

// resolve carries out the decision of an earlier run that did not live to do
// so: it comes before anything else. A decision found in one ledger was made
// for all of them, for it is written only when every Region waits. Where all
// stay, the Regions have that release; where one could not, the deploy counts
// as unfinished everywhere.
func (r *run) resolve(base, work context.Context) *ending {
	if r.req.DryRun {
		return nil
	}
	ctx, cancel := r.settling(base, work)
	defer cancel()
	r.each(func(reg *regionRun) {
		if reg.owed == nil {
			return
		}
		r.event(Event{Region: reg.Name, Phase: PhaseCommit, Status: "resumed", Text: reg.owed.Release.ID})
		if name, err := reg.carryOutDecision(ctx); err != nil {
			reg.fail(PhaseCommit, name, err, r.req.Clock.Now())
		}
	})
	if reg, kind := r.worst(); reg != nil && (kind == Unknown || ctx.Err() != nil) {
		end := ending{outcome: InDoubt, reason: "an earlier deploy was decided and could not be carried out yet: " + r.because()}
		r.markDoubt(end.reason)
		return &end
	}
	r.accept()
	return nil
}

// accept draws the consequences of a decision that was carried out, or could
// not be: then it is forgotten, and what is left is an unfinished deploy.
func (r *run) accept() {
	reg, _ := r.worst()
	because := r.because()
	for _, other := range r.regions {
		switch journal := other.owed; {
		case journal == nil:
		case reg == nil:
			other.hasArrived(journal)
			other.note("deploy %s of release %s had been decided; what waited for that was kept", journal.Deployment, journal.Release.ID)
		default:
			other.note("deploy %s of release %s had been decided, but not every Region could keep it: %s", journal.Deployment, journal.Release.ID, because)
		}
		other.owed, other.err, other.failure = nil, nil, nil
	}
}

// hasArrived notes that an earlier deploy is over: the Region has its release.
func (reg *regionRun) hasArrived(journal *Journal) {
	reg.before, reg.runs = journal.Release.ID, journal.Release
	reg.unfinished, reg.orphans = nil, nil
	for _, u := range reg.units {
		u.imaged = false // its images show the release before
	}
}

// carryOutDecision keeps what an earlier deployment staged in the Region, all
// of which its journal names, whether or not the decision still reached it.
func (reg *regionRun) carryOutDecision(ctx context.Context) (string, error) {
	stagers, names := map[string]Stager{}, []string{}
	for _, u := range reg.units {
		stager, ok := u.target.(Stager)
		if ok && slices.Contains(reg.owed.Staged, u.about.Name) {
			stagers[u.about.Name], names = stager, append(names, u.about.Name)
		}
	}
	if len(names) < len(reg.owed.Staged) {
		return "", &Error{Kind: Failed, Reason: "the configuration no longer has every target that waits"}
	}
	for _, name := range names {
		if err := stagers[name].Keep(ctx, reg.owed.Deployment); err != nil {
			return name, err
		}
	}
	for _, name := range names {
		if err := stagers[name].Settle(ctx, reg.owed.Deployment); err != nil {
			return name, err
		}
		reg.unit(name).arrived = true
	}
	return "", nil
}
