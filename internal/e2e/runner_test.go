package e2e

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
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
		got := r.step(map[string]string{"command": "deploy"})
		if got.code != 0 {
			t.Fatalf("exit code %d", got.code)
		}
		_, group, _ := strings.Cut(got.output, "\n::group::us-west-2")
		if group, _, _ = strings.Cut(group, "\n::endgroup::"); !strings.Contains(group, "CREATE_COMPLETE") {
			t.Error("what happened to the resources of us-west-2 is not in its group of the log")
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
		r.env = append(r.env, "AWS_MAX_ATTEMPTS=2")
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
	t.Run("a container without any place to write changes no verdict", func(t *testing.T) {
		r := newRunner(t, endpoint, workspace)
		if got := r.step(map[string]string{"command": "gate"}, "--read-only", "-e", "TMPDIR=/nowhere", "-e", "HOME=/nowhere"); got.code != 0 {
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

// TestAPullRequestFromAFork: its token may not comment. That is a warning that
// says why, and no reason to change the verdict or to crash.
func TestAPullRequestFromAFork(t *testing.T) {
	image(t)
	endpoint := simulator(t)
	workspace := sample(t)
	must(t, workspace, awsEnvironment(endpoint), lockstep(t), "deploy")

	const token = "ghs_fork000000000000000000"
	fake := &githubtest.Server{Tokens: map[string]githubtest.Token{
		token: {Login: "github-actions[bot]", Bot: true, May: []string{"contents: read"}, Repositories: []string{"acme/payments"}},
	}}
	configuration, err := os.ReadFile(filepath.Join(workspace, "lockstep.yml"))
	if err != nil {
		t.Fatal(err)
	}
	fake.Files = map[string]string{"acme/payments@" + strings.Repeat("1", 40) + ":lockstep.yml": string(configuration)}
	api := httptest.NewServer(fake)
	defer api.Close()
	r := newRunner(t, endpoint, workspace)
	r.write("workflow/event.json", strings.Replace(pulled, `"ref":"topic","repo":{"full_name":"acme/payments"}`, `"ref":"topic","repo":{"full_name":"mallory/payments"}`, 1))
	got := r.step(map[string]string{"command": "gate", "github-token": token},
		"-e", "GITHUB_EVENT_NAME=pull_request", "-e", "GITHUB_API_URL="+api.URL)
	if got.code != 0 || r.outputs()["verdict"] != "ready" || r.outputs()["comment-url"] != "" {
		t.Errorf("exit code %d, outputs %v", got.code, r.outputs())
	}
	if !strings.Contains(got.output, "::warning") || !strings.Contains(got.output, "forks never do") {
		t.Error("no warning says why there is no comment")
	}
	if !strings.Contains(got.output, "::add-mask::"+token) || strings.Count(got.output, token) != 1 {
		t.Error("the token is in the log, other than to be masked")
	}
	if n := len(fake.Comments()); n != 0 {
		t.Errorf("%d comments", n)
	}
}
