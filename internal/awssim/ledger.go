package awssim

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Entry is one call in the ledger.
type Entry struct {
	Time      time.Time `json:"time"`
	Account   string    `json:"account"`
	Region    string    `json:"region"`
	Service   string    `json:"service"`
	Operation string    `json:"operation"`
	Status    int       `json:"status"` // HTTP status; 0 when there was no complete answer
	Code      string    `json:"code,omitempty"`
	Fault     string    `json:"fault,omitempty"` // ids of the faults that hit it
}

// Count is how often an operation was called.
type Count struct {
	Region    string `json:"region"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Calls     int    `json:"calls"`
	Failed    int    `json:"failed"`
}

// maxEntries bounds the list of calls; the counters go on.
const maxEntries = 100_000

type ledger struct {
	mu      sync.Mutex
	entries []Entry
	counts  map[Count]*Count // keyed by the count with zero calls
}

func (l *ledger) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries, l.counts = nil, map[Count]*Count{}
}

func (l *ledger) add(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) < maxEntries {
		l.entries = append(l.entries, e)
	}
	key := Count{Region: e.Region, Service: e.Service, Operation: e.Operation}
	c := l.counts[key]
	if c == nil {
		c = &Count{Region: e.Region, Service: e.Service, Operation: e.Operation}
		l.counts[key] = c
	}
	c.Calls++
	if e.Status < 200 || e.Status >= 400 {
		c.Failed++
	}
}

// Calls returns the calls since the last Reset in the order in which they were answered, the first hundred thousand of them.
func (c *Cloud) Calls() []Entry {
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	return slices.Clone(c.ledger.entries)
}

// Counts returns how often each operation was called since the last Reset, sorted by Region, service and operation.
func (c *Cloud) Counts() []Count {
	c.ledger.mu.Lock()
	defer c.ledger.mu.Unlock()
	out := make([]Count, 0, len(c.ledger.counts))
	for _, n := range c.ledger.counts {
		out = append(out, *n)
	}
	slices.SortFunc(out, func(a, b Count) int {
		return strings.Compare(a.Region+" "+a.Service+" "+a.Operation, b.Region+" "+b.Service+" "+b.Operation)
	})
	return out
}

// Called returns how often an operation was called in all Regions since the last Reset.
func (c *Cloud) Called(service, operation string) int {
	n := 0
	for _, count := range c.Counts() {
		if count.Service == service && count.Operation == operation {
			n += count.Calls
		}
	}
	return n
}
