package clock

import (
	"container/heap"
	"time"
)

// queue holds what is to be called, in order of time and, at one time, of creation. Its owner's lock guards it.
type queue struct {
	timers timers
	serial int64
}

type timer struct {
	at     time.Time
	serial int64
	f      func() // nil once run or stopped
}

// stop makes the queue forget a timer and reports whether it was still pending.
func (t *timer) stop() bool {
	was := t.f != nil
	t.f = nil
	return was
}

func (q *queue) push(at time.Time, f func()) *timer {
	q.serial++
	t := &timer{at: at, serial: q.serial, f: f}
	heap.Push(&q.timers, t)
	return t
}

// first is the time of the next callback.
func (q *queue) first() (at time.Time, ok bool) {
	for len(q.timers) > 0 && q.timers[0].f == nil {
		heap.Pop(&q.timers)
	}
	if len(q.timers) == 0 {
		return time.Time{}, false
	}
	return q.timers[0].at, true
}

// pop takes out the next callback if it is due by limit.
func (q *queue) pop(limit time.Time) (at time.Time, f func(), ok bool) {
	at, ok = q.first()
	if !ok || at.After(limit) {
		return at, nil, false
	}
	t := heap.Pop(&q.timers).(*timer)
	f = t.f
	t.f = nil
	return at, f, true
}

type timers []*timer

func (q timers) Len() int { return len(q) }
func (q timers) Less(i, j int) bool {
	if q[i].at.Equal(q[j].at) {
		return q[i].serial < q[j].serial
	}
	return q[i].at.Before(q[j].at)
}
func (q timers) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *timers) Push(x any)   { *q = append(*q, x.(*timer)) }
func (q *timers) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
