package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// adviceOf is what to do about what was not compared, for a report in which no
// check says it: one sentence each, with `commands` between backticks.
func adviceOf(r Report) []string {
	if r.Verdict != "" || r.Deploy != nil {
		return nil
	}
	var advice []string
	for _, region := range regionsWithGaps(r) {
		advice = append(advice, remediesIn(r, region)...)
		if calls := neededIn(r, region); len(calls) > 0 {
			advice = append(advice, fmt.Sprintf("Make %s succeed in %s.", strings.Join(calls, ", "), region))
		}
	}
	switch {
	case len(advice) > 0:
	case len(r.Gaps) > 0:
		advice = []string{"See what was not compared, below; then run the command again."}
	case r.Coverage.Pairs == 0 && r.Prediction == nil:
		advice = []string{"Check that what release and inventory name in the configuration exists in every Region, and bring the release there with `lockstep deploy`."}
	case r.Coverage.Pairs == 0:
		advice = []string{"Name under release, in the configuration, the stacks that this repository deploys, each with its template: nothing else can be predicted. Where `lockstep init` finds no template in the checkout, it has the stack watched under inventory."}
	}
	return advice
}

func regionsWithGaps(r Report) []string {
	var names []string
	for _, g := range r.Gaps {
		if !slices.Contains(names, g.Region) {
			names = append(names, g.Region)
		}
	}
	slices.Sort(names)
	return names
}

// remediesIn is what to do about what no permission would mend.
func remediesIn(r Report, region string) []string {
	var all []string
	for _, g := range r.Gaps {
		if remedy := g.Remedy(); g.Region == region && remedy != "" && !slices.Contains(all, remedy) {
			all = append(all, remedy)
		}
	}
	return all
}

// adviceCalls is how many calls one piece of advice names.
const adviceCalls = 6

// neededIn are the calls that a Region refused or did not answer.
func neededIn(r Report, region string) []string {
	var calls []string
	for _, g := range r.Gaps {
		if call := neededOperation(g); g.Region == region && call != "" && !slices.Contains(calls, call) {
			calls = append(calls, call)
		}
	}
	slices.Sort(calls)
	if more := len(calls) - adviceCalls; more > 0 {
		calls = append(calls[:adviceCalls], fmt.Sprintf("and %d more", more))
	}
	return calls
}

// neededOperation is the call that has to succeed; empty where no permission would mend it.
func neededOperation(g drift.Gap) string {
	if strings.HasPrefix(g.Operation, "lockstep:") || g.Remedy() != "" {
		return ""
	}
	return g.Operation
}
