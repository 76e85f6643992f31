package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/config"
	"github.com/lockstep-dr/lockstep/internal/predict"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// staticGate judges a change by its templates alone, for a run that cannot
// reach AWS; why says what kept it. A standby that the templates break could
// not take over; anything else stays unknown, because no template tells whether
// a Region works.
func (g *globals) staticGate(cfg *config.Config, why ...string) (report.Report, error) {
	c, err := g.declared(cfg)
	if err != nil {
		return report.Report{}, err
	}
	r := g.staticReport(c, "gate", why...)
	assessment := c.assess()
	r.Verdict, r.Waivers = readiness.Unknown, assessment.Waivers
	if assessment.Verdict == readiness.NotReady {
		r.Verdict = readiness.NotReady
	}
	r.Checks = decided(assessment.Checks)
	return g.located(cfg, r), nil
}

// staticReport begins the report of a comparison of templates. Which AWS would
// have been asked does not matter to it.
func (g *globals) staticReport(c *comparison, command string, why ...string) report.Report {
	r := g.newReport(c.cfg, command)
	r.Notices = notTemplates(c.cfg)
	r = c.report(r)
	r.Prediction = &report.Prediction{Level: report.PredictedStatic, Why: why}
	return r
}

// decided leaves of the checks those that templates can decide; those that wait
// for facts of the live Regions become one for each Region.
func decided(checks []readiness.Check) []readiness.Check {
	var kept []readiness.Check
	waiting := map[string][]string{}
	for _, c := range checks {
		switch c.Status {
		case readiness.Undetermined:
			waiting[c.Region] = append(waiting[c.Region], c.Rule)
		case readiness.Pass: // of templates: no more than that nothing speaks against it
		case readiness.Fail:
			if c.Severity == drift.Block || !needsFacts(c.Rule) {
				kept = append(kept, c)
			}
		default:
			kept = append(kept, c)
		}
	}
	for _, region := range slices.Sorted(maps.Keys(waiting)) {
		kept = append(kept, notCovered(region, fmt.Sprintf("only the live Regions answer %s: %s", report.Plural(len(waiting[region]), "rule"), strings.Join(report.Series(slices.Compact(waiting[region])), ", ")),
			"Run the gate with credentials for both Regions before this is merged."))
	}
	return kept
}

// notCovered is the check that keeps a prediction from saying ready.
func notCovered(region, evidence, fix string) readiness.Check {
	guard := coverageGuard()
	return readiness.Check{Rule: guard.ID, Title: guard.Title, Status: readiness.Undetermined, Severity: drift.Block, Region: region,
		Resources: []string{}, Evidence: evidence, Fix: fix}
}

// needsFacts reports whether a rule reads facts, whose absence may be all that a
// warning of it says.
func needsFacts(id string) bool {
	rule, _ := readiness.Find(id)
	return slices.ContainsFunc(rule.Needs, func(n readiness.Need) bool { return n.Fact != "" })
}

func coverageGuard() readiness.Rule {
	for _, guard := range readiness.Guards() {
		if guard.ID == "COVERAGE" {
			return guard
		}
	}
	return readiness.Rule{ID: "COVERAGE"}
}

// declared compares what the templates of the working tree declare.
func (g *globals) declared(cfg *config.Config) (*comparison, error) {
	files, err := readTemplates(g, cfg)
	if err != nil {
		return nil, err
	}
	var key [32]byte
	if _, err := io.ReadFull(g.env.random, key[:]); err != nil {
		return nil, fmt.Errorf("make digest key: %w", err)
	}
	c := &comparison{cfg: cfg, at: g.env.now().UTC()}
	for _, region := range alikeInAccounts(cfg.Topology.Regions) {
		source := g.treeOf(cfg, files, region, drift.NewSealer("predicted", key[:]))
		c.snapshots = append(c.snapshots, notEvaluated(cfg, predict.Declared(source, c.at)))
	}
	c.predicted()
	for _, s := range c.snapshots {
		s.TakenAt = time.Time{} // nothing was read
	}
	return c, nil
}

// alikeInAccounts leaves the accounts of Regions out if one of them is not known:
// an account and the symbol that stands for one would look like a difference.
func alikeInAccounts(regions []topology.Region) []topology.Region {
	regions = slices.Clone(regions)
	if slices.ContainsFunc(regions, func(r topology.Region) bool { return r.Account == "" }) {
		for i := range regions {
			regions[i].Account = ""
		}
	}
	return regions
}

// predicted compares snapshots that hold what was not made yet. What exists in
// one Region only is looked for too: a live Region cannot have it.
func (c *comparison) predicted() {
	options := c.options()
	for _, standby := range c.snapshots[1:] {
		found := append(predict.Pinned(c.snapshots[0], standby), predict.NotOffered(standby)...)
		c.standbys = append(c.standbys, drift.Compare(c.snapshots[0], standby, options).With(found, options))
	}
}
