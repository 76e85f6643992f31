package main

import (
	"context"
	"fmt"
	"io"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/spf13/cobra"
)

func newSnapshot(g *globals) *cobra.Command {
	out := ""
	cmd := &cobra.Command{
		Use:   "snapshot",
		Short: "Read every Region and write one file for each",
		Long: `Read every Region at once and write what was read, and what could not be, as one
JSON file per Region. drift and gate give the same report from these files, without
AWS. The files hold no secret value: secrets are digests under a key that was
random and is gone, comparable only among the files of one run.`,
		Example: `  lockstep snapshot --out snapshots
  lockstep gate --from snapshots`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runSnapshot(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "`directory` to write into (required)")
	return g.withReadFlags(cmd)
}

func (g *globals) runSnapshot(ctx context.Context, out string) error {
	if out == "" {
		return usageError{fmt.Errorf("snapshot needs --out DIRECTORY")}
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	if b.doubt != "" { // nobody approved how the Regions would be reached
		return fmt.Errorf("take snapshots: the configuration of the base commit is not known: %s", b.doubt)
	}
	if b.notice != "" {
		g.remark(b.notice)
	}
	cfg := b.cfg
	snapshots, err := g.snapshots(ctx, cfg, "")
	if err != nil {
		return err
	}
	gaps := 0
	for _, s := range snapshots {
		path := snapshotFile(g.path(out), s.Region.Name)
		if err := writeFile(path, func(w io.Writer) error { return drift.WriteSnapshot(w, s) }); err != nil {
			return err
		}
		gaps += len(s.Gaps)
		fmt.Fprintf(g.env.stdout, "%s: %d resources, %d facts, %d not read: %s\n", s.Region.Name, len(s.Resources), len(s.Facts), len(s.Gaps), path)
	}
	if gaps > 0 {
		return exitError{exitUndetermined}
	}
	return nil
}
