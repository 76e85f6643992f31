package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// runner reproduces what GitHub's runner does with a Docker action: the mounts,
// the working directory, the environment and the files a step may write.
type runner struct {
	t         *testing.T
	base      string // host directory that holds everything below
	workspace string
	env       []string
}

func newRunner(t *testing.T, endpoint, workspace string) *runner {
	t.Helper()
	r := &runner{t: t, base: t.TempDir(), workspace: workspace}
	for _, dir := range []string{"home", "workflow", "file_commands", "runner_temp"} {
		if err := os.MkdirAll(filepath.Join(r.base, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"output", "summary", "env", "state", "path"} {
		r.write("file_commands/"+file, "")
	}
	r.write("workflow/event.json", `{"after":"0123456789012345678901234567890123456789"}`)
	r.env = append(awsEnvironment(endpoint),
		"GITHUB_ACTIONS=true", "CI=true", "HOME=/github/home",
		"GITHUB_WORKSPACE=/github/workspace", "GITHUB_EVENT_PATH=/github/workflow/event.json", "GITHUB_EVENT_NAME=push",
		"GITHUB_OUTPUT=/github/file_commands/output", "GITHUB_STEP_SUMMARY=/github/file_commands/summary",
		"GITHUB_ENV=/github/file_commands/env", "GITHUB_STATE=/github/file_commands/state", "GITHUB_PATH=/github/file_commands/path",
		"GITHUB_REPOSITORY=acme/payments", "GITHUB_RUN_ID=1", "GITHUB_SERVER_URL=https://github.example.com",
		"GITHUB_SHA=0123456789012345678901234567890123456789", "RUNNER_TEMP=/github/runner_temp")
	return r
}

func (r *runner) write(name, content string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.base, name), []byte(content), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *runner) read(name string) string {
	r.t.Helper()
	data, err := os.ReadFile(filepath.Join(r.base, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(data)
}

// outputs are the step's outputs, read as the runner reads the file.
func (r *runner) outputs() map[string]string {
	values := map[string]string{}
	lines := strings.Split(r.read("file_commands/output"), "\n")
	for i := 0; i < len(lines); i++ {
		name, delimiter, heredoc := strings.Cut(lines[i], "<<")
		if !heredoc {
			continue
		}
		var body []string
		for i++; i < len(lines) && lines[i] != delimiter; i++ {
			body = append(body, lines[i])
		}
		values[name] = strings.Join(body, "\n")
	}
	return values
}

// command is the runner's docker run for a step with these inputs.
func (r *runner) command(name string, inputs map[string]string, extra ...string) []string {
	args := []string{"run", "--rm", "--name", name, "--network", "host", "--workdir", "/github/workspace",
		"-v", filepath.Join(r.base, "home") + ":/github/home",
		"-v", filepath.Join(r.base, "workflow") + ":/github/workflow",
		"-v", filepath.Join(r.base, "file_commands") + ":/github/file_commands",
		"-v", filepath.Join(r.base, "runner_temp") + ":/github/runner_temp",
		"-v", r.workspace + ":/github/workspace"}
	r.write("env", strings.Join(r.env, "\n")+"\n")
	args = append(args, "--env-file", filepath.Join(r.base, "env"))
	for input, value := range inputs {
		args = append(args, "-e", "INPUT_"+strings.ToUpper(input)+"="+value)
	}
	args = append(args, extra...)
	return append(args, testImage, "action")
}

// step runs the action to its end.
func (r *runner) step(inputs map[string]string, extra ...string) result {
	r.t.Helper()
	return runIn(r.t, "", nil, "docker", r.command(containerName(r.t), inputs, extra...)...)
}

func containerName(t *testing.T) string {
	return fmt.Sprintf("lockstep-e2e-%d-%d", os.Getpid(), time.Now().UnixNano())
}

func TestTheRunnersOwnDockerRun(t *testing.T) {
	image(t)
	endpoint := simulator(t)
	workspace := sample(t)

	t.Run("a gate before anything was deployed has nothing to judge: exit 3", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		if got := r.step(map[string]string{"command": "gate"}); got.code != 3 {
			t.Errorf("exit code %d", got.code)
		}
		if verdict := r.outputs()["verdict"]; verdict != "unknown" {
			t.Errorf("output verdict is %q", verdict)
		}
	})
	t.Run("a deploy into both Regions: exit 0, outcome done, summary written", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		if got := r.step(map[string]string{"command": "deploy"}); got.code != 0 {
			t.Fatalf("exit code %d", got.code)
		}
		if outcome := r.outputs()["outcome"]; outcome != "done" {
			t.Errorf("output outcome is %q", outcome)
		}
		if summary := r.read("file_commands/summary"); !strings.Contains(summary, "us-west-2") {
			t.Errorf("the summary does not name the standby:\n%s", summary)
		}
	})
	t.Run("a gate on what was deployed: exit 0, verdict ready", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		if got := r.step(map[string]string{"command": "gate"}); got.code != 0 {
			t.Errorf("exit code %d", got.code)
		}
		if verdict := r.outputs()["verdict"]; verdict != "ready" {
			t.Errorf("output verdict is %q", verdict)
		}
	})
	t.Run("the report in the workspace belongs to the owner of the workspace", func(t *testing.T) {
		own, want := sample(t), os.Getuid()
		if want == 0 { // only root can give it to somebody else
			want = 1234
			must(t, "", nil, "chown", "-R", "1234:1234", own)
		}
		r := newRunner(t, endpoint, own)
		r.step(map[string]string{"command": "drift"})
		path := r.outputs()["report-path"]
		if path == "" {
			t.Fatal("no output report-path")
		}
		if owner := strings.TrimSpace(must(t, own, nil, "stat", "-c", "%u", path)); owner != fmt.Sprint(want) {
			t.Errorf("%s belongs to %s, want %d", path, owner, want)
		}
	})
	t.Run("a command that does not exist: exit 2, nothing called", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		if got := r.step(map[string]string{"command": "destroy"}); got.code != 2 {
			t.Errorf("exit code %d", got.code)
		}
	})
	t.Run("an AWS that does not answer: exit 3, never ready", func(t *testing.T) {
		r := newRunner(t, fmt.Sprintf("http://127.0.0.1:%d", freePort(t)), workspace)
		r.env = append(r.env, "AWS_MAX_ATTEMPTS=1")
		if got := r.step(map[string]string{"command": "gate"}); got.code != 3 {
			t.Errorf("exit code %d", got.code)
		}
		if verdict := r.outputs()["verdict"]; verdict == "ready" {
			t.Errorf("output verdict is %q", verdict)
		}
	})
	t.Run("a read-only workspace changes no verdict", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		args := r.command(containerName(t), map[string]string{"command": "gate"})
		for i, arg := range args {
			if strings.HasSuffix(arg, ":/github/workspace") {
				args[i] += ":ro"
			}
		}
		if got := runIn(t, "", nil, "docker", args...); got.code != 0 {
			t.Errorf("exit code %d", got.code)
		}
	})
	t.Run("file commands that cannot be written change no verdict", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		got := r.step(map[string]string{"command": "gate"}, "-e", "GITHUB_OUTPUT=/github/nowhere/output", "-e", "GITHUB_STEP_SUMMARY=")
		if got.code != 0 {
			t.Errorf("exit code %d", got.code)
		}
	})
}

