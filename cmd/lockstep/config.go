package main

import (
	"errors"
	"fmt"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/ownrules"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/spf13/cobra"
)

func newConfig(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Check the configuration; print its JSON Schema or its reference",
		Example: `  lockstep config check
  lockstep config schema > lockstep.schema.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newConfigCheck(g), newConfigSchema(g), newConfigReference(g))
	return cmd
}

func newConfigCheck(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "Check the configuration and the files it names; touch nothing",
		Example: `  lockstep config check
  lockstep --config infra/lockstep.yml config check`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			cfg, err := g.load()
			if err != nil {
				return err
			}
			sources, err := readTemplates(g, cfg)
			if err != nil {
				return err
			}
			lacking, wrong := sources.checkParameters(cfg)
			g.warn(lacking)
			if wrong != nil {
				return wrong
			}
			if err := g.inventory(cfg).CheckFiles(); err != nil {
				return usageError{err}
			}
			fmt.Fprintln(g.env.stdout, g.env.seen(fmt.Sprintf("%s: ok: %s, %s, %s", cfg.File, cfg.App, cfg.Topology.Strategy, listRegions(cfg.Topology))))
			return nil
		},
	}
}

func newConfigSchema(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of the configuration, for editors",
		Example: `  lockstep config schema > lockstep.schema.json`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := g.env.stdout.Write(config.JSONSchema())
			return err
		},
	}
}

func newConfigReference(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:    "reference",
		Short:  "Print the reference of the configuration as Markdown",
		Hidden: true, // writes docs/configuration.md
		Args:   noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(g.env.stdout, config.ReferenceMarkdown())
			return err
		},
	}
}

// load finds, reads and checks the configuration. Every error is a usage error:
// nothing was touched. Warnings go to stderr.
func (g *globals) load() (*config.Config, error) {
	path := g.configFile
	if path == "" {
		found, err := config.Find(g.path("."))
		if err != nil {
			return nil, usageError{err}
		}
		path = found
	} else {
		path = g.path(path)
	}
	cfg, err := config.Load(path, g.env.now())
	if err != nil {
		return nil, usageError{err}
	}
	if err := errors.Join(checkMeaning(cfg), g.checkReads(cfg)); err != nil {
		return nil, usageError{err}
	}
	g.warn(cfg.Warnings)
	return cfg, nil
}

func (g *globals) warn(warnings []config.Problem) {
	for _, w := range warnings {
		fmt.Fprintf(g.env.stderr, "warning: %s\n", harmless(w.String()))
	}
}

// checkMeaning refuses what is well formed and still cannot be honoured: rules
// that do not exist, whose policy would silently mean nothing, and rules of the
// team that say nothing.
func checkMeaning(cfg *config.Config) error {
	known := map[string]bool{}
	for _, id := range readiness.RuleIDs() {
		known[id] = true
	}
	own, problems, err := compileOwn(cfg)
	if err != nil {
		return err
	}
	cfg.Policy.Own = own
	for _, rule := range own {
		known[rule.ID] = true
	}
	for _, id := range cfg.Rules() {
		if !known[id] {
			problems = append(problems, cfg.Problem(cfg.RulePositions[id], fmt.Sprintf("unknown rule %q", id), "`lockstep rules` lists them all"))
		}
	}
	if len(problems) == 0 {
		return nil
	}
	return &config.Errors{Problems: problems}
}

// compileOwn makes the team's expressions rules. Each problem stands where its
// text stands in the file.
func compileOwn(cfg *config.Config) ([]readiness.Own, []config.Problem, error) {
	sources := make([]ownrules.Source, len(cfg.Gate.Own))
	for i, own := range cfg.Gate.Own {
		sources[i] = ownrules.Source{ID: own.ID, Message: own.Message, Fix: own.Fix, Severity: own.Severity, Expression: own.Expression, Reads: own.Reads, MayBeEmpty: own.MayBeEmpty}
	}
	rules, wrong, err := ownrules.Compile(sources)
	var problems []config.Problem
	for _, p := range wrong {
		own := cfg.Gate.Own[p.Rule]
		at := own.Pos
		if p.Line > 0 {
			at = own.At(p.Line, p.Column)
		}
		problems = append(problems, cfg.Problem(at, own.ID+": "+p.Message, p.Remedy))
	}
	return rules, problems, err
}
