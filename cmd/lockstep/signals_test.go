package main

import (
	"context"
	"errors"
	"os"
	"testing"
)

// TestTheSecondInterruptionLeavesAtOnce: the first asks the command to end, and
// only the second ends the program, with the code for "in doubt".
func TestTheSecondInterruptionLeavesAtOnce(t *testing.T) {
	signals, codes := make(chan os.Signal), make(chan int, 1)
	env := environment{interrupts: func() (<-chan os.Signal, func()) { return signals, func() {} }}
	ctx, stop := withInterrupts(context.Background(), env, func(code int) { codes <- code })
	defer stop()
	if ctx.Err() != nil {
		t.Fatal("it ended before any signal")
	}
	signals <- os.Interrupt
	<-ctx.Done()
	if !errors.Is(context.Cause(ctx), errInterrupted) || len(codes) != 0 {
		t.Errorf("the first: %v, %d exits", context.Cause(ctx), len(codes))
	}
	signals <- os.Interrupt
	if code := <-codes; code != exitInDoubt {
		t.Errorf("the second left with %d", code)
	}
}
