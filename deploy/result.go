package deploy

import (
	"cmp"
	"slices"
	"strings"
)

// result writes up how the run ended.
func (r *run) result(end ending) Result {
	res := Result{App: r.req.App, Release: r.req.Release, Outcome: end.outcome, Reason: end.reason,
		Undetermined: end.undetermined, Strategy: r.req.Strategy, StartedAt: r.started, FinishedAt: r.req.Clock.Now(),
		LeftOut: slices.Sorted(slices.Values(r.req.LeftOut)), Asymmetries: r.asymmetries, Timeline: r.timeline}
	for _, reg := range r.regions {
		res.Regions = append(res.Regions, reg.result(end.outcome))
	}
	slices.SortStableFunc(res.Timeline, func(a, b Event) int { return a.At.Compare(b.At) })
	slices.SortFunc(res.LeftOut, cmp.Compare[string])
	return res
}

// Apart reports whether the Regions of a result run different releases, or one of
// them a release and another none.
func (r Result) Apart() bool {
	for _, region := range r.Regions {
		if region.Now != r.Regions[0].Now {
			return true
		}
	}
	return false
}

func (reg *regionRun) result(outcome Outcome) RegionResult {
	res := RegionResult{Region: reg.Name, Role: reg.Role, Before: reg.before, Now: reg.now, State: reg.state, Notes: reg.notes}
	switch {
	case res.State != "":
	case !reg.observed:
		res.Before, res.Now, res.State = "?", "?", "untouched: its ledger was not read"
	default:
		res.Now, res.State = reg.before, "untouched: "+named(reg.before)
		if repaired := reg.repaired(); len(repaired) > 0 {
			res.State = strings.Join(repaired, ", ") + " repaired, nothing else touched: " + named(reg.before)
		}
		if reg.unfinished != nil {
			res.Now, res.State = "?", "in doubt: an earlier deploy was left unfinished"
		}
	}
	if reg.failure != nil && !reg.collateral {
		res.FirstCause = reg.failure
	}
	if outcome != Done { // then they were dispelled
		res.Notes = append(res.Notes, reg.doubts()...)
	}
	if reg.collateral {
		res.Notes = append(res.Notes, "stopped because another Region failed")
	}
	for _, u := range reg.units {
		target := u.result
		if target.Status == "untouched" && outcome == Done || target.Status != "repaired" && outcome == NoChange {
			target.Status = "unchanged"
		}
		res.Targets = append(res.Targets, target)
	}
	return res
}

// repaired are the targets that were brought back to their last whole release
// and not begun after that.
func (reg *regionRun) repaired() []string {
	var names []string
	for _, u := range reg.units {
		if u.result.Status == "repaired" {
			names = append(names, u.about.Name)
		}
	}
	return names
}
