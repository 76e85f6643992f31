package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/collect"
	"github.com/lockstep-dr/lockstep/internal/aws/session"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// runPlannedGate judges the Regions as a merge would leave them: as they are
// now, with the changes that the working tree makes, which change sets confirm
// and which are never executed. Without credentials it falls back to the
// templates alone, and says so.
func (g *globals) runPlannedGate(ctx context.Context, admits admission, given []string, status bool) error {
	if err := g.checkFormat(sarifFormat); err != nil {
		return err
	}
	b, err := g.loadBasis(ctx)
	if err != nil {
		return err
	}
	change := b.change()
	if change.static != "" {
		return g.finishStaticGate(ctx, b, status, change.static)
	}
	plans, err := g.readTerraformPlans(change, given)
	if err != nil {
		return err
	}
	cfg := change.live
	files, err := readTemplates(g, cfg)
	if err != nil {
		return err
	}
	live, sealer, err := g.sealedSnapshots(ctx, cfg, files.types()...)
	if why, lacking := lacksCredentials(err); lacking {
		if r, code, ok, failed := g.judgeOutsider(b, err); ok && failed == nil {
			return g.finish(ctx, r, code)
		}
		return g.finishStaticGate(ctx, b, false, why...)
	}
	if err != nil {
		return err
	}
	// What blocks without the change, before the prediction is made from it.
	admits.before = g.liveChecks(cfg, live)
	if change.fresh != nil {
		admits.blind = "the change adds a Region that was not read"
	}
	r, err := g.plannedGate(ctx, change, files, plans, live, sealer)
	if err != nil {
		return err
	}
	r = g.admit(ctx, b, admits, b.qualify(g.located(b.head, r)))
	if status {
		g.setOwnStatus(ctx, b, r)
	}
	return g.finish(ctx, r, exitForGate(r))
}

// liveChecks judges the Regions as they are.
func (g *globals) liveChecks(cfg *config.Config, live []*drift.Snapshot) []readiness.Check {
	if cfg.Gate.Block != "regressions" {
		return nil
	}
	c := &comparison{cfg: cfg, snapshots: live, at: g.env.now().UTC()}
	options := c.options()
	for _, standby := range live[1:] {
		c.standbys = append(c.standbys, drift.Compare(live[0], standby, options))
	}
	return append([]readiness.Check{}, c.assess().Checks...)
}

func (g *globals) plannedGate(ctx context.Context, change change, files *sources, plans *terraformPlans, live []*drift.Snapshot, sealer drift.Sealer) (report.Report, error) {
	cfg := change.live
	if err := files.readAssets(g, cfg); err != nil {
		g.remark("what the code would become is not predicted: " + err.Error())
	}
	planned, why := g.planned(ctx, plans.notGiven(change.plan), plans)
	if ctx.Err() != nil {
		return report.Report{}, ctx.Err()
	}
	c := &comparison{cfg: cfg, at: g.env.now().UTC()}
	for i, snapshot := range live {
		region := cfg.Topology.Regions[i]
		region.Account = cmp.Or(region.Account, snapshot.Account) // of which secrets are sealed free
		source := g.treeOf(cfg, files, region, sealer)
		c.snapshots = append(c.snapshots, g.afterMerge(snapshot, source, planned))
	}
	plans.apply(cfg, c.snapshots, planned, sealer)
	predict.Settle(c.snapshots)
	if err := g.describePlanned(ctx, cfg, c.snapshots, sealer); err != nil {
		return report.Report{}, err
	}
	c.predicted()
	r := g.plannedReport(c, planned, why)
	for i, snapshot := range live { // a table of Regions says what runs there today
		now := regionLine(snapshot)
		r.Regions[i].Release, r.Regions[i].DeployedAt = now.Release, now.DeployedAt
	}
	r.Notices = append(r.Notices, slices.Concat(plans.notices, change.notices, change.notAsked(plans.given))...)
	if change.fresh == nil {
		return r, nil
	}
	static, err := g.staticGate(change.fresh)
	if err != nil {
		return report.Report{}, err
	}
	return beside(r, static), nil
}

// describePlanned reads what the change points to outside of the application.
func (g *globals) describePlanned(ctx context.Context, cfg *config.Config, predicted []*drift.Snapshot, sealer drift.Sealer) error {
	reach := g.sessionOptions(cfg)
	var err error
	if reach.RateShare, err = g.share(cfg); err != nil {
		return err
	}
	reach.Activity = &session.Activity{}
	defer g.tellWhile(reach.Activity)()
	return collect.Planned(ctx, collect.Options{App: cfg.App, Topology: g.topology(cfg), Session: reach, Sealer: sealer, Now: g.env.now}, predicted)
}

// afterMerge is a Region as it would be, if the release were deployed at this
// moment: the rules judge that. No report shows the time, which is none of a deploy.
func (g *globals) afterMerge(live *drift.Snapshot, source predict.Source, planned *deploy.Result) *drift.Snapshot {
	after := predict.Apply(live, source, plansOf(planned, live.Region.Name))
	if planned != nil {
		after.Release = &drift.Release{ID: planned.Release.ID, Name: planned.Release.Name, Commit: planned.Release.Commit, DeployedAt: planned.StartedAt, Outcome: string(deploy.Done)}
		if live.Release != nil {
			after.Release.Unfinished = live.Release.Unfinished // a plan finishes nothing
		}
	}
	return after
}

