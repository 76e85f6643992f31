package clock

import (
	"testing"
	"time"
)

func TestTheRealClockShortensWaitsButTellsTheTrueTime(t *testing.T) {
	c := Real(1000)
	if d := time.Since(c.Now()); d < 0 || d > time.Minute {
		t.Errorf("off by %s", d)
	}
	done := make(chan struct{})
	c.AfterFunc(5*time.Second, func() { close(done) })
	select {
	case <-done:
	case <-time.After(4 * time.Second):
		t.Error("five simulated seconds took more than four real ones at speed 1000")
	}
}

func TestTheRealClockKeepsTheOrderAtAnySpeed(t *testing.T) {
	c := Real(1e6) // a second is a microsecond: everything is late
	var got, want []int
	done := make(chan struct{})
	c.AfterFunc(time.Second, func() { // what is planned together is in order of its time
		for _, after := range []int{7, 2, 9, 4} {
			c.AfterFunc(time.Duration(after)*time.Second, func() { got = append(got, after) })
		}
		c.AfterFunc(time.Second, func() {
			c.AfterFunc(4*time.Second, func() { got = append(got, 5) }) // one later and four more
		})
	})
	for i := range 1000 { // what is planned one after the other too
		want = append(want, 1000+i)
		c.AfterFunc(time.Hour+time.Duration(i)*time.Second, func() { got = append(got, 1000+i) })
	}
	c.AfterFunc(24*time.Hour, func() { close(done) })
	<-done
	want = append([]int{2, 4, 5, 7, 9}, want...)
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("from %d on: got %v, want %v", i, got[i:min(i+10, len(got))], want[i:min(i+10, len(want))])
		}
	}
}

func TestTheRealClockForgetsWhatIsStopped(t *testing.T) {
	c := Real(1e6)
	done := make(chan struct{})
	stop := c.AfterFunc(time.Hour, func() { t.Error("it was stopped") })
	if !stop() || stop() {
		t.Error("stop reports the wrong thing")
	}
	last := c.AfterFunc(2*time.Hour, func() { close(done) })
	<-done
	if last() {
		t.Error("what has run is not pending")
	}
}

func TestTheRealClockTakesAnEarlierCallbackBeforeTheOneItWaitsFor(t *testing.T) {
	c := Real(1)
	c.AfterFunc(time.Hour, func() { t.Error("an hour has passed") })
	done := make(chan struct{})
	c.AfterFunc(time.Millisecond, func() { close(done) })
	<-done
}
