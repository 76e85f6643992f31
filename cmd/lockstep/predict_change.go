package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// change is what of a pull request may be tried with the credentials of its
// gate. Whoever writes a change must not choose what these are used for: Regions,
// accounts, roles, probes and rules are the base's; of the change are templates
// and their parameters. See docs/decisions.
type change struct {
	// live is what is read and judged: the release of the change in the Regions
	// that the base knows too.
	live *config.Config
	// plan is live without the programs of the change.
	plan *config.Config
	// fresh is what the templates alone are judged for: the reference and the
	// Regions that the base does not know; nil: there are none.
	fresh *config.Config
	// static is why nothing can be tried at all; empty: something can.
	static string
	// programs are the targets that plan does without.
	programs []string
	// notices are for the reader of the report.
	notices []string
}

// change splits what the working tree would release. Where nothing is under
// review the working tree is all there is, and is tried as it is.
func (b *basis) change() change {
	if !b.reviewed {
		return change{live: b.cfg, plan: b.cfg}
	}
	if b.doubt != "" {
		return change{static: "the configuration of the base commit is not known, and credentials are not used as a change wants it"}
	}
	cfg := *b.cfg
	cfg.Topology.Regions = slices.DeleteFunc(slices.Clone(cfg.Topology.Regions), lacking(b.head.Topology))
	reference := b.cfg.Topology.Reference().Name
	if len(cfg.Topology.Regions) < 2 || cfg.Topology.Reference().Name != reference {
		return change{static: "the base commit knows no pair of the Regions that this change names"}
	}
	c := change{live: &cfg}
	cfg.Release, c.notices = b.withoutReach(b.head.Release)
	plan := cfg
	plan.Release, c.programs = withoutPrograms(cfg.Release)
	plan.Deploy.Waves, plan.Deploy.Strategy = nil, "" // of Regions that may be gone; a plan executes nothing
	c.plan = &plan
	if gone := names(b.cfg.Topology, lacking(b.head.Topology)); gone != "" {
		c.notices = append(c.notices, "this change no longer names "+gone+", which was not judged.")
	}
	if fresh := names(b.head.Topology, lacking(b.cfg.Topology)); fresh != "" {
		c.fresh = b.proposed()
		c.fresh.Topology.Regions = slices.DeleteFunc(slices.Clone(c.fresh.Topology.Regions), func(r topology.Region) bool {
			return r.Name != reference && !lacking(b.cfg.Topology)(r)
		})
		c.notices = append(c.notices, "the base commit does not know "+fresh+": judged there by the templates alone. Its account, role and probe count once this is merged; then `lockstep gate` reads it.")
	}
	return c
}

// lacking says of a Region that a topology does not have it.
func lacking(t topology.Topology) func(topology.Region) bool {
	return func(r topology.Region) bool {
		_, known := t.Region(r.Name)
		return !known
	}
}

// names lists the Regions for which something is so.
func names(t topology.Topology, so func(topology.Region) bool) string {
	var list []string
	for _, r := range t.Regions {
		if so(r) {
			list = append(list, r.Name)
		}
	}
	return strings.Join(list, ", ")
}

// reach is what a stack of the release hands to CloudFormation that goes beyond
// its template: a role to act with, topics to tell, a bucket to put files into.
type reach struct{ roles, topics, buckets map[string]bool }

// reachIn is what the base's release uses in a Region, in any of its stacks.
func (b *basis) reachIn(region string) reach {
	r := reach{map[string]bool{"": true}, map[string]bool{}, map[string]bool{"": true}}
	for _, t := range b.cfg.Stacks() {
		here := t.CloudFormation.Regions[region]
		r.roles[here.ServiceRole], r.buckets[here.Bucket] = true, true
		for _, topic := range here.NotificationARNs {
			r.topics[topic] = true
		}
	}
	return r
}

// withoutReach takes out of a release what of it the base does not use: the
// change set of a plan is made without that, and the report says so.
func (b *basis) withoutReach(release []config.Target) (approved []config.Target, notices []string) {
	for _, t := range release {
		if t.CloudFormation == nil {
			approved = append(approved, t)
			continue
		}
		stack := *t.CloudFormation
		stack.Regions = map[string]config.StackInRegion{}
		for _, region := range b.head.Topology.Names() {
			here := t.CloudFormation.Regions[region]
			withheld := b.reachIn(region).limit(&here)
			if stack.Regions[region] = here; len(withheld) > 0 {
				notices = append(notices, fmt.Sprintf("%s was planned in %s without what the base commit does not use there: %s.", stack.Key, region, strings.Join(withheld, ", ")))
			}
		}
		t.CloudFormation = &stack
		approved = append(approved, t)
	}
	return approved, notices
}

// limit takes out of a stack what lies beyond the reach, and names it.
func (r reach) limit(s *config.StackInRegion) (withheld []string) {
	if !r.roles[s.ServiceRole] {
		withheld, s.ServiceRole = append(withheld, "the role "+s.ServiceRole), ""
	}
	if !r.buckets[s.Bucket] {
		withheld, s.Bucket = append(withheld, "the bucket "+s.Bucket), ""
	}
	for _, topic := range s.NotificationARNs {
		if !r.topics[topic] {
			withheld = append(withheld, "the topic "+topic)
		}
	}
	s.NotificationARNs = slices.DeleteFunc(slices.Clone(s.NotificationARNs), func(topic string) bool { return !r.topics[topic] })
	return withheld
}

// withoutPrograms leaves out the targets whose plan would run what the change
// brings along: programs, and the providers of a Terraform configuration.
func withoutPrograms(release []config.Target) (kept []config.Target, programs []string) {
	for _, t := range release {
		if t.Command == nil && t.Terraform == nil {
			kept = append(kept, t)
			continue
		}
		programs = append(programs, t.Key())
	}
	return kept, programs
}

// notAsked says which targets of a change under review nobody asked about.
func (c change) notAsked(given map[string]bool) []string {
	programs := slices.DeleteFunc(slices.Clone(c.programs), func(target string) bool { return given[target] })
	if len(programs) == 0 {
		return nil
	}
	return []string{"the programs of a change under review are not run with credentials, so nobody asked what these would change: " + strings.Join(programs, ", ") + "."}
}

// beside adds to a report what the templates say about Regions that were not read.
func beside(r, static report.Report) report.Report {
	read := slices.Clone(r.Regions)
	r.Regions = append(r.Regions, slices.DeleteFunc(slices.Clone(static.Regions), func(of report.Region) bool {
		return slices.ContainsFunc(read, func(known report.Region) bool { return known.Name == of.Name })
	})...)
	r.Findings, r.Checks, r.Gaps = append(r.Findings, static.Findings...), append(r.Checks, static.Checks...), mergeGaps(r.Gaps, static.Gaps)
	r.Coverage.Pairs += static.Coverage.Pairs
	r.Coverage.Compared += static.Coverage.Compared
	r.Coverage.NotCompared += static.Coverage.NotCompared
	r.Waivers = mergeWaivers(r.Waivers, static.Waivers)
	if r.Verdict == readiness.Ready || static.Verdict == readiness.NotReady {
		r.Verdict = static.Verdict // never ready
	}
	return r
}
