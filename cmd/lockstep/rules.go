package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/spf13/cobra"
)

func newRules(g *globals) *cobra.Command {
	markdown := false
	cmd := &cobra.Command{
		Use:   "rules [ID]",
		Short: "List the readiness rules, or explain one",
		Example: `  lockstep rules
  lockstep rules SEC-03`,
		ValidArgsFunction: completeRules,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError{fmt.Errorf("rules takes one rule id, got %d", len(args))}
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if markdown {
				_, err := fmt.Fprint(g.env.stdout, readiness.RulesMarkdown())
				return err
			}
			if len(args) == 0 {
				return listRules(g)
			}
			return explainRule(g, args[0])
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the whole catalogue as Markdown")
	return cmd
}

func listRules(g *globals) error {
	for _, rule := range slices.Concat(readiness.Rules(), readiness.Guards()) {
		if _, err := fmt.Fprintln(g.env.stdout, g.env.seen(fmt.Sprintf("%-8s %-5s  %s", rule.ID, rule.Severity, rule.Title))); err != nil {
			return err
		}
	}
	return nil
}

func explainRule(g *globals, id string) error {
	rule, ok := readiness.Find(strings.ToUpper(id))
	if !ok {
		return usageError{fmt.Errorf("unknown rule %q: `lockstep rules` lists them all", id)}
	}
	_, err := fmt.Fprint(g.env.stdout, g.env.seen(rule.Markdown()))
	return err
}
