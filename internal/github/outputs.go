package github

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// outputNames is the closed set of outputs; action.yml declares the same.
var outputNames = []string{
	"verdict", "drift-count", "blocking-count", "unknown-count", "waived-count",
	"release", "outcome", "report-path", "comment-url",
}

// libraryDelimiter is the constant delimiter of go-githubactions' heredoc. A
// value that held it could end its own output and begin another.
const libraryDelimiter = "_GitHubActionsFileCommandDelimeter_"

// SetOutputs writes outputs. It refuses, and writes nothing at all, when a name
// is not one of the action's or a value is not a single harmless line. Without
// a writable GITHUB_OUTPUT it is an error, which callers treat as a warning.
func (r *Runner) SetOutputs(values map[string]string) error {
	names := make([]string, 0, len(values))
	for name, value := range values {
		if !slices.Contains(outputNames, name) {
			return fmt.Errorf("set output %q: not an output of the action", name)
		}
		if strings.ContainsAny(value, "\r\n\x00") || strings.Contains(value, libraryDelimiter) {
			return fmt.Errorf("set output %q: the value is not a single line", name)
		}
		names = append(names, name)
	}
	if err := writable(r.getenv("GITHUB_OUTPUT")); err != nil {
		return fmt.Errorf("set outputs: GITHUB_OUTPUT: %w", err)
	}
	slices.Sort(names)
	for _, name := range names {
		r.action.SetOutput(name, values[name])
	}
	return nil
}

// writable checks a runner file before the library, which panics, touches it.
func writable(path string) error {
	if path == "" {
		return fmt.Errorf("not set")
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}
