package main

import (
	"encoding/json"
	"fmt"

	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/spf13/cobra"
)

func newIAM(g *globals) *cobra.Command {
	command := ""
	cmd := &cobra.Command{
		Use:   "iam",
		Short: "Print the IAM policy a command needs for this configuration",
		Long: `Print the policy that reading commands (drift, gate, snapshot) need for the resource
types in the release's templates. Resources are "*": narrow them where your account's
naming allows it.`,
		Example: `  lockstep iam --for gate`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			if command != "gate" && command != "drift" && command != "snapshot" {
				return usageError{fmt.Errorf("--for %q: use gate, drift or snapshot", command)}
			}
			cfg, err := g.load()
			if err != nil {
				return err
			}
			return g.printPolicy(cfg)
		},
	}
	cmd.Flags().StringVar(&command, "for", "gate", "the `command`: gate, drift or snapshot")
	return cmd
}

// policy is an IAM policy document.
type policy struct {
	Version   string
	Statement []statement
}

type statement struct {
	Sid      string
	Effect   string
	Action   []string
	Resource string
}

func (g *globals) printPolicy(cfg *config.Config) error {
	files, err := readTemplates(g, cfg)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	var types []string
	for _, t := range files.parsed {
		for _, resource := range t.Resources {
			if !seen[resource.Type] {
				seen[resource.Type] = true
				types = append(types, resource.Type)
			}
		}
	}
	document := policy{Version: "2012-10-17", Statement: []statement{{
		Sid: "LockstepReads", Effect: "Allow", Action: collect.Actions(types), Resource: "*",
	}}}
	encoder := json.NewEncoder(g.env.stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(document)
}
