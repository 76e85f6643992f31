package main

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// errInterrupted is the cause of a context that a signal ended.
var errInterrupted = errors.New("interrupted")

func processInterrupts() (<-chan os.Signal, func()) {
	ch := make(chan os.Signal, 2)
	signal.Notify(ch, os.Interrupt, syscall.SIGTERM)
	return ch, func() { signal.Stop(ch) }
}

// withInterrupts returns a context that the first signal cancels, so that the
// command stops starting work, records where it is and releases its locks. The
// second signal means "at once": exit is called with the code for "in doubt".
// GitHub's runner sends SIGINT, SIGTERM 7.5 s later, and kills 2.5 s after that.
func withInterrupts(parent context.Context, env environment, exit func(code int)) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals, stop := env.interrupts()
	done := make(chan struct{})
	go func() {
		for interrupted := false; ; interrupted = true {
			select {
			case <-signals:
				if interrupted {
					exit(exitInDoubt)
				}
				cancel(errInterrupted)
			case <-done:
				return
			}
		}
	}()
	return ctx, func() { stop(); close(done); cancel(nil) }
}
