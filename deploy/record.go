package deploy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// verify confirms every target of the Regions by reading it, and then by the
// Regions' own hooks. It returns an ending unless all of them are on the
// release and work.
func (r *run) verify(base, work context.Context, regions []*regionRun) *ending {
	r.phaseIn(regions, PhaseVerify, "")
	together(regions, func(reg *regionRun) {
		name, err := r.verifyRegion(work, reg)
		if err != nil {
			reg.fail(PhaseVerify, name, err, r.req.Clock.Now())
			r.event(Event{Region: reg.Name, Target: name, Phase: PhaseVerify, Status: "failed", Text: said(err)})
			return
		}
		r.event(Event{Region: reg.Name, Phase: PhaseVerify, Status: "verified"})
	})
	if reg, _ := r.worst(); reg == nil && work.Err() == nil {
		return nil
	}
	end := r.notVerified(base, work)
	return &end
}

// verifyRegion names the target, or the hook, that failed. What waits for the
// decision is verified as waiting, and once more when it has settled.
func (r *run) verifyRegion(ctx context.Context, reg *regionRun) (string, error) {
	for _, u := range reg.units {
		if err := u.confirm(ctx, reg.inputs(u)); err != nil {
			return u.about.Name, err
		}
	}
	return r.verifyHooks(ctx, reg)
}

func (r *run) notVerified(base, work context.Context) ending {
	_, kind := r.worst()
	switch {
	case base.Err() != nil:
		return r.interrupted(base)
	case work.Err() != nil && kind == Unknown && r.decided: // the next run can verify what stays
		return r.inDoubt(base, errDeadline.Error())
	case work.Err() != nil && kind == Unknown:
		return r.timedOut(base)
	}
	r.discard(base) // the plans of later waves
	switch {
	case kind == Unknown:
		if !r.touched() && !r.resumed() {
			return r.backOut(base, ending{outcome: FailedClean, reason: r.because(), undetermined: true})
		}
		return r.inDoubt(base, r.because())
	case !r.touched() && !r.resumed():
		return r.backOut(base, ending{outcome: FailedClean, reason: r.because()})
	}
	return r.rollback(base, r.because())
}

// record writes the release into every ledger. The decision goes first, into
// every journal: from then on a run that finds one Region not recorded knows
// that the release is the one all Regions have.
func (r *run) record(base context.Context) ending {
	if interruption(base) == errLockLost {
		return r.interrupted(base)
	}
	r.phase(PhaseRecord, "")
	ctx := context.WithoutCancel(base) // the decision is made; a signal no longer changes it
	ctx, cancel := context.WithTimeout(ctx, r.req.Lease/3)
	defer cancel()
	outcome := Done
	if !r.touched() && !r.resumed() {
		outcome = NoChange
	} else {
		r.journalAll(ctx, JournalCommitted, "")
	}
	r.each(func(reg *regionRun) {
		if err := r.recordRegion(ctx, reg, outcome); err != nil {
			reg.fail(PhaseRecord, "", err, r.req.Clock.Now())
			reg.note("%s was verified but not recorded: %v", named(r.req.Release.ID), err)
		}
	})
	for _, reg := range r.regions {
		reg.now, reg.state = r.req.Release.ID, named(r.req.Release.ID)
		if outcome == NoChange {
			reg.state += ", unchanged"
		}
	}
	r.finish(ctx)
	for _, reg := range r.regions {
		if !reg.recorded {
			return ending{outcome: InDoubt, reason: "every Region runs the release, but it could not be recorded everywhere: " + r.unrecorded()}
		}
	}
	return ending{outcome: outcome}
}

// finish lets targets remove what they kept for the way back, once there is none.
func (r *run) finish(ctx context.Context) {
	for _, reg := range r.regions {
		if !reg.recorded {
			return // the next run may still have to go back
		}
	}
	r.each(func(reg *regionRun) {
		for _, u := range reg.units {
			finisher, ok := u.target.(Finisher)
			if !ok || !u.started && !u.arrived {
				continue
			}
			if err := finisher.Finish(ctx); err != nil {
				reg.note("%s: what was kept for the way back could not be removed: %v", u.about.Name, err)
			}
		}
	})
}

