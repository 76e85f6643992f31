package clock

import (
	"slices"
	"testing"
	"time"
)

func TestTheVirtualClockRunsCallbacksInOrderAndOnTime(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	m := NewManual(start)
	var got []string
	note := func(s string) func() { return func() { got = append(got, s+m.Now().Sub(start).String()) } }
	m.AfterFunc(2*time.Second, note("b"))
	m.AfterFunc(time.Second, func() {
		note("a")()
		m.AfterFunc(500*time.Millisecond, note("nested"))
	})
	m.AfterFunc(2*time.Second, note("c"))
	stop := m.AfterFunc(time.Second, note("stopped"))
	if !stop() || stop() {
		t.Error("stop reports the wrong thing")
	}
	m.AfterFunc(time.Hour, note("late"))
	m.Advance(3 * time.Second)
	if want := []string{"a1s", "nested1.5s", "b2s", "c2s"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if now := m.Now().Sub(start); now != 3*time.Second {
		t.Errorf("the clock stands at %s", now)
	}
	if m.Drain(time.Minute) {
		t.Error("drained although a callback is an hour away")
	}
	if !m.Drain(2*time.Hour) || got[len(got)-1] != "late1h0m0s" {
		t.Errorf("drain: %q", got)
	}
}
