package main

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// withCompletions teaches the shell what the flags of every command take: closed
// sets from their own usage, Regions and stacks from the configuration. Nothing
// is asked of AWS while somebody types.
func (g *globals) withCompletions(root *cobra.Command) *cobra.Command {
	fromOutside := map[string]func() []string{
		"for": func() []string { return iamCommands }, "regions": g.knownRegions, "stacks": g.knownStacks,
	}
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			values := fromOutside[f.Name]
			if placeholder, _ := pflag.UnquoteUsage(f); strings.Contains(placeholder, "|") {
				values = func() []string { return strings.Split(placeholder, "|") }
			}
			if values == nil {
				return
			}
			// It fails only for a flag that does not exist or has a completion.
			_ = cmd.RegisterFlagCompletionFunc(f.Name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return values(), cobra.ShellCompDirectiveNoFileComp
			})
		})
	}
	return root
}

// completeRules offers the ids of the rules, with their titles.
func completeRules(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var ids []string
	for _, rule := range slices.Concat(readiness.Rules(), readiness.Guards()) {
		ids = append(ids, rule.ID+"\t"+rule.Title)
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

// knownRegions are the configured ones; without a configuration, none.
func (g *globals) knownRegions() []string {
	var names []string
	if cfg := g.quietly(); cfg != nil {
		for _, region := range cfg.Topology.Regions {
			names = append(names, region.Name)
		}
	}
	return names
}

// knownStacks are those that the configuration names.
func (g *globals) knownStacks() []string {
	var names []string
	if cfg := g.quietly(); cfg != nil {
		for _, source := range stackSources(cfg) {
			names = append(names, source.Key)
		}
	}
	return names
}

// quietly loads the configuration, or nothing: a shell has no place for errors.
func (g *globals) quietly() *config.Config {
	path := g.path(g.configFile)
	if g.configFile == "" {
		found, err := config.Find(g.path("."))
		if err != nil {
			return nil
		}
		path = found
	}
	cfg, err := config.Load(path, g.env.now())
	if err != nil {
		return nil
	}
	return cfg
}
