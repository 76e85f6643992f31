package main

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// ladder judges the same snapshots under every strategy. Under the declared one it
// is what the gate found.
func (c *comparison) ladder(found readiness.Assessment, now time.Time) (readiness.Ladder, map[topology.Strategy]readiness.Assessment) {
	all := map[topology.Strategy]readiness.Assessment{c.cfg.Topology.Strategy: found}
	ladder := readiness.NewLadder(c.cfg.Topology.Strategy, c.cfg.Objectives, func(s topology.Strategy) readiness.Assessment {
		if _, known := all[s]; !known {
			under := c.under(s)
			under.refuseOld(now)
			all[s] = under.assess()
		}
		return all[s]
	})
	return ladder, all
}

// under is the comparison of the same Regions, were the strategy the declared one.
func (c *comparison) under(s topology.Strategy) *comparison {
	cfg := *c.cfg
	cfg.Topology, cfg.Objectives = cfg.Topology.Under(s), cfg.Objectives.Under(s)
	snapshots := make([]*drift.Snapshot, len(c.snapshots))
	for i, taken := range c.snapshots {
		snapshot := *taken
		snapshot.Region.Role = cfg.Topology.Regions[i].Role
		snapshots[i] = &snapshot
	}
	return compareTaken(&cfg, snapshots, c.from, c.at)
}
