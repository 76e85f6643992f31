package main

import (
	"context"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/spf13/cobra"
)

func newRecover(g *globals) *cobra.Command {
	f := &deployFlags{onCancel: string(deploy.AbortOnCancel), deadline: 2 * time.Hour, busyTimeout: 10 * time.Minute, saved: true}
	forceUnlock := false
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Take an unfinished deploy back in every Region",
		Long: `Find a deploy that did not end (interrupted, killed, or stuck half-way back) and bring
every Region to the state it had when all of them last agreed. To go forward
instead, run "lockstep deploy" again.

A lock whose lease has ended is taken over anyway. --force-unlock is for one whose lease
has not, and whose holder is dead: make sure of that first. It refuses one that has given
a sign of life within a heartbeat (2m10s).

It ends with 0 when every Region is back, or nothing was unfinished; with 1 when another
run holds a lock; with 3 when something could not be determined; with 4 when a Region is
in doubt, or the Regions differ.`,
		Example: `  lockstep status
  lockstep recover
  lockstep recover --force-unlock     the run that holds the lock is dead`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runRecover(cmd.Context(), f, forceUnlock) },
	}
	cmd.Flags().BoolVar(&forceUnlock, "force-unlock", false, "first remove locks whose holder gives no sign of life any more, instead of waiting for their lease to end")
	return g.withVerbose(g.withReportFlags(cmd))
}

func (g *globals) runRecover(ctx context.Context, f *deployFlags, forceUnlock bool) error {
	o := order{command: "recover", run: deploy.Recover, exit: exitForRecovery}
	if forceUnlock {
		o.before = g.forceUnlock
	}
	return g.carryOut(ctx, f, o)
}

// exitForRecovery: being back everywhere is what was asked for. Where nothing was
// unfinished, Regions that run different releases are what they are to status.
func exitForRecovery(r deploy.Result) int {
	switch {
	case r.Outcome == deploy.RolledBack:
		return exitOK
	case r.Outcome == deploy.NoChange && r.Apart():
		return exitInDoubt
	}
	return exitForDeploy(r)
}
