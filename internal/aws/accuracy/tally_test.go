package accuracy

import (
	"sync"

	"github.com/lockstep-dr/lockstep/drift"
)

// tally collects what was shown, for the document.
type tally struct {
	mu          sync.Mutex
	compared    map[string]int             // pairs by scenario
	types       map[string]bool            // compared without a finding
	mutations   map[string]map[outcome]int // findings by type of resource
	kinds       map[string]int             // mutations
	asymmetries map[string][]string        // by scenario
	changes     int
	deployed    int // findings that a deployment itself must give
}

// outcome is how bad a finding is and where it is said to come from.
type outcome struct {
	severity drift.Severity
	cause    drift.Cause
}

func newTally() *tally {
	return &tally{compared: map[string]int{}, types: map[string]bool{}, mutations: map[string]map[outcome]int{}, kinds: map[string]int{},
		asymmetries: map[string][]string{}}
}

func (y *tally) template(s *scenario, snapshots []*drift.Snapshot, c drift.Comparison) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.compared[s.name] = c.Coverage.Compared
	y.deployed += len(c.Findings)
	for _, f := range c.Findings {
		y.count(f)
	}
	for _, snapshot := range snapshots {
		for _, r := range snapshot.Resources {
			y.types[r.Type] = true
		}
	}
}

func (y *tally) mutation(s *scenario, m mutation, found []drift.Finding) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.changes++
	known := map[string]bool{}
	for _, line := range s.Declared {
		known[keyOf(line)] = true
	}
	for _, f := range found {
		if !known[line(s, f)] {
			y.count(f)
			y.kinds[kindOf(s, f)]++
		}
	}
}

func (y *tally) count(f drift.Finding) {
	if y.mutations[f.Type] == nil {
		y.mutations[f.Type] = map[outcome]int{}
	}
	y.mutations[f.Type][outcome{f.Severity, f.Cause}]++
}

func (y *tally) asymmetry(s *scenario, a asymmetry) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.asymmetries[s.name] = append(y.asymmetries[s.name], a.Name)
}

// kindOf says what was found, in the words of the document.
func kindOf(s *scenario, f drift.Finding) string {
	what := "a property differs"
	switch {
	case f.Property == "" && f.Standby == nil:
		what = "a resource is missing in the standby"
	case f.Property == "":
		what = "a resource is missing in the primary"
	case f.Primary == nil || f.Standby == nil:
		what = "a property is set in one Region only"
	}
	switch f.ChangedIn {
	case s.Regions[0]:
		return what + ", changed in the primary"
	case s.Regions[1]:
		return what + ", changed in the standby"
	}
	return what + ", Region not told"
}
