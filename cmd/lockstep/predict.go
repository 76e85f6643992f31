package main

import (
	"context"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
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
Regions and ids that exist in one Region only. Needs no credentials.

The gate's rules decide: the exit code is 1 where one of them blocks, so that a pull
request hears one answer. --fail-on fails on differences that no rule blocks, too;
never only reports. What could not be evaluated is listed as such, with exit code 3.
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
	cfg, err := g.load()
	if err != nil {
		return err
	}
	c, err := g.declared(cfg)
	if err != nil {
		return err
	}
	r := g.staticReport(c, "predict", "lockstep predict asks AWS nothing")
	r.Checks = slices.DeleteFunc(decided(c.assess().Checks), func(c readiness.Check) bool {
		return c.Status != readiness.Fail || c.Severity != drift.Block
	})
	if len(r.Checks) == 0 && exitForDrift(r.Findings, false, string(drift.Warn)) == exitNo {
		r.Notices = append(r.Notices, "by the rules of the gate none of these differences blocks the merge, as far as templates tell.")
	}
	r = g.located(cfg, r)
	return g.finish(ctx, r, exitForPrediction(r, couldNotCompare(r), failOn))
}
