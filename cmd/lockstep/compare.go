package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// comparison is every standby compared with the reference Region.
type comparison struct {
	cfg       *config.Config
	snapshots []*drift.Snapshot // reference first, as in the topology
	standbys  []drift.Comparison
	between   []drift.Comparison // of peers that are not the reference (pairwise)
	at        time.Time
	from      string // directory of the snapshots; empty when they were just taken
}

// compare takes or reads the snapshots and compares them.
func (g *globals) compare(ctx context.Context, cfg *config.Config, from string) (*comparison, error) {
	snapshots, err := g.snapshots(ctx, cfg, from)
	if err != nil {
		return nil, err
	}
	c := compareTaken(cfg, snapshots, from, evaluatedAt(snapshots, from, g.env.now()))
	c.pairwise()
	return c, nil
}

// compareTaken compares snapshots that were taken or read.
func compareTaken(cfg *config.Config, snapshots []*drift.Snapshot, from string, at time.Time) *comparison {
	c := &comparison{cfg: cfg, snapshots: snapshots, at: at, from: from}
	for _, standby := range snapshots[1:] {
		compared := drift.Compare(snapshots[0], standby, c.options())
		compared.Gaps = append(compared.Gaps, takenApart(snapshots[0], standby)...)
		c.standbys = append(c.standbys, compared)
	}
	return c
}

// pairwise compares the peers of an active-active application with one another,
// as each is with the reference: any of them may be what another is measured by.
// A difference that a peer has from the reference too, as hard, is said there.
func (c *comparison) pairwise() {
	if c.cfg.Topology.Strategy != topology.ActiveActive {
		return
	}
	for i := range c.standbys {
		for j := i + 1; j < len(c.standbys); j++ {
			compared := drift.Compare(c.snapshots[i+1], c.snapshots[j+1], c.options())
			compared.Gaps = append(compared.Gaps, takenApart(c.snapshots[i+1], c.snapshots[j+1])...)
			compared.Findings = slices.DeleteFunc(compared.Findings, func(f drift.Finding) bool {
				return slices.ContainsFunc(slices.Concat(c.standbys[i].Findings, c.standbys[j].Findings), func(known drift.Finding) bool {
					return known.Resource == f.Resource && known.Property == f.Property && known.Severity.AtLeast(f.Severity)
				})
			})
			c.between = append(c.between, compared)
		}
	}
}

// options are what the team declared.
func (c *comparison) options() drift.Options {
	return drift.Options{Topology: c.cfg.Topology, Objectives: c.cfg.Objectives, Accept: c.cfg.Accept, Now: c.at}
}

// together is how far apart two snapshots may be taken and still show the
// Regions side by side.
const together = time.Hour

// takenApart says that one of two snapshots is much older: a Region as it was
// says nothing about whether it is alike now.
func takenApart(one, other *drift.Snapshot) []drift.Gap {
	older, newer := one, other
	if other.TakenAt.Before(one.TakenAt) {
		older, newer = other, one
	}
	if newer.TakenAt.Sub(older.TakenAt) <= together {
		return nil
	}
	return []drift.Gap{{Region: older.Region.Name, Operation: "lockstep:Snapshot", Reason: "Stale",
		Message: fmt.Sprintf("its snapshot is of %s and that of %s of %s: what changed in between was not seen; take both again with `lockstep snapshot`",
			minute(older.TakenAt), newer.Region.Name, minute(newer.TakenAt))}}
}

// refuseOld says which snapshots from files are older than gate.max-age, or of a time
// still to come: they show what was, or nobody knows what, and are no verdict over
// what is. It reports whether there are any.
func (c *comparison) refuseOld(now time.Time) bool {
	limit, refused := c.cfg.Gate.MaxAge, false
	for _, s := range c.snapshots {
		age, why := now.Sub(s.TakenAt), ""
		switch {
		case c.from == "":
		case age < -clockSkew:
			why = "which is still to come"
		case limit > 0 && age > limit:
			why = fmt.Sprintf("and gate.max-age is %s", topology.Span(limit))
		}
		if why == "" {
			continue
		}
		refused = true
		old := drift.Gap{Region: s.Region.Name, Operation: "lockstep:Snapshot", Reason: "Stale",
			Message: fmt.Sprintf("its snapshot is of %s, %s: take it again with `lockstep snapshot`", minute(s.TakenAt), why)}
		for i := range c.standbys {
			c.standbys[i].Gaps = append(c.standbys[i].Gaps, old)
		}
	}
	return refused
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// report writes the comparison into a report.
func (c *comparison) report(r report.Report) report.Report {
	r.EvaluatedAt = c.at
	if c.from != "" {
		r.Notices = []string{fmt.Sprintf("judged from the snapshots in %s, taken %s, not from AWS as it is now.", c.from, minute(c.at))}
	}
	r.Notices = append(r.Notices, slices.Concat(c.unseen(), c.expired())...)
	for _, s := range c.snapshots {
		r.Regions = append(r.Regions, regionLine(s))
	}
	for _, standby := range slices.Concat(c.standbys, c.between) {
		r.Findings = append(r.Findings, standby.Findings...)
		r.Coverage.Pairs += standby.Coverage.Pairs
		r.Coverage.Compared += standby.Coverage.Compared
		r.Coverage.NotCompared += standby.Coverage.NotCompared
		r.Waivers = mergeWaivers(r.Waivers, standby.Waivers)
		r.Gaps = mergeGaps(r.Gaps, standby.Gaps)
	}
	return r
}

// unseen says what no source of the inventory can show.
func (c *comparison) unseen() []string {
	for _, i := range c.cfg.Inventory {
		if i.Tags != nil {
			return []string{"resources are listed by their tags: the tagging API does not list what never had a tag, and that was not looked at."}
		}
	}
	return nil
}

// expired says which waivers no longer hold: by the day of this run, whenever
// snapshots from files were taken.
func (c *comparison) expired() []string {
	var notices []string
	for _, w := range c.cfg.Expired {
		notices = append(notices, fmt.Sprintf("the waiver of %s, %s, expired on %s: it accepts nothing.", w.Resource, w.Property, w.Until))
	}
	return notices
}

func regionLine(s *drift.Snapshot) report.Region {
	line := report.Region{Name: s.Region.Name, Role: s.Region.Role, Account: s.Account, Resources: len(s.Resources), TakenAt: s.TakenAt}
	if s.Release != nil {
		line.Release, line.DeployedAt = s.Release.ID, s.Release.DeployedAt
	}
	return line
}

// mergeWaivers keeps one line per waiver; it matched if it matched anywhere.
func mergeWaivers(have, more []drift.WaiverUse) []drift.WaiverUse {
	if len(have) == 0 {
		return more
	}
	for i := range have {
		have[i].Matched = have[i].Matched || more[i].Matched
	}
	return have
}

// mergeGaps adds the gaps that are not there yet: those of the reference Region
// come with every standby.
func mergeGaps(have, more []drift.Gap) []drift.Gap {
	type key struct{ region, resource, operation, property, fact string }
	seen := map[key]bool{}
	keyOf := func(g drift.Gap) key { return key{g.Region, g.Resource, g.Operation, g.Property, g.Fact} }
	for _, gap := range have {
		seen[keyOf(gap)] = true
	}
	for _, gap := range more {
		if !seen[keyOf(gap)] {
			seen[keyOf(gap)] = true
			have = append(have, gap)
		}
	}
	return have
}
