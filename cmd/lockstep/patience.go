package main

import (
	"fmt"
	"time"

	"github.com/lockstep-dr/lockstep/internal/aws/session"
)

// tellEvery is how often a long scan says that it goes on.
const tellEvery = 10 * time.Second

// tellWhile says now and then how far the reading is and what it waits for,
// until done is called. A short scan says nothing.
func (g *globals) tellWhile(a *session.Activity) (done func()) {
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(tellEvery)
		defer tick.Stop()
		for began := time.Now(); ; {
			select {
			case <-stop:
				return
			case now := <-tick.C:
				g.remark(stillReading(now.Sub(began), a.Counts()))
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
	}
}

// stillReading words what a scan waits for: AWS's limits or its answers.
func stillReading(after time.Duration, c session.Counts) string {
	line := fmt.Sprintf("still reading after %s: %d calls answered", after.Round(time.Second), c.Answered)
	switch {
	case c.Limited > 0 && c.Limited >= c.Asked:
		return line + fmt.Sprintf("; the request rates decide: %d calls wait for their turn, %d for an answer (--quota-share allows more)", c.Limited, c.Asked)
	case c.Asked > 0:
		return line + fmt.Sprintf("; AWS's answers decide: %d calls wait for one, %d for their turn", c.Asked, c.Limited)
	}
	return line
}
