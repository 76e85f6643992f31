package awssim

import (
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/lockstep-dr/lockstep/internal/awssim/cfn"
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
	"github.com/lockstep-dr/lockstep/internal/awssim/sts"
)

// Options are the settings of a Cloud. The zero value is a cloud on the wall clock at DefaultSpeed.
type Options struct {
	Seed     int64             // of generated identifiers; the same seed and the same calls give the same ids
	Clock    clock.Clock       // default: the wall clock with waits shortened by Speed
	Speed    float64           // default DefaultSpeed; only used without a Clock
	Accounts map[string]string // access key id to account; unknown keys belong to 111111111111
	Latency  time.Duration     // added to every call
	Faults   []Fault           // in force from the start
	Limits   bool              // throttle at AWS's rates; see fault.Limits

	Durations map[string]core.Durations // how long CloudFormation waits for a type
	Resources []Seed                    // exist from the start
	Edits     []Edit                    // happen behind everybody's back

	// AdvancePerCall moves a virtual clock forward with every call, so that a client that polls sees time pass.
	AdvancePerCall time.Duration
}

const defaultAccount = sts.DefaultAccount

// DefaultSpeed shortens waits so that a stack of twenty resources takes a second or two.
const DefaultSpeed = 25

// Fault is a scripted fault; see package fault.
type Fault = fault.Fault

// Cloud is a simulated AWS. It is an http.Handler, safe for concurrent use.
type Cloud struct {
	options Options
	clock   clock.Clock
	state   atomic.Pointer[state]
	faults  fault.Set
	ledger  ledger
}

// state is what Reset throws away.
type state struct {
	world    *core.World
	sessions *sts.Sessions
	engine   *cfn.Engine
	services map[string]*core.Service
}

func newState(sessions *sts.Sessions, engine *cfn.Engine) *state {
	s := &state{sessions: sessions, engine: engine, services: map[string]*core.Service{}}
	list := services(sessions, engine)
	for i := range list {
		s.services[list[i].Name] = &list[i]
	}
	return s
}

func (s *state) list() []core.Service {
	var out []core.Service
	for _, name := range slices.Sorted(maps.Keys(s.services)) {
		out = append(out, *s.services[name])
	}
	return out
}

func (s *state) bind(world *core.World, durations map[string]core.Durations) {
	world.Durations = durations
	s.world = world
	s.engine.Bind(world, s.fetch, nil)
}

// New returns an empty cloud. Faults that do not validate are an error.
func New(o Options) (*Cloud, error) {
	c := &Cloud{options: o, clock: o.Clock}
	if c.clock == nil {
		if o.Speed <= 0 {
			o.Speed = DefaultSpeed
		}
		c.clock = clock.Real(o.Speed)
	}
	for _, f := range o.Faults {
		if _, err := c.faults.Add(f); err != nil {
			return nil, err
		}
	}
	if o.Limits {
		for _, f := range fault.Limits() {
			if _, err := c.faults.Add(f); err != nil {
				return nil, err
			}
		}
	}
	if err := c.Reset(); err != nil {
		return nil, err
	}
	return c, nil
}

// Reset takes the cloud back to its start: resources, stacks, sessions, the ledger. Faults stay; see ClearFaults. Its error
// is one that New would have given: a resource of the options that cannot be made.
func (c *Cloud) Reset() error {
	s := newState(sts.NewSessions(c.options.Accounts), cfn.NewEngine(&c.faults))
	s.bind(core.NewWorld(c.clock, c.options.Seed, s.list()), c.options.Durations)
	c.state.Store(s)
	c.ledger.reset()
	return c.plant(s)
}

// World is the live state, for tests and seeds that act behind the back of the APIs.
func (c *Cloud) World() *core.World { return c.state.Load().world }

// Fail puts a fault in force and returns its id.
func (c *Cloud) Fail(f Fault) (id string, err error) { return c.faults.Add(f) }

// Heal takes a fault out of force and reports whether it was.
func (c *Cloud) Heal(id string) bool {
	was := c.faults.Remove(id)
	c.state.Load().engine.Thaw()
	return was
}

// ClearFaults takes all faults out of force.
func (c *Cloud) ClearFaults() {
	c.faults.Clear()
	c.state.Load().engine.Thaw()
}
