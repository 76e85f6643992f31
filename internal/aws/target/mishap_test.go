package target

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// bubble is the clock of a synctest bubble: the wall clock, which there moves
// when everybody waits.
type bubble struct{ clock.Clock }

func newBubble() bubble { return bubble{clock.Real(1)} }

// Advance lets time pass.
func (bubble) Advance(d time.Duration) { time.Sleep(d) }

// What can happen to a deploy, besides the faults of the simulator.
const (
	killed       = "the process is killed"
	killedAfter  = "the process is killed before it hears the answer"
	cancelled    = "the run is cancelled"
	lost         = "answers are lost"
	changed      = "somebody else changes it"
	deleted      = "somebody else deletes it"
	anotherStart = "another deploy starts"
	unhealthy    = "new tasks of the service do not get healthy"
)

// mishap is one thing that happens during a deploy: at a moment of its life,
// for a while, in one Region or, without one, in both.
type mishap struct {
	what       string
	region     string
	at, length time.Duration
	// resource and action are what fails or freezes in a stack.
	resource, action string
}

func (m mishap) String() string {
	words := []string{m.what}
	if m.resource != "" {
		words = append(words, "("+m.resource+", "+m.action+")")
	}
	if m.region != "" {
		words = append(words, "in "+m.region)
	}
	return fmt.Sprintf("%s at %v for %v", strings.Join(words, " "), m.at, m.length)
}

// weather are the mishaps that concern every call of a span of time.
var weather = []string{fault.Throttle, fault.Error, fault.Reset, fault.Truncate, fault.ExpiredToken, fault.AccessDenied, lost}

// mishaps are what can be chosen from; what is written twice is chosen more often.
func mishaps(stacks bool) []string {
	list := append(slices.Clone(weather), fault.Throttle, fault.ExpiredToken, killed, killed, killedAfter, killedAfter, cancelled, cancelled, changed, deleted, anotherStart)
	if stacks {
		return append(list, fault.FailResource, fault.FailResource, fault.FailResource, fault.FailResource, fault.FailResource, fault.FreezeResource)
	}
	return append(list, unhealthy, unhealthy)
}

// span is about as long as a deploy takes.
const span = 90 * time.Second

// foresee plans up to three mishaps of a deploy.
func foresee(chance *rand.Rand, stacks bool) []mishap {
	list := make([]mishap, chance.IntN(4))
	for i := range list {
		m := mishap{what: oneOf(chance, mishaps(stacks)), region: oneOf(chance, append(slices.Clone(bothRegions), "")),
			at: time.Duration(chance.Float64() * float64(span)), length: oneOf(chance, []time.Duration{time.Second, 10 * time.Second, time.Minute, 5 * time.Minute, time.Hour})}
		switch m.what {
		case changed, deleted, unhealthy, fault.FreezeResource, fault.FailResource:
			m.region = oneOf(chance, bothRegions)
		}
		if m.what == fault.FreezeResource || m.what == fault.FailResource {
			m.resource = oneOf(chance, []string{"Queue", "Dead", "Setting", "Topic"})
			m.action = oneOf(chance, []string{"create", "update", "update", "rollback-create", "rollback-update"})
			m.at = 0
		}
		list[i] = m
	}
	return list
}

func oneOf[T any](chance *rand.Rand, list []T) T { return list[chance.IntN(len(list))] }

// network is what a process calls AWS through. Every call takes its own time,
// so that there is a moment between any two of them, and from the moment of a
// kill nothing arrives any more.
type network struct {
	client interface {
		Do(*http.Request) (*http.Response, error)
	}
	seed  uint64
	die   func()
	mu    sync.Mutex
	calls map[string]uint64
	// cut is from when on the process is dead, late that its first call then
	// still arrives; isDead that this has been.
	cut          time.Time
	late, isDead bool
	// lossy are the Regions, or "" for all, whose answers are lost.
	lossy map[string]bool
}

func (n *network) Do(req *http.Request) (*http.Response, error) {
	latency := n.latency(req.URL.Host)
	if err := sleep(req.Context(), latency/2); err != nil {
		return nil, err
	}
	if dead, last := n.dies(); dead {
		if last {
			if resp, err := n.client.Do(req); err == nil {
				resp.Body.Close()
			}
		}
		n.die()
		return nil, errDead
	}
	resp, err := n.client.Do(req)
	if err != nil {
		return nil, err
	}
	err = sleep(req.Context(), latency/2)
	if err == nil && n.loses(req.URL.Host) {
		err = fmt.Errorf("read answer of %s: connection lost", req.URL.Host)
	}
	if err != nil {
		resp.Body.Close()
		return nil, err
	}
	return resp, nil
}

// latency is between 20 and 220 ms, by the seed and the number of the call.
func (n *network) latency(host string) time.Duration {
	n.mu.Lock()
	n.calls[host]++
	nth := n.calls[host]
	n.mu.Unlock()
	h := fnv.New64a()
	h.Write([]byte(host))
	chance := rand.New(rand.NewPCG(n.seed, h.Sum64()+nth))
	return 20*time.Millisecond + time.Duration(chance.Int64N(int64(200*time.Millisecond)))
}

func (n *network) dies() (dead, last bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cut.IsZero() || time.Now().Before(n.cut) {
		return false, false
	}
	last = n.late && !n.isDead
	n.isDead = true
	return true, last
}

func (n *network) dead() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.isDead
}

func (n *network) loses(host string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for region, on := range n.lossy {
		if on && (region == "" || strings.Contains(host, region)) {
			return true
		}
	}
	return false
}

func (n *network) lose(region string, on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lossy[region] = on
}

// strike lets a mishap happen when its time comes and end when it is over;
// heal ends it at once.
func (r *rig) strike(m mishap, n *network, cancel context.CancelFunc, meddle func(mishap), another func()) (heal func()) {
	switch m.what {
	case killed, killedAfter:
		n.cut, n.late = time.Now().Add(m.at), m.what == killedAfter
		return func() {}
	case cancelled:
		return after(m.at, cancel)
	case changed, deleted:
		return after(m.at, func() { meddle(m) })
	case unhealthy:
		s := &services{rig: r, region: m.region}
		begin := after(m.at, s.failing)
		return func() { begin(); s.healthy() }
	case anotherStart:
		return after(m.at, another)
	case lost:
		begin, end := after(m.at, func() { n.lose(m.region, true) }), after(m.at+m.length, func() { n.lose(m.region, false) })
		return func() { begin(); end(); n.lose(m.region, false) }
	}
	f := awssim.Fault{Effect: m.what, Region: m.region, LogicalID: m.resource, Action: m.action}
	var once sync.Once
	var mu sync.Mutex
	mend := func() {}
	begin := after(m.at, func() {
		mu.Lock()
		defer mu.Unlock()
		mend = r.inject(f)
	})
	over := func() {
		mu.Lock()
		defer mu.Unlock()
		once.Do(mend)
	}
	end := after(m.at+m.length, over)
	return func() { begin(); end(); over() }
}

// after does something later; stop keeps it from happening.
func after(d time.Duration, does func()) (stop func()) {
	timer := time.AfterFunc(d, does)
	return func() { timer.Stop() }
}
