package e2e

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var (
	uses = regexp.MustCompile(`\buses:`)
	// pinned is an action at a full commit, with the version for people and Dependabot.
	pinned = regexp.MustCompile(`^\s*(?:- )?uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
)

// TestWorkflowsArePinnedAndModest: every action of every workflow, ours and the
// examples, at a full commit; permissions and concurrency always said; the
// examples give our action only inputs that it has.
func TestWorkflowsArePinnedAndModest(t *testing.T) {
	inputs := actionInputs(t)
	for _, dir := range []string{".github/workflows", "examples/workflows"} {
		files, err := filepath.Glob(filepath.Join(repository, dir, "*.yml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d workflows, %v", dir, len(files), err)
		}
		for _, file := range files {
			t.Run(filepath.Join(dir, filepath.Base(file)), func(t *testing.T) { checkWorkflow(t, file, inputs) })
		}
	}
}

func checkWorkflow(t *testing.T, file string, inputs []string) {
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(data), "\n") {
		if trimmed := strings.TrimSpace(line); !strings.HasPrefix(trimmed, "#") && uses.MatchString(trimmed) && trimmed != "uses: ./" && !pinned.MatchString(line) {
			t.Errorf("line %d is not pinned to a full commit with its version: %s", i+1, trimmed)
		}
	}
	var workflow struct {
		Permissions map[string]string
		Concurrency struct{ Group string }
		Jobs        map[string]struct {
			TimeoutMinutes int `yaml:"timeout-minutes"`
			Steps          []struct {
				Uses string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	if workflow.Permissions["contents"] != "read" {
		t.Errorf("permissions at the top: %v, want contents: read", workflow.Permissions)
	}
	if workflow.Concurrency.Group == "" {
		t.Error("no concurrency group")
	}
	for name, job := range workflow.Jobs {
		if job.TimeoutMinutes == 0 {
			t.Errorf("job %s has no timeout", name)
		}
		for _, step := range job.Steps {
			for input := range step.With {
				if strings.HasPrefix(step.Uses, "your-org/lockstep@") && !slices.Contains(inputs, input) {
					t.Errorf("job %s gives our action the input %s, which it does not have", name, input)
				}
			}
		}
	}
}

func actionInputs(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var action struct{ Inputs map[string]any }
	if err := yaml.Unmarshal(data, &action); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range action.Inputs {
		names = append(names, name)
	}
	return names
}

// TestTheCheckToRequireWaitsForEveryJob: a job that it forgets may fail, and the
// merge goes through.
func TestTheCheckToRequireWaitsForEveryJob(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(repository, ".github", "workflows", "ci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var workflow struct {
		Jobs map[string]struct {
			If    string
			Needs []string
			Steps []struct{ Run string }
		}
	}
	if err := yaml.Unmarshal(data, &workflow); err != nil {
		t.Fatal(err)
	}
	ci := workflow.Jobs["ci"]
	all := slices.Sorted(maps.Keys(workflow.Jobs))
	if !slices.Equal(slices.Sorted(slices.Values(append(ci.Needs, "ci"))), all) {
		t.Errorf("ci needs %v; the jobs are %v", ci.Needs, all)
	}
	wanted := strings.TrimSpace(strings.Repeat("success ", len(ci.Needs)))
	if ci.If != "always()" || len(ci.Steps) != 1 || ci.Steps[0].Run != `test "$RESULTS" = "`+wanted+`"` {
		t.Errorf("ci is skipped, or does not ask for %d successes: %+v", len(ci.Needs), ci)
	}
}