// plannedReport is the verdict on the Regions after the merge. What change sets
// did not confirm is not known well enough to let a merge go ahead.
func (g *globals) plannedReport(c *comparison, planned *deploy.Result, why []string) report.Report {
	r := c.report(g.newReport(c.cfg, "gate"))
	assessment := c.assess()
	r.Verdict, r.Checks, r.Gaps, r.Waivers = assessment.Verdict, assessment.Checks, mergeGaps(nil, assessment.Gaps), assessment.Waivers
	r.Prediction = &report.Prediction{Level: report.PredictedPlanned}
	if planned == nil && len(why) == 0 {
		return r // all there is to plan was planned by others
	}
	if planned != nil {
		r.Deploy = planned
		r.Notices = append(r.Notices, notPlanned(planned)...)
		return r
	}
	r.Prediction.Level, r.Prediction.Why = report.PredictedLive, why
	fix := "Let the role of the gate create and delete change sets (`lockstep iam --for plan`), or mend what the plan stumbled over."
	if len(c.cfg.Release) == 0 {
		fix = "Name under release, in the configuration, the stacks that this repository deploys, or run `lockstep gate` without --plan: it judges what runs now."
	}
	for _, standby := range c.snapshots[1:] {
		r.Checks = append(r.Checks, notCovered(standby.Region.Name, "the changes of this merge were not confirmed by change sets: "+strings.Join(why, "; "), fix))
	}
	if r.Verdict == readiness.Ready {
		r.Verdict = readiness.Unknown
	}
	return r
}

// planned are the plans of every Region, made and discarded; nil, with the
// reasons, where they could not be made everywhere, or without a reason where
// there are none to be made.
func (g *globals) planned(ctx context.Context, cfg *config.Config, plans *terraformPlans) (*deploy.Result, []string) {
	if len(cfg.Release) == 0 && len(plans.given) > 0 {
		return nil, nil
	}
	told := g.progress(cfg)
	gate := false // which judges what the plans make of the Regions by all its rules
	request, err := g.request(ctx, cfg, &deployFlags{onCancel: string(deploy.AbortOnCancel), busyTimeout: 10 * time.Minute, terraform: plans, preconditions: &gate}, told, true)
	if err != nil {
		return nil, []string{err.Error()}
	}
	var result deploy.Result
	told.During(func() { result, err = deploy.Run(ctx, request) })
	if err != nil {
		return nil, []string{err.Error()}
	}
	if result.Outcome == deploy.Planned || result.Outcome == deploy.NoChange {
		return &result, nil
	}
	return nil, stumbles(result)
}

// stumbles is what a plan stumbled over, in each Region; the result's reason
// says the first of them in its own words.
func stumbles(result deploy.Result) []string {
	var why []string
	for _, region := range result.Regions {
		if f := region.FirstCause; f != nil {
			where := strings.TrimSuffix(region.Region+": "+f.Target, ": ")
			why = append(why, where+": "+strings.TrimPrefix(f.Reason, region.Region+": "))
		}
	}
	if len(why) == 0 {
		return []string{cmp.Or(result.Reason, "the plan ended as "+string(result.Outcome))}
	}
	return why
}

// plansOf are the changes that the change sets of a Region hold. A plan that
// waits for another target's outputs says nothing yet.
func plansOf(planned *deploy.Result, region string) predict.Plans {
	plans := predict.Plans{}
	if planned == nil {
		return plans
	}
	for _, r := range planned.Regions {
		for _, t := range r.Targets {
			if r.Region != region || len(t.Changes) == 0 && t.Detail != "" {
				continue
			}
			list := []predict.Change{}
			for _, c := range t.Changes {
				list = append(list, predict.Change{Resource: c.Resource, Type: c.Type, Action: c.Action, Replaces: c.Replaces(), Properties: c.Properties})
			}
			plans[t.Target] = list
		}
	}
	return plans
}

// notPlanned says which targets wait for another one, so that no change set
// shows yet what they would change.
func notPlanned(planned *deploy.Result) []string {
	var notices []string
	for _, r := range planned.Regions {
		for _, t := range r.Targets {
			if len(t.Changes) == 0 && t.Detail != "" {
				notices = append(notices, fmt.Sprintf("%s has no change set in %s yet (%s): what it would change is predicted from its template alone.", t.Target, r.Region, t.Detail))
			}
		}
	}
	return notices
}

// changes reports whether a target would change in a Region, as far as is known.
func changes(planned *deploy.Result, region, target string) bool {
	list, known := plansOf(planned, region)[target]
	return !known || len(list) > 0
}

// lacksCredentials reports whether an error says that a Region gave no
// credentials at all, and in which words.
func lacksCredentials(err error) (why []string, lacking bool) {
	var usage usageError
	if errors.As(err, &usage) {
		err = usage.error
	}
	for _, failure := range session.Failures(err) {
		if failure.Problem.Reason == session.NoCredentials {
			why = append(why, failure.Region+" was not reached: there are no credentials")
		}
	}
	return why, len(why) > 0
}
