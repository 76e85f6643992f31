// Package store holds the live state of the simulated AWS: one table of resources by account, Region, type and id.
// Every service, CloudFormation and Cloud Control read and write the same table, so a change made through one of them is
// seen by the others. Values are closed trees (nil, bool, string, numbers, []any, map[string]any); they are copied on the
// way in and on the way out, so nobody shares memory with it. It knows no resource types and no wire formats.
package store

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Scope is the account and the Region a resource lives in. Global services keep their resources in GlobalRegion.
type Scope struct{ Account, Region string }

// GlobalRegion is the Region under which resources of global services (IAM, S3 bucket names) are kept.
const GlobalRegion = "aws-global"

// Resource is one live resource.
type Resource struct {
	Scope
	Type string // CloudFormation type, for example AWS::SQS::Queue
	ID   string // primary identifier as Cloud Control writes it: parts of a compound one joined by "|"

	Properties map[string]any    // live configuration, shaped like the CloudFormation properties of the type, without Tags
	Attributes map[string]any    // what Fn::GetAtt returns and what AWS assigns: Arn, RevisionId, ...
	Private    map[string]any    // what only the owning service reads: old versions, object bodies, ...
	Tags       map[string]string // all tags, including the aws: ones

	Created, Updated time.Time
	Revision         int64 // counts the writes, from 1
}

// Store is the table. The zero value is not usable; see New. It is safe for concurrent use.
type Store struct {
	now func() time.Time

	mu     sync.RWMutex
	tables map[tableKey]*table
}

type tableKey struct {
	scope Scope
	typ   string
}

type table struct {
	rows   map[string]*row
	sorted []string // ids in order; nil when it must be rebuilt
}

// row is a resource and what it was before the last write, for stale reads. current is nil after a deletion.
type row struct {
	current, previous *Resource
	written           time.Time
}

// New returns an empty store that stamps its writes with now.
func New(now func() time.Time) *Store {
	return &Store{now: now, tables: map[tableKey]*table{}}
}

// Get returns a copy of one resource.
func (s *Store) Get(scope Scope, typ, id string) (Resource, bool) { return s.get(scope, typ, id, 0) }

func (s *Store) get(scope Scope, typ, id string, lag time.Duration) (Resource, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t := s.tables[tableKey{scope, typ}]
	if t == nil || t.rows[id] == nil {
		return Resource{}, false
	}
	r := t.rows[id].seen(s.now(), lag)
	if r == nil {
		return Resource{}, false
	}
	return r.clone(), true
}

func (w *row) seen(now time.Time, lag time.Duration) *Resource {
	if lag > 0 && w.written.After(now.Add(-lag)) {
		return w.previous
	}
	return w.current
}

// Put writes a resource, new or not. Created, Updated and Revision are set here.
func (s *Store) Put(r Resource) Resource {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.put(r)
}

func (s *Store) put(r Resource) Resource {
	t := s.table(tableKey{r.Scope, r.Type})
	next, now := r.clone(), s.now()
	next.Created, next.Updated, next.Revision = now, now, 1
	w := t.rows[r.ID]
	if w == nil {
		w = &row{}
		t.rows[r.ID] = w
	}
	if w.current != nil {
		next.Created, next.Revision = w.current.Created, w.current.Revision+1
	} else {
		t.sorted = nil
	}
	w.previous, w.current, w.written = w.current, &next, now
	return next.clone()
}

func (s *Store) table(key tableKey) *table {
	t := s.tables[key]
	if t == nil {
		t = &table{rows: map[string]*row{}}
		s.tables[key] = t
	}
	return t
}

// Insert writes a resource that must not exist yet and reports whether it did so.
func (s *Store) Insert(r Resource) (Resource, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tables[tableKey{r.Scope, r.Type}]; t != nil && t.rows[r.ID] != nil && t.rows[r.ID].current != nil {
		return t.rows[r.ID].current.clone(), false
	}
	return s.put(r), true
}

