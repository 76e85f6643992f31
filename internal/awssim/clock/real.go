package clock

import (
	"sync"
	"time"
)

// Real is the wall clock. Waits are divided by speed: at speed 30, a wait of a simulated minute takes two seconds, while
// Now still tells the true time, so that leases and time stamps of the caller stay comparable. A speed of zero or less is 1.
// When callbacks take longer than the waits between them, the simulation is late but its order is the same.
func Real(speed float64) Clock {
	if speed <= 0 {
		speed = 1
	}
	return &realClock{speed: speed}
}

type realClock struct {
	speed float64

	mu      sync.Mutex // guards the fields below
	queue   queue
	wake    *time.Timer // starts run when the first callback falls due
	running bool
	at      time.Time // when the callback that runs fell due
}

func (*realClock) Now() time.Time { return time.Now().UTC() }

func (c *realClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.queue.push(c.present().Add(time.Duration(float64(max(d, 0))/c.speed)), f)
	if !c.running {
		c.arm()
	}
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return t.stop()
	}
}

// present is how far the simulation has come: never beyond what is still to be called, however late that is.
func (c *realClock) present() time.Time {
	if c.running {
		return c.at
	}
	now := time.Now()
	if first, ok := c.queue.first(); ok && first.Before(now) {
		return first
	}
	return now
}

// arm sets the alarm for the first callback.
func (c *realClock) arm() {
	if c.wake != nil {
		c.wake.Stop()
	}
	if at, ok := c.queue.first(); ok {
		c.wake = time.AfterFunc(time.Until(at), c.run)
	}
}

// run calls everything that is due, including what those callbacks add, unless it is running already.
func (c *realClock) run() {
	if !c.begin() {
		return
	}
	for f, ok := c.next(); ok; f, ok = c.next() {
		f()
	}
}

func (c *realClock) begin() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running {
		return false
	}
	c.at, c.running = c.present(), true
	return true
}

// next takes out the next callback that is due; without one the run is over.
func (c *realClock) next() (func(), bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, f, ok := c.queue.pop(time.Now())
	if !ok {
		c.running = false
		c.arm()
		return nil, false
	}
	c.at = at
	return f, true
}
