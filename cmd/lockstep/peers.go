package main

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// assess judges every Region that has to take over; the worst verdict is the
// verdict. With active-active each Region does, from each of the others.
func (c *comparison) assess() readiness.Assessment {
	var assessments []readiness.Assessment
	for i := range c.standbys {
		assessments = append(assessments, c.takeover(c.snapshots[0], c.snapshots[i+1], &c.standbys[i]))
	}
	if c.cfg.Topology.Strategy == topology.ActiveActive {
		assessments = append(assessments, c.amongPeers()...)
	}
	return readiness.Merge(assessments)
}

// measured are the objectives of every Region that has to take over. One that may
// have to take over from several is measured against the worst of them.
func (c *comparison) measured() []readiness.Measured {
	var list []readiness.Measured
	for i, to := range c.snapshots {
		var worst *readiness.Measured
		for _, from := range c.snapshots {
			if from == to || c.cfg.Topology.Strategy != topology.ActiveActive && from != c.snapshots[0] {
				continue
			}
			var compared *drift.Comparison // knows by which key both Regions have a resource
			if from == c.snapshots[0] {
				compared = &c.standbys[i-1]
			}
			m := readiness.Measure(c.evidence(from, to, compared))
			if worst != nil {
				m = readiness.WorseOf(*worst, m)
			}
			worst = &m
		}
		if worst != nil {
			list = append(list, *worst)
		}
	}
	return list
}

// amongPeers judges what the comparison with the reference leaves out: the
// reference as the one that takes over, and the peers from one another. A
// difference that was judged before as hard is one difference, judged there.
func (c *comparison) amongPeers() []readiness.Assessment {
	var judged []drift.Finding
	for _, standby := range c.standbys {
		judged = append(judged, standby.Findings...)
	}
	var assessments []readiness.Assessment
	for _, from := range c.snapshots[1:] {
		for _, to := range c.snapshots {
			if from == to {
				continue
			}
			compared := drift.Compare(from, to, c.options())
			compared.Gaps = append(compared.Gaps, takenApart(from, to)...)
			compared.Findings = slices.DeleteFunc(compared.Findings, func(f drift.Finding) bool { return known(judged, f) })
			judged = append(judged, compared.Findings...)
			assessments = append(assessments, c.takeover(from, to, &compared))
		}
	}
	return assessments
}

func known(judged []drift.Finding, f drift.Finding) bool {
	return slices.ContainsFunc(judged, func(j drift.Finding) bool {
		return j.Resource == f.Resource && j.Property == f.Property && j.Severity.AtLeast(f.Severity)
	})
}

// takeover judges whether one Region could take over from another.
func (c *comparison) takeover(from, to *drift.Snapshot, compared *drift.Comparison) readiness.Assessment {
	return readiness.Assess(c.evidence(from, to, compared), c.cfg.Policy)
}

func (c *comparison) evidence(from, to *drift.Snapshot, compared *drift.Comparison) readiness.Evidence {
	region, _ := c.cfg.Topology.Region(to.Region.Name)
	return readiness.Evidence{
		Primary: from, Standby: to, Comparison: compared,
		Strategy: c.cfg.Topology.Strategy, Objectives: c.cfg.Objectives, Probe: region.Probe, Takeover: c.cfg.Takeover, Now: c.at,
		Delivered: delivered(c.cfg, from.Region.Name, to.Region.Name),
	}
}

// delivered are the buckets of a Region whose static files the release brings there
// and to another Region.
func delivered(cfg *config.Config, from, to string) (buckets []string) {
	for _, t := range cfg.Release {
		if t.S3 != nil && t.S3.Bucket[from] != "" && t.S3.Bucket[to] != "" {
			buckets = append(buckets, t.S3.Bucket[from])
		}
	}
	return buckets
}
