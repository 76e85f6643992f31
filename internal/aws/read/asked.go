package read

import "sync"

// asked remembers what was asked once in a run, by what it is about. The zero
// value has asked nothing.
type asked[T any] struct {
	mu      sync.Mutex
	answers map[string]*answer[T]
}

// answer is there when done is closed. It is no sync.Once: in a test whose clock
// stands still while anybody can go on, who waits for a lock looks as if he could.
type answer[T any] struct {
	done chan struct{}
	out  T
	err  error
}

// once calls, or waits for the answer of whoever asked the same before.
func (a *asked[T]) once(about string, call func() (T, error)) (T, error) {
	a.mu.Lock()
	known, ok := a.answers[about]
	if !ok {
		if a.answers == nil {
			a.answers = map[string]*answer[T]{}
		}
		known = &answer[T]{done: make(chan struct{})}
		a.answers[about] = known
	}
	a.mu.Unlock()
	if !ok {
		known.out, known.err = call()
		close(known.done)
	}
	<-known.done
	return known.out, known.err
}
