package main

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// dependabot is who triggers the runs of Dependabot's pull requests. They get no
// secrets of Actions and a token that reads. Source: GitHub Docs, "Automating
// Dependabot with GitHub Actions".
const dependabot = "dependabot[bot]"

// outsider says why a run gets no credentials by GitHub's design; empty if it should.
func (b *basis) outsider() string {
	switch {
	case b.event.Fork:
		return "the pull request comes from a fork"
	case b.event.Actor == dependabot && b.event.Name == "pull_request":
		return "the pull request is Dependabot's"
	}
	return ""
}

// judgeOutsider judges by templates alone what GitHub gives no credentials
// to, if that is all that went wrong. ok is false where it is not.
func (g *globals) judgeOutsider(b *basis, err error) (r report.Report, code int, ok bool, failed error) {
	why := b.outsider()
	failures := session.Failures(err)
	if why == "" || len(failures) == 0 || slices.ContainsFunc(failures, func(f *session.Error) bool { return f.Problem.Reason != session.NoCredentials }) {
		return r, 0, false, nil
	}
	r, failed = g.staticGate(b.proposed(), why+", which GitHub gives no credentials")
	if failed != nil {
		return r, 0, true, failed
	}
	r = b.qualify(b.unapproved(r))
	code = exitForVerdict(r.Verdict)
	policy := b.cfg.Gate.ForkPolicy
	switch {
	case r.Verdict != readiness.Unknown:
	case policy == "defer" && b.doubt == "" && b.ownParts() == "":
		r.Notices = append(r.Notices, "deferred: "+why+", so AWS was not asked. gate.fork-policy lets this step pass; the merge queue has to judge.")
		code = exitOK
	default:
		r.Notices = append(r.Notices, why+", so AWS was not asked, and the step fails (gate.fork-policy: "+policy+"). A push of the same commits to a branch of this repository is judged in full.")
	}
	return r, code, true, nil
}
