package readiness

import (
	"cmp"
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
)

func availabilityRules() []Rule {
	return []Rule{{
		ID: "NET-01", Severity: drift.Block, check: typesOffered,
		Title:  "The standby's Region answers, and offers every resource type of the primary",
		Why:    "A type that AWS does not offer in the Region can be neither deployed nor restored there, now or on the day.",
		Source: "Well-Architected REL13-BP04; AWS multi-Region fundamentals 3",
		Needs:  []Need{{Types: []string{stackType}, Properties: []string{"Resources"}, Actions: []string{"cloudformation:ListStackResources"}}},
		Fix:    "Enable the Region for the account, choose another standby Region, or build the standby without the type.",
	}}
}

// typesOffered holds the primary's types against AWS's published list. A type
// of which the standby has a resource is offered there, whatever the list says:
// it is older than the snapshot.
func typesOffered(h *hearing) {
	kinds := slices.Sorted(maps.Keys(h.primary.byType))
	h.applies(len(kinds), "type", "none known not to be offered in "+h.standby.region())
	for _, kind := range kinds {
		source, lacks := drift.NotOffered(h.standby.snapshot.Region.Name, kind)
		if lacks && len(h.standby.byType[kind]) == 0 {
			h.fail(offeredSeverity(kind), h.primary.byType[kind][0].Key, "", "%s is not offered in %s (%s)", kind, h.standby.region(), source)
		}
	}
}

func offeredSeverity(kind string) drift.Severity {
	if MattersForTakeover(kind) {
		return drift.Block
	}
	return drift.Warn
}

// handMadeRules: what somebody changed past the templates.
func handMadeRules() []Rule {
	return []Rule{{
		ID: "CFG-01", Severity: drift.Warn, compares: true, check: nothingByHand,
		Title:  "No difference that matters comes from a change by hand in the standby",
		Why:    "What was changed by hand is in nobody's code: the next deploy may take it back, or fail over it, and nobody remembers why it is there.",
		Source: "Well-Architected REL13-BP04; Disaster Recovery of Workloads on AWS",
		Needs:  []Need{{Types: []string{stackType}, Properties: []string{"Template"}, Actions: []string{"cloudformation:GetTemplate"}}},
		Fix:    "Take the change back with `lockstep deploy --revert-drift`, or write it into the template.",
	}}
}

// nothingByHand warns of every difference that the templates do not explain and
// that arose in the standby. How bad each is, other rules and DRIFT say.
func nothingByHand(h *hearing) {
	h.applies(len(h.standby.stackIDs), "stack", "no difference that matters was made by hand (more than the primary has is none)")
	for _, f := range h.findings {
		if f.Cause == drift.OutOfBand && f.ChangedIn == h.standby.snapshot.Region.Name && f.Severity != drift.Info {
			h.add(outcome{status: Fail, severity: drift.Warn, resource: f.Resource, property: f.Property, finding: f,
				evidence: cmp.Or(f.Property, "the resource") + " was changed by hand in " + h.standby.region(), fix: h.rule.Fix})
		}
	}
}
