package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"golang.org/x/sync/errgroup"
)

// observe reads every ledger. A Region whose unfinished deploy was committed
// elsewhere is brought up to date; one that was not keeps its images as the
// state to go back to.
func (r *run) observe(ctx context.Context) *ending {
	r.phase(PhaseObserve, "")
	r.each(func(reg *regionRun) {
		state, err := reg.Ledger.Read(ctx)
		if err != nil {
			reg.fail(PhaseObserve, "", fmt.Errorf("read ledger: %w", err), r.req.Clock.Now())
			return
		}
		reg.ledger = state
	})
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if reg, _ := r.worst(); reg != nil {
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: true}
	}
	r.recall()
	return nil
}

// recall works out, from all ledgers together, what each Region had when all
// of them last agreed. A deploy that one Region knows to be committed is
// committed everywhere: that is decided only after all Regions were verified.
func (r *run) recall() {
	committed, decided := map[string]bool{}, map[string]bool{}
	for _, reg := range r.regions {
		if record := reg.ledger.Record; record != nil {
			committed[record.Deployment] = true
		}
		if journal := reg.ledger.Journal; journal != nil && journal.State == JournalCommitted {
			committed[journal.Deployment] = true
		}
		if journal := reg.ledger.Journal; journal != nil && journal.State == JournalDecided {
			decided[journal.Deployment] = true
		}
	}
	for _, reg := range r.regions {
		reg.observed = true
		if record := reg.ledger.Record; record != nil {
			reg.before, reg.runs = record.ID, Release{ID: record.ID, Name: record.Name, Commit: record.Commit}
			if r.req.back == nil && r.req.Release.ID == record.Previous && record.ID != record.Previous {
				reg.note("release %s is the one that ran before %s: this goes back to it", record.Previous, record.ID)
			}
		}
		journal := reg.ledger.Journal
		switch {
		case journal == nil:
		case committed[journal.Deployment]:
			reg.before, reg.runs = journal.Release.ID, journal.Release
			reg.note("deploy %s of release %s was finished but not recorded here", journal.Deployment, journal.Release.ID)
		default:
			reg.unfinished = journal
			reg.before = journal.Before
			if decided[journal.Deployment] {
				reg.owed = journal
			}
			reg.note("%s %s of release %s was left unfinished (%s)", journal.what(), journal.Deployment, journal.Release.ID, journal.State)
			for _, name := range journal.Images {
				if u := reg.unit(name); u != nil {
					u.imaged = true
				} else {
					reg.orphans = append(reg.orphans, name)
					reg.note("the unfinished deploy also had a target %s, which this release does not have", name)
				}
			}
		}
	}
}

// prepare makes every Region ready at once. The first failure stops the others.
func (r *run) prepare(ctx context.Context) *ending {
	r.phase(PhasePrepare, "")
	group, together := errgroup.WithContext(ctx)
	for _, reg := range r.regions {
		group.Go(func() error {
			target, err := r.prepareRegion(together, reg)
			if err != nil {
				r.notPrepared(reg, target, err, together.Err() != nil && errors.Is(err, context.Canceled))
				return err
			}
			r.mention(Event{Region: reg.Name, Phase: PhasePrepare, Status: Waiting, Text: "for the other Regions"})
			return nil
		})
	}
	if group.Wait() == nil {
		return nil
	}
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	_, kind := r.worst()
	switch kind {
	case Refused:
		return &ending{outcome: Rejected, reason: r.because()}
	case Unknown:
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: true}
	}
	return &ending{outcome: FailedClean, reason: r.because()}
}

// notPrepared notes why a Region could not be prepared.
func (r *run) notPrepared(reg *regionRun, target string, err error, collateral bool) {
	reg.collateral = collateral
	reg.fail(PhasePrepare, target, err, r.req.Clock.Now())
	if !collateral {
		r.event(Event{Region: reg.Name, Target: target, Phase: PhasePrepare, Status: "failed", Text: err.Error()})
	}
}

// prepareRegion plans the targets: stacks side by side, with the outputs there
// are now, and what depends on more than that in its turn. Whatever the order
// in which plans come back, they are told in that of the targets. It names the
// first target in that order that failed.
func (r *run) prepareRegion(ctx context.Context, reg *regionRun) (string, error) {
	ahead := r.planAhead(ctx, reg)
	for _, u := range reg.units {
		if err := reg.missingOutput(u); err != nil {
			return u.about.Name, err
		}
		if err := r.planInTurn(ctx, reg, u, ahead[u]); err != nil {
			return u.about.Name, err
		}
		if u.plan.Action == ActionCreate || !reg.isNeeded(u) {
			continue // it has no outputs yet, or nobody takes them
		}
		outputs, err := u.target.Outputs(ctx)
		if err != nil {
			return u.about.Name, fmt.Errorf("read outputs: %w", err)
		}
		u.outputs = outputs
	}
	return r.preconditions(ctx, reg)
}

