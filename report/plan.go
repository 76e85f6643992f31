package report

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/topology"
)

// change is one planned or made change over all Regions.
type change struct {
	target, resource, kind, action string
	replaces                       bool
	class                          deploy.Class
	properties                     []string
	in                             map[string]bool
}

// changesOf collects the changes of a deploy, one line each however many
// Regions make it.
func changesOf(d *deploy.Result) []change {
	type id struct{ target, resource, kind, action string }
	index := map[id]int{}
	var all []change
	for _, region := range d.Regions {
		for _, target := range region.Targets {
			for _, c := range target.Changes {
				key := id{target.Target, c.Resource, c.Type, c.Action}
				at, known := index[key]
				if !known {
					at = len(all)
					index[key] = at
					all = append(all, change{target: target.Target, resource: c.Resource, kind: c.Type, action: c.Action, in: map[string]bool{}})
				}
				all[at].in[region.Region] = true
				all[at].replaces = all[at].replaces || c.Replaces()
				if cost := deploy.Classify(c); cost.WorseThan(all[at].class) {
					all[at].class = cost
				}
				all[at].properties = append(all[at].properties, c.Properties...)
			}
		}
	}
	for i := range all {
		slices.Sort(all[i].properties)
		all[i].properties = slices.Compact(all[i].properties)
	}
	slices.SortStableFunc(all, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.resource, b.resource), cmp.Compare(a.action, b.action))
	})
	return all
}

func (c change) actionText() string {
	text := c.action
	if c.replaces {
		text += ", replaces"
	}
	switch c.class {
	case deploy.DataAtRisk:
		text += ", data at risk"
	case deploy.Irreversible:
		text += ", irreversible"
	}
	return text
}

// statusOf is what happened to a target in a Region.
func statusOf(region deploy.RegionResult, target string) (deploy.TargetResult, bool) {
	for _, t := range region.Targets {
		if t.Target == target {
			return t, true
		}
	}
	return deploy.TargetResult{}, false
}

// notKnownYet stands for the changes of a target that takes outputs of another
// one that has to change first.
const notKnownYet = "not known yet"

// planned is how many changes a target would make, for people. A plan that
// waits for the target before it has none yet, which is not the same as none.
func planned(t deploy.TargetResult) string {
	if waits(t) {
		return notKnownYet
	}
	return Plural(len(t.Changes), "change")
}

// waits reports whether a planned target waits for one before it: only then
// does a plan without changes carry a detail.
func waits(t deploy.TargetResult) bool {
	return t.Detail != "" && len(t.Changes) == 0 && t.Status != "failed"
}

// notPlannedYet lists the targets that wait in some Region.
func notPlannedYet(d *deploy.Result) []string {
	var names []string
	for _, name := range targetsOf(d) {
		for _, region := range d.Regions {
			if t, ok := statusOf(region, name); ok && waits(t) {
				names = append(names, name)
				break
			}
		}
	}
	return names
}

// waitNote explains the targets that wait; empty when none does.
func waitNote(d *deploy.Result) string {
	names := notPlannedYet(d)
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("Not known yet: %s %s outputs of a stack before it that has to change first.", and(names), verb(names, "takes", "take"))
}

// afterMerge says what the changes below are: plans, of which nothing was done.
func afterMerge(d *deploy.Result) string {
	release := ""
	if d.Release.ID != "" {
		release = " of release `" + d.Release.ID + "`"
	}
	return "The deploy" + release + " would make these changes. It was planned, not made: nothing of it runs anywhere."
}

// targetsOf lists the targets in the order of the first Region that has them.
func targetsOf(d *deploy.Result) []string {
	var names []string
	for _, region := range d.Regions {
		for _, t := range region.Targets {
			if !slices.Contains(names, t.Target) {
				names = append(names, t.Target)
			}
		}
	}
	return names
}

// failures are the first causes, in the order of the Regions.
func failures(d *deploy.Result) []deploy.Failure {
	var list []deploy.Failure
	for _, region := range d.Regions {
		if region.FirstCause != nil {
			f := *region.FirstCause
			f.Region = cmp.Or(f.Region, region.Region)
			list = append(list, f)
		}
	}
	return list
}

// stretch is how long a Region was in a phase.
type stretch struct{ from, to time.Time }

// phaseOrder is the order in which phases are shown.
var phaseOrder = []deploy.Phase{deploy.PhaseLock, deploy.PhaseObserve, deploy.PhasePrepare, deploy.PhaseCompare, deploy.PhaseExecute,
	deploy.PhaseVerify, deploy.PhaseBake, deploy.PhaseCommit, deploy.PhaseRollback, deploy.PhaseRecord, deploy.PhaseDiscard}

// phasesOf says from when to when each Region was in each phase: from its first
// event to its last or, if it told no more than that it began, to the next event
// of the Region. What is planned while a Region is executed, because it takes
// outputs of what was there first, is part of executing it.
func phasesOf(d *deploy.Result) (phases []deploy.Phase, spans map[deploy.Phase]map[string]stretch) {
	spans = map[deploy.Phase]map[string]stretch{}
	for _, e := range d.Timeline {
		if e.Phase == "" || e.Region == "" || e.At.IsZero() {
			continue
		}
		if _, executing := spans[deploy.PhaseExecute][e.Region]; executing && e.Phase == deploy.PhasePrepare {
			e.Phase = deploy.PhaseExecute
		}
		if spans[e.Phase] == nil {
			spans[e.Phase] = map[string]stretch{}
		}
		s, seen := spans[e.Phase][e.Region]
		if !seen || e.At.Before(s.from) {
			s.from = e.At
		}
		if e.At.After(s.to) {
			s.to = e.At
		}
		spans[e.Phase][e.Region] = s
	}
	for phase, regions := range spans {
		for region, s := range regions {
			if end := onlyBegan(d, region, phase, s); end.After(s.to) {
				regions[region] = stretch{s.from, end}
			}
		}
	}
	for _, phase := range phaseOrder {
		if spans[phase] != nil {
			phases = append(phases, phase)
		}
	}
	return phases, spans
}

// onlyBegan is when a phase ended of which a Region told only that it began: when it
// told of the next one or, if none came, when the run ended. Zero: it told more.
func onlyBegan(d *deploy.Result, region string, phase deploy.Phase, s stretch) time.Time {
	end := d.FinishedAt
	for _, e := range d.Timeline {
		switch {
		case e.Region != region || e.At.IsZero():
		case e.Phase == phase && (e.Status != "started" || !e.At.Equal(s.from)):
			return time.Time{}
		case e.Phase != phase && !e.At.Before(s.from) && (e.At.Before(end) || end.IsZero()):
			end = e.At
		}
	}
	return end
}

func (s stretch) length() string {
	if s.from.IsZero() {
		return "–"
	}
	d := s.to.Sub(s.from)
	if d < 10*time.Second {
		return d.Round(100 * time.Millisecond).String()
	}
	return topology.Span(d.Round(time.Second))
}

func duration(d *deploy.Result) string {
	if d.StartedAt.IsZero() || d.FinishedAt.Before(d.StartedAt) {
		return ""
	}
	return stretch{d.StartedAt, d.FinishedAt}.length()
}

// runs is what a Region runs, for people.
func runs(id string) string {
	switch id {
	case "":
		return "none recorded"
	case "?":
		return "not known"
	default:
		return id
	}
}
