package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lockstep-dr/lockstep/internal/progress"
)

const rootLong = `Lockstep keeps a workload's AWS Regions in lockstep: it deploys a release to
every Region or to none, finds what differs between them that should not, and
blocks a merge when the standby could no longer take over.

Exit codes: 0 released, no drift, ready · 1 not released (every Region on the
old release), drift, not ready · 2 usage or configuration error (nothing was
touched) · 3 could not determine (nothing was touched) · 4 Regions differ or
one is in doubt.`

const rootExample = `  lockstep demo                         the whole story on an embedded, simulated AWS
  lockstep config check                 is lockstep.yml right?
  lockstep plan                         what would a deploy do in every Region?
  lockstep deploy                       one release into every Region, or into none
  lockstep drift                        what differs between the Regions?
  lockstep gate                         could the standby take over?`

// run executes one command line and returns the exit code. It is the whole
// program but for os.Exit.
func run(args []string, env environment) int {
	ctx, stop := withInterrupts(context.Background(), env, os.Exit)
	defer stop()
	root := newRoot(env)
	root.SetArgs(underAct(args, env))
	err := root.ExecuteContext(ctx)
	var quiet exitError
	if err != nil && !errors.As(err, &quiet) {
		fmt.Fprintf(env.stderr, "lockstep: %s\n", harmless(spoken(ctx, err)))
	}
	return exitCodeOf(err)
}

// spoken is an error for people: of what a signal ended no more than what was being done.
func spoken(ctx context.Context, err error) string {
	if ctx.Err() == nil || !errors.Is(err, context.Canceled) {
		return err.Error()
	}
	doing, _, _ := strings.Cut(err.Error(), "context canceled")
	doing, _, _ = strings.Cut(doing, "operation error")
	if doing = strings.TrimRight(doing, ": "); doing == "" {
		return "cancelled"
	}
	return "cancelled: " + doing
}

// globals are the flags every command has.
type globals struct {
	env        environment
	configFile string
	directory  string
	format     string
	out        string
	// roleToAssume is for Regions whose configuration names none.
	roleToAssume string
	// quotaShare is --quota-share; empty where the configuration decides.
	quotaShare string
	// cache is --cache; empty where nothing is remembered.
	cache string
	// everyStrategy asks for the evidence of all strategies.
	everyStrategy bool
	// only is the one Region that a snapshot is taken of; empty: all.
	only string
	// sealKey is the key that snapshots of several jobs share; empty: a random one.
	sealKey string
	// verbose is --verbose: tell everything while it happens.
	verbose bool
	// told is the progress that remarks must not disturb; nil: there is none.
	told *progress.Progress
	// afterReport runs after the report was printed.
	afterReport func()
}

func newRoot(env environment) *cobra.Command {
	g := &globals{env: env}
	root := &cobra.Command{
		Use:           "lockstep",
		Short:         "Keep the Regions of a workload in lockstep",
		Long:          rootLong,
		Example:       rootExample,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w (see %q)", err, cmd.CommandPath()+" --help")}
	})
	flags := root.PersistentFlags()
	flags.StringVar(&g.configFile, "config", "", "configuration `file` (default .github/lockstep.yml, then lockstep.yml)")
	flags.StringVarP(&g.directory, "directory", "C", "", "work in this `directory`")
	flags.StringVar(&g.roleToAssume, "role-to-assume", "", "IAM `role` for Regions whose configuration names none")
	root.AddCommand(
		newDeploy(g), newPlan(g), newRehearse(g), newStatus(g), newRecover(g), newRollback(g), newFreeze(g), newSnapshot(g), newDrift(g), newGate(g), newPredict(g), newReports(g),
		newWatch(g), newInit(g), newDoctor(g), newMan(g),
		newRules(g), newStrategy(g), newIAM(g), newConfig(g), newAction(g), newDemo(g), newSim(g), newVersion(g),
	)
	return g.withCompletions(withColumns(root))
}

// knownCommand refuses what cobra would hand to the root command: a word that is no command.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := ""
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = fmt.Sprintf(": did you mean %s?", strings.Join(near, " or "))
	}
	return usageError{fmt.Errorf("unknown command %q%s (see \"lockstep --help\")", args[0], hint)}
}

// noArgs refuses arguments as a usage error that names them.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("%s takes no argument, got %q (see %q)", cmd.CommandPath(), args[0], cmd.CommandPath()+" --help")}
	}
	return nil
}
