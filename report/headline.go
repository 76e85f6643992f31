package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// headline is the answer: one or two words, then a sentence, both plain
// untrusted text (Region names come from a file), and how bad it is.
type headline struct {
	words, sentence string
	mood            mood
}

type mood int

const (
	good mood = iota
	doubtful
	bad
)

// Headline is the answer of a report as one line of plain text without
// markup, for outputs, commit statuses and logs.
func Headline(r Report) string {
	h := headlineOf(r)
	return clean(h.words + ": " + h.sentence)
}

func headlineOf(r Report) headline {
	switch {
	case r.Command == commandStrategy && r.Ladder != nil:
		return strategyHeadline(r)
	case r.Command == "rehearse":
		return rehearsalHeadline(r)
	case r.Verdict != "":
		return gateHeadline(r)
	case r.Deploy != nil && (r.Command == "plan" || r.DryRun):
		return planHeadline(r)
	case r.Deploy != nil:
		return deployHeadline(r)
	case r.Prediction != nil:
		return predictionHeadline(r)
	default:
		return driftHeadline(r)
	}
}

// predictionHeadline is that of templates held against each other.
func predictionHeadline(r Report) headline {
	t, reference, peers := tallyOf(r), referenceOf(r), peersOf(r)
	compared := compared(r.Coverage, "")
	switch {
	case len(r.Checks) > 0:
		return headline{"Would block", fmt.Sprintf("the gate would refuse this merge, by %s: %s would differ from %s in %s: %s. %s.",
			and(rulesOf(r.Checks)), and(peers), reference, Plural(t.block+t.warn+t.info, "place"), t.parts(), compared), bad}
	case t.block+t.warn > 0:
		h := headline{"Would differ", fmt.Sprintf("this merge would make %s differ from %s in %s: %s. %s.",
			and(differing(r)), reference, Plural(t.block+t.warn+t.info, "place"), t.parts(), compared), doubtful}
		if t.block > 0 {
			h.mood = bad
		}
		return h
	case r.Coverage.Pairs == 0:
		return headline{"Nothing was compared", "no template could be evaluated for both Regions.", doubtful}
	case r.Coverage.NotCompared > 0 || len(r.Gaps) > 0:
		return headline{"Not everything could be evaluated", fmt.Sprintf("%s, %s. No difference was found in what was.",
			compared, Plural(len(r.Gaps), "gap")), doubtful}
	case t.info+t.waived > 0:
		return headline{"Declared alike", fmt.Sprintf("no difference that matters: %s. %s.", t.parts(), compared), good}
	default:
		return headline{"Declared alike", fmt.Sprintf("by the templates %s %s of %s, or more. %s.", and(peers),
			verb(peers, "has what it must have", "have what they must have"), reference, compared), good}
	}
}

func gateHeadline(r Report) headline {
	t := tallyOf(r)
	from, able := referenceOf(r), peersOf(r)
	if amongPeers(r) {
		from, able = "the others", []string{"every Region"}
	}
	counts, after := t.sentence(), ""
	if r.Prediction != nil {
		after = "after this merge "
	}
	switch r.Verdict {
	case readiness.Ready:
		return headline{"Ready", fmt.Sprintf("%s%s could take over from %s. %s", after, and(able), from, counts), good}
	case readiness.NotReady:
		return headline{"Not ready", fmt.Sprintf("%s%s could not take over from %s. %s", after, and(regionsWith(r, readiness.Fail)), from, counts), bad}
	default:
		return headline{"Unknown", fmt.Sprintf("whether %s%s could take over from %s could not be determined. %s",
			after, and(regionsWith(r, readiness.Undetermined)), from, counts), doubtful}
	}
}

