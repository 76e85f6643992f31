package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/ledger"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/spf13/cobra"
)

// freezeFlags are the flags of freeze.
type freezeFlags struct {
	reason, until string
	lift          bool
}

func newFreeze(g *globals) *cobra.Command {
	f := &freezeFlags{}
	cmd := &cobra.Command{
		Use:   "freeze",
		Short: "Forbid deploys from now on, or allow them again",
		Long: `Write into the ledger of every Region that, and why, nobody may deploy. Deploys are
rejected from then on, those under way that have touched nothing included, until the
day has passed or the freeze is lifted. "lockstep deploy --ignore-freeze REASON" goes on all the
same and records why; "lockstep recover" is never held up. It changes nothing that runs.`,
		Example: `  lockstep freeze --reason "end of year" --until 2027-01-07
  lockstep freeze --lift`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runFreeze(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.reason, "reason", "", "`why`, for those who are refused")
	flags.StringVar(&f.until, "until", "", "last `day` (UTC) without deploys, as 2027-01-07 (default: until it is lifted)")
	flags.BoolVar(&f.lift, "lift", false, "allow deploys again")
	return cmd
}

// freeze is what the flags say; an error for what makes no sense.
func (f *freezeFlags) freeze(now time.Time, by deploy.Owner) (deploy.Freeze, error) {
	freeze := deploy.Freeze{Reason: strings.TrimSpace(f.reason), By: by, SetAt: now.UTC()}
	switch {
	case f.lift && (f.reason != "" || f.until != ""):
		return freeze, errors.New("--lift takes neither --reason nor --until")
	case f.lift:
		return freeze, nil
	case freeze.Reason == "":
		return freeze, errors.New("--reason is missing: those who are refused will ask")
	case f.until == "":
		return freeze, nil
	}
	day, err := drift.ParseDate(f.until)
	if err != nil {
		return freeze, fmt.Errorf("--until %q: write a day as 2027-01-07", f.until)
	}
	if freeze.Until = day.Time.AddDate(0, 0, 1); !freeze.Holds(now) {
		return freeze, fmt.Errorf("--until %s is over", f.until)
	}
	return freeze, nil
}

func (g *globals) runFreeze(ctx context.Context, f *freezeFlags) error {
	id, err := g.runID()
	if err != nil {
		return err
	}
	freeze, err := f.freeze(g.env.now(), g.owner(id))
	if err != nil {
		return usageError{err}
	}
	cfg, err := g.load()
	if err != nil {
		return err
	}
	sessions, err := g.open(ctx, cfg, cfg.Topology.Regions)
	if err != nil {
		return err
	}
	failures := make([]error, len(sessions))
	var all sync.WaitGroup
	for i, s := range sessions {
		all.Go(func() {
			book := ledger.New(session.Patient(s.Config), cfg.App, s.Region.Name, ledger.Options{})
			if f.lift {
				failures[i] = book.Thaw(ctx)
				return
			}
			failures[i] = book.Freeze(ctx, freeze)
		})
	}
	all.Wait()
	if err := errors.Join(failures...); err != nil {
		return fmt.Errorf("the freeze is not the same in every Region, run again: %w", err)
	}
	if f.lift {
		_, err = fmt.Fprintf(g.env.stdout, "Deploys of %s are allowed again in %s.\n", cfg.App, listRegions(cfg.Topology))
		return err
	}
	_, err = fmt.Fprintf(g.env.stdout, "Deploys of %s are frozen %s in %s: %s\n", cfg.App, until(freeze.Until), listRegions(cfg.Topology), harmless(freeze.Reason))
	return err
}
