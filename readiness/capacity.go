package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func capacityRules() []Rule {
	return []Rule{{
		ID: "CAP-10", Severity: drift.Block, check: functionsCanRun, compares: true,
		Title:      "Every function can run at once: active, updated, with the concurrency it needs",
		Why:        "Functions that are not called become inactive, and a reserved concurrency of 0 refuses every call: a standby finds both out when it is needed.",
		Source:     "ARC Region switch plan evaluation, Lambda block; ARC readiness rules for Lambda functions",
		Strategies: map[topology.Strategy]Level{topology.BackupRestore: LevelOff, topology.PilotLight: LevelWarn},
		Needs: []Need{
			{Types: []string{typeFunction}, Fact: drift.FactLambdaState, Actions: []string{"lambda:GetFunction"}},
			{Types: []string{typeFunction}, Properties: []string{"ReservedConcurrentExecutions"}, Fact: drift.FactLambdaConcurrency, Actions: []string{"lambda:GetFunctionConcurrency", "lambda:GetProvisionedConcurrencyConfig"}},
		},
		Fix: "Invoke the function to wake it, finish its update, and give it the concurrency that the takeover needs.",
	}}
}

func functionsCanRun(h *hearing) {
	functions := h.pairs(typeFunction)
	h.applies(len(functions), "function", "active and updated, with enough concurrency")
	for _, p := range h.present(functions) {
		h.functionActive(p.key)
		h.enoughConcurrency(p.key)
	}
	h.hearFindings(typeFunction, func(f *drift.Finding) (drift.Severity, bool) {
		return f.Severity, within(f.Property, "ReservedConcurrentExecutions") || within(f.Property, "ProvisionedConcurrencyConfig")
	})
}

// functionActive judges State and LastUpdateStatus. Pending and InProgress
// settle by themselves: unknown, not failed.
func (h *hearing) functionActive(key string) {
	state, _ := h.standby.object(drift.FactLambdaState, key)
	region := h.standby.region()
	switch text(state, "State") {
	case "Active":
	case "":
		h.unknown(region, key, drift.FactLambdaState, "the state was not read in %s", region)
		return
	case "Pending":
		h.undecided(key, "is being created or woken in %s", region)
	default:
		h.fail("", key, "", "is %s in %s (%s)", text(state, "State"), region, show(state["StateReasonCode"]))
	}
	switch text(state, "LastUpdateStatus") {
	case "Successful":
	case "InProgress":
		h.undecided(key, "is being updated in %s", region)
	case "":
		h.unknown(region, key, drift.FactLambdaState, "the last update was not read in %s", region)
	default:
		h.fail("", key, "", "last update ended as %s in %s", text(state, "LastUpdateStatus"), region)
	}
}

// enoughConcurrency demands a reservation of at least the declared ceiling of
// the primary's (all of it when no ceiling is declared).
func (h *hearing) enoughConcurrency(key string) {
	here, known := h.primary.object(drift.FactLambdaConcurrency, key)
	there, knownThere := h.standby.object(drift.FactLambdaConcurrency, key)
	if !known {
		h.unknown(h.primary.region(), key, drift.FactLambdaConcurrency, "the concurrency was not read in %s", h.primary.region())
	}
	if !knownThere {
		h.unknown(h.standby.region(), key, drift.FactLambdaConcurrency, "the concurrency was not read in %s", h.standby.region())
	}
	if !known || !knownThere {
		return
	}
	h.enoughReserved(key, here, there)
	h.provisionedReady(key, here, there)
}

func (h *hearing) enoughReserved(key string, here, there map[string]any) {
	ours, reserved := number(here, "Reserved")
	theirs, reservedThere := number(there, "Reserved")
	share := h.Objectives.Ceiling
	if share <= 0 {
		share = 1
	}
	const property = "ReservedConcurrentExecutions"
	switch {
	case reserved && ours == 0: // switched off in the primary too
	case reservedThere && theirs == 0:
		h.failProperty("", key, property, "Raise or remove the reserved concurrency in the standby.",
			"reserved concurrency is 0 in %s: every call is refused", h.standby.region())
	case !reserved && reservedThere:
		h.failProperty("", key, property, "Remove the cap in the standby, or reserve in both Regions.",
			"is not limited in %s and limited to %s in %s", h.primary.region(), show(theirs), h.standby.region())
	case reserved && !reservedThere:
		h.failProperty(drift.Warn, key, property, "Reserve concurrency in the standby too.",
			"reserves %s in %s and nothing in %s", show(ours), h.primary.region(), h.standby.region())
	case reserved && theirs < share*ours:
		h.failProperty("", key, property, "Raise the reserved concurrency in the standby.",
			"reserves %s in %s and %s in %s, with a ceiling of %.0f %%", show(ours), h.primary.region(), show(theirs), h.standby.region(), share*100)
	}
}

func (h *hearing) provisionedReady(key string, here, there map[string]any) {
	ours, _ := here["Provisioned"].(map[string]any)
	theirs, _ := there["Provisioned"].(map[string]any)
	switch status := text(theirs, "Status"); {
	case len(ours) == 0:
	case len(theirs) == 0:
		h.fail(drift.Warn, key, "Provision concurrency in the standby too.", "has provisioned concurrency in %s and none in %s",
			h.primary.region(), h.standby.region())
	case status == "READY":
	case status == "IN_PROGRESS":
		h.undecided(key, "provisioned concurrency is being allocated in %s", h.standby.region())
	case status == "":
		h.unknown(h.standby.region(), key, drift.FactLambdaConcurrency, "the status of the provisioned concurrency was not read in %s", h.standby.region())
	default:
		h.fail("", key, "", "provisioned concurrency is %s in %s", status, h.standby.region())
	}
}
