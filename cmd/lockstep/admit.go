package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/report"
)

// admission is what may let a change pass although the standby is not ready.
type admission struct {
	// base is the file of an earlier report, as --base names it.
	base string
	// reason is --break-glass.
	reason string
	// before are the checks of the Regions without the change, where this very run
	// judged them too.
	before []readiness.Check
	// blind is what of the change was not judged, whatever gate.unknown tolerates;
	// empty: nothing.
	blind string
}

// admit says whether a change may pass, by the rules of the base. It never changes
// the verdict, and never admits what was judged by rules that nobody approved.
func (g *globals) admit(ctx context.Context, b *basis, a admission, r report.Report) report.Report {
	if r.Verdict == readiness.Ready {
		return r
	}
	blocking := readiness.Blocking(r.Checks, b.cfg.Policy)
	glass, notices := g.breakGlass(ctx, b, a.reason)
	r.Notices = append(r.Notices, notices...)
	if glass != nil {
		glass.Blocking = len(blocking)
		kept, notices := g.keepDecision(ctx, b, r, *glass)
		r.Notices = append(r.Notices, notices...)
		if kept {
			return admitted(r, *glass, fmt.Sprintf("admitted by break-glass, by %s: %s. %s set aside; the verdict stays %s.", glass.By, glass.Reason, many(len(blocking), "blocking check"), r.Verdict))
		}
	}
	if b.cfg.Gate.Block != "regressions" || b.doubt != "" {
		return r
	}
	if a.blind = cmp.Or(a.blind, unseen(r)); a.blind != "" {
		r.Notices = append(r.Notices, "gate.block is regressions, and "+a.blind+". Every blocking problem blocks.")
		return r
	}
	before, of, err := g.checksBefore(b, a, r)
	if err != nil {
		r.Notices = append(r.Notices, "gate.block is regressions, and there is nothing to compare with: "+err.Error()+". Every blocking problem blocks.")
		return r
	}
	worse := readiness.Regressions(before, r.Checks, b.cfg.Policy)
	if len(worse) > 0 || len(blocking) == 0 {
		r.Notices = append(r.Notices, fmt.Sprintf("gate.block is regressions: %d of %s not there before (%s)%s.", len(worse), many(len(blocking), "blocking check"), of, ruleList(worse)))
		return r
	}
	return admitted(r, report.Admission{Way: report.ByRegressions, Reason: "everything that blocks was there before: " + of, Blocking: len(blocking)},
		fmt.Sprintf("admitted: gate.block is regressions, and all that blocks (%s) was there before this change, %s. The verdict stays %s.", many(len(blocking), "check"), of, r.Verdict))
}

// unseen says why a report shows too little of now to be held against the base: a
// change that was not evaluated makes nothing worse that anybody could see.
func unseen(r report.Report) string {
	if r.Prediction != nil && r.Prediction.Level != report.PredictedPlanned {
		return "the change was not confirmed by change sets"
	}
	isStale := func(gap drift.Gap) bool { return gap.Operation == "lockstep:Snapshot" }
	if slices.ContainsFunc(r.Gaps, isStale) {
		return "the snapshots do not show the Regions as they are"
	}
	return ""
}

func admitted(r report.Report, a report.Admission, notice string) report.Report {
	r.Admitted = &a
	r.Notices = append(r.Notices, notice)
	return r
}

// exitForGate is the verdict's code, unless the change may pass.
func exitForGate(r report.Report) int {
	if r.Admitted != nil {
		return exitOK
	}
	return exitForVerdict(r.Verdict)
}

func short(commit string) string { return commit[:min(12, len(commit))] }

func many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// ruleList names the rules of checks, each once.
func ruleList(checks []readiness.Check) string {
	var ids []string
	seen := map[string]bool{}
	for _, c := range checks {
		if !seen[c.Rule] {
			seen[c.Rule] = true
			ids = append(ids, c.Rule)
		}
	}
	if len(ids) == 0 {
		return ""
	}
	return ": " + strings.Join(ids, ", ")
}