// Update changes one resource under the lock. change gets a copy; when it returns an error nothing is written. found is
// false, and change is not called, when the resource does not exist. change must not call the store.
func (s *Store) Update(scope Scope, typ, id string, change func(*Resource) error) (r Resource, found bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[tableKey{scope, typ}]
	if t == nil || t.rows[id] == nil || t.rows[id].current == nil {
		return Resource{}, false, nil
	}
	next := t.rows[id].current.clone()
	if err := change(&next); err != nil {
		return Resource{}, true, err
	}
	return s.put(next), true, nil
}

// Delete removes one resource and reports whether it existed.
func (s *Store) Delete(scope Scope, typ, id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[tableKey{scope, typ}]
	if t == nil || t.rows[id] == nil || t.rows[id].current == nil {
		return false
	}
	w := t.rows[id]
	w.previous, w.current, w.written = w.current, nil, s.now()
	t.sorted = nil
	return true
}

// List returns copies of all resources of a type, sorted by id.
func (s *Store) List(scope Scope, typ string) []Resource {
	out, _ := s.Page(scope, typ, "", 0)
	return out
}

// Page returns up to limit resources whose id is greater than after, sorted by id, and the last id when there may be
// more. A limit of zero means all.
func (s *Store) Page(scope Scope, typ, after string, limit int) (page []Resource, next string) {
	return s.page(scope, typ, after, limit, 0)
}

func (s *Store) page(scope Scope, typ, after string, limit int, lag time.Duration) (page []Resource, next string) {
	s.mu.Lock() // the sorted index may be rebuilt
	defer s.mu.Unlock()
	t := s.tables[tableKey{scope, typ}]
	if t == nil {
		return nil, ""
	}
	now := s.now()
	ids := t.index()
	start, found := slices.BinarySearch(ids, after)
	if found {
		start++
	}
	for _, id := range ids[start:] {
		r := t.rows[id].seen(now, lag)
		if r == nil {
			continue
		}
		if limit > 0 && len(page) == limit {
			return page, page[limit-1].ID
		}
		page = append(page, r.clone())
	}
	return page, ""
}

func (s *Store) prefix(scope Scope, typ, prefix string, lag time.Duration) []Resource {
	s.mu.Lock() // the sorted index may be rebuilt
	defer s.mu.Unlock()
	t := s.tables[tableKey{scope, typ}]
	if t == nil {
		return nil
	}
	var out []Resource
	now, ids := s.now(), t.index()
	start, _ := slices.BinarySearch(ids, prefix)
	for _, id := range ids[start:] {
		if !strings.HasPrefix(id, prefix) {
			break
		}
		if r := t.rows[id].seen(now, lag); r != nil {
			out = append(out, r.clone())
		}
	}
	return out
}

// index returns the ids in order, deleted ones included as long as a stale read may see them.
func (t *table) index() []string {
	if t.sorted == nil {
		t.sorted = make([]string, 0, len(t.rows))
		for id := range t.rows {
			t.sorted = append(t.sorted, id)
		}
		slices.Sort(t.sorted)
	}
	return t.sorted
}

// Find returns the first resource of the type in the scope that satisfies match, in order of id.
func (s *Store) Find(scope Scope, typ string, match func(Resource) bool) (Resource, bool) {
	for _, r := range s.List(scope, typ) {
		if match(r) {
			return r, true
		}
	}
	return Resource{}, false
}

// Types lists the types that have resources in the scope, sorted.
func (s *Store) Types(scope Scope) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var out []string
	for key, t := range s.tables {
		if key.scope == scope && len(t.rows) > 0 {
			out = append(out, key.typ)
		}
	}
	slices.Sort(out)
	return out
}

// Reset empties the store.
func (s *Store) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tables = map[tableKey]*table{}
}

// Replace writes a new state of a resource that was read before; it reports false, and writes nothing, when somebody else
// wrote or deleted it since (the revision differs).
func (s *Store) Replace(r Resource) (Resource, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[tableKey{r.Scope, r.Type}]
	if t == nil || t.rows[r.ID] == nil || t.rows[r.ID].current == nil || t.rows[r.ID].current.Revision != r.Revision {
		return Resource{}, false
	}
	return s.put(r), true
}
