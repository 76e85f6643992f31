package deploy

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// world is a small AWS: places with stacks and a ledger, whose operations go
// on whatever becomes of the process that started them.
type world struct {
	mu     sync.Mutex
	places map[string]*place
	// fault decides what goes wrong with a call of the current process.
	fault func(site) fault
	calls map[string]int
	// dead: the current process was killed; nothing it does has any effect.
	dead bool
	log  []string
}

type place struct {
	stacks  map[string]*fakeStack
	ledger  LedgerState
	history []Record
	images  map[string][]byte
}

type fakeStack struct {
	exists  bool
	content string
	stuck   bool
	pending *pending
	plans   map[string]bool
	// barrier is the deployment that was kept here last.
	barrier string
}

// pending is an operation under way.
type pending struct {
	to                       string
	ends                     time.Time
	fails                    string // reason; empty: it works
	sticks, aborted, deletes bool
	// barrier is the deployment for whose word it waits once it is there;
	// empty: for none. kept: the word was given.
	barrier string
	kept    bool
}

// barrierTimeout is how long a stack waits for the word before it goes back.
const barrierTimeout = 30 * time.Minute

// waits reports whether the operation is done but for the word.
func (op *pending) waits() bool {
	return op != nil && op.barrier != "" && !op.kept && !op.aborted && op.fails == "" && !op.sticks && !time.Now().Before(op.ends)
}

// site is one call: the nth of its kind in its place.
type site struct {
	region, target, call string
	n                    int
}

func (s site) String() string { return fmt.Sprintf("%s/%s/%s#%d", s.region, s.target, s.call, s.n) }

// fault is what goes wrong with a call.
type fault int

const (
	works      fault = iota
	errBefore        // an error, and it had no effect
	errAfter         // an error, although it had its effect
	killBefore       // the process dies before it
	killAfter        // the process dies right after it
	opFails          // Execute: the operation fails and rolls back
	opSticks         // Execute: the operation fails and cannot roll back
	refuses          // Prepare: a precondition does not hold
	lies             // Verify: the target is not on the release
)

var errKilled = errors.New("the process is dead")

func newWorld(regions, targets []string, content string) *world {
	w := &world{places: map[string]*place{}, calls: map[string]int{}, fault: func(site) fault { return works }}
	for _, region := range regions {
		p := &place{stacks: map[string]*fakeStack{}, images: map[string][]byte{}}
		for _, target := range targets {
			p.stacks[target] = &fakeStack{exists: content != "", content: content, plans: map[string]bool{}}
		}
		if content != "" {
			p.ledger.Record = &Record{ID: content, Deployment: "d-initial", Outcome: Done, Regions: slices.Sorted(slices.Values(regions)), Targets: map[string]string{}}
			for _, target := range targets {
				p.ledger.Record.Targets[target] = "sha256:" + content
			}
			p.history = []Record{*p.ledger.Record}
		}
		w.places[region] = p
	}
	return w
}

// call runs effect unless the fault says otherwise.
func (w *world) call(ctx context.Context, region, target, name string, effect func() error) (fault, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.dead {
		return works, errKilled
	}
	if err := ctx.Err(); err != nil {
		return works, err
	}
	key := region + "/" + target + "/" + name
	w.calls[key]++
	at := site{region, target, name, w.calls[key]}
	f := w.fault(at)
	if f != works {
		w.log = append(w.log, fmt.Sprintf("%s: %d", at, f))
	}
	switch f {
	case errBefore:
		return f, errors.New("connection reset before " + at.String())
	case killBefore:
		w.dead = true
		return f, errKilled
	}
	w.advance()
	err := effect()
	switch f {
	case errAfter:
		return f, errors.New("connection reset after " + at.String())
	case killAfter:
		w.dead = true
		return f, errKilled
	}
	return f, err
}

// advance ends the operations whose time has come.
func (w *world) advance() {
	for _, p := range w.places {
		for _, s := range p.stacks {
			op := s.pending
			if op == nil || time.Now().Before(op.ends) {
				continue
			}
			if op.waits() {
				if time.Now().Before(op.ends.Add(barrierTimeout)) {
					continue
				}
				op.aborted = true // nobody gave the word
			}
			s.pending = nil
			switch {
			case op.sticks:
				s.stuck, s.content = true, "half "+op.to
			case op.fails != "", op.aborted:
			case op.deletes:
				s.exists, s.content = false, ""
			default:
				s.exists, s.content, s.barrier = true, op.to, op.barrier
			}
		}
	}
}

// revive starts a new process after the old one ended or died.
func (w *world) revive(faults func(site) fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if faults == nil {
		faults = func(site) fault { return works }
	}
	w.dead, w.fault, w.calls = false, faults, map[string]int{}
}

// contents are what every stack of every place holds now.
func (w *world) contents() map[string]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	all := map[string]string{}
	for region, p := range w.places {
		for target, s := range p.stacks {
			text := s.content
			switch {
			case s.pending != nil:
				text = "pending"
			case s.stuck:
				text = "stuck"
			}
			all[region+"/"+target] = text
		}
	}
	return all
}

// all reports whether every stack holds exactly this.
func (w *world) all(content string) bool {
	for _, got := range w.contents() {
		if got != content {
			return false
		}
	}
	return true
}

func (w *world) leftovers() (locks, journals, plans int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.places {
		if p.ledger.Lock != nil {
			locks++
		}
		if p.ledger.Journal != nil {
			journals++
		}
		for _, s := range p.stacks {
			plans += len(s.plans)
		}
	}
	return locks, journals, plans
}

// request is a deploy of want into every place of the world.
func (w *world) request(want, deployment string, targets []string, needs map[string][]Ref) Request {
	req := Request{App: "shop", Release: Release{ID: want}, Deployment: deployment, Owner: Owner{ID: "run " + deployment},
		Deadline: time.Hour, Lease: 5 * time.Minute}
	for _, region := range slices.Sorted(maps.Keys(w.places)) {
		r := Region{Name: region, Role: "standby", Ledger: &fakeLedger{w, region}}
		for _, name := range targets {
			r.Targets = append(r.Targets, w.target(region, name, want, needs[name]))
		}
		req.Regions = append(req.Regions, r)
	}
	return req
}

func (w *world) target(region, name, want string, needs []Ref) *fakeTarget {
	return &fakeTarget{w: w, region: region, name: name, want: want, needs: needs, takes: time.Minute, settles: 5 * time.Second}
}

// pick is a number in [0,1) that depends only on the seed and the words.
func pick(seed int64, words ...string) float64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d/%s", seed, strings.Join(words, "/"))
	x := h.Sum64() // fnv mixes its last byte poorly: stir
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}
