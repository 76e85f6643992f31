package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/internal/checkout"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/report"
)

// publishTimeout bounds everything GitHub is told, so that a slow API neither
// holds up a verdict nor outlives a cancelled step.
const publishTimeout = 2 * time.Minute

func (g *globals) runner() *github.Runner { return github.New(g.env.getenv, g.env.commands, nil) }

// newReport begins a report with what every command knows.
func (g *globals) newReport(cfg *config.Config, command string) report.Report {
	return report.Report{
		Schema: report.Schema, App: cfg.App, Command: command, Version: versionString(),
		EvaluatedAt: g.env.now().UTC(), Strategy: cfg.Topology.Strategy,
		Config: cfg.File, Commit: g.judgedCommit(), RunURL: g.runner().RunURL(), FilesURL: g.filesURL(), Notices: simulatedNotice(g.env),
	}
}

// judgedCommit is what a run in Actions is about; empty outside.
func (g *globals) judgedCommit() string {
	if !g.runner().Running() {
		return ""
	}
	event, err := g.runner().Event()
	if err != nil {
		return "" // half an event is none
	}
	return event.HeadSHA
}

// filesURL is where GitHub shows the files that were read; empty where it is not known
// which commit has them. On a pull request that is seldom its head: what is checked
// out there is usually its merge with the base, where lines lie elsewhere.
func (g *globals) filesURL() string {
	workspace, err := filepath.Abs(g.env.getenv("GITHUB_WORKSPACE"))
	if err != nil || g.env.getenv("GITHUB_WORKSPACE") == "" {
		return ""
	}
	file := g.path("lockstep.yml")
	if top, err := checkoutTop(workspace, file); err != nil || top != workspace {
		return ""
	}
	if _, err := below(workspace, file); err != nil {
		return ""
	}
	commit := checkout.Head(workspace)
	if commit == "" && !strings.HasPrefix(g.env.getenv("GITHUB_EVENT_NAME"), "pull_request") {
		commit = g.judgedCommit()
	}
	return g.runner().FilesURL(commit)
}

// filesChanged are the files of a report's places that the commit which is checked out
// has not, or not as they are read: a step of the job made or edited them. Where the
// repository does not tell, that is unlikely, and none is.
func (g *globals) filesChanged(r report.Report) (changed []string) {
	top := g.env.getenv("GITHUB_WORKSPACE")
	index, err := checkout.ReadIndex(top)
	if r.FilesURL == "" || err != nil {
		return nil
	}
	for _, name := range r.Files() {
		path := filepath.Join(top, filepath.FromSlash(name))
		if content, err := os.ReadFile(path); err != nil || !filepath.IsLocal(name) || !index.Has(name, content) {
			changed = append(changed, name)
		}
	}
	return changed
}

// finish prints the report, tells GitHub, and ends the command with code. What
// cannot be published is a warning and changes no exit code; what cannot be
// printed is an error, for a report that nobody sees is none. The outcome is
// never lost with it, nor is a code that says that Regions differ.
func (g *globals) finish(ctx context.Context, r report.Report, code int) error {
	r.FilesChanged = g.filesChanged(r)
	r, err := withoutCredentials(r)
	if err != nil {
		return err
	}
	lost := g.emit(r)
	if lost != nil {
		g.salvage(r)
	} else if g.afterReport != nil {
		g.afterReport()
	}
	if runner := g.runner(); runner.Running() {
		// A cancelled command still has something to say.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.publishBound(ctx))
		defer cancel()
		for _, problem := range g.publish(ctx, runner, r) {
			runner.Warn(problem.Error())
		}
	}
	switch {
	case code == exitOK:
		return lost
	case lost != nil:
		fmt.Fprintf(g.env.stderr, "lockstep: %s\n", harmless(lost.Error()))
	}
	return exitError{code}
}

// salvage says the outcome where something can still be written, when the report
// could not be written where it should: on a full disk stdout may still lead to
// a person.
func (g *globals) salvage(r report.Report) {
	if g.out != "" {
		if err := report.Text(g.env.stdout, r, report.TextOptions{Width: 80}); err == nil {
			return
		}
	}
	fmt.Fprintf(g.env.stderr, "lockstep: %s\n", harmless(report.Headline(r)))
}

