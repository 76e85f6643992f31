package deploy

import "context"

// Recover takes an unfinished deploy back: every Region returns to the state
// it had when all of them last agreed, from the saved images. The release of
// the request is not deployed; its targets say what there is to restore. The
// outcome is RolledBack, NoChange if nothing was unfinished, or what kept it
// from either. The release of the result is the one whose deploy was unfinished.
// To go forward instead, Run a release.
func Recover(ctx context.Context, req Request) (Result, error) {
	req.DryRun = false
	req, err := req.withDefaults()
	if err != nil {
		return Result{}, err
	}
	r := newRun(req)
	end := r.recover(ctx)
	result := r.result(end)
	result.Release = r.takenBack // of the request only the targets count
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
	r.takenBack = r.unfinishedRelease()
	if end := r.resolve(base, work); end != nil {
		return *end
	}
	if r.resumed() {
		return r.rollback(base, "the unfinished deploy was taken back")
	}
	return r.backOut(base, ending{outcome: NoChange}) // writes down what was committed but not recorded
}

// unfinishedRelease is the release whose deploy did not end; none when every one did.
func (r *run) unfinishedRelease() Release {
	for _, reg := range r.regions {
		if reg.unfinished != nil {
			return reg.unfinished.Release
		}
	}
	return Release{}
}
