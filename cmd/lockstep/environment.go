package main

import (
	"crypto/rand"
	"io"
	"os"
	"time"

	"github.com/lockstep-dr/lockstep/internal/github"
)

// environment is everything a command takes from the outside world. Commands
// touch nothing else, so that a test can hold the whole world in one value.
type environment struct {
	// stdout and stderr take text, trusted or not.
	stdout, stderr io.Writer
	// commands takes commands to GitHub's runner: stderr itself, where the
	// progress lines are that groups fold, and not stdout, which may be a report
	// that somebody redirects. The runner reads both.
	commands io.Writer
	getenv   func(string) string
	now      func() time.Time
	random   io.Reader
	// interrupts delivers SIGINT and SIGTERM.
	interrupts func() (<-chan os.Signal, func())
	// terminal reports whether stdout is a terminal.
	terminal bool
	// redraws reports whether stderr is a terminal on which lines can be drawn again.
	redraws bool
}

func processEnvironment() environment {
	env := environment{
		stdout:     os.Stdout,
		stderr:     os.Stderr,
		commands:   os.Stderr,
		getenv:     os.Getenv,
		now:        time.Now,
		random:     rand.Reader,
		interrupts: processInterrupts,
		terminal:   isTerminal(os.Stdout),
		redraws:    redraws(isTerminal(os.Stderr), os.Getenv),
	}
	if env.getenv("GITHUB_ACTIONS") == "true" {
		// The runner reads commands from both streams, so neither may carry
		// untrusted text as it is.
		env.stdout, env.stderr = github.LogWriter(os.Stdout), github.LogWriter(os.Stderr)
	}
	return env
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
