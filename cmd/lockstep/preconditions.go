package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// mostObstacles is how many obstacles a rejection names; the notes have all of them.
const mostObstacles = 3

// preconditions judges the Regions of a deploy once all are prepared: what was read
// of each, with its plans in it, by the rules that say whether it could run that.
// See docs/decisions.
func (c composition) preconditions(regions []topology.Region) deploy.Judge {
	here := *c.cfg
	here.Topology.Regions = regions
	return func(ctx context.Context, compared deploy.Comparison) (map[string][]string, error) {
		live, sealer, err := c.sealedSnapshots(ctx, &here, c.files.types()...)
		if err != nil {
			return nil, fmt.Errorf("read what the Regions have: %w", err)
		}
		planned, after := resultOf(compared.Plans), []*drift.Snapshot{}
		for i, snapshot := range live {
			source := c.treeOf(&here, c.files, regions[i], sealer)
			for _, stack := range source.Stacks {
				c.built.override(stack)
			}
			after = append(after, c.afterMerge(snapshot, source, planned))
		}
		c.flags.terraform.apply(&here, after, planned, sealer)
		return c.obstacles(c.cfg, live, after)
	}
}

// obstacles are the notes of every Region, and the error that rejects the deploy.
func (g *globals) obstacles(cfg *config.Config, live, after []*drift.Snapshot) (map[string][]string, error) {
	notes, now := map[string][]string{}, g.env.now().UTC()
	var stopping []string
	kind := deploy.Unknown
	for i, snapshot := range live {
		stops, told := readiness.Obstacles(snapshot, after[i], cfg.Policy, now)
		region := snapshot.Region.Name
		notes[region] = append(notes[region], tallied(readiness.PreconditionsJudged(after[i], cfg.Policy, now)))
		for _, o := range alike(stops) {
			notes[region] = append(notes[region], worded(o)+". "+o.remedy())
			stopping = append(stopping, region+": "+worded(o))
			if !o.Unknown {
				kind = deploy.Refused
			}
		}
		for _, o := range alike(told) {
			notes[region] = append(notes[region], worded(o)+"; this stops no deploy")
		}
	}
	if len(stopping) == 0 {
		return notes, nil
	}
	what := strings.Join(stopping[:min(mostObstacles, len(stopping))], "; ")
	if more := len(stopping) - mostObstacles; more > 0 {
		what += fmt.Sprintf("; and %d more", more)
	}
	return notes, &deploy.Error{Kind: kind, Reason: what, Hint: "--preconditions=false deploys all the same"}
}

// tallied says how many preconditions were judged in a Region, and how they came out:
// one that found nothing in the way is not to be taken for one that could not tell.
func tallied(t readiness.Tally) string {
	n := len(t.Passed) + len(t.Idle) + len(t.Open)
	if n == 0 {
		return "no precondition was judged: all are switched off in gate.rules"
	}
	text := report.Plural(n, "precondition") + " judged for what the Region would have after the release: "
	if len(t.Passed) == n {
		return text + "all pass (" + strings.Join(t.Passed, ", ") + ")"
	}
	var parts []string
	for _, part := range []struct {
		ids       []string
		one, many string
	}{{t.Passed, "passes", "pass"}, {t.Idle, "finds nothing there that it is about", "find nothing there that they are about"}, {t.Open, "does not hold or could not be told", "do not hold or could not be told"}} {
		if len(part.ids) > 0 {
			verb := map[bool]string{true: part.one, false: part.many}[len(part.ids) == 1]
			parts = append(parts, fmt.Sprintf("%d %s (%s)", len(part.ids), verb, strings.Join(part.ids, ", ")))
		}
	}
	return text + strings.Join(parts, ", ")
}

// shared is an obstacle with the rules that run into it: a gap may hide what several need.
type shared struct {
	readiness.Obstacle
	rules []string
}

// alike brings together the obstacles that say the same.
func alike(list []readiness.Obstacle) []shared {
	var all []shared
	for _, o := range list {
		at := slices.IndexFunc(all, func(s shared) bool {
			return s.Unknown && o.Unknown && s.Resource == o.Resource && s.Evidence == o.Evidence
		})
		if at < 0 {
			at, all = len(all), append(all, shared{Obstacle: o})
		}
		all[at].rules = append(all[at].rules, o.Rule)
	}
	return all
}

// remedy is what becomes of it otherwise, where that is known, and what to do.
func (o shared) remedy() string {
	if o.Unknown {
		return o.Fix
	}
	return o.Why + " " + o.Fix
}

// worded is an obstacle as one line.
func worded(o shared) string {
	what := o.Evidence
	if o.Resource != "" && !strings.HasPrefix(what, o.Resource) {
		what = o.Resource + " " + what
	}
	for _, gap := range o.Missing {
		if !strings.Contains(what, gap.Operation) {
			what += fmt.Sprintf(" (%s, %s)", gap.Operation, gap.Reason)
		}
	}
	if o.UsedBy != "" {
		what += ", and " + o.UsedBy + ", which the release changes, uses it"
	}
	if len(o.rules) == len(readiness.Preconditions()) {
		return "all preconditions: " + what
	}
	return strings.Join(o.rules, ", ") + ": " + what
}

// resultOf is what a dry run would tell of the plans.
func resultOf(plans []deploy.RegionPlan) *deploy.Result {
	result := &deploy.Result{}
	for _, p := range plans {
		at := slices.IndexFunc(result.Regions, func(r deploy.RegionResult) bool { return r.Region == p.Region })
		if at < 0 {
			at, result.Regions = len(result.Regions), append(result.Regions, deploy.RegionResult{Region: p.Region})
		}
		result.Regions[at].Targets = append(result.Regions[at].Targets, deploy.TargetResult{Target: p.Target, Changes: p.Plan.Changes, Detail: p.Plan.Deferred})
	}
	return result
}

// override gives a stack the parameters that the flags of the deploy give.
func (b builds) override(stack predict.Stack) {
	for name, value := range b.parameters {
		if _, declared := stack.Template.Parameters[name]; declared {
			stack.Parameters[name] = predict.Value{Literal: value}
		}
	}
}
