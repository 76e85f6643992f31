package drift

import (
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// Options are what the team declared; they never hold what was read.
type Options struct {
	Topology   topology.Topology
	Objectives topology.Objectives
	Accept     []Waiver
	// Now decides which waivers still hold.
	Now time.Time
}
