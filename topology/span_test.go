package topology

import (
	"testing"
	"time"
)

func TestASpanHasNoPartsThatAreNothing(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 10 * time.Second: "10s", 90 * time.Second: "1m30s", 5 * time.Minute: "5m", 30 * time.Minute: "30m", time.Hour: "1h", 10 * time.Hour: "10h",
		90 * time.Minute: "1h30m", 24*time.Hour + time.Second: "24h0m1s", 1500 * time.Millisecond: "1.5s", -5 * time.Minute: "-5m",
	} {
		if have := Span(d); have != want {
			t.Errorf("%s: %q, want %q", d, have, want)
		}
	}
}
