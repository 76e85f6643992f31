package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/cost"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// strategyOptions are the flags of strategy.
type strategyOptions struct {
	from, tag string
	noCost    bool
}

func newStrategy(g *globals) *cobra.Command {
	var o strategyOptions
	cmd := &cobra.Command{
		Use:   "strategy",
		Short: "Say which disaster-recovery strategy the application lives up to",
		Long: `Judge the Regions under each strategy: backup-restore, pilot-light, warm-standby and
active-active. Say which rung of that ladder the application stands on, and what
keeps it from the next one. It is a report and no gate: it exits 0 whatever it says.

The cost of each Region in the month that runs is asked of Cost Explorer, once for
each account; AWS charges 0.01 USD for the request. Where it may not be asked, or is
asked from files, the cost is said to be unknown.`,
		Example: `  lockstep strategy
  lockstep strategy --cost-tag app=payments
  lockstep strategy --no-cost --format markdown
  lockstep strategy --from snapshots`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runStrategy(cmd.Context(), o) },
	}
	cmd.Flags().StringVar(&o.from, "from", "", "read the snapshots in this `directory` instead of AWS")
	cmd.Flags().StringVar(&o.tag, "cost-tag", "", "cost of what has this tag, `KEY=VALUE`, an active cost allocation tag (default: of the account)")
	cmd.Flags().BoolVar(&o.noCost, "no-cost", false, "do not ask Cost Explorer")
	return g.withReadFlags(g.withReportFlags(cmd))
}

func (g *globals) runStrategy(ctx context.Context, o strategyOptions) error {
	if err := g.checkFormat(); err != nil {
		return err
	}
	filter, err := cost.ParseTag(o.tag)
	if err != nil {
		return usageError{err}
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	if b.doubt != "" {
		return errors.New("judge the strategies: the configuration of the base commit is not known: " + b.doubt)
	}
	g.everyStrategy = true
	c, err := g.compare(ctx, b.cfg, o.from)
	if err != nil {
		return err
	}
	r := c.strategies(g.newReport(b.cfg, "strategy"), g)
	if !o.noCost {
		r.Costs = g.costs(ctx, b.cfg, filter, o.from)
	}
	return g.finish(ctx, b.qualify(r), 0)
}

// strategies writes the ladder into a report, and all that keeps the application
// from its next rung.
func (c *comparison) strategies(r report.Report, g *globals) report.Report {
	now := g.env.now()
	c.refuseOld(now)
	ladder, all := c.ladder(c.assess(), now)
	r = c.report(r)
	r.Findings, r.Gaps, r.Waivers = []drift.Finding{}, []drift.Gap{}, nil
	r.Ladder = &ladder
	r.Notices = append(r.Notices, unjudged(c.cfg)...)
	if rung, above := ladder.Rung(ladder.Next); above {
		next := all[ladder.Next]
		r.Waivers = next.Waivers
		r.Checks = slices.DeleteFunc(next.Checks, func(check readiness.Check) bool { return !rung.Keeps(check) })
		r.Gaps = gapsOf(next, r.Checks)
	}
	return r
}

// unjudged says what the ladder does not show.
func unjudged(cfg *config.Config) []string {
	var notices []string
	if cfg.Objectives.RPO == 0 {
		notices = append(notices, "objectives.rpo is not declared: whether the data reaches the other Regions was not judged.")
	}
	if cfg.Topology.Strategy != topology.ActiveActive {
		notices = append(notices, "that clients are sent to every Region at once, and that their writes do not collide, is not judged under active-active.")
	}
	return notices
}

// gapsOf are the gaps that one of the checks waits for.
func gapsOf(a readiness.Assessment, checks []readiness.Check) []drift.Gap {
	waiting := map[string]bool{}
	for _, check := range checks {
		waiting[check.Rule] = true
	}
	return slices.DeleteFunc(mergeGaps([]drift.Gap{}, a.Gaps), func(gap drift.Gap) bool {
		return !slices.ContainsFunc(gap.NeededBy, func(rule string) bool { return waiting[rule] })
	})
}

// costs asks each account once; what is not known says why.
func (g *globals) costs(ctx context.Context, cfg *config.Config, filter cost.Tag, from string) []report.Cost {
	unknown := func(why string) (all []report.Cost) {
		for _, region := range cfg.Topology.Regions {
			all = append(all, report.Cost{Region: region.Name, Of: filter.String(), Unknown: why})
		}
		return all
	}
	if from != "" {
		return unknown("it is not in the snapshots")
	}
	opened, err := g.open(ctx, cfg, cfg.Topology.Regions)
	if err != nil {
		return unknown(harmless(err.Error()))
	}
	var all []report.Cost
	asked := map[string]cost.Month{}
	for _, s := range opened {
		month, known := asked[s.Account]
		if !known {
			month = cost.MonthToDate(ctx, s.ReadOnly.Config(), filter, g.env.now())
			asked[s.Account] = month
		}
		all = append(all, costOf(month, s, filter))
	}
	return all
}

func costOf(month cost.Month, s *session.Session, filter cost.Tag) report.Cost {
	c := report.Cost{Region: s.Region.Name, Of: filter.String(), From: month.From, To: month.To}
	if !filter.Set() {
		c.Of = "the whole account " + s.Account
	}
	amount, why := month.Of(s.Region.Name)
	if why != "" {
		c.Unknown = why
		return c
	}
	c.Amount, c.Currency = amount.Value, amount.Currency
	return c
}
