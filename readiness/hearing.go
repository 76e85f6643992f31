package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// outcome is what a rule says about one resource.
type outcome struct {
	status   Status
	severity drift.Severity
	resource string
	// property is the dotted path the outcome is about; empty when it is about
	// a state or a fact, which only a waiver of the rule itself may accept.
	property string
	evidence string
	fix      string
	missing  []drift.Gap
	// finding is the drift finding the outcome comes from, if any.
	finding *drift.Finding
	waived  *drift.Waiver
}

// hearing is one rule being judged: the evidence it may see and what it has
// said so far. A rule that never calls applies is not applicable.
type hearing struct {
	*scene
	rule     Rule
	used     bool
	summary  string
	outcomes []outcome
	// consumed are the findings that the rule took into account.
	consumed []*drift.Finding
	// What a rule asks for again and again, worked out once: the global databases,
	// their members in the standby by those in the primary, the issuers that roles
	// trust, and what delivers logs to where.
	databases   []string
	secondaries map[string][]string
	issuers     map[*drift.Resource][]string
	deliveries  []delivery
}

// applies records that the reference Region uses what the rule is about; n is
// how many things were looked at and noun what they are, for the evidence.
func (h *hearing) applies(n int, noun, predicate string) {
	if n == 0 {
		return
	}
	h.used = true
	if h.summary != "" {
		h.summary += "; "
	}
	if n != 1 {
		noun += "s"
	}
	h.summary += fmt.Sprintf("%d %s: %s", n, noun, predicate)
}

// remark adds a sentence to the evidence of a rule that passes.
func (h *hearing) remark(format string, args ...any) {
	if h.summary != "" {
		h.summary += "; "
	}
	h.summary += says(format, args)
}

func (h *hearing) add(o outcome) {
	h.used = true
	if o.severity == "" {
		o.severity = h.rule.Severity
	}
	h.outcomes = append(h.outcomes, o)
}

// fail records a failure of a state or a fact.
func (h *hearing) fail(severity drift.Severity, resource, fix, format string, args ...any) {
	h.add(outcome{status: Fail, severity: severity, resource: resource, fix: fix, evidence: says(format, args)})
}

// failProperty records a failure that the rule found by itself in a property.
// A finding about the same property is the same failure: it is taken along,
// with its waiver.
func (h *hearing) failProperty(severity drift.Severity, resource, property, fix, format string, args ...any) {
	o := outcome{status: Fail, severity: severity, resource: resource, property: property, fix: fix,
		evidence: says(format, args)}
	if o.severity == "" {
		o.severity = h.rule.Severity
	}
	if f := h.findingAt(resource, property); f != nil && !slices.Contains(h.consumed, f) {
		h.consumed = append(h.consumed, f)
		o.finding, o.severity = f, harder(o.severity, f.Severity)
		o.fix = cmp.Or(o.fix, f.Fix)
	}
	h.add(o)
}

// failFinding records the failure that a drift finding is.
func (h *hearing) failFinding(severity drift.Severity, f *drift.Finding) {
	h.consumed = append(h.consumed, f)
	h.add(outcome{status: Fail, severity: severity, resource: f.Resource, property: f.Property,
		fix: f.Fix, evidence: h.findingEvidence(f), finding: f})
}

// settle marks a finding as judged without a failure.
func (h *hearing) settle(f *drift.Finding) { h.consumed = append(h.consumed, f) }

// unknown records that the evidence about a resource is missing: the gaps that
// say why or, if nobody recorded one, a gap naming what was never read.
func (h *hearing) unknown(region, resource, fact, format string, args ...any) {
	missing := h.gapsAbout(region, resource, fact)
	if len(missing) == 0 && h.comesLater(region, resource, fact) {
		h.remark("%s is known only after the change of %s in %s", factName(fact), resource, region)
		return
	}
	if len(missing) == 0 {
		missing = []drift.Gap{{Region: region, Resource: resource, Operation: h.actionFor(fact), Reason: notRead, Fact: fact}}
	}
	h.add(outcome{status: Undetermined, resource: resource, missing: missing, evidence: says(format, args)})
}

