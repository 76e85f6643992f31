package github

import (
	"io"
	"net/http"
	"strconv"

	"github.com/sethvargo/go-githubactions"
)

// Runner is one step of a workflow run as seen from inside.
type Runner struct {
	action *githubactions.Action
	getenv func(string) string
	client *http.Client
}

// New returns the step that getenv describes. Commands to the runner are
// written to stdout; client (nil: http.DefaultClient's transport, which honours
// HTTPS_PROXY) talks to the GitHub API.
func New(getenv func(string) string, stdout io.Writer, client *http.Client) *Runner {
	if client == nil {
		client = &http.Client{}
	}
	action := githubactions.New(
		githubactions.WithGetenv(getenv),
		githubactions.WithWriter(unfailing{stdout}),
		githubactions.WithHTTPClient(client),
	)
	return &Runner{action: action, getenv: getenv, client: client}
}

// Running reports whether the process is a step of a workflow run.
func (r *Runner) Running() bool { return r.getenv("GITHUB_ACTIONS") == "true" }

// RunURL leads to the run; empty outside of one.
func (r *Runner) RunURL() string { return r.runURL() }

// FilesURL leads to the repository's files as a commit has them; empty where the
// environment does not say which repository, or nobody which commit.
func (r *Runner) FilesURL(sha string) string {
	server, repo := r.getenv("GITHUB_SERVER_URL"), r.getenv("GITHUB_REPOSITORY")
	if server == "" || repo == "" || sha == "" {
		return ""
	}
	return server + "/" + repo + "/blob/" + sha
}

// RunID orders runs: a later run has a greater id. Zero outside of one.
func (r *Runner) RunID() int64 {
	id, err := strconv.ParseInt(r.getenv("GITHUB_RUN_ID"), 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// Debug reports whether the run was started with debug logging.
func (r *Runner) Debug() bool { return r.getenv("RUNNER_DEBUG") == "1" }

// unfailing hides write errors from go-githubactions, which panics on them: a
// closed stdout must not turn a verdict into a crash.
type unfailing struct{ io.Writer }

func (w unfailing) Write(p []byte) (int, error) {
	if _, err := w.Writer.Write(p); err != nil {
		return len(p), nil //nolint:nilerr // see above
	}
	return len(p), nil
}
