package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// grace is how long a program may take to end after it was asked to: less than
// GitHub's runner gives the whole step between its two signals.
const grace = 5 * time.Second

// Spec is a program to run.
type Spec struct {
	// Words are the program and its arguments.
	Words []string
	// Dir is where it runs.
	Dir string
	// Env is its whole environment, as NAME=value.
	Env []string
	// Secrets never appear in lines or errors.
	Secrets []string
	// Line takes its output, standard output and error alike; nil: nobody.
	Line func(string)
	// Stdout takes standard output instead of Line, as it is.
	Stdout io.Writer
	// Interrupt, when it is closed, asks the program to end and then waits for it
	// however long that takes; nil: nobody does.
	Interrupt <-chan struct{}
	// Grace is how long it may take to end after it was asked to; zero: five seconds.
	Grace time.Duration
}

// ExitError is a program that ended with another code than zero.
type ExitError struct {
	Program string
	Code    int
	// Last is the last line of its output, and All the end of it, without secrets.
	Last, All string
}

// Error names the program, its code and what it said last.
func (e *ExitError) Error() string {
	text := fmt.Sprintf("%s ended with exit code %d", e.Program, e.Code)
	if e.Last != "" {
		text += ": " + e.Last
	}
	return text
}

// Run runs the program to its end. A context that ends interrupts it; the
// error is then the context's. An *ExitError means that it ran and said no.
func Run(ctx context.Context, spec Spec) error {
	if len(spec.Words) == 0 {
		return errors.New("run command: it is empty")
	}
	out := newLines(spec.Secrets, spec.Line)
	cmd := exec.CommandContext(ctx, spec.Words[0], spec.Words[1:]...)
	cmd.Dir, cmd.Env = spec.Dir, spec.Env
	cmd.Stdout, cmd.Stderr = out, out
	if spec.Stdout != nil {
		cmd.Stdout = spec.Stdout
	}
	ownGroup(cmd)
	cmd.Cancel = func() error { return signalGroup(cmd, syscall.SIGINT) }
	cmd.WaitDelay = spec.Grace
	if cmd.WaitDelay <= 0 {
		cmd.WaitDelay = grace
	}
	err := start(cmd, spec.Interrupt)
	out.flush()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		_ = signalGroup(cmd, syscall.SIGKILL) // what is left of its children
		return ctx.Err()
	case errors.As(err, &exit):
		return &ExitError{Program: spec.Words[0], Code: exit.ExitCode(), Last: out.last, All: out.tail()}
	case err != nil:
		return fmt.Errorf("run %s: %w", spec.Words[0], err)
	}
	return nil
}

// start runs a program to its end and passes an interruption on to it.
func start(cmd *exec.Cmd, interrupt <-chan struct{}) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	defer close(ended)
	if interrupt != nil {
		go func() {
			select {
			case <-interrupt:
				_ = signalGroup(cmd, syscall.SIGINT) // it may have ended meanwhile
			case <-ended:
			}
		}()
	}
	return cmd.Wait()
}

// private begin the names of variables that a program has no business with:
// those of the Region are given to it instead, and inputs of an action may be
// secret.
var private = []string{"AWS_ACCESS_KEY", "AWS_SECRET", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ROLE",
	"AWS_WEB_IDENTITY", "AWS_CONTAINER_", "AWS_REGION", "AWS_DEFAULT_REGION", "INPUT_", "ACTIONS_ID_TOKEN", "ACTIONS_RUNTIME_TOKEN", "LOCKSTEP_"}

// Environment is the process's environment without what is private, and own on top.
func Environment(own map[string]string) []string {
	var env []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !isPrivate(name) {
			env = append(env, pair)
		}
	}
	for name, value := range own {
		env = append(env, name+"="+value)
	}
	return env
}

func isPrivate(name string) bool {
	for _, prefix := range private {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
