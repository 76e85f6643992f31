package github

import (
	"io"
	"net/http"
	"strings"

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

// LogWriter returns a writer for a step's log through which untrusted text
// cannot issue runner commands: a line that would begin with "::" or "##[" is
// led by a zero-width space. The runner parses stdout and stderr alike.
func LogWriter(w io.Writer) io.Writer { return &logWriter{w: w, atLineStart: true} }

type logWriter struct {
	w           io.Writer
	atLineStart bool
	// held is white space at the start of a line, kept until it is known what follows.
	held string
}

const zeroWidthSpace = "\u200b"

func (l *logWriter) Write(p []byte) (int, error) {
	var b strings.Builder
	for _, c := range string(p) {
		switch {
		case c == '\n' || c == '\r':
			b.WriteString(l.held + string(c))
			l.held, l.atLineStart = "", true
		case l.atLineStart && (c == ' ' || c == '\t'):
			l.held += string(c)
		case l.atLineStart && (c == ':' || c == '#'):
			b.WriteString(zeroWidthSpace + l.held + string(c))
			l.held, l.atLineStart = "", false
		default:
			b.WriteString(l.held + string(c))
			l.held, l.atLineStart = "", false
		}
	}
	if _, err := io.WriteString(l.w, b.String()); err != nil {
		return 0, err
	}
	return len(p), nil
}
