package deploy

import "context"

// Recover takes an unfinished deploy back: every Region returns to the state
// it had when all of them last agreed, from the saved images. The release of
// the request is not deployed; its targets say what there is to restore. The
// outcome is RolledBack, NoChange if nothing was unfinished, or what kept it
// from either. The release of the result is the one whose deploy was unfinished.
// To go forward instead, Run a release.
func Recover(ctx context.Context, req Request) (Result, error) {
	req.DryRun, req.recovering = false, true
	req, err := req.withDefaults()
	if err != nil {
		return Result{}, err
	}
	r := newRun(req)
	end := r.recover(ctx)
	result := r.result(end)
	result.Release = Release{} // of the request only the targets count
	if r.takenBack != nil {
		result.Release = r.takenBack.Release
	}
	return result, nil
}

func (r *run) recover(signal context.Context) ending {
	base, stop := context.WithCancelCause(signal)
	defer stop(errSettled)
	if end := r.lock(base); end != nil {
		return *end
	}
	defer r.unlock(base)
	defer r.keepLocks(base, stop)()
	work, cancel := context.WithTimeoutCause(base, r.req.Deadline, errDeadline)
	defer cancel()
	if end := r.observe(work); end != nil {
		return *end
	}
	r.takenBack = r.unfinished()
	if end := r.resolve(base, work); end != nil {
		return *end
	}
	if !r.resumed() {
		return r.backOut(base, ending{outcome: NoChange}) // writes down what was committed but not recorded
	}
	what := r.takenBack.what()
	end := r.rollback(base, "taking back the unfinished "+what)
	if end.outcome == RolledBack {
		end.reason = "the unfinished " + what + " was taken back"
	}
	return end
}

// unfinished is what did not end; nil: nothing.
func (r *run) unfinished() *Journal {
	for _, reg := range r.regions {
		if reg.unfinished != nil {
			return reg.unfinished
		}
	}
	return nil
}

// what names what the journal is of.
func (j *Journal) what() string {
	if j.Rollback {
		return "rollback"
	}
	return "deploy"
}

// notBack says why a way back did not arrive everywhere; reason is why it was taken.
func (r *run) notBack(base context.Context, reason string) string {
	cause := interruption(base)
	switch {
	case r.req.recovering && cause != nil:
		return r.explain(cause)
	case r.req.recovering:
		return "the unfinished " + r.takenBack.what() + " could not be taken back: " + r.because()
	case cause != nil:
		return reason + "; " + r.explain(cause) + " on the way back"
	}
	return reason
}
