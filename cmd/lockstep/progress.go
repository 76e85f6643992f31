package main

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/progress"
	"github.com/spf13/cobra"
)

// withVerbose adds the flag of commands that tell what they do meanwhile.
func (g *globals) withVerbose(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().BoolVar(&g.verbose, "verbose", false, "tell what happens to every resource, and what programs say, as it happens")
	return cmd
}

// progress tells what a deploy does while it does it. In a workflow what happens
// to single resources is printed after the report, in one foldable group per
// Region: between the lines of two Regions it would be beyond reading.
func (g *globals) progress(cfg *config.Config) *progress.Progress {
	var targets []string
	for _, t := range cfg.Release {
		targets = append(targets, t.Key())
	}
	regions := cfg.Topology.Names()
	p := progress.New(progress.Options{Out: g.env.stderr, Regions: regions, Targets: targets,
		Live: g.env.redraws, Verbose: g.verbose, Keep: g.runner().Running() && !g.verbose, Now: g.env.now, Clean: harmless})
	g.told = p
	g.afterReport = func() {
		for _, region := range regions {
			g.fold(region, p.Kept(region))
		}
	}
	return p
}

// fold prints lines of one Region that a workflow's log shows on request.
func (g *globals) fold(region string, lines []string) {
	if len(lines) == 0 {
		return
	}
	runner := g.runner()
	runner.Group(fmt.Sprintf("%s: %d events", region, len(lines)))
	fmt.Fprintln(g.env.stderr, strings.Join(lines, "\n"))
	runner.EndGroup()
}

// redraws reports whether lines on a terminal can be drawn again: old consoles
// of Windows print what others obey.
func redraws(terminal bool, getenv func(string) string) bool {
	return terminal && getenv("TERM") != "dumb" && (runtime.GOOS != "windows" || getenv("WT_SESSION") != "")
}
