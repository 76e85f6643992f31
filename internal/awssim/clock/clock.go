// Package clock gives the simulator its time. It owns the three clocks: the wall clock, the wall clock with shortened
// waits, and a virtual clock that only moves when told to. Everything asynchronous in the simulator runs in a callback
// of one of them; nothing in it sleeps. Callbacks run one after the other in the order in which they fall due, so that
// what must happen in order does, whatever the speed and however busy the machine. It refuses goroutines of its own on
// the virtual clock, so a test that advances it sees every consequence before Advance returns.
package clock

import "time"

// Clock tells the time and calls back later.
type Clock interface {
	// Now is the current time of the simulation, in UTC.
	Now() time.Time
	// AfterFunc calls f once, d of simulated time from now. Within a callback, now is when that callback fell due. f must
	// not wait for another callback. stop cancels f and reports whether it was still pending.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}
