package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

func newPredict(g *globals) *cobra.Command {
	var failOn string
	cmd := &cobra.Command{
		Use:   "predict",
		Short: "Compare what the templates declare for every Region; ask AWS nothing",
		Long: `Evaluate the release's templates for every Region, with the parameters that the
configuration gives, and compare what they declare by the rules that live Regions
are compared by: edits of one side, types that AWS does not offer in the standby,
Regions and ids that exist in one Region only. Needs no credentials of AWS.

The gate's rules decide: the exit code is 1 where one of them blocks, so that a pull
request hears one answer. --fail-on fails on differences that no rule blocks, too;
never only reports. What could not be evaluated is listed as such, with exit code 3.
On a pull request and in the merge queue the rules are those of the base commit, which
needs a token with contents: read, or a checkout with fetch-depth: 0; without it the
exit code is 3. The report says what the rules of the change would block.
lockstep gate --plan looks further, with credentials.`,
		Example: `  lockstep predict
  lockstep predict --fail-on warn             on every difference but cosmetic ones
  lockstep predict --format markdown`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runPredict(cmd.Context(), failOn) },
	}
	addFailOn(cmd, &failOn, "what the gate's rules block")
	return g.withReportFlags(cmd, sarifFormat)
}

func (g *globals) runPredict(ctx context.Context, failOn string) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	if err := checkFailOn(failOn); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	r, err := g.prediction(b.proposed())
	if err != nil {
		return err
	}
	if r, err = g.byItsOwn(b, b.unapproved(r)); err != nil {
		return err
	}
	if len(r.Checks) == 0 && exitForDrift(r.Findings, false, string(drift.Warn)) == exitNo {
		r.Notices = append(r.Notices, "by the rules of the gate none of these differences blocks the merge, as far as templates tell.")
	}
	r = b.qualify(g.located(b.head, r))
	return g.finish(ctx, r, exitForPrediction(r, couldNotCompare(r), failOn))
}

// prediction is what the templates declare, with the checks that the gate would
// block by.
func (g *globals) prediction(cfg *config.Config) (report.Report, error) {
	c, err := g.declared(cfg)
	if err != nil {
		return report.Report{}, err
	}
	r := g.staticReport(c, "predict", "lockstep predict asks AWS nothing")
	r.Checks = slices.DeleteFunc(decided(c.assess().Checks), func(c readiness.Check) bool {
		return c.Status != readiness.Fail || c.Severity != drift.Block
	})
	return r, nil
}

// byItsOwn says beside the prediction what the configuration of the change itself
// would make of it. That one decides nothing until it is merged.
func (g *globals) byItsOwn(b *basis, r report.Report) (report.Report, error) {
	if b.commit == "" || !b.changed {
		return r, nil
	}
	own, err := g.prediction(b.head)
	if err != nil {
		return r, err
	}
	now, then := rulesOf(r.Checks), rulesOf(own.Checks)
	verdict := "blocks the same: " + then
	switch {
	case then == "" && now == "":
		verdict = "blocks nothing, either"
	case then == "":
		verdict = "blocks nothing"
	case now != then:
		verdict = "blocks by " + then
	}
	r.Notices = append(r.Notices, fmt.Sprintf("the configuration of this change, which counts once it is merged, %s.", verdict))
	if gone := names(b.cfg.Topology, lacking(b.head.Topology)); gone != "" {
		r.Notices = append(r.Notices, "this change no longer names "+gone+", which was not judged.")
	}
	return r, nil
}

// rulesOf names the rules of checks and the Regions these are about.
func rulesOf(checks []readiness.Check) string {
	var rules []string
	for _, c := range checks {
		rules = append(rules, c.Rule+" in "+c.Region)
	}
	slices.Sort(rules)
	return strings.Join(slices.Compact(rules), ", ")
}
