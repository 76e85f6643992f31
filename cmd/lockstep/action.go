package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/github"
	"github.com/spf13/cobra"
)

// newAction is the entry point of the Docker action: it turns the action's
// inputs into a command line and runs that.
func newAction(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:    "action",
		Short:  "Run as a GitHub Action, from INPUT_* variables",
		Hidden: true,
		Args:   noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			runner := g.runner()
			inputs, err := runner.Inputs()
			if err != nil {
				return usageError{err}
			}
			runner.Mask(inputs.GitHubToken)
			root := newRoot(g.env)
			root.SetArgs(commandLine(inputs, g.env.getenv("GITHUB_WORKSPACE")))
			return root.ExecuteContext(cmd.Context())
		},
	}
}

// underAct is the command line of a step. act gives a container the input args in
// place of runs.args of action.yml, which says "action" and which GitHub's own
// runner goes by whatever the inputs are.
func underAct(args []string, env environment) []string {
	if env.getenv("ACT") != "true" || env.getenv("INPUT_COMMAND") == "" || len(args) == 0 {
		return args
	}
	inputs, err := github.New(env.getenv, env.commands, nil).Inputs()
	if err != nil || !slices.Equal(args, inputs.Args) {
		return args
	}
	return []string{"action"}
}

// commandLine writes the inputs as the arguments a person would type.
func commandLine(in github.Inputs, workspace string) []string {
	args := []string{in.Command}
	directory := filepath.Join(workspace, in.WorkingDirectory)
	if directory != "" {
		args = append(args, "--directory", directory)
	}
	if in.Config != "" {
		args = append(args, "--config", in.Config)
	}
	if in.FailOn != "" {
		args = append(args, "--fail-on", in.FailOn)
	}
	if in.RoleToAssume != "" {
		args = append(args, "--role-to-assume", in.RoleToAssume)
	}
	return append(args, in.Args...)
}

// giveToOwner hands a file the action wrote to whoever owns the directory: the
// container runs as root, the steps after it do not.
func giveToOwner(path string) error {
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	return chownLike(path, info)
}

// handOver gives paths that a step wrote, directories first, to the owner of what
// they are in. The files are there whoever they belong to.
func (g *globals) handOver(paths ...string) {
	runner := g.runner()
	if !runner.Running() {
		return
	}
	for _, path := range paths {
		if err := giveToOwner(path); err != nil {
			runner.Warn(fmt.Sprintf("give %s to the owner of the workspace: %v", path, err))
		}
	}
}
