package main

import (
	"cmp"
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func newGate(g *globals) *cobra.Command {
	var from string
	var static, status, plan bool
	var plans []string
	var admits admission
	cmd := &cobra.Command{
		Use:   "gate",
		Short: "Say whether the standby could take over; fail if not",
		Long: `Read every Region, compare, and judge by the readiness rules: ready, not-ready or
unknown. What could not be read makes the verdict unknown, which blocks too unless
the configuration says otherwise. Writes nothing to AWS, but who let a change pass by
break-glass.

On a pull request and in the merge queue the configuration of the base commit
decides. Where GitHub gives no credentials (forks, Dependabot) the templates alone
are judged: not-ready, or unknown, which gate.fork-policy may let pass.`,
		Example: `  lockstep gate
  lockstep gate --format markdown
  lockstep gate --plan                        as a merge of the working tree would leave the Regions
  lockstep gate --from snapshots              the same verdict again, from files`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case plan && (static || from != ""):
				return usageError{errors.New("--plan reads the live Regions: use it without --static and --from")}
			case len(plans) > 0 && !plan:
				return usageError{errors.New("--terraform-plan is for --plan")}
			case plan:
				return g.runPlannedGate(cmd.Context(), admits, plans, status)
			case static && from != "":
				return usageError{errors.New("--static judges templates and --from snapshots: use one of them")}
			case static:
				return g.runStaticGate(cmd.Context())
			}
			return g.runGate(cmd.Context(), from, admits, status)
		},
	}
	cmd.Flags().BoolVar(&plan, "plan", false, "judge the Regions as a merge would leave them: makes change sets, and deletes them again")
	cmd.Flags().StringArrayVar(&plans, "terraform-plan", nil, "with --plan, what a Terraform target would change in a Region: the output of terraform show -json PLAN, as `[TARGET:]REGION=FILE`; repeatable")
	cmd.Flags().BoolVar(&static, "static", false, "judge the templates of the working tree alone, without credentials: not-ready, or unknown")
	cmd.Flags().BoolVar(&status, "status", false, "set the commit status "+standbyContext+" too, as watch does")
	cmd.Flags().StringVar(&from, "from", "", "read the snapshots in this `directory` instead of AWS")
	cmd.Flags().StringVar(&admits.base, "base", "", "with gate.block: regressions, the JSON report of the base commit, a `file` (on a pull request, outside of the checkout)")
	cmd.Flags().StringVar(&admits.reason, "break-glass", "", "pass whatever the verdict, for this `reason`; gate.break-glass has to allow it, and it is for runs that no change under review started")
	return g.withReadFlags(g.withReportFlags(cmd, sarifFormat))
}

func (g *globals) runGate(ctx context.Context, from string, admits admission, status bool) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	if err := g.checkFrom(b, from); err != nil {
		return err
	}
	if b.doubt != "" && from == "" {
		return g.finishStaticGate(ctx, b, status, b.change().static)
	}
	r, err := g.judge(ctx, b.cfg, from)
	if err != nil {
		r, code, ok, failed := g.judgeOutsider(b, err)
		if !ok || failed != nil {
			return cmp.Or(failed, err)
		}
		return g.finish(ctx, r, code)
	}
	r = g.admit(ctx, b, admits, b.qualify(g.located(b.head, r)))
	if status {
		g.setOwnStatus(ctx, b, r)
	}
	return g.finish(ctx, r, exitForGate(r))
}

// runStaticGate is the gate of a run that has no credentials.
func (g *globals) runStaticGate(ctx context.Context) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	return g.finishStaticGate(ctx, b, false, "--static asks AWS nothing")
}

// finishStaticGate ends a gate that asks AWS nothing; why says what kept it.
func (g *globals) finishStaticGate(ctx context.Context, b *basis, status bool, why ...string) error {
	r, err := g.staticGate(b.proposed(), why...)
	if err != nil {
		return err
	}
	r = b.qualify(b.unapproved(r))
	if status {
		g.setOwnStatus(ctx, b, r)
	}
	return g.finish(ctx, r, exitForVerdict(r.Verdict))
}
