package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const typeCanary = "AWS::Synthetics::Canary"

func canaryRules() []Rule {
	return []Rule{{
		ID: "OBS-04", Severity: drift.Warn, check: canariesPass,
		Strategies: strategyLevels{topology.BackupRestore: LevelOff, topology.PilotLight: LevelOff},
		Title:      "Every canary of the standby ran within the last day, and passed",
		Why:        "A canary does what clients do. One that fails in the standby, or that nobody started, tells before the takeover what clients would tell after it.",
		Source:     "AWS multi-Region fundamentals 4",
		Needs:      []Need{{Types: []string{typeCanary}, Fact: drift.FactCanaryRun, Actions: []string{"synthetics:DescribeCanariesLastRun"}}},
		Fix:        "Start the canary in the standby, and find out why it fails.",
	}}
}

// canaryRecent is how long ago the last run of a canary may have ended.
const canaryRecent = 24 * time.Hour

func canariesPass(h *hearing) {
	canaries := h.pairs(typeCanary)
	h.applies(len(canaries), "canary", "ran in the standby and passed")
	for _, p := range canaries {
		if h.missing(p.key) != nil || h.goneFromStandby(p.key) {
			h.fail("", p.key, "Deploy the canary to the standby.", "watches %s and not %s", h.primary.region(), h.standby.region())
			continue
		}
		for range h.present([]pair{p}) {
			h.canaryPasses(p.key)
		}
	}
}

func (h *hearing) canaryPasses(key string) {
	region := h.standby.region()
	fact, read := h.standby.object(drift.FactCanaryRun, key)
	completed, err := time.Parse(time.RFC3339, text(fact, "Completed"))
	switch state := text(fact, "State"); {
	case !read:
		h.unknown(region, key, drift.FactCanaryRun, "the last run was not read in %s", region)
	case state == "":
		h.fail("", key, "", "never ran in %s", region)
	case state == "FAILED":
		h.fail("", key, "", "failed in %s: %s", region, show(fact["StateReason"]))
	case state != "PASSED" && state != "RUNNING":
		h.undecided(key, "its last run in %s is %s", region, show(state))
	case state == "PASSED" && err == nil && h.Now.Sub(completed) > canaryRecent:
		h.fail("", key, "", "last ran in %s on %s, more than a day ago", region, text(fact, "Completed"))
	}
}
