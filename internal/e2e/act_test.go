package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/lockstep-dr/lockstep/internal/github/githubtest"
)

// The actions that the example workflows use, as they use them. act takes them
// from directories of ours, so that the workflows run exactly as they are read.
const (
	ourAction         = "your-org/lockstep@0000000000000000000000000000000000000000"
	credentialsAction = "aws-actions/configure-aws-credentials@00943011d9042930efac3dcd3a170e4273319bc8"
)

// actRunner is the image that stands in for ubuntu-latest: busybox and nothing else.
const actRunner = "lockstep-e2e/act-runner:test"

// actToken is the token of the workflows; the fake GitHub knows what it may do.
const actToken = "ghs_act0000000000000000000"

// fakeCredentials stands in for aws-actions/configure-aws-credentials: the real
// one needs AWS. It insists on a role, as the real one does.
const fakeCredentials = `name: fake credentials
inputs:
  role-to-assume: {required: true}
  aws-region: {required: true}
  role-duration-seconds: {}
runs:
  using: composite
  steps:
    - shell: sh
      run: |
        test -n "${{ inputs.role-to-assume }}" || exit 9
        echo AWS_ACCESS_KEY_ID=e2e >>"$GITHUB_ENV"
        echo AWS_SECRET_ACCESS_KEY=e2e >>"$GITHUB_ENV"
        echo AWS_REGION=${{ inputs.aws-region }} >>"$GITHUB_ENV"
`

// actions is a repository with the example workflows, run by act.
type actions struct {
	t         *testing.T
	workspace string
	home      string
	ours      string // directory of our action
	creds     string // directory of the fake credentials action
	github    *githubtest.Server
	env       []string
	runs      int
}

// newActions prepares a repository: the sample application, the workflows of
// examples/workflows, a fake GitHub, and the environment given.
func newActions(t *testing.T, endpoint string, env ...string) *actions {
	t.Helper()
	need(t, "act", "docker", "busybox")
	image(t)
	runnerImage(t)
	a := &actions{t: t, workspace: sample(t), home: t.TempDir(), ours: t.TempDir(), creds: t.TempDir()}
	a.github = &githubtest.Server{Tokens: map[string]githubtest.Token{
		actToken: {Login: "github-actions[bot]", Bot: true, May: []string{"contents: read", "pull-requests: write", "statuses: write", "issues: write"}, Repositories: []string{"acme/payments"}},
	}}
	a.github.Pulls = []githubtest.Pull{{Repository: "acme/payments", Number: 12, Base: "main", HeadSHA: strings.Repeat("3", 40), HeadRepository: "acme/payments"}}
	configuration, err := os.ReadFile(filepath.Join(a.workspace, "lockstep.yml"))
	if err != nil {
		t.Fatal(err)
	}
	a.github.Files = map[string]string{
		"acme/payments@" + strings.Repeat("1", 40) + ":lockstep.yml": string(configuration),
		"acme/payments@" + strings.Repeat("4", 40) + ":lockstep.yml": string(configuration),
	}
	api := httptest.NewServer(a.github)
	t.Cleanup(api.Close)
	a.env = append([]string{"GITHUB_API_URL=" + api.URL, "AWS_ENDPOINT_URL=" + endpoint, "AWS_EC2_METADATA_DISABLED=true"}, env...)

	a.put(filepath.Join(a.creds, "action.yml"), fakeCredentials)
	a.put(filepath.Join(a.ours, "action.yml"), actionWithTestImage(t))
	workflows := filepath.Join(a.workspace, ".github", "workflows")
	if err := os.MkdirAll(workflows, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(workflows, os.DirFS(filepath.Join(repository, "examples", "workflows"))); err != nil {
		t.Fatal(err)
	}
	a.put(filepath.Join(a.home, ".config", "act", "actrc"), "") // or it asks which image to use
	git := []string{"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=e2e", "GIT_AUTHOR_EMAIL=e2e@example.com", "GIT_COMMITTER_NAME=e2e", "GIT_COMMITTER_EMAIL=e2e@example.com"}
	for _, args := range [][]string{
		{"init", "-q", "-b", "main"}, {"remote", "add", "origin", "https://github.com/acme/payments"}, {"add", "."}, {"commit", "-q", "-m", "sample"},
	} {
		must(t, a.workspace, git, "git", args...)
	}
	return a
}

func (a *actions) put(path, content string) {
	a.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		a.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		a.t.Fatal(err)
	}
}

