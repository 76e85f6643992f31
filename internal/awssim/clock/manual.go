package clock

import (
	"sync"
	"time"
)

// Manual is a virtual clock. It moves only by Advance, AdvanceTo and Drain; callbacks run on the goroutine that moves it,
// in order of their time and, at one time, in order of their creation.
type Manual struct {
	mu    sync.Mutex // guards the fields below
	now   time.Time
	queue queue

	moving sync.Mutex // one mover at a time
}

// NewManual returns a virtual clock that stands at start.
func NewManual(start time.Time) *Manual { return &Manual{now: start.UTC()} }

// Now is the virtual time.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// AfterFunc registers f to run when the clock has moved by d.
func (m *Manual) AfterFunc(d time.Duration, f func()) func() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.queue.push(m.now.Add(max(d, 0)), f)
	return func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return t.stop()
	}
}

// Advance moves the clock by d and runs everything that falls due on the way, including what those callbacks add.
func (m *Manual) Advance(d time.Duration) { m.AdvanceTo(m.Now().Add(d)) }

// AdvanceTo moves the clock to t. A time in the past runs only what is already due.
func (m *Manual) AdvanceTo(t time.Time) {
	m.moving.Lock()
	defer m.moving.Unlock()
	for {
		f, ok := m.next(t)
		if !ok {
			break
		}
		f()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.After(m.now) {
		m.now = t
	}
}

// Drain moves the clock from callback to callback until none is left or the next one lies more than limit away from the
// start, and reports whether the queue ran empty.
func (m *Manual) Drain(limit time.Duration) bool {
	end := m.Now().Add(limit)
	m.moving.Lock()
	defer m.moving.Unlock()
	for {
		f, ok := m.next(end)
		if !ok {
			break
		}
		f()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	_, left := m.queue.first()
	return !left
}

// next pops the first callback due by t and sets the clock to its time.
func (m *Manual) next(t time.Time) (func(), bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, f, ok := m.queue.pop(t)
	if ok && at.After(m.now) {
		m.now = at
	}
	return f, ok
}
