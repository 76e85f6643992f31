package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// admission is what may let a change pass although the standby is not ready.
type admission struct {
	// base is the file of an earlier report, as --base names it.
	base string
	// reason is --break-glass.
	reason string
	// before are the checks of the Regions without the change, where this very run
	// judged them too.
	before []readiness.Check
}

// admit says whether a change may pass, by the rules of the base. It never changes
// the verdict, and never admits what was judged by rules that nobody approved.
func (g *globals) admit(ctx context.Context, b *basis, a admission, r report.Report) report.Report {
	if r.Verdict == readiness.Ready {
		return r
	}
	blocking := readiness.Blocking(r.Checks, b.cfg.Policy)
	if glass, notice := g.breakGlass(ctx, b, a.reason); glass != nil {
		glass.Blocking = len(blocking)
		return admitted(r, *glass, fmt.Sprintf("admitted by break-glass, by %s: %s. %s set aside; the verdict stays %s.", glass.By, glass.Reason, many(len(blocking), "blocking check"), r.Verdict))
	} else if notice != "" {
		r.Notices = append(r.Notices, notice)
	}
	if b.cfg.Gate.Block != "regressions" || b.doubt != "" {
		return r
	}
	before, of, err := a.checksBefore(g, b)
	if err != nil {
		r.Notices = append(r.Notices, "gate.block is regressions, and there is nothing to compare with: "+err.Error()+". Every blocking problem blocks.")
		return r
	}
	worse := readiness.Regressions(before, r.Checks, b.cfg.Policy)
	if len(worse) > 0 || len(blocking) == 0 {
		r.Notices = append(r.Notices, fmt.Sprintf("gate.block is regressions: %d of %s not there before (%s)%s.", len(worse), many(len(blocking), "blocking check"), of, ruleList(worse)))
		return r
	}
	return admitted(r, report.Admission{Way: report.ByRegressions, Reason: "everything that blocks was there before: " + of, Blocking: len(blocking)},
		fmt.Sprintf("admitted: gate.block is regressions, and all that blocks (%s) was there before this change, %s. The verdict stays %s.", many(len(blocking), "check"), of, r.Verdict))
}

func admitted(r report.Report, a report.Admission, notice string) report.Report {
	r.Admitted = &a
	r.Notices = append(r.Notices, notice)
	return r
}

// checksBefore are the checks without the change, and what they are of.
func (a admission) checksBefore(g *globals, b *basis) (checks []readiness.Check, of string, err error) {
	if a.before != nil {
		return a.before, "in the live Regions, judged in this run", nil
	}
	if a.base == "" {
		return nil, "", fmt.Errorf("name the report of the base commit with --base, or use --plan, which judges the live Regions as well")
	}
	file, err := os.Open(g.path(a.base))
	if err != nil {
		return nil, "", fmt.Errorf("--base: %w", err)
	}
	defer file.Close()
	before, err := report.Read(file)
	switch {
	case err != nil:
		return nil, "", fmt.Errorf("--base %s: %w", a.base, err)
	case before.App != b.cfg.App:
		return nil, "", fmt.Errorf("--base %s: it is of application %q", a.base, before.App)
	case before.Verdict == "" || before.Prediction != nil:
		return nil, "", fmt.Errorf("--base %s: it is no verdict on live Regions", a.base)
	case b.event.BaseSHA != "" && before.Commit != b.event.BaseSHA:
		return nil, "", fmt.Errorf("--base %s: it is of commit %s, the base is %s", a.base, cmp.Or(short(before.Commit), "unknown"), short(b.event.BaseSHA))
	}
	return before.Checks, fmt.Sprintf("in %s of %s", a.base, minute(before.EvaluatedAt)), nil
}

// breakGlass is the decision of a person, or why there is none; both are empty
// where nobody tried.
func (g *globals) breakGlass(ctx context.Context, b *basis, reason string) (*report.Admission, string) {
	label := b.cfg.Gate.BreakGlass
	switch {
	case label == "" && reason != "":
		return nil, "--break-glass has no effect: gate.break-glass of the configuration that counts allows it to nobody."
	case label == "" || b.doubt != "":
		return nil, ""
	case strings.TrimSpace(reason) != "":
		return &report.Admission{Way: report.ByBreakGlass, Reason: strings.TrimSpace(reason), By: cmp.Or(g.env.getenv("GITHUB_ACTOR"), g.env.getenv("USER"), "somebody at a command line"), At: g.env.now().UTC()}, ""
	case b.event.PullRequest == 0:
		return nil, ""
	}
	override, err := g.override(ctx, b.event, label)
	switch {
	case err != nil:
		return nil, "whether the pull request has the label " + label + " is not known: " + err.Error() + "."
	case override == nil:
		return nil, ""
	case override.Reason == "":
		return nil, fmt.Sprintf("%s set the label %s, and the description of the pull request gives no reason: add a line \"Break-glass: why\" and run again.", override.By, label)
	}
	return &report.Admission{Way: report.ByBreakGlass, Reason: override.Reason, By: cmp.Or(override.By, "somebody whose account is gone"), At: override.At}, ""
}

func (g *globals) override(ctx context.Context, event github.Event, label string) (*github.Override, error) {
	runner := g.runner()
	settings, err := runner.CommentSettings()
	if err != nil {
		return nil, err
	}
	if settings.Token == "" {
		return nil, fmt.Errorf("there is no token to ask GitHub (input github-token)")
	}
	client, err := runner.Client(settings.Token)
	if err != nil {
		return nil, err
	}
	return client.Override(ctx, event.Owner, event.Repository, event.PullRequest, label)
}

// exitForGate is the verdict's code, unless the change may pass.
func exitForGate(r report.Report) int {
	if r.Admitted != nil {
		return exitOK
	}
	return exitForVerdict(r.Verdict)
}

func short(commit string) string { return commit[:min(12, len(commit))] }

func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ruleList names the rules of checks, each once.
func ruleList(checks []readiness.Check) string {
	var ids []string
	seen := map[string]bool{}
	for _, c := range checks {
		if !seen[c.Rule] {
			seen[c.Rule] = true
			ids = append(ids, c.Rule)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ": " + strings.Join(ids, ", ")
}