// TestCancelInTheMiddleOfBothRegions sends the runner's SIGINT while both
// Regions are being updated: the step ends within five seconds with the code
// for "in doubt" or with every Region on the release it had, releases its
// locks, writes its summary, and a second run brings both Regions together.
func TestCancelInTheMiddleOfBothRegions(t *testing.T) {
	image(t)
	endpoint := simulator(t, "--speed", "4") // slow enough to be caught in the middle
	workspace := sample(t)
	r := newRunner(t, endpoint, workspace)
	name := containerName(t)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	step := exec.CommandContext(ctx, "docker", r.command(name, map[string]string{"command": "deploy"})...)
	var log bytes.Buffer
	step.Stdout, step.Stderr = &log, &log
	if err := step.Start(); err != nil {
		t.Fatal(err)
	}
	waitForBothRegions(t, endpoint)
	signalled := time.Now()
	must(t, "", nil, "docker", "kill", "--signal", "INT", name)
	_ = step.Wait()
	took := time.Since(signalled)
	t.Logf("ended %v after SIGINT with exit code %d:\n%s", took, step.ProcessState.ExitCode(), log.String())

	if code := step.ProcessState.ExitCode(); code != 1 && code != 4 {
		t.Errorf("exit code %d, want 1 (rolled back) or 4 (in doubt)", code)
	}
	if took > 5*time.Second {
		t.Errorf("the step took %v after SIGINT; the runner kills it after 10 s", took)
	}
	if r.read("file_commands/summary") == "" {
		t.Error("no summary was written")
	}
	again := newRunner(t, endpoint, workspace)
	if got := again.step(map[string]string{"command": "deploy"}); got.code != 0 {
		t.Errorf("the second run ends with exit code %d", got.code)
	}
	if got := again.step(map[string]string{"command": "gate"}); got.code != 0 {
		t.Errorf("the gate after the second run ends with exit code %d", got.code)
	}
}

// waitForBothRegions waits until a change set was executed in both Regions.
func waitForBothRegions(t *testing.T, endpoint string) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if regions := executing(t, endpoint); regions["us-east-1"] && regions["us-west-2"] {
			return
		}
		select {
		case <-deadline:
			t.Fatal("no change set was executed in both Regions")
		case <-tick.C:
		}
	}
}