// comesLater reports whether a fact cannot be known before a planned change is
// made, because it is the state of what the change creates, or about code that
// the deploy itself brings. What lies ready before (an image in a registry, a
// package that somebody else uploads) is waited for.
func (h *hearing) comesLater(region, resource, fact string) bool {
	key, _, _ := strings.Cut(resource, "#")
	for _, v := range []*view{h.primary, h.standby} {
		r := v.byKey[key]
		if v.region() != region || r == nil {
			continue
		}
		switch fact {
		case drift.FactImages, drift.FactContent:
			return false
		case drift.FactArtifact:
			return r.Planned != "" && broughtByDeploy(r)
		}
		return r.Planned == drift.PlannedCreate
	}
	return false
}

// broughtByDeploy reports whether the code of a resource is an asset: a deploy
// uploads those to every Region under the hash of their bytes.
func broughtByDeploy(r *drift.Resource) bool {
	for _, property := range []string{"Code.S3Key", "Content.S3Key"} {
		if key, _ := at(r.Declared, property).(string); strings.HasPrefix(key, "lockstep/") {
			return true
		}
	}
	return false
}

func factName(fact string) string { return cmp.Or(fact, "its state") }

// undecided records that the rule cannot be decided although nothing was refused.
func (h *hearing) undecided(resource, format string, args ...any) {
	h.add(outcome{status: Undetermined, resource: resource, evidence: says(format, args)})
}

// notRead is the reason of a gap that no reader recorded.
const notRead = "NotRead"

// actionFor is the IAM action that reads a kind of fact or, without one, the
// rule's first action.
func (h *hearing) actionFor(fact string) string {
	for _, need := range h.rule.Needs {
		if need.Fact == fact && len(need.Actions) > 0 {
			return need.Actions[0]
		}
	}
	if actions := h.rule.Actions(); len(actions) > 0 {
		return actions[0]
	}
	return ""
}

// judge hears one rule to the end: its own predicate, then every gap that
// could hide what the predicate needed.
func (s *scene) judge(rule Rule) *hearing {
	h := &hearing{scene: s, rule: rule}
	rule.check(h)
	h.hearSilence()
	h.hearGaps()
	if len(h.outcomes) == 0 {
		h.outcomes = []outcome{h.allClear()}
	}
	return h
}

func (h *hearing) allClear() outcome {
	if !h.used {
		return outcome{status: NotApplicable, severity: h.rule.Severity,
			evidence: cmp.Or(h.rule.unused, "not used in "+h.primary.region())}
	}
	return outcome{status: Pass, severity: h.rule.Severity, evidence: h.summary}
}

// fixNothingThere is what to do where there is nothing to judge: no permission
// would help.
const fixNothingThere = "Deploy the application there or, if it is there, correct the stacks, states or tags that the configuration names, or the credentials."

// hearSilence adds what no gap says: a Region of which nothing was read, or a
// comparison that never took place.
func (h *hearing) hearSilence() {
	for _, v := range []*view{h.primary, h.standby} {
		switch {
		case v.empty() && len(h.gapsAbout(v.region(), "", "")) > 0:
			h.unknown(v.region(), "", "", "nothing was read from %s", v.region())
		case v.empty():
			h.add(outcome{status: Undetermined, fix: fixNothingThere,
				evidence: fmt.Sprintf("nothing of the application was found in %s, and nothing was refused", v.region())})
		}
	}
	if h.rule.compares && h.Comparison == nil {
		h.undecided("", "the Regions were not compared")
	}
}

// hearGaps adds an undetermined outcome for every gap that could hide what the
// rule needs and that no outcome has named yet.
func (h *hearing) hearGaps() {
	for i := range h.gaps {
		gap := h.gaps[i]
		if !h.hides(gap, h.rule) || h.named(gap) {
			continue
		}
		h.add(outcome{status: Undetermined, resource: gap.Resource, missing: []drift.Gap{gap}, evidence: gapEvidence(gap)})
	}
}

func (h *hearing) named(gap drift.Gap) bool {
	for _, o := range h.outcomes {
		if slices.ContainsFunc(o.missing, func(g drift.Gap) bool { return sameGap(g, gap) }) {
			return true
		}
	}
	return false
}

// says puts evidence into words: durations as people write them.
func says(format string, args []any) string {
	words := slices.Clone(args)
	for i, arg := range words {
		if d, ok := arg.(time.Duration); ok {
			words[i] = topology.Span(d)
		}
	}
	return fmt.Sprintf(format, words...)
}
