package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/lockstep-dr/lockstep/internal/github"
)

// TestEveryInputIsAFlagOfTheProgram: whatever action.yml offers for a command,
// the command line has as well, under the same name.
func TestEveryInputIsAFlagOfTheProgram(t *testing.T) {
	// What has no flag, and why.
	elsewhere := map[string]string{
		"command": "is the command", "args": "are the arguments", "comment": "is read by what publishes", "github-token": "is read by what publishes; on a command line it would be seen by all",
		"working-directory": "is --directory, below the workspace",
	}
	text, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct{ Inputs map[string]any }
	if err := yaml.Unmarshal(text, &action); err != nil {
		t.Fatal(err)
	}
	drift, _, err := newRoot(processEnvironment()).Find([]string{"drift"}) // the one command that takes every input
	if err != nil {
		t.Fatal(err)
	}
	for name := range action.Inputs {
		flag := drift.Flags().Lookup(name)
		if flag == nil {
			flag = drift.InheritedFlags().Lookup(name)
		}
		if (flag == nil) == (elsewhere[name] == "") {
			t.Errorf("input %s: flag %v, and %q", name, flag, elsewhere[name])
		}
	}
	want := []string{"drift", "--directory", "w/d", "--config", "c", "--fail-on", "info", "--role-to-assume", "r", "--format", "json"}
	got := commandLine(github.Inputs{Command: "drift", Config: "c", RoleToAssume: "r", FailOn: "info", WorkingDirectory: "d", Args: []string{"--format", "json"}}, "w")
	if !slices.Equal(got, want) {
		t.Errorf("the inputs become %q, want %q", got, want)
	}
}

func TestActGivesTheInputArgsInPlaceOfOurOwn(t *testing.T) {
	inputs := map[string]string{"ACT": "true", "INPUT_COMMAND": "gate", "INPUT_ARGS": "--status --quota-share '50%'"}
	tests := []struct {
		name string
		env  map[string]string
		args []string
		want []string
	}{
		{"as act starts the container", inputs, []string{"--status", "--quota-share", "50%"}, []string{"action"}},
		{"as GitHub's runner does", inputs, []string{"action"}, []string{"action"}},
		{"a command line of somebody's own", inputs, []string{"rules"}, []string{"rules"}},
		{"not under act", map[string]string{"INPUT_COMMAND": "gate", "INPUT_ARGS": "--status"}, []string{"--status"}, []string{"--status"}},
		{"not a step of the action", map[string]string{"ACT": "true", "INPUT_ARGS": "--status"}, []string{"--status"}, []string{"--status"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			env := processEnvironment()
			env.getenv = func(key string) string { return test.env[key] }
			if got := underAct(test.args, env); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
