package deploy

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Run carries out one deploy and tells the whole truth about it. Cancelling
// the context is the first signal: no new work starts, prepared things are
// removed, running operations are treated as OnCancel says, the locks are
// released, and Run returns within seconds. The error is only for a request
// that makes no sense; how the deploy went is the Result's Outcome.
func Run(ctx context.Context, req Request) (Result, error) {
	req, err := req.withDefaults()
	if err != nil {
		return Result{}, err
	}
	r := newRun(req)
	end := r.deploy(ctx)
	return r.result(end), nil
}

// ending is how a run ended, before it is written up.
type ending struct {
	outcome      Outcome
	reason       string
	undetermined bool
}

// deploy goes through the phases. signal ends when a person cancels.
func (r *run) deploy(signal context.Context) ending {
	base, stop := context.WithCancelCause(signal)
	defer stop(errSettled)
	if !r.req.DryRun {
		if end := r.lock(base); end != nil {
			return *end
		}
		defer r.unlock(base)
		defer r.keepLocks(base, stop)()
	}
	work, cancel := context.WithTimeoutCause(base, r.req.Deadline, errDeadline)
	defer cancel()

	if end := r.observe(work); end != nil {
		return *end
	}
	if end := r.resolve(base, work); end != nil {
		return *end
	}
	if end := r.frozen(); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.older(work); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.choose(work); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.prepare(work); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.compare(); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.weigh(work); end != nil {
		return r.backOut(base, *end)
	}
	if r.req.DryRun {
		r.discard(base)
		return r.planned()
	}
	if r.nothingToDo() {
		r.discard(base)
		return r.confirm(base, work)
	}
	if end := r.begin(work, stop); end != nil {
		return r.backOut(base, *end)
	}
	if end := r.execute(base, work); end != nil {
		return *end
	}
	if end := r.commit(base, work); end != nil {
		return *end
	}
	return r.confirm(base, work)
}

// confirm verifies every Region and records the release, or goes back. What
// was decided is verified however late it settled.
func (r *run) confirm(base, work context.Context) ending {
	if r.decided {
		settled, cancel := r.settling(base, work)
		defer cancel()
		work = settled
	}
	if end := r.verify(base, work, r.regions); end != nil {
		return *end
	}
	return r.record(base)
}

// run is one deploy under way. Each Region's part is written only by the
// goroutine that works on that Region; mu guards what they share.
type run struct {
	req     Request
	regions []*regionRun
	started time.Time

	asymmetries []Asymmetry
	// ignoredFreeze is the freeze this run goes on in spite of; empty: none.
	ignoredFreeze string
	// decided: every ledger holds the decision to keep what waits.
	decided bool

	// takenBack is what Recover takes back; nil: nothing.
	takenBack *Journal
	// begun: the journals are this run's own, or were about to be.
	begun bool

	mu       sync.Mutex
	timeline []Event
	// leaveBy is when an interrupted run must be gone; zero: not interrupted.
	leaveBy time.Time
}

func newRun(req Request) *run {
	r := &run{req: req, started: req.Clock.Now()}
	for _, region := range req.Regions {
		reg := &regionRun{Region: region}
		for _, target := range region.Targets {
			about := target.About()
			reg.units = append(reg.units, &unit{target: target, about: about,
				result: TargetResult{Target: about.Name, Kind: about.Kind, Status: "untouched"}})
		}
		r.regions = append(r.regions, reg)
	}
	return r
}

// each works on all Regions at once and waits for every one of them.
func (r *run) each(work func(*regionRun)) { together(r.regions, work) }

// together works on some Regions at once and waits for every one of them.
func together(regions []*regionRun, work func(*regionRun)) {
	var all sync.WaitGroup
	for _, reg := range regions {
		all.Go(func() { work(reg) })
	}
	all.Wait()
}

// event reports progress and adds it to the timeline.
func (r *run) event(e Event) {
	e = r.mention(e)
	r.mu.Lock()
	r.timeline = append(r.timeline, e)
	r.mu.Unlock()
}

// mention reports progress that is of no interest afterwards.
func (r *run) mention(e Event) Event {
	e.At = r.req.Clock.Now()
	if r.req.Progress != nil {
		r.req.Progress.Report(e)
	}
	return e
}

// phase reports that a phase begins in every Region.
func (r *run) phase(phase Phase, text string) { r.phaseIn(r.regions, phase, text) }

// phaseIn reports that a phase begins in some Regions.
func (r *run) phaseIn(regions []*regionRun, phase Phase, text string) {
	for _, reg := range regions {
		r.event(Event{Region: reg.Name, Phase: phase, Status: "started", Text: text})
	}
}

// resumed reports whether an earlier deploy was left unfinished in some Region.
func (r *run) resumed() bool {
	return r.unfinished() != nil
}

// touched reports whether this run started to execute anything anywhere.
func (r *run) touched() bool {
	for _, reg := range r.regions {
		for _, u := range reg.units {
			if u.started {
				return true
			}
		}
	}
	return false
}

// worst is the failure that decides what happens next: a definite one before
// one that leaves the state unknown. Its error is nil if no Region failed.
func (r *run) worst() (reg *regionRun, kind ErrorKind) {
	order := []ErrorKind{Failed, Stuck, Refused, Unknown}
	for _, kind := range order {
		for _, reg := range r.regions {
			if reg.err != nil && !reg.collateral && KindOf(reg.err) == kind {
				return reg, kind
			}
		}
	}
	return nil, Unknown
}

// because is one sentence for the failure that decided.
func (r *run) because() string {
	reg, _ := r.worst()
	if reg == nil {
		return ""
	}
	if reg.failure != nil && reg.failure.Target != "" {
		return fmt.Sprintf("%s: %s: %s: %s", reg.Name, reg.failure.Phase, reg.failure.Target, said(reg.err))
	}
	return fmt.Sprintf("%s: %s", reg.Name, said(reg.err))
}

// brief is a context for what must still be done, whether or not ctx has
// ended. Everything after an interruption shares one short span: runners kill
// a step 7.5 seconds after they asked it to stop.
func (r *run) brief(ctx context.Context) (context.Context, context.CancelFunc) {
	until := time.Now().Add(tidy)
	if ctx.Err() != nil {
		r.mu.Lock()
		if r.leaveBy.IsZero() {
			r.leaveBy = time.Now().Add(farewell)
		}
		until = r.leaveBy
		r.mu.Unlock()
	}
	return context.WithDeadline(context.WithoutCancel(ctx), until)
}

// explain words an interruption.
func (r *run) explain(cause error) string {
	switch {
	case errors.Is(cause, errDeadline), errors.Is(cause, errLockLost):
		return cause.Error()
	case r.req.recovering:
		return "recover was cancelled"
	case r.req.back != nil:
		return "the rollback was cancelled"
	default:
		return "the deploy was cancelled"
	}
}

// whileStopping says of an error which leaves something unknown that the run was
// being stopped, if it was.
func (r *run) whileStopping(ctx context.Context, err error) error {
	if cause := interruption(ctx); cause != nil && KindOf(err) == Unknown {
		return &stopped{r.explain(cause), err}
	}
	return err
}
