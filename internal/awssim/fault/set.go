package fault

import (
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Set is the faults in force. It is safe for concurrent use; the zero value is empty and usable.
type Set struct {
	mu     sync.Mutex
	serial int
	faults []*active
}

type active struct {
	Fault
	seen    int // matching calls so far
	buckets map[string]*bucket
}

// bucket is a token bucket. The zero time means full.
type bucket struct {
	tokens float64
	filled time.Time
}

// CallInfo is what faults on calls are matched against.
type CallInfo struct {
	Account, Region, Service, Operation string
	Path                                string
	Body                                []byte
	At                                  time.Time
}

// ResourceInfo is what faults on CloudFormation resources are matched against.
type ResourceInfo struct{ Account, Region, Stack, LogicalID, Type, Action string }

// Add puts a fault in force and returns its id, made up when it has none. A fault of the same id is replaced.
func (s *Set) Add(f Fault) (string, error) {
	if err := f.Validate(); err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	if f.ID == "" {
		f.ID = "fault-" + strconv.Itoa(s.serial)
	}
	s.remove(f.ID)
	s.faults = append(s.faults, &active{Fault: f, buckets: map[string]*bucket{}})
	return f.ID, nil
}

func (f Fault) burst() float64 {
	if f.Burst > 0 {
		return f.Burst
	}
	return max(f.Rate, 1)
}

// Remove takes a fault out of force and reports whether it was.
func (s *Set) Remove(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.remove(id)
}

func (s *Set) remove(id string) bool {
	for i, f := range s.faults {
		if f.ID == id {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return true
		}
	}
	return false
}

// Clear takes all faults out of force.
func (s *Set) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

// List returns the faults in force, oldest first.
func (s *Set) List() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]Fault, 0, len(s.faults))
	for _, f := range s.faults {
		out = append(out, f.Fault)
	}
	return out
}

// Calls returns the faults that hit a call, oldest first, and counts the call.
func (s *Set) Calls(c CallInfo) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Fault
	for _, f := range s.faults {
		if f.forResource() || !f.matchesCall(c) || !f.due() {
			continue
		}
		if f.Effect == Throttle && f.Rate > 0 && f.admit(c) {
			continue
		}
		out = append(out, f.Fault)
	}
	return out
}

// Resources returns the faults that hit a step of a CloudFormation resource, oldest first, and counts the step.
func (s *Set) Resources(r ResourceInfo) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Fault
	for _, f := range s.faults {
		if f.forResource() && f.matchesResource(r) && f.due() {
			out = append(out, f.Fault)
		}
	}
	return out
}

// Frozen reports whether a freeze of this id is still in force.
func (s *Set) Frozen(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.ID == id {
			return true
		}
	}
	return false
}

func (f *active) matchesCall(c CallInfo) bool {
	return is(f.Account, c.Account) && is(f.Region, c.Region) && is(f.Service, c.Service) && is(f.Operation, c.Operation) && !slices.Contains(f.Except, c.Operation) &&
		(f.Contains == "" || strings.Contains(c.Path, f.Contains) || strings.Contains(string(c.Body), f.Contains))
}

func (f *active) matchesResource(r ResourceInfo) bool {
	return is(f.Account, r.Account) && is(f.Region, r.Region) && is(f.Stack, r.Stack) && is(f.LogicalID, r.LogicalID) &&
		is(f.Type, r.Type) && is(f.Action, r.Action)
}

// is matches a selector: empty matches all, a trailing * any continuation.
func is(want, got string) bool {
	if prefix, wild := strings.CutSuffix(want, "*"); wild {
		return strings.HasPrefix(got, prefix)
	}
	return want == "" || want == got
}

// due counts a match and reports whether it is one of those to hit.
func (f *active) due() bool {
	f.seen++
	nth := f.seen - max(f.From, 1)
	if nth < 0 || f.Every > 1 && nth%f.Every != 0 {
		return false
	}
	return f.Count == 0 || nth/max(f.Every, 1) < f.Count
}

// admit takes a token from the bucket of the call's account and Region and reports whether there was one.
func (f *active) admit(c CallInfo) bool {
	key := c.Account + " " + c.Region
	if f.PerOperation {
		key += " " + c.Operation
	}
	b := f.buckets[key]
	if b == nil {
		b = &bucket{tokens: f.burst(), filled: c.At}
		f.buckets[key] = b
	}
	b.tokens = min(f.burst(), b.tokens+f.Rate*c.At.Sub(b.filled).Seconds())
	b.filled = c.At
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}