// actionWithTestImage is action.yml as a release makes it: with a prebuilt image.
func actionWithTestImage(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	released := strings.Replace(string(data), "image: Dockerfile", "image: docker://"+testImage, 1)
	if released == string(data) {
		t.Fatal("action.yml has no `image: Dockerfile`")
	}
	return released
}

var runnerOnce sync.Once

// runnerImage makes actRunner once.
func runnerImage(t *testing.T) {
	t.Helper()
	runnerOnce.Do(func() {
		must(t, "", nil, "sh", "-c", "tar -C '"+busyboxTree(t)+"' -c . | docker import --change 'ENV PATH=/bin' - "+actRunner)
	})
}

// run is one finished run of a workflow.
type run struct {
	code      int
	job, step string            // result of the job and of our step: success, failure
	steps     map[string]string // results of our steps in all jobs, by job and matrix: "judge orders"
	outputs   map[string]string
	summaries string // what steps of ours wrote into theirs
	log       string
}

// run runs a workflow on an event. Two runs must not overlap: act names its
// containers after the workflow.
func (a *actions) run(workflow, event, payload string, flags ...string) run {
	a.t.Helper()
	a.runs++
	file := filepath.Join(a.home, "event.json")
	a.put(file, payload)
	args := []string{event, "-W", ".github/workflows/" + workflow, "-e", file, "--json", "--rm", "--pull=false", "--no-cache-server",
		"-P", "ubuntu-latest=" + actRunner,
		"--local-repository", ourAction + "=" + a.ours, "--local-repository", credentialsAction + "=" + a.creds,
		"--var", "LOCKSTEP_GATE_ROLE=arn:aws:iam::111111111111:role/gate", "--var", "LOCKSTEP_DEPLOY_ROLE=arn:aws:iam::111111111111:role/deploy",
		"-s", "GITHUB_TOKEN=" + actToken, "--insecure-secrets", "--env", fmt.Sprintf("GITHUB_RUN_ID=%d", a.runs)}
	for _, variable := range a.env {
		args = append(args, "--env", variable)
	}
	args = append(args, flags...)
	result := runIn(a.t, a.workspace, []string{"HOME=" + a.home, "XDG_CONFIG_HOME=" + filepath.Join(a.home, ".config"), "XDG_CACHE_HOME=" + filepath.Join(a.home, ".cache")}, "act", args...)
	return readRun(a.t, result)
}

// readRun reads act's lines of JSON.
func readRun(t *testing.T, result result) run {
	t.Helper()
	r := run{code: result.code, steps: map[string]string{}, outputs: map[string]string{}}
	var log strings.Builder
	lines := bufio.NewScanner(strings.NewReader(result.output))
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		var line struct {
			Msg, Command, Name, Arg string
			JobID                   string
			Matrix                  struct{ App, Region string }
			JobResult, StepResult   string
			StepID                  []string
			Content                 string
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			continue // what act says before it speaks JSON
		}
		ours := len(line.StepID) > 0 && line.StepID[0] == "lockstep"
		if line.Command == "set-output" && ours {
			r.outputs[line.Name] = line.Arg
		}
		if line.StepResult != "" && ours {
			r.step = line.StepResult
			r.steps[strings.TrimSpace(fmt.Sprint(line.JobID, " ", line.Matrix.App, " ", line.Matrix.Region))] = line.StepResult
		}
		if line.Command == "summary" {
			r.summaries += line.Content
		}
		if line.JobResult != "" {
			r.job = line.JobResult
		}
		log.WriteString(line.Msg + "\n")
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	r.log = log.String()
	return r
}
