package github

import (
	"errors"
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

// outputBytes bounds one value. Ours are counts, words, paths and addresses;
// GitHub takes 1 MB for all outputs of a job together.
const outputBytes = 4096

// SetOutputs writes outputs. It refuses, and writes nothing at all, when a name
// is not one of the action's or a value is not a single harmless line. Without
// a writable GITHUB_OUTPUT it is an error, which callers treat as a warning.
func (r *Runner) SetOutputs(values map[string]string) error {
	names := make([]string, 0, len(values))
	for name, value := range values {
		if err := checkOutput(name, value); err != nil {
			return fmt.Errorf("set output %q: %w", name, err)
		}
		names = append(names, name)
	}
	slices.Sort(names)
	err := r.toFile("GITHUB_OUTPUT", func() {
		for _, name := range names {
			r.action.SetOutput(name, values[name])
		}
	})
	if err != nil {
		return fmt.Errorf("set outputs: %w", err)
	}
	return nil
}

func checkOutput(name, value string) error {
	switch {
	case !slices.Contains(outputNames, name):
		return errors.New("not an output of the action")
	case strings.ContainsAny(value, "\r\n\x00") || strings.Contains(value, libraryDelimiter):
		return errors.New("the value is not a single line")
	case len(value) > outputBytes:
		return fmt.Errorf("the value has %d bytes, more than %d", len(value), outputBytes)
	}
	return nil
}

// toFile runs write, which makes go-githubactions append to the file that an
// environment variable names. The library panics when it cannot; this returns
// an error.
func (r *Runner) toFile(variable string, write func()) (err error) {
	if err := writable(r.getenv(variable)); err != nil {
		return fmt.Errorf("%s: %w", variable, err)
	}
	defer func() {
		if cause := recover(); cause != nil { // a disk that is full, say
			err = fmt.Errorf("%s: %v", variable, cause)
		}
	}()
	write()
	return nil
}

// writable checks a runner file before the library touches it.
func writable(path string) error {
	if path == "" {
		return errors.New("not set")
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}