func (r *run) unrecorded() string {
	var names []string
	for _, reg := range r.regions {
		if !reg.recorded {
			names = append(names, reg.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (r *run) recordRegion(ctx context.Context, reg *regionRun, outcome Outcome) error {
	known, record := reg.ledger.Record, r.recordOf(reg, outcome)
	if outcome == NoChange && known != nil && known.ID == record.ID && reg.ledger.Journal == nil &&
		slices.Equal(known.Regions, record.Regions) && slices.Equal(known.LeftOut, record.LeftOut) {
		reg.recorded = true
		if name := record.Name; name != "" && name != known.Name {
			reg.note("the name %s was not recorded: this release is recorded already, as %s, and nothing changed", name, cmp.Or(known.Name, known.ID))
		}
		return nil
	}
	if err := reg.Ledger.Record(ctx, record); err != nil {
		return fmt.Errorf("record release: %w", err)
	}
	if err := reg.Ledger.ClearJournal(ctx); err != nil {
		return fmt.Errorf("clear journal: %w", err)
	}
	reg.recorded = true
	if err := reg.Ledger.Prune(ctx); err != nil { // it only tidies
		reg.note("the saved states of old releases could not be removed; the next deploy tries again: %v", err)
	}
	r.event(Event{Region: reg.Name, Phase: PhaseRecord, Status: "recorded", Text: r.req.Release.ID})
	return nil
}

func (r *run) recordOf(reg *regionRun, outcome Outcome) Record {
	rec := Record{ID: r.req.Release.ID, Name: r.req.Release.Name, Commit: r.req.Release.Commit,
		DeployedAt: r.req.Clock.Now(), Outcome: outcome, Deployment: r.req.Deployment, By: r.req.Owner,
		Previous: reg.before, LeftOut: slices.Sorted(slices.Values(r.req.LeftOut)),
		Strategy: r.req.Strategy, IgnoredFreeze: r.ignoredFreeze}
	if rec.Previous == rec.ID && reg.ledger.Record != nil {
		rec.Previous = reg.ledger.Record.Previous
	}
	rec.Regions, rec.Targets = r.regionNames(), reg.digests()
	return rec
}

// regionNames are the Regions that take part, sorted.
func (r *run) regionNames() []string {
	var names []string
	for _, reg := range r.regions {
		names = append(names, reg.Name)
	}
	slices.Sort(names)
	return names
}

// digests are what the Region's targets hold in this release, by name.
func (reg *regionRun) digests() map[string]string {
	all := map[string]string{}
	for _, u := range reg.units {
		all[u.about.Name] = u.about.Digest
	}
	return all
}

// forget clears the journal after all Regions are back on what they had, and
// brings a record up to date that an earlier run committed but did not write.
func (r *run) forget(ctx context.Context, reg *regionRun) error {
	if journal := reg.ledger.Journal; journal != nil && reg.unfinished == nil {
		rec := Record{ID: journal.Release.ID, Name: journal.Release.Name, Commit: journal.Release.Commit,
			DeployedAt: journal.StartedAt, Outcome: Done, Deployment: journal.Deployment, By: journal.By, Previous: journal.Before,
			Regions: journal.Regions, Targets: journal.Targets, IgnoredFreeze: journal.IgnoredFreeze}
		if err := reg.Ledger.Record(ctx, rec); err != nil {
			return fmt.Errorf("record release %s: %w", rec.ID, err)
		}
	}
	return reg.Ledger.ClearJournal(ctx)
}

// wentBack settles a rollback that worked in every Region.
func (r *run) wentBack(base context.Context, reason string) ending {
	if interruption(base) == errLockLost { // the ledger is another run's now
		return ending{outcome: RolledBack, reason: reason}
	}
	ctx, cancel := r.brief(base)
	defer cancel()
	r.each(func(reg *regionRun) {
		if err := r.forget(ctx, reg); err != nil {
			reg.note("the journal could not be cleared; the next run will: %v", err)
		}
	})
	return ending{outcome: RolledBack, reason: reason}
}
