package session

import "sync/atomic"

// Activity counts the calls of the Regions that are opened with it, for whoever
// waits for them. A nil activity counts nothing.
type Activity struct{ limited, asked, answered atomic.Int64 }

// Counts are how many calls wait for their turn within the allowed rates, how
// many for an answer, and how many attempts have ended.
type Counts struct{ Limited, Asked, Answered int64 }

// Counts are the counts at this moment.
func (a *Activity) Counts() Counts {
	if a == nil {
		return Counts{}
	}
	return Counts{a.limited.Load(), a.asked.Load(), a.answered.Load()}
}

// turn counts a call that waits for its turn until done is called.
func (a *Activity) turn() (done func()) {
	if a == nil {
		return func() {}
	}
	a.limited.Add(1)
	return func() { a.limited.Add(-1) }
}

// answer counts a call that waits for its answer until done is called.
func (a *Activity) answer() (done func()) {
	if a == nil {
		return func() {}
	}
	a.asked.Add(1)
	return func() { a.asked.Add(-1); a.answered.Add(1) }
}
