package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// regionRun is one Region's part of a run.
type regionRun struct {
	Region
	ledger LedgerState
	// history is what the Region has run, newest first; read by rollbacks only.
	history []Record
	// unfinished is the journal of an earlier deploy that did not end.
	unfinished *Journal
	// before is the release the Region had when all Regions last agreed;
	// observed: it is known.
	before   string
	observed bool
	// runs is that release as it was recorded, or committed and not recorded.
	runs Release
	// newer says why the release of the request is older than that one; empty: it is not.
	newer string
	// owed is the journal of an earlier deploy whose decision to keep the
	// release was not carried out yet.
	owed  *Journal
	units []*unit

	// err is the first failure; failure is the same for people.
	err     error
	failure *Failure
	// collateral: the Region stopped because another one failed.
	collateral bool
	// now and state are what the Region runs, once that is known.
	now, state string
	// orphans are targets an unfinished deploy may have touched that this release does not have.
	orphans  []string
	locked   bool
	recorded bool
	// undecided: the ledger does not hold a decision of this run.
	undecided bool
	// proved: the hooks of the Region were asked and said yes.
	proved bool

	mu    sync.Mutex
	notes []string
	// running is the unit being executed; aborted says its abort was asked for.
	running *unit
	aborted bool
}

// unit is one target's part of a run.
type unit struct {
	target  Target
	about   About
	plan    Plan
	outputs map[string]string
	// imaged: a saved image exists; image holds it if this run took it.
	imaged bool
	image  []byte
	// started: Execute was called in this run.
	started bool
	// staged: it was brought to where it waits; kept: it was told to stay.
	staged, kept bool
	// back: Restore was called in this run, and worked.
	back bool
	// arrived: a decision of an earlier run was carried out on it.
	arrived bool
	result  TargetResult
}

// fail notes the first failure of the Region.
func (reg *regionRun) fail(phase Phase, target string, err error, now time.Time) {
	if reg.err != nil {
		return
	}
	reg.err = err
	f := describe(reg.Name, target, phase, err, now)
	reg.failure = &f
}

// note adds something a person should know, once.
func (reg *regionRun) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	reg.mu.Lock()
	defer reg.mu.Unlock()
	for _, known := range reg.notes {
		if known == text {
			return
		}
	}
	reg.notes = append(reg.notes, text)
}

func (reg *regionRun) unit(name string) *unit {
	for _, u := range reg.units {
		if u.about.Name == name {
			return u
		}
	}
	return nil
}

// isNeeded reports whether another unit takes an output of this one.
func (reg *regionRun) isNeeded(u *unit) bool {
	for _, other := range reg.units {
		for _, need := range other.about.Needs {
			if need.Target == u.about.Name {
				return true
			}
		}
	}
	return false
}

// inputs are the needed outputs that are known now.
func (reg *regionRun) inputs(u *unit) Inputs {
	in := Inputs{}
	for _, need := range u.about.Needs {
		if value, ok := reg.unit(need.Target).outputs[need.Output]; ok {
			in[need] = value
		}
	}
	return in
}

// mayChange reports whether executing the release may change the unit.
func (reg *regionRun) mayChange(u *unit) bool {
	if !u.plan.empty() {
		return true
	}
	for _, need := range u.about.Needs {
		if reg.mayChange(reg.unit(need.Target)) {
			return true
		}
	}
	return u.about.AfterOthers && reg.anyBefore(u, reg.mayChange)
}

// outdated reports whether a target before the unit was executed since it was planned.
func (reg *regionRun) outdated(u *unit) bool {
	return u.about.AfterOthers && reg.anyBefore(u, func(earlier *unit) bool { return earlier.started })
}

// anyBefore reports whether something is true of any unit before this one.
func (reg *regionRun) anyBefore(u *unit, is func(*unit) bool) bool {
	for _, earlier := range reg.units {
		if earlier == u {
			return false
		}
		if is(earlier) {
			return true
		}
	}
	return false
}

// setRunning notes which unit is being executed; nil: none.
func (reg *regionRun) setRunning(u *unit) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	reg.running = u
}

// hold notes that a unit waits for the decision.
func (reg *regionRun) hold(u *unit) {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	u.staged = true
}

// abort asks what runs in the Region, and what waits there for a decision, to
// be taken back.
func (reg *regionRun) abort(ctx context.Context) {
	reg.mu.Lock()
	var units []*unit
	for _, u := range reg.units {
		if u == reg.running || u.waiting() {
			units = append(units, u)
			reg.aborted = true
		}
	}
	reg.mu.Unlock()
	for _, u := range slices.Backward(units) {
		if err := u.target.Abort(ctx); err != nil {
			reg.note("could not abort %s: %v", u.about.Name, err)
		}
	}
}

// wasAborted reports whether err is the consequence of our own abort.
func (reg *regionRun) wasAborted(err error) bool {
	reg.mu.Lock()
	defer reg.mu.Unlock()
	var known *Error
	return reg.aborted && errors.As(err, &known) && known.Cancelled
}
