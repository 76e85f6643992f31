package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
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

// comparable says why a report is none of the base's that the change can be held
// against; nil: it is.
func (g *globals) comparable(b *basis, before, now report.Report) error {
	limit := cmp.Or(b.cfg.Gate.MaxAge, baseAge)
	judged := before.EvaluatedAt
	for _, region := range before.Regions {
		if !region.TakenAt.IsZero() && region.TakenAt.Before(judged) {
			judged = region.TakenAt
		}
	}
	age := g.env.now().Sub(judged)
	switch {
	case before.App != b.cfg.App:
		return fmt.Errorf("it is of application %q", before.App)
	case before.Verdict == "" || before.Prediction != nil:
		return fmt.Errorf("it is no verdict on live Regions")
	case b.event.BaseSHA != "" && before.Commit != b.event.BaseSHA:
		return fmt.Errorf("it is of commit %s, the base is %s", cmp.Or(short(before.Commit), "unknown"), short(b.event.BaseSHA))
	case age > limit:
		return fmt.Errorf("it shows the Regions of %s, older than %s: judge the base commit again", minute(judged), limit)
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

// notOfTheChange refuses a file that a change under review may have brought along:
// whoever writes what a change is held against writes the verdict. Everything in
// the checkout is such a file, whatever a step put there afterwards: which files a
// commit holds is not known without git, which the action's image has not.
func (g *globals) notOfTheChange(b *basis, path string) error {
	if !b.reviewed {
		return nil
	}
	top, err := filepath.Abs(g.env.getenv("GITHUB_WORKSPACE"))
	if err != nil {
		return fmt.Errorf("find the workspace: %w", err)
	}
	if path, err = filepath.Abs(path); err != nil {
		return err
	}
	for _, resolve := range []func(string) (string, error){filepath.Abs, filepath.EvalSymlinks} {
		workspace, err := resolve(top)
		if err != nil {
			return fmt.Errorf("find the workspace: %w", err)
		}
		file, err := resolve(path)
		if err != nil {
			return err
		}
		if relative, err := filepath.Rel(workspace, file); err != nil || filepath.IsLocal(relative) {
			return fmt.Errorf("it lies in the checkout, which is the change's: let an earlier job write it, and put it outside, such as into RUNNER_TEMP (in the action's container /github/runner_temp)")
		}
	}
	return nil
}
