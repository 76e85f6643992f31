package awssim

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/clock"
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// Clone returns a cloud with the same resources, stacks and sessions on a clock of its own; from here on each goes its own
// way. It costs little: states are shared until they are written. Faults and the list of calls are not copied. What is planned
// on the original's clock happens there only, so settle it first.
func (c *Cloud) Clone(clk clock.Clock) *Cloud {
	from := c.state.Load()
	out := &Cloud{options: c.options, clock: clk}
	out.ledger.reset()
	s := newState(from.sessions.Copy(), from.engine.Copy(&out.faults))
	world := core.NewWorld(clk, c.options.Seed, s.list())
	world.Store, world.IDs = from.world.Store.Copy(clk.Now), from.world.IDs.Copy()
	s.bind(world, c.options.Durations)
	out.state.Store(s)
	return out
}
