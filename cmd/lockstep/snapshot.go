package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/report"
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
random and is gone, comparable only among the files of one run.

With --region one Region is read, with its own credentials, and nothing is asked of
the others: jobs that never see each other's credentials each write a file, and
another one judges. Give such jobs one ` + sealKeyVariable + `, at least 32 random
characters, or their secrets are not comparable and the verdict is unknown.`,
		Example: `  lockstep snapshot --out snapshots
  lockstep snapshot --region us-west-2 --out snapshots
  lockstep gate --from snapshots`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return g.runSnapshot(cmd.Context(), out) },
	}
	cmd.Flags().StringVar(&out, "out", "", "`directory` to write into (required)")
	cmd.Flags().StringVar(&g.only, "region", "", "read this `Region` alone")
	return g.withReadFlags(cmd)
}

func (g *globals) runSnapshot(ctx context.Context, out string) error {
	if out == "" {
		return usageError{fmt.Errorf("snapshot needs --out DIRECTORY")}
	}
	if err := g.takeSealKey(); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	if b.doubt != "" { // nobody approved how the Regions would be reached
		return fmt.Errorf("take snapshots: the configuration of the base commit is not known: %s", b.doubt)
	}
	for _, notice := range b.notices {
		g.remark(notice)
	}
	cfg := b.cfg
	if _, known := cfg.Topology.Region(g.only); g.only != "" && !known {
		return usageError{fmt.Errorf("--region %s: the configuration has %s", g.only, strings.Join(cfg.Topology.Names(), ", "))}
	}
	snapshots, err := g.snapshots(ctx, cfg, "")
	if err != nil {
		return err
	}
	gaps := 0
	for _, s := range snapshots {
		if g.only != "" && s.Region.Name != g.only {
			continue
		}
		path := snapshotFile(g.path(out), s.Region.Name)
		if err := writeFile(path, func(w io.Writer) error { return drift.WriteSnapshot(w, s) }); err != nil {
			return err
		}
		g.handOver(g.path(out), path)
		gaps += len(s.Gaps)
		fmt.Fprintf(g.env.stdout, "%s: %s, %s, %d not read: %s\n", s.Region.Name, report.Plural(len(s.Resources), "resource"), report.Plural(len(s.Facts), "fact"), len(s.Gaps), path)
	}
	if gaps > 0 {
		return exitError{exitUndetermined}
	}
	return nil
}
