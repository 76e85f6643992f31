package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/spf13/cobra"
)

const failOnNever = "never"

// failOnLevels are what --fail-on takes.
var failOnLevels = []string{"block", "warn", "info", failOnNever}

func newDrift(g *globals) *cobra.Command {
	var from, failOn string
	var part narrowing
	cmd := &cobra.Command{
		Use:   "drift",
		Short: "Show what differs between the Regions that should not",
		Long: `Read every Region at once and compare each standby with the primary. Two Regions
deployed from one source show nothing. What could not be read is listed as such
and is never taken for equal: then the exit code is 3, or 1 if drift was found.`,
		Example: `  lockstep drift
  lockstep drift --fail-on block
  lockstep drift --only 'payments/*' --type 'AWS::Lambda::*'
  lockstep drift --from snapshots             offline, from lockstep snapshot --out snapshots
  lockstep drift --format json --out drift.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runDrift(cmd.Context(), from, failOn, part) },
	}
	cmd.Flags().StringVar(&from, "from", "", "read the snapshots in this `directory` instead of AWS")
	addFailOn(cmd, &failOn, "drift.fail-on of the configuration, else warn")
	part.addTo(cmd)
	cmd.AddCommand(newDriftAccept(g))
	return g.withReadFlags(g.withReportFlags(cmd, sarifFormat))
}

func addFailOn(cmd *cobra.Command, failOn *string, usual string) {
	cmd.Flags().StringVar(failOn, "fail-on", "", "lowest severity that fails: `"+strings.Join(failOnLevels, "|")+"` (default: "+usual+")")
}

func checkFailOn(failOn string) error {
	if failOn != "" && !slices.Contains(failOnLevels, failOn) {
		return usageError{fmt.Errorf("--fail-on %q: use %s", failOn, strings.Join(failOnLevels, ", "))}
	}
	return nil
}

func (g *globals) runDrift(ctx context.Context, from, failOn string, part narrowing) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	if err := checkFailOn(failOn); err != nil {
		return err
	}
	if err := part.check(); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	if err := g.checkFrom(b, from); err != nil {
		return err
	}
	cfg := b.cfg
	if failOn == "" {
		failOn = cfg.FailOn
	}
	r, snapshots, err := g.driftReport(ctx, b, from)
	if err != nil {
		return err
	}
	r = b.qualify(g.located(b.head, r))
	undetermined := couldNotCompare(r)
	if !part.none() && r.Coverage.Pairs > 0 {
		if r, err = part.narrow(r, snapshots); err != nil {
			return err
		}
		undetermined = slices.ContainsFunc(r.Gaps, aboutConfiguration)
	}
	return g.finish(ctx, r, exitForDrift(r.Findings, undetermined, failOn))
}

// driftReport compares the Regions; their templates alone where nobody approved
// the configuration that says how to reach them.
func (g *globals) driftReport(ctx context.Context, b *basis, from string) (report.Report, []*drift.Snapshot, error) {
	if b.doubt != "" && from == "" {
		c, err := g.declared(b.head)
		if err != nil {
			return report.Report{}, nil, err
		}
		return g.staticReport(c, "drift", b.change().static), c.snapshots, nil
	}
	c, err := g.compare(ctx, b.cfg, from)
	if err != nil {
		return report.Report{}, nil, err
	}
	r := c.report(g.newReport(b.cfg, "drift"))
	r.Notices = append(r.Notices, c.releasesApart()...)
	return r, c.snapshots, nil
}

// releasesApart says that the ledgers name different releases, which need not show
// as a difference: what one of them brought may be more than enough, or nothing
// that is compared.
func (c *comparison) releasesApart() []string {
	var runs []string
	apart := false
	for _, s := range c.snapshots {
		if s.Release == nil {
			return nil // not read: a gap, or nobody deploys it with Lockstep
		}
		apart = apart || s.Release.ID != c.snapshots[0].Release.ID
		runs = append(runs, s.Region.Name+" "+cmp.Or(s.Release.ID, "none"))
	}
	if !apart {
		return nil
	}
	return []string{"the Regions run different releases (" + strings.Join(runs, ", ") + "): `lockstep deploy` brings them together."}
}

// couldNotCompare reports whether anything that should have been compared was
// not: a pair, a property, a Region, or everything because there is nothing.
// Facts are the gate's concern.
func couldNotCompare(r report.Report) bool {
	if r.Coverage.Pairs == 0 || r.Coverage.NotCompared > 0 {
		return true
	}
	return slices.ContainsFunc(r.Gaps, aboutConfiguration)
}

// aboutConfiguration reports whether a gap may hide a difference.
func aboutConfiguration(gap drift.Gap) bool { return gap.Fact == "" }
