package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

// standbyContext is the context of the commit status about the standby.
const standbyContext = "lockstep/standby"

// watchOptions are the flags of watch.
type watchOptions struct {
	from, branch, context string
	noIssue               bool
}

func newWatch(g *globals) *cobra.Command {
	var o watchOptions
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Judge the standby on a schedule and tell every open pull request",
		Long: `Judge as gate does, then set the commit status ` + standbyContext + ` on the head of every
open pull request into the branch: a check that passed yesterday says nothing about
today, and a standby that degrades must block what is still open. One issue is opened
when the standby can not take over, kept up to date, and closed when it can again.
Writes nothing to AWS, and to GitHub only what changed.

If the standby cannot be judged at all, the pull requests get the status "error".

Exit codes: 0 ready, and everybody was told · 1 not ready · 2 usage or configuration
error · 3 could not determine, or a pull request or the issue could not be written to.`,
		Example: `  lockstep watch
  lockstep watch --branch main --no-issue
  lockstep watch --context lockstep/standby-orders    one of several applications`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runWatch(cmd.Context(), o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "read the snapshots in this `directory` instead of AWS")
	flags.StringVar(&o.branch, "branch", "", "protected `branch` whose pull requests to tell (default: the branch of the run)")
	flags.StringVar(&o.context, "context", standbyContext, "`name` of the commit status; one for each application of a repository")
	flags.BoolVar(&o.noIssue, "no-issue", false, "open and close no issue")
	return g.withReadFlags(g.withReportFlags(cmd))
}

func (g *globals) runWatch(ctx context.Context, o watchOptions) error {
	if err := g.checkFormat(); err != nil {
		return err
	}
	if name := g.env.getenv("GITHUB_EVENT_NAME"); g.runner().Running() && slices.Contains(judgedEvents, name) {
		// By the change's own configuration it would tell every other pull request.
		return usageError{fmt.Errorf("watch judges a branch for everybody and not a change: on %s use `lockstep gate --status`", name)}
	}
	a, err := g.audience(o)
	if err != nil {
		return usageError{err}
	}
	cfg, err := g.load()
	if err != nil {
		return errors.Join(err, a.couldNotJudge(ctx))
	}
	r, err := g.judge(ctx, cfg, o.from)
	if err != nil {
		return errors.Join(err, a.couldNotJudge(ctx))
	}
	if r, err = withoutCredentials(r); err != nil {
		return errors.Join(err, a.couldNotJudge(ctx))
	}
	told, problems := a.tell(ctx, r)
	r.Notices = append(r.Notices, told)
	for _, problem := range problems {
		g.remark(problem.Error())
	}
	code := exitForVerdict(r.Verdict)
	if code == exitOK && len(problems) > 0 {
		code = exitUndetermined // somebody may still read yesterday's answer
	}
	return g.finish(ctx, r, code)
}

// judge reads, compares and judges, and says so in a report.
func (g *globals) judge(ctx context.Context, cfg *config.Config, from string) (report.Report, error) {
	c, err := g.compare(ctx, cfg, from)
	if err != nil {
		return report.Report{}, err
	}
	refused := c.refuseOld(g.env.now())
	assessment := c.assess()
	r := c.report(g.newReport(cfg, "gate"))
	r.Verdict, r.Checks, r.Gaps = assessment.Verdict, assessment.Checks, mergeGaps(nil, assessment.Gaps)
	r.Waivers = assessment.Waivers
	if refused && r.Verdict == readiness.Ready { // whatever gate.unknown tolerates
		r.Verdict = readiness.Unknown
	}
	ladder, _ := c.ladder(assessment, g.env.now())
	r.Ladder, r.Measured = &ladder, c.measured()
	return r, nil
}

// audience is who hears of the standby: the pull requests into a branch, and
// whoever reads the repository's issues.
type audience struct {
	client            *github.Client
	owner, repository string
	branch, context   string
	runURL            string
	runID             int64
	issue             bool
}

// audience finds out whom to tell. What is missing is a usage error, before
// anything is read.
func (g *globals) audience(o watchOptions) (*audience, error) {
	runner := g.runner()
	a := &audience{branch: o.branch, context: o.context, runURL: runner.RunURL(), runID: runner.RunID(), issue: !o.noIssue}
	var found bool
	if a.owner, a.repository, found = strings.Cut(g.env.getenv("GITHUB_REPOSITORY"), "/"); !found {
		return nil, errors.New("watch needs GITHUB_REPOSITORY=OWNER/NAME; in a workflow it is set")
	}
	if a.branch == "" && g.env.getenv("GITHUB_REF_TYPE") != "tag" {
		a.branch = strings.TrimPrefix(g.env.getenv("GITHUB_REF"), "refs/heads/")
	}
	if a.branch == "" || strings.HasPrefix(a.branch, "refs/") {
		return nil, fmt.Errorf("watch needs --branch: the run is not on a branch (GITHUB_REF %q)", g.env.getenv("GITHUB_REF"))
	}
	settings, err := runner.CommentSettings()
	if err != nil {
		return nil, err
	}
	if settings.Token == "" {
		return nil, errors.New("watch needs a token: the input github-token, or GITHUB_TOKEN")
	}
	a.client, err = runner.Client(settings.Token)
	return a, err
}
