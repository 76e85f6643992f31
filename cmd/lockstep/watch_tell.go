package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// tellTimeout bounds what a run tells GitHub: hundreds of pull requests, with
// the pauses that GitHub asks for.
const tellTimeout = 10 * time.Minute

// verdictStates is what a verdict means for a merge: unknown blocks as well.
var verdictStates = map[readiness.Verdict]github.StatusState{
	readiness.Ready:    github.StatusSuccess,
	readiness.NotReady: github.StatusFailure,
	readiness.Unknown:  github.StatusError,
}

// tell sets the statuses and sees to the issue, each whatever becomes of the
// others. It returns a sentence for the report.
func (a *audience) tell(ctx context.Context, r report.Report) (string, []error) {
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	said, problems := a.setStatuses(ctx, verdictStates[r.Verdict], report.Headline(r))
	if a.issue {
		if err := a.seeToIssue(ctx, r); err != nil {
			problems = append(problems, err)
		}
	}
	return said, problems
}

// couldNotJudge replaces yesterday's answer when there is none today.
func (a *audience) couldNotJudge(ctx context.Context) error {
	if ctx.Err() != nil {
		return nil // cancelled: nothing is known to be wrong
	}
	ctx, cancel := context.WithTimeout(ctx, tellTimeout)
	defer cancel()
	_, problems := a.setStatuses(ctx, github.StatusError, "Unknown: the standby could not be judged; the run says why.")
	return errors.Join(problems...)
}

// setStatuses sets the status on every head, once each.
func (a *audience) setStatuses(ctx context.Context, state github.StatusState, description string) (string, []error) {
	open, err := a.client.OpenPullRequests(ctx, a.owner, a.repository, a.branch)
	if err != nil {
		return "no pull request was told: they could not be listed.", []error{err}
	}
	var problems []error
	set := 0
	seen := map[string]bool{}
	for _, pull := range open {
		if seen[pull.HeadSHA] {
			continue
		}
		seen[pull.HeadSHA] = true
		wrote, err := a.client.SetStatus(ctx, a.status(pull.HeadSHA, state, description))
		if err != nil {
			problems = append(problems, fmt.Errorf("pull request %d: %w", pull.Number, err))
		}
		if wrote {
			set++
		}
	}
	return fmt.Sprintf("open pull requests into %s: %d; the status %s was set anew on %d, and could not be on %d.",
		a.branch, len(open), a.context, set, len(problems)), problems
}

func (a *audience) status(sha string, state github.StatusState, description string) github.Status {
	return github.Status{
		Owner: a.owner, Repository: a.repository, SHA: sha, Context: a.context, State: state, Description: description,
		RunURL: a.runURL, RunID: a.runID,
	}
}

// seeToIssue opens, updates or closes the issue.
func (a *audience) seeToIssue(ctx context.Context, r report.Report) error {
	request := github.IssueRequest{Owner: a.owner, Repository: a.repository, App: r.App, RunID: a.runID}
	if r.Verdict == readiness.Ready {
		request.Body = report.Headline(r) + "\n\n" + a.runURL
		_, err := a.client.CloseIssues(ctx, request)
		return err
	}
	request.Title, request.State = r.App+": "+report.Headline(r), stateOfAffairs(r)
	request.Body = "This issue is kept up to date by `lockstep watch` and closed when the standby is ready again.\n\n" +
		markdown(r, report.MarkdownOptions{Limit: commentBytes - 256, FullReport: a.runURL})
	_, err := a.client.OpenIssue(ctx, request)
	return err
}

// stateOfAffairs is the same for two reports that find the same wrong,
// whenever and in whatever words.
func stateOfAffairs(r report.Report) string {
	lines := []string{string(r.Verdict)}
	for _, c := range r.Checks {
		if c.Status != readiness.Pass {
			lines = append(lines, fmt.Sprint(c.Rule, c.Region, c.Status, c.Severity, c.Resources))
		}
	}
	for _, f := range r.Findings {
		if f.Waived == nil {
			lines = append(lines, fmt.Sprint(f.Resource, f.Property, f.Region, f.Severity))
		}
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:8])
}

// setOwnStatus sets the status on the commit under review, so that a required
// status does not wait for the next run of watch. It decides nothing: what goes
// wrong is a warning, and a status that is missing keeps blocking.
func (g *globals) setOwnStatus(ctx context.Context, b *basis, r report.Report) {
	err := errors.New("--status needs a pull request or a merge group")
	if b.event.HeadSHA != "" {
		var a *audience
		if a, err = g.audience(watchOptions{branch: "-", context: standbyContext}); err == nil {
			_, err = a.client.SetStatus(ctx, a.status(b.event.HeadSHA, stateOfGate(r), saidOfGate(r)))
		}
	}
	if err != nil {
		g.remark(err.Error())
	}
}

// stateOfGate is success for what may pass, too.
func stateOfGate(r report.Report) github.StatusState {
	if r.Admitted != nil {
		return github.StatusSuccess
	}
	return verdictStates[r.Verdict]
}

// saidOfGate begins with who let a change pass: GitHub cuts what follows.
func saidOfGate(r report.Report) string {
	switch a := r.Admitted; {
	case a == nil:
		return report.Headline(r)
	case a.Way == report.ByBreakGlass:
		return harmless(fmt.Sprintf("Break-glass by %s: %s. %s", a.By, a.Reason, report.Headline(r)))
	default:
		return "No regression. " + report.Headline(r)
	}
}
