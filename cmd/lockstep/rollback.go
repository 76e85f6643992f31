package main

import (
	"context"
	"fmt"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/spf13/cobra"
)

func newRollback(g *globals) *cobra.Command {
	f := &deployFlags{onCancel: string(deploy.AbortOnCancel), saved: true}
	dryRun := false
	cmd := &cobra.Command{
		Use:   "rollback [RELEASE]",
		Short: "Bring a recorded release back into every Region, or into none",
		Long: `Deploy what an earlier release held, from the states that were saved when it was
replaced: the release before the one that runs, or the one that is named by id or name.
It goes through the same phases as a deploy: plans are compared, all Regions go back or
none does, and what happens is recorded. The last ten releases are kept.

Values that nobody can read (NoEcho parameters) stay as they are now. A target that the
release did not have stays as it is. Alarms are not asked and nothing bakes: they may be
the reason. To take back a deploy that has not ended, use "lockstep recover".`,
		Example: `  lockstep rollback
  lockstep rollback r-0123456789ab
  lockstep rollback --dry-run 2026.11.1       what would it change?`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("rollback takes one release, got %q", args)}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return err
			}
			return g.runRollback(cmd.Context(), f, append(args, "")[0], dryRun)
		},
	}
	flags := cmd.Flags()
	f.addOrder(cmd)
	flags.StringSliceVar(&f.regions, "regions", nil, "only these `Regions`, comma-separated, as when another one is lost")
	flags.BoolVar(&dryRun, "dry-run", false, "show what would change in every Region, and change nothing")
	flags.StringVar(&f.onCancel, "on-cancel", string(deploy.AbortOnCancel), "what an interruption does to running operations: `abort|detach`")
	flags.DurationVar(&f.deadline, "deadline", 2*time.Hour, "give up and go back after this `duration`")
	flags.DurationVar(&f.busyTimeout, "busy-timeout", 10*time.Minute, "how long to wait for somebody else's operation on a stack")
	return g.withVerbose(g.withReportFlags(cmd))
}

func (g *globals) runRollback(ctx context.Context, f *deployFlags, to string, dryRun bool) error {
	back := func(ctx context.Context, req deploy.Request) (deploy.Result, error) {
		return deploy.Rollback(ctx, req, to)
	}
	return g.carryOut(ctx, f, order{command: "rollback", dryRun: dryRun, run: back, exit: exitForDeploy})
}
