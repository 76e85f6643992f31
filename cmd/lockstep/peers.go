package main

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// assess judges every Region that has to take over; the worst verdict is the
// verdict. With active-active each Region does for the others, so that the
// reference is judged as well, as the one that takes over from each of its peers.
func (c *comparison) assess() readiness.Assessment {
	var assessments []readiness.Assessment
	for i := range c.standbys {
		assessments = append(assessments, c.takeover(c.snapshots[0], c.snapshots[i+1], &c.standbys[i]))
		if c.cfg.Topology.Strategy == topology.ActiveActive {
			back := c.back(i)
			assessments = append(assessments, c.takeover(c.snapshots[i+1], c.snapshots[0], &back))
		}
	}
	return readiness.Merge(assessments)
}

// takeover judges whether one Region could take over from another.
func (c *comparison) takeover(from, to *drift.Snapshot, compared *drift.Comparison) readiness.Assessment {
	region, _ := c.cfg.Topology.Region(to.Region.Name)
	return readiness.Assess(readiness.Evidence{
		Primary: from, Standby: to, Comparison: compared,
		Strategy: c.cfg.Topology.Strategy, Objectives: c.cfg.Objectives, Probe: region.Probe, Takeover: c.cfg.Takeover, Now: c.at,
	}, c.cfg.Policy)
}

// back compares the reference with the i-th peer as its model. A difference that
// the comparison the other way round shows as hard is one difference, judged there.
func (c *comparison) back(i int) drift.Comparison {
	back := drift.Compare(c.snapshots[i+1], c.snapshots[0], c.options())
	back.Gaps = append(back.Gaps, takenApart(c.snapshots[0], c.snapshots[i+1])...)
	back.Findings = slices.DeleteFunc(back.Findings, func(f drift.Finding) bool {
		return slices.ContainsFunc(c.standbys[i].Findings, func(forth drift.Finding) bool {
			return forth.Resource == f.Resource && forth.Property == f.Property && forth.Severity.AtLeast(f.Severity)
		})
	})
	return back
}
