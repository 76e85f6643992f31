package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestWhatASignalEndedIsCalledCancelled(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		err  error
		want string
	}{
		{ended, context.Canceled, "cancelled"},
		{ended, fmt.Errorf("read us-east-1: %w", context.Canceled), "cancelled: read us-east-1"},
		{ended, fmt.Errorf("read us-east-1: operation error SSM: GetParameter, https response error StatusCode: 0, RequestID: , canceled, %w", context.Canceled), "cancelled: read us-east-1"},
		{ended, errors.New("no such file"), "no such file"},
		{context.Background(), context.Canceled, "context canceled"},
	} {
		if got := spoken(c.ctx, c.err); got != c.want {
			t.Errorf("%v is worded %q, want %q", c.err, got, c.want)
		}
	}
}
