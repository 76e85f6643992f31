package immutable

import (
	"encoding/json"
	"sync"
	"time"
)

// Place is whose things a Store remembers.
type Place struct {
	Account, Region string
	// Endpoint is set where it is not AWS's own: a simulated AWS has the same
	// accounts and Regions as the real one.
	Endpoint string
}

// Store remembers for one Place. It is safe for concurrent use; a nil Store
// remembers nothing.
type Store struct {
	place Place
	file  string // empty: for this run only
	today string

	mu      sync.Mutex
	entries map[key]*entry
}

type key struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

type entry struct {
	value json.RawMessage
	// used is the last day on which it was asked for.
	used string
}

// New remembers for one run.
func New(place Place, now time.Time) *Store {
	return &Store{place: place, today: now.UTC().Format(time.DateOnly), entries: map[key]*entry{}}
}

// Ask answers from memory, or asks and remembers. An error, and an answer that
// says nothing (null, "", [], {}), is not remembered.
func Ask[T any](s *Store, kind Kind, id string, ask func() (T, error)) (T, error) {
	var known T
	if s.lookUp(kind, id, &known) {
		return known, nil
	}
	answer, err := ask()
	if err == nil {
		s.Tell(kind, id, answer)
	}
	return answer, err
}

// Tell remembers what was learned by the way.
func (s *Store) Tell(kind Kind, id string, answer any) {
	if s == nil || id == "" {
		return
	}
	value, err := json.Marshal(answer)
	switch string(value) {
	case "null", `""`, "[]", "{}":
		return
	}
	if err != nil {
		return // it can be asked for again
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key{kind, id}] = &entry{value: value, used: s.today}
}

func (s *Store) lookUp(kind Kind, id string, into any) bool {
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.entries[key{kind, id}]
	if !ok || json.Unmarshal(e.value, into) != nil {
		return false
	}
	e.used = s.today
	return true
}
