package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lockstep-dr/lockstep/internal/config"
)

// withReadFlags adds the flags of commands that read whole Regions.
func (g *globals) withReadFlags(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&g.quotaShare, "quota-share", "",
		"`part` of AWS's request rates to use, 1% to 100% (default: read.quota-share of the configuration, else 30%)")
	cmd.Flags().StringVar(&g.cache, "cache", "", "remember in this `directory` what AWS can never change, for the next run")
	return cmd
}

// remark prints what is worth saying about a run and changes nothing in it.
func (g *globals) remark(text string) {
	out := g.env.stderr
	if g.told != nil {
		out = g.told
	}
	fmt.Fprintf(out, "lockstep: %s\n", harmless(text))
}

// cacheDirectory is --cache as collect takes it.
func (g *globals) cacheDirectory() string {
	if g.cache == "" {
		return ""
	}
	return g.path(g.cache)
}

// share is the part of AWS's request rates that this run may use.
func (g *globals) share(cfg *config.Config) (float64, error) {
	if g.quotaShare == "" {
		return cfg.QuotaShare, nil
	}
	share, err := config.ParseQuotaShare(g.quotaShare)
	if err != nil {
		return 0, usageError{fmt.Errorf("--quota-share %w", err)}
	}
	return share, nil
}
