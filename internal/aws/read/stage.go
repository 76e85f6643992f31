package read

import (
	"sync"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

// stage hands the items of one reader over while the inventory is still being
// listed. What needs no other item for its calls goes as soon as the reader has
// finished what it had: the longer that takes, the more has come together. What
// shares calls waits for the end of the list, so that they are shared by all.
type stage struct {
	read func([]inventory.Item)
	// early reports whether a type need not wait.
	early func(typ string) bool

	mu       sync.Mutex
	changed  *sync.Cond
	ready    []inventory.Item
	held     []inventory.Item
	complete bool
	done     sync.WaitGroup
}

func newStage(early func(string) bool, read func([]inventory.Item)) *stage {
	s := &stage{read: read, early: early}
	s.changed = sync.NewCond(&s.mu)
	s.done.Go(s.work)
	return s
}

// add takes items that come together; those that may go go together.
func (s *stage) add(items []inventory.Item) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, item := range items {
		if s.early(item.Type) {
			s.ready = append(s.ready, item)
		} else {
			s.held = append(s.held, item)
		}
	}
	s.changed.Signal()
}

// close says that no item will be added. Once done, all are read.
func (s *stage) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.complete = true
	s.changed.Signal()
}

// work reads one batch after the other. The held items are the last.
func (s *stage) work() {
	for {
		s.mu.Lock()
		for len(s.ready) == 0 && !s.complete {
			s.changed.Wait()
		}
		batch := s.ready
		last := s.complete
		if last {
			batch = append(batch, s.held...)
		}
		s.ready = nil
		s.mu.Unlock()
		if len(batch) > 0 {
			s.read(batch)
		}
		if last {
			return
		}
	}
}
