package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

// Merge is the judgement over several standbys: the worst verdict wins,
// not-ready over unknown over ready. Merging nothing is unknown.
func Merge(assessments []Assessment) Assessment {
	merged := Assessment{Verdict: Unknown}
	if len(assessments) > 0 {
		merged.Verdict = Ready
	}
	gaps := map[string]int{}
	waivers := map[drift.Waiver]int{}
	for _, a := range assessments {
		merged.Verdict = worse(merged.Verdict, a.Verdict)
		merged.Checks = append(merged.Checks, a.Checks...)
		for _, gap := range a.Gaps {
			mergeGap(&merged.Gaps, gaps, gap)
		}
		for _, use := range a.Waivers {
			at, known := waivers[use.Waiver]
			if !known {
				waivers[use.Waiver] = len(merged.Waivers)
				merged.Waivers = append(merged.Waivers, use)
				continue
			}
			merged.Waivers[at].Matched = merged.Waivers[at].Matched || use.Matched
		}
	}
	sortChecks(merged.Checks)
	merged.Checks = slices.CompactFunc(merged.Checks, sameCheck)
	slices.SortStableFunc(merged.Gaps, compareGaps)
	return merged
}

// sameCheck reports whether two judgements say the same: one of several peers that
// could take over is judged once for each, and most rules look at it alone.
func sameCheck(a, b Check) bool { return canonical(a) == canonical(b) }

func mergeGap(gaps *[]drift.Gap, index map[string]int, gap drift.Gap) {
	bare := gap
	bare.NeededBy = nil
	id := canonical(bare)
	at, known := index[id]
	if !known {
		index[id] = len(*gaps)
		gap.NeededBy = slices.Clone(gap.NeededBy)
		*gaps = append(*gaps, gap)
		return
	}
	rules := append((*gaps)[at].NeededBy, gap.NeededBy...)
	slices.Sort(rules)
	(*gaps)[at].NeededBy = slices.Compact(rules)
}

func worse(a, b Verdict) Verdict {
	for _, v := range []Verdict{NotReady, Unknown} {
		if a == v || b == v {
			return v
		}
	}
	if a != Ready || b != Ready {
		return Unknown // a verdict nobody defined is no permission
	}
	return Ready
}
