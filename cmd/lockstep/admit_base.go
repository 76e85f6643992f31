package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
	"github.com/lockstep-dr/lockstep/topology"
)

// baseAge is how old the report of the base may be where gate.max-age does not say:
// what was wrong then and was mended since must not excuse a change that breaks it
// again.
const baseAge = 24 * time.Hour

// clockSkew is how far the clocks of two machines of a workflow may be apart.
const clockSkew = 5 * time.Minute

// checksBefore are the checks without the change, and what they are of.
func (g *globals) checksBefore(b *basis, a admission, now report.Report) (checks []readiness.Check, of string, err error) {
	if a.before != nil {
		return a.before, "in the live Regions, judged in this run", nil
	}
	if a.base == "" {
		return nil, "", fmt.Errorf("name the report of the base commit with --base, or use --plan, which judges the live Regions as well")
	}
	before, err := g.baseReport(b, a.base)
	if err == nil {
		err = g.comparable(b, before, now)
	}
	if err != nil {
		return nil, "", fmt.Errorf("--base %s: %w", a.base, err)
	}
	return before.Checks, fmt.Sprintf("in %s of %s", a.base, minute(before.EvaluatedAt)), nil
}

func (g *globals) baseReport(b *basis, name string) (report.Report, error) {
	path := g.path(name)
	if err := g.notOfTheChange(b, path); err != nil {
		return report.Report{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return report.Report{}, err
	}
	defer file.Close()
	return report.Read(file)
}

// shownAt is the time of which a report shows the Regions: that of its oldest snapshot.
func shownAt(r report.Report) time.Time {
	at := r.EvaluatedAt
	for _, region := range r.Regions {
		if !region.TakenAt.IsZero() && region.TakenAt.Before(at) {
			at = region.TakenAt
		}
	}
	return at
}

// comparable says why a report is none of the base's that the change can be held
// against; nil: it is.
func (g *globals) comparable(b *basis, before, now report.Report) error {
	limit := cmp.Or(b.cfg.Gate.MaxAge, baseAge)
	judged := shownAt(before)
	age := g.env.now().Sub(judged)
	switch {
	case before.App != b.cfg.App:
		return fmt.Errorf("it is of application %q", before.App)
	case before.Verdict == "" || before.Prediction != nil:
		return fmt.Errorf("it is no verdict on live Regions")
	case b.event.BaseSHA != "" && before.Commit != b.event.BaseSHA:
		return fmt.Errorf("it is of commit %s, the base is %s", cmp.Or(short(before.Commit), "unknown"), short(b.event.BaseSHA))
	case age > limit:
		return fmt.Errorf("it shows the Regions of %s, older than %s: judge the base commit again", minute(judged), topology.Span(limit))
	case age < -clockSkew:
		return fmt.Errorf("it shows the Regions of %s, which is still to come", minute(judged))
	}
	for _, region := range now.Regions {
		at := slices.IndexFunc(before.Regions, func(r report.Region) bool { return r.Name == region.Name })
		if at >= 0 && before.Regions[at].Account != region.Account {
			return fmt.Errorf("it is of another account in %s", region.Name)
		}
	}
	return nil
}
