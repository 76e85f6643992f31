// Package clock gives the simulator its time. It owns the three clocks: the wall clock, the wall clock with shortened
// waits, and a virtual clock that only moves when told to. Everything asynchronous in the simulator runs in a callback
// of one of them; nothing in it sleeps. It refuses goroutines of its own on the virtual clock, so a test that advances
// it sees every consequence before Advance returns.
package clock

import "time"

// Clock tells the time and calls back later.
type Clock interface {
	// Now is the current time of the simulation, in UTC.
	Now() time.Time
	// AfterFunc calls f once, d of simulated time from now. stop cancels it and reports whether it was still pending.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// Real is the wall clock. Waits are divided by speed: at speed 30, a wait of a simulated minute takes two seconds, while
// Now still tells the true time, so that leases and time stamps of the caller stay comparable. A speed of zero or less is 1.
func Real(speed float64) Clock {
	if speed <= 0 {
		speed = 1
	}
	return realClock{speed: speed}
}

type realClock struct{ speed float64 }

func (realClock) Now() time.Time { return time.Now().UTC() }

func (c realClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(time.Duration(float64(d)/c.speed), f).Stop
}
