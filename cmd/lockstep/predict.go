package main

import (
	"cmp"
	"context"

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
Regions and ids that exist in one Region only. Needs no credentials. What could
not be evaluated is listed as such: then the exit code is 3, or 1 if a difference
was found. lockstep gate --plan looks further, with credentials.`,
		Example: `  lockstep predict
  lockstep predict --fail-on block
  lockstep predict --format markdown`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runPredict(cmd.Context(), failOn) },
	}
	addFailOn(cmd, &failOn)
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
	r = g.located(cfg, r)
	return g.finish(ctx, r, exitForDrift(r.Findings, couldNotCompare(r), cmp.Or(failOn, cfg.FailOn)))
}