// publishBound is shorter when the step is being cancelled: the runner kills it soon.
func (g *globals) publishBound(ctx context.Context) time.Duration {
	if ctx.Err() != nil {
		return time.Second
	}
	return publishTimeout
}

// publish writes files, outputs, summary, annotations and the comment, each
// whatever becomes of the others.
func (g *globals) publish(ctx context.Context, runner *github.Runner, r report.Report) []error {
	var problems []error
	note := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	path, err := g.saveReport(r)
	note(err)
	note(runner.AddSummary(markdown(r, report.MarkdownOptions{Limit: github.SummaryLimit - 1, FullReport: path})))
	runner.Annotate(annotations(r))
	url, err := g.comment(ctx, runner, r, path)
	note(err)
	note(runner.SetOutputs(outputs(r, path, url)))
	return problems
}

// saveReport leaves the JSON report in the workspace, owned by the workspace's
// owner. It returns the path relative to the workspace.
func (g *globals) saveReport(r report.Report) (string, error) {
	workspace := g.env.getenv("GITHUB_WORKSPACE")
	if workspace == "" {
		return "", nil
	}
	name := "lockstep-" + r.Command + ".json"
	path := filepath.Join(workspace, name)
	if err := writeFile(path, func(w io.Writer) error { return report.JSON(w, r) }); err != nil {
		return "", err
	}
	if err := giveToOwner(path); err != nil {
		return name, fmt.Errorf("give %s to the owner of the workspace: %w", name, err)
	}
	return name, nil
}

func markdown(r report.Report, o report.MarkdownOptions) string {
	var b bytes.Buffer
	if err := report.Markdown(&b, r, o); err != nil { // a buffer takes everything
		return ""
	}
	return b.String()
}

func annotations(r report.Report) []github.Annotation {
	var list []github.Annotation
	for _, a := range report.Annotations(r) {
		list = append(list, github.Annotation{Level: a.Level, File: a.File, Line: a.Line, Column: a.Column, Title: a.Title, Message: a.Message})
	}
	return list
}

// comment creates or updates the pull request's comment, if there is a pull
// request and the mode and the token allow it.
func (g *globals) comment(ctx context.Context, runner *github.Runner, r report.Report, path string) (string, error) {
	settings, err := runner.CommentSettings()
	if err != nil || settings.Mode == github.CommentNever {
		return "", err
	}
	event, err := runner.Event()
	if err != nil {
		return "", err
	}
	if event.PullRequest == 0 || settings.Mode == github.CommentAuto && event.Name != "pull_request" && event.Name != "pull_request_target" {
		return "", nil
	}
	if settings.Token == "" {
		return "", fmt.Errorf("comment on pull request %d: no token (input github-token)", event.PullRequest)
	}
	client, err := runner.Client(settings.Token)
	if err != nil {
		return "", err
	}
	return client.Comment(ctx, github.CommentRequest{
		Owner: event.Owner, Repository: event.Repository, PullRequest: event.PullRequest, App: commentedAs(r),
		RunID: runner.RunID(),
		Body:  markdown(r, report.MarkdownOptions{Limit: commentBytes, FullReport: r.RunURL}),
	})
}

// commentedAs is whose comment it is: what a merge would do stands beside what runs
// now, and neither takes the place of the other.
func commentedAs(r report.Report) string {
	if r.Command == "predict" {
		return r.App + ".predict"
	}
	return r.App
}

// commentBytes leaves room for the marker; bytes are never fewer than characters.
const commentBytes = github.CommentLimit - 512

// outputs are single lines of our own making; no untrusted text goes into them.
func outputs(r report.Report, path, url string) map[string]string {
	counts := report.Count(r)
	values := map[string]string{
		"drift-count":    strconv.Itoa(report.Differences(r)),
		"blocking-count": strconv.Itoa(counts.Blocking),
		"unknown-count":  strconv.Itoa(counts.Unknown),
		"waived-count":   strconv.Itoa(counts.Waived),
		"report-path":    path,
		"comment-url":    url,
	}
	if r.Verdict != "" {
		values["verdict"] = string(r.Verdict)
	}
	if r.Deploy != nil {
		values["release"] = r.Deploy.Release.ID
		values["outcome"] = string(r.Deploy.Outcome)
	}
	return values
}