// planInTurn takes the plan that was made ahead if it was made with the inputs
// that there are now, and makes one otherwise.
func (r *run) planInTurn(ctx context.Context, reg *regionRun, u *unit, ahead *attempt) error {
	in := reg.inputs(u)
	if ahead != nil && maps.Equal(in, u.plan.Inputs) {
		return r.told(reg, u, ahead.err)
	}
	if ahead != nil && u.plan.Handle != "" {
		if err := u.target.Discard(ctx, u.plan); err != nil {
			return fmt.Errorf("discard outdated plan: %w", err)
		}
	}
	return r.plan(ctx, reg, u, in)
}

// plan prepares one unit and tells of it.
func (r *run) plan(ctx context.Context, reg *regionRun, u *unit, in Inputs) error {
	return r.told(reg, u, r.prepareUnit(ctx, reg, u, in))
}

// prepareUnit keeps the plan, also of a failed attempt, so that it can be discarded.
func (r *run) prepareUnit(ctx context.Context, reg *regionRun, u *unit, in Inputs) error {
	r.mention(Event{Region: reg.Name, Target: u.about.Name, Phase: PhasePrepare, Status: "planning"})
	plan, err := u.target.Prepare(ctx, in)
	plan.Inputs = in
	for i := range plan.Changes {
		plan.Changes[i].Class = Classify(plan.Changes[i])
	}
	u.plan = plan
	if plan.Repaired != "" {
		u.result.Status = "repaired"
	}
	return err
}

// told reports the plan of a unit, or that there is none.
func (r *run) told(reg *regionRun, u *unit, err error) error {
	for _, note := range u.plan.Notes { // also of a plan that failed: something may have been done for it
		reg.note("%s: %s", u.about.Name, note)
	}
	if err != nil {
		return err
	}
	u.result.Changes = u.plan.Changes
	u.result.Detail = u.plan.Deferred
	r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhasePrepare, Status: u.plan.status(), Text: u.extent()})
	return nil
}

// status is what the plan does, in one word.
func (p Plan) status() string {
	switch {
	case p.Deferred != "":
		return "deferred"
	case p.empty():
		return "unchanged"
	}
	return string(p.Action)
}

// extent is how much the plan changes, or briefly why that is not known.
func (u *unit) extent() string {
	switch n := len(u.plan.Changes); {
	case u.plan.Deferred != "" && len(u.about.Needs) > 0:
		return "needs outputs of " + strings.Join(u.about.needed(), ", ")
	case u.plan.Deferred != "":
		return u.plan.Deferred
	case u.plan.empty():
		return ""
	case n == 1:
		return "1 change"
	default:
		return fmt.Sprintf("%d changes", n)
	}
}

// missingOutput refuses a unit that needs an output which its target will not
// have: the target is unchanged and does not have it now.
func (reg *regionRun) missingOutput(u *unit) error {
	for _, need := range u.about.Needs {
		from := reg.unit(need.Target)
		if _, ok := from.outputs[need.Output]; ok || reg.mayChange(from) {
			continue
		}
		return lacks(need)
	}
	return nil
}

// lacks is an output that its target does not have.
func lacks(need Ref) error {
	return &Error{Kind: Refused, Reason: fmt.Sprintf("it takes output %s, which %s does not have", need, need.Target),
		Hint: "add the output to that template or correct the reference"}
}

// nothingToDo reports whether every Region is on the release already.
func (r *run) nothingToDo() bool {
	for _, reg := range r.regions {
		for _, u := range reg.units {
			if !u.plan.empty() {
				return false
			}
		}
	}
	return true
}

// planned is the ending of a dry run.
func (r *run) planned() ending {
	if r.nothingToDo() {
		return ending{outcome: NoChange}
	}
	return ending{outcome: Planned}
}

// discard removes everything that was prepared and not executed, in all
// Regions at once and within seconds.
func (r *run) discard(ctx context.Context) {
	ctx, cancel := r.brief(ctx)
	defer cancel()
	r.each(func(reg *regionRun) {
		for _, u := range reg.units {
			if u.started || u.plan.Handle == "" {
				continue
			}
			if err := u.target.Discard(ctx, u.plan); err != nil {
				reg.note("%s: what was prepared could not be removed: %v", u.about.Name, err)
				continue
			}
			r.event(Event{Region: reg.Name, Target: u.about.Name, Phase: PhaseDiscard, Status: "discarded"})
		}
	})
}
