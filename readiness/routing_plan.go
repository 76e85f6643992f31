package readiness

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
)

const typePlan = "AWS::ARCRegionSwitch::Plan"

func planRules() []Rule {
	return []Rule{{
		ID: "RTE-09", Severity: drift.Block, check: planEvaluated,
		Title:  "ARC Region switch finds nothing wrong with the plan that moves clients to the standby",
		Why:    "A plan whose resources, permissions or alarms are gone stops at the step that needs them.",
		Source: "Amazon ARC developer guide, Plan evaluation for Region switch plans",
		Needs:  []Need{{Types: []string{typePlan}, Fact: drift.FactPlanEvaluation, Actions: []string{"arc-region-switch:GetPlanEvaluationStatus"}}},
		Fix:    "Repair what the warning names, and wait for the next evaluation, within half an hour.",
		unused: "no plan of ARC Region switch is configured (`takeover.region-switch`) or among the resources",
	}}
}

// planStale is how old an evaluation may be. ARC evaluates a plan at least every
// half hour; one of yesterday says that it stopped.
const planStale = 24 * time.Hour

// plans are the ARNs of the plans, configured or among the resources, sorted.
func (s *scene) plans() []string {
	var plans []string
	if s.Takeover.Plan != "" {
		plans = append(plans, s.Takeover.Plan)
	}
	for _, v := range []*view{s.primary, s.standby} {
		for _, r := range v.byType[typePlan] {
			plans = append(plans, r.ID)
		}
	}
	slices.Sort(plans)
	return slices.Compact(plans)
}

// planEvaluated takes over what ARC says where it would be executed: in the standby.
func planEvaluated(h *hearing) {
	plans := h.plans()
	h.applies(len(plans), "plan", "its evaluation passed")
	for _, plan := range plans {
		fact, read := h.standby.object(drift.FactPlanEvaluation, plan)
		if !read {
			h.unknown(h.standby.region(), plan, drift.FactPlanEvaluation, "the evaluation of the plan was not read in %s", h.standby.region())
			continue
		}
		h.evaluated(plan, fact)
	}
}

func (h *hearing) evaluated(plan string, fact map[string]any) {
	at, err := time.Parse(time.RFC3339, text(fact, "LastEvaluationTime"))
	switch state := text(fact, "EvaluationState"); {
	case state == "actionRequired":
		h.planWarnings(plan, fact)
	case state != "passed":
		h.undecided(plan, "the evaluation of the plan is %s in %s", show(cmp.Or(state, "unknown")), h.standby.region())
	case err != nil:
		h.undecided(plan, "when the plan was evaluated in %s is not known", h.standby.region())
	case h.Now.Sub(at) > planStale:
		h.undecided(plan, "the plan was last evaluated on %s, more than a day ago", show(fact["LastEvaluationTime"]))
	}
}

func (h *hearing) planWarnings(plan string, fact map[string]any) {
	warnings := objects(fact["Warnings"])
	if len(warnings) == 0 {
		h.fail("", plan, "", "ARC Region switch asks for action in %s and names none", h.standby.region())
	}
	for _, w := range warnings {
		h.fail("", plan, "", "step %s, %s: %s", show(cmp.Or(text(w, "StepName"), "of no name")), show(cmp.Or(text(w, "ResourceArn"), "the plan")), show(w["WarningMessage"]))
	}
}
