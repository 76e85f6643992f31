package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/report"
)

// breakGlass is the decision of a person, nil if there is none, and what the
// reader of the report must know about an attempt that counts for nothing.
func (g *globals) breakGlass(ctx context.Context, b *basis, reason string) (*report.Admission, []string) {
	label, reason := b.cfg.Gate.BreakGlass, strings.TrimSpace(reason)
	var notices []string
	switch {
	case reason == "":
	case label == "":
		notices = append(notices, "--break-glass has no effect: gate.break-glass of the configuration that counts allows it to nobody.")
	case b.reviewed: // in a merge queue, too: the group's workflow is the change's
		notices = append(notices, "--break-glass has no effect on a change under review, whose own workflow could say it: a person sets the label "+label+".")
	default:
		return &report.Admission{Way: report.ByBreakGlass, Reason: reason, By: cmp.Or(g.env.getenv("GITHUB_ACTOR"), g.env.getenv("USER"), "somebody at a command line"), At: g.env.now().UTC()}, nil
	}
	if label == "" || b.doubt != "" || b.event.PullRequest == 0 {
		return nil, notices
	}
	override, err := g.override(ctx, b)
	switch {
	case err != nil:
		return nil, append(notices, "whether the pull request has the label "+label+" is not known: "+err.Error()+".")
	case override == nil:
		return nil, notices
	case override.Doubt != "":
		return nil, append(notices, fmt.Sprintf("%s set the label %s, which counts for nothing: %s.", cmp.Or(override.By, "somebody whose account is gone"), label, override.Doubt))
	}
	return &report.Admission{Way: report.ByBreakGlass, Reason: override.Reason, By: override.By, At: override.At}, notices
}

// override asks GitHub about the label. A merge group has a commit of its own,
// which nobody has seen before: there the label is about the pull request's head.
func (g *globals) override(ctx context.Context, b *basis) (*github.Override, error) {
	client, err := g.client()
	if err != nil {
		return nil, err
	}
	req := github.OverrideRequest{Owner: b.event.Owner, Repository: b.event.Repository, PullRequest: b.event.PullRequest,
		Label: b.cfg.Gate.BreakGlass, Head: b.event.HeadSHA, Author: b.cfg.Gate.BreakGlassAuthor}
	if b.event.Name == "merge_group" {
		req.Head = ""
	}
	return client.Override(ctx, req)
}

// keepDecision writes a decision into the ledger of every Region that answers, and
// says where it could not be. What no ledger keeps lets nothing pass: a year later
// the report and the run are gone, and somebody asks who it was.
func (g *globals) keepDecision(ctx context.Context, b *basis, r report.Report, a report.Admission) (kept bool, notices []string) {
	entry := deploy.Override{By: a.By, At: a.At, Reason: harmless(a.Reason), Verdict: string(r.Verdict), Blocking: a.Blocking, Commit: r.Commit, RunURL: r.RunURL}
	if b.event.PullRequest != 0 {
		entry.Change = fmt.Sprintf("%s/%s#%d", b.event.Owner, b.event.Repository, b.event.PullRequest)
	}
	sessions, err := session.Open(ctx, g.topology(b.cfg), g.sessionOptions(b.cfg))
	failures := make([]error, len(sessions))
	var all sync.WaitGroup
	for i, s := range sessions {
		if s != nil {
			all.Go(func() {
				failures[i] = ledger.New(s.Config, b.cfg.App, s.Region.Name, ledger.Options{}).Override(ctx, entry)
			})
		}
	}
	all.Wait()
	if err != nil {
		notices = append(notices, "the ledger of a Region does not keep who let this change pass: "+err.Error()+".")
	}
	for i, failure := range failures {
		switch {
		case sessions[i] == nil:
		case failure == nil:
			kept = true
		default:
			notices = append(notices, fmt.Sprintf("the ledger of %s does not keep who let this change pass: %v.", sessions[i].Region.Name, failure))
		}
	}
	if !kept {
		notices = append(notices, fmt.Sprintf("break-glass by %s lets nothing pass: no Region's ledger could keep it. `lockstep iam --for gate` prints what that needs.", a.By))
	}
	return kept, notices
}
