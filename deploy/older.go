package deploy

import (
	"context"
	"fmt"
)

// Commits knows the history of the repository that releases come from.
type Commits interface {
	// Precedes reports whether one commit is an ancestor of another. An error
	// says that this is not known here.
	Precedes(ctx context.Context, earlier, later string) (bool, error)
}

// older rejects a release that is older than the one some Region runs: a
// workflow that is run again, or that was overtaken, would take back what was
// deployed since without anybody having asked for that.
func (r *run) older(ctx context.Context) *ending {
	if r.req.back != nil {
		return nil
	}
	r.each(func(reg *regionRun) {
		why, err := r.whyOlder(ctx, reg)
		if err != nil {
			reg.fail(PhaseObserve, "", fmt.Errorf("read history: %w", err), r.req.Clock.Now())
		}
		reg.newer = why
	})
	if cause := interruption(ctx); cause != nil {
		return &ending{outcome: FailedClean, reason: r.explain(cause)}
	}
	if reg, _ := r.worst(); reg != nil {
		return &ending{outcome: FailedClean, reason: r.because(), undetermined: true}
	}
	for _, reg := range r.regions {
		switch {
		case reg.newer == "":
		case r.req.AllowOlder:
			reg.note("%s; deployed all the same, as asked", reg.newer)
		case r.req.DryRun:
			reg.note("a deploy would be refused now: %s", reg.newer)
		default:
			return &ending{outcome: Rejected, reason: reg.Name + ": " + reg.newer + " (`lockstep rollback` goes back; --allow-older deploys it all the same)"}
		}
	}
	return nil
}

// whyOlder says how it is known that the release is older than what the Region
// runs; empty: it is not, or nobody can tell.
//
// The repository has the first word: the commit of an older release is an
// ancestor of the other's. Where it cannot tell, as in a shallow checkout, the
// ledger does: what the Region ran first is older. There a release is known by
// its commit, and by its content only if it has none: a commit that reverts
// another is new, although the Region has run the same content before.
func (r *run) whyOlder(ctx context.Context, reg *regionRun) (string, error) {
	ours, runs := r.req.Release, reg.runs
	if runs.ID == "" || runs.ID == ours.ID || ours.Commit != "" && ours.Commit == runs.Commit {
		return "", nil
	}
	what := fmt.Sprintf("release %s is older than %s, which runs: ", ours.ID, runs.ID)
	if r.req.Commits != nil && ours.Commit != "" && runs.Commit != "" {
		precedes, err := r.req.Commits.Precedes(ctx, ours.Commit, runs.Commit)
		switch {
		case err != nil: // the ledger is asked
		case precedes:
			return what + fmt.Sprintf("commit %s is an ancestor of %s", ours.Commit, runs.Commit), nil
		default:
			return "", nil
		}
	}
	history, err := reg.Ledger.History(ctx)
	if err != nil {
		return "", err
	}
	if first := firstRun(history, ours); first > firstRun(history, runs) {
		return what + "the Region ran it before, from " + history[first].DeployedAt.UTC().Format("2006-01-02 15:04 MST"), nil
	}
	return "", nil
}

// firstRun is where a history, newest first, has a release for the first time;
// -1: it does not.
func firstRun(history []Record, release Release) int {
	for i := len(history) - 1; i >= 0; i-- {
		if release.Commit != "" && history[i].Commit == release.Commit || release.Commit == "" && history[i].ID == release.ID {
			return i
		}
	}
	return -1
}
