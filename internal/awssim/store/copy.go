package store

import (
	"maps"
	"time"
)

// Copy returns a store with the same resources that goes its own way from here and stamps its writes with now. Rows are
// never changed in place, so that both may share them.
func (s *Store) Copy(now func() time.Time) *Store {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := New(now)
	for key, t := range s.tables {
		rows := make(map[string]*row, len(t.rows))
		for id, w := range t.rows {
			own := *w
			rows[id] = &own
		}
		out.tables[key] = &table{rows: rows}
	}
	return out
}

// Copy returns a source that continues where this one is.
func (g *IDs) Copy() *IDs {
	g.mu.Lock()
	defer g.mu.Unlock()
	return &IDs{seed: g.seed, made: maps.Clone(g.made)}
}