// rulesOf are the ids of the rules of checks, each once.
func rulesOf(checks []readiness.Check) []string {
	var ids []string
	for _, c := range checks {
		ids = append(ids, c.Rule)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// rehearsalHeadline claims no more than a rehearsal shows.
func rehearsalHeadline(r Report) headline {
	passed := 0
	for _, c := range r.Checks {
		if c.Status == readiness.Pass {
			passed++
		}
	}
	stacks := fmt.Sprintf("CloudFormation accepts %d of %s to create. Nothing was built.", passed, Plural(len(r.Checks), "stack"))
	switch r.Verdict {
	case readiness.Ready:
		return headline{"Rehearsed", stacks, good}
	case readiness.NotReady:
		return headline{"Rehearsal failed", fmt.Sprintf("the release could not be created in %s: %s", and(regionsWith(r, readiness.Fail)), stacks), bad}
	default:
		return headline{"Unknown", "not every stack could be rehearsed: " + stacks, doubtful}
	}
}

// regionsWith are the Regions with a blocking check of the status, or all peers.
func regionsWith(r Report, status readiness.Status) []string {
	var names []string
	for _, c := range r.Checks {
		if c.Status == status && c.Severity == drift.Block && !slices.Contains(names, c.Region) {
			names = append(names, c.Region)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return peersOf(r)
	}
	return names
}

func driftHeadline(r Report) headline {
	t := tallyOf(r)
	compared := compared(r.Coverage, "")
	switch {
	case t.block+t.warn > 0:
		who := differing(r)
		pair := and(who) + " " + verb(who, "differs", "differ") + " from " + referenceOf(r)
		h := headline{"Drift", fmt.Sprintf("%s in %s: %s. %s.", pair, Plural(t.block+t.warn+t.info, "place"), t.parts(), compared), doubtful}
		if t.block > 0 {
			h.mood = bad
		}
		return h
	case r.Coverage.Pairs == 0:
		return headline{"Nothing was compared", "no pair of resources could be read in both Regions.", doubtful}
	case r.Coverage.NotCompared > 0 || len(r.Gaps) > 0:
		return headline{"Not everything could be compared", fmt.Sprintf("%s, %s. No difference was found in what was read.",
			compared, Plural(len(r.Gaps), "read")+" missing"), doubtful}
	case t.info+t.waived > 0:
		return headline{"No drift that matters", fmt.Sprintf("%s. %s.", t.parts(), compared), good}
	default:
		return headline{"No drift", fmt.Sprintf("%s %s of %s, or more. %s.", and(peersOf(r)),
			verb(peersOf(r), "has what it must have", "have what they must have"), referenceOf(r), compared), good}
	}
}

// differing are the Regions with a difference that nobody accepted.
func differing(r Report) []string {
	var names []string
	for _, name := range peersOf(r) {
		if t := tallyIn(r, name); t.block+t.warn+t.info > 0 {
			names = append(names, name)
		}
	}
	return names
}

func deployHeadline(r Report) headline {
	d := r.Deploy
	id := cmp.Or(d.Release.ID, "the release")
	regions := and(deployRegions(d))
	reason := ""
	if d.Reason != "" {
		reason = " " + opened(strings.TrimSpace(d.Reason))
		if !strings.HasSuffix(reason, ".") {
			reason += "."
		}
	}
	switch d.Outcome {
	case deploy.Done:
		return headline{"Released", fmt.Sprintf("%s runs in %s.%s", id, regions, reason), good}
	case deploy.NoChange:
		if r.Command == "recover" {
			return nothingToRecover(d, regions)
		}
		return headline{"Nothing to do", fmt.Sprintf("%s already runs in %s.%s", id, regions, reason), good}
	case deploy.Rejected:
		return headline{"Rejected", fmt.Sprintf("%s was refused and %s.%s", id, untouched(d, ""), reason), bad}
	case deploy.FailedClean:
		return headline{"Not released", fmt.Sprintf("%s could not be prepared; %s.%s", id, untouched(d, " in "+regions), reason), bad}
	case deploy.RolledBack:
		if r.Command == "recover" {
			return headline{"Rolled back", fmt.Sprintf("%s did not end; %s %s what ran before.%s", id, regions, verb(deployRegions(d), "runs", "run"), reason), bad}
		}
		return headline{"Rolled back", fmt.Sprintf("%s failed; %s %s what ran before.%s", id, regions, verb(deployRegions(d), "runs", "run"), reason), bad}
	case deploy.Quarantined:
		return headline{"Regions differ", fmt.Sprintf("%s failed, and the Regions could not be brought together.%s Mend what stopped it; then `lockstep deploy` goes forward and `lockstep recover` goes back.", id, reason), bad}
	default:
		return headline{"In doubt", fmt.Sprintf("what the Regions run after %s is not known.%s Run `lockstep recover`.", id, reason), bad}
	}
}

// opened begins a sentence with a reason, if it begins with a word of ours and
// not with the name of a Region or a stack.
func opened(reason string) string {
	for _, word := range []string{"the ", "recover ", "a ", "every "} {
		if strings.HasPrefix(reason, word) {
			return capital(reason)
		}
	}
	return reason
}

// nothingToRecover says what runs where no deploy was unfinished. The release of
// the working directory has nothing to do with it.
func nothingToRecover(d *deploy.Result, regions string) headline {
	const none = "no deploy is unfinished"
	switch {
	case d.Apart():
		return headline{"Regions differ", none + ", and the Regions run different releases. `lockstep deploy` brings them together.", bad}
	case len(d.Regions) == 0 || d.Regions[0].Now == "":
		return headline{"Nothing to do", none + "; no release is recorded in " + regions + ".", good}
	}
	return headline{"Nothing to do", fmt.Sprintf("%s; %s %s %s.", none, regions, verb(deployRegions(d), "runs", "run"), d.Regions[0].Now), good}
}

// untouched says that nothing was touched, but for the stacks that had to be
// repaired before they could be planned.
func untouched(d *deploy.Result, where string) string {
	var repaired []string
	for _, region := range d.Regions {
		for _, target := range region.Targets {
			if target.Status == "repaired" {
				repaired = append(repaired, target.Target+" in "+region.Region)
			}
		}
	}
	if len(repaired) == 0 {
		return "nothing was touched" + where
	}
	return fmt.Sprintf("nothing was touched%s but %s, brought back to the last whole release", where, and(repaired))
}

// planHeadline says what was planned: a deploy or, by name, the way back.
func planHeadline(r Report) headline {
	if r.Command != "rollback" {
		return plannedHeadline(r.Deploy, strings.TrimSuffix("a deploy of "+r.Deploy.Release.ID, " of "))
	}
	h := plannedHeadline(r.Deploy, strings.TrimSuffix("a rollback to "+r.Deploy.Release.ID, " to "))
	switch {
	case r.Deploy.Outcome == deploy.Rejected || r.Deploy.Outcome == deploy.FailedClean:
	case h.words == "Plan":
		h.words = "Rollback plan"
		fallthrough
	default:
		h.sentence = "back to release " + strings.TrimSpace(r.Deploy.Release.ID+" "+r.Deploy.Release.Name) + ": " + h.sentence
	}
	return h
}

func plannedHeadline(d *deploy.Result, what string) headline {
	switch d.Outcome {
	case deploy.Rejected:
		return headline{"Rejected", strings.TrimSpace(what + " would be rejected. " + d.Reason), bad}
	case deploy.FailedClean:
		return headline{"No plan", strings.TrimSpace(what + " could not be planned. " + d.Reason), bad}
	}
	var parts []string
	total := 0
	for _, region := range d.Regions {
		n := 0
		for _, target := range region.Targets {
			n += len(target.Changes)
		}
		total += n
		parts = append(parts, Plural(n, "change")+" in "+region.Region)
	}
	if later := notPlannedYet(d); len(later) > 0 {
		sentence := and(parts) + "."
		if len(d.Asymmetries) > 0 {
			sentence += " " + Plural(len(d.Asymmetries), "change") + " would not be made in every Region."
		}
		return headline{"Plan", sentence + " What " + and(later) + " would change is not known yet.", doubtful}
	}
	switch {
	case total == 0:
		return headline{"No changes", and(deployRegions(d)) + " would stay as they are.", good}
	case len(d.Asymmetries) > 0:
		return headline{"Plan", fmt.Sprintf("%s. %s would not be made in every Region.", and(parts), Plural(len(d.Asymmetries), "change")), doubtful}
	default:
		return headline{"Plan", and(parts) + ", the same in every Region.", good}
	}
}

func deployRegions(d *deploy.Result) []string {
	names := make([]string, len(d.Regions))
	for i, region := range d.Regions {
		names[i] = region.Region
	}
	return names
}

// referenceOf is the Region the others are compared with: the primary or, when
// all are active, the first.
func referenceOf(r Report) string {
	for _, region := range r.Regions {
		if region.Role == topology.Primary {
			return region.Name
		}
	}
	if len(r.Regions) > 0 {
		return r.Regions[0].Name
	}
	return "the primary"
}

// amongPeers reports whether every Region was judged, each as the one that takes
// over from the others.
func amongPeers(r Report) bool {
	return r.Verdict != "" && len(r.Regions) > 0 && r.Regions[0].Role == topology.Active
}

// unjudged reports whether a Region is only what the others are measured by.
func unjudged(r Report, region string) bool { return region == referenceOf(r) && !amongPeers(r) }

// peersOf are the other Regions.
func peersOf(r Report) []string {
	var names []string
	for _, region := range r.Regions {
		if region.Name != referenceOf(r) {
			names = append(names, region.Name)
		}
	}
	if len(names) == 0 {
		return []string{"the standby"}
	}
	return names
}

func verb(subjects []string, one, many string) string {
	if len(subjects) == 1 {
		return one
	}
	return many
}

// compared is how much of what should have been compared was.
func compared(c drift.Coverage, of string) string {
	return fmt.Sprintf("%d of %s compared", c.Compared, Plural(c.Pairs, "pair")+of)
}

// Plural counts what a noun names.
func Plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func and(words []string) string {
	switch len(words) {
	case 0:
		return "no Region"
	case 1:
		return words[0]
	default:
		return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
	}
}
