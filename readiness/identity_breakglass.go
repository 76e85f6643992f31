package readiness

import "github.com/lockstep-dr/lockstep/drift"

func breakGlassRules() []Rule {
	return []Rule{{
		ID: "SEC-10", Severity: drift.Warn, check: breakGlassWorks,
		Title:  "A user exists who can sign in when federation and the primary Region are down",
		Why:    "On 20 October 2025 sign-in by federation and by root failed far beyond us-east-1. A takeover that nobody can sign in to start does not happen.",
		Source: "AWS post-event summary of 20 October 2025; AWS Fault Isolation Boundaries, global services",
		Needs:  []Need{{Fact: drift.FactBreakGlass, Actions: []string{"iam:GetUser", "iam:GetLoginProfile", "iam:ListAccessKeys"}}},
		Fix:    "Create the IAM user with a password and a second factor, keep both in a safe, and try them.",
		unused: "no user for emergencies is named (`takeover.break-glass`)",
	}}
}

// breakGlassWorks is sharper than that the user exists: it has a way in.
func breakGlassWorks(h *hearing) {
	name := h.Takeover.BreakGlass
	if name == "" {
		return
	}
	h.applies(1, "user", "exists and can sign in")
	fact, read := h.standby.object(drift.FactBreakGlass, name)
	keys, _ := number(fact, "ActiveAccessKeys")
	switch {
	case !read:
		h.unknown(h.standby.region(), name, drift.FactBreakGlass, "the user %s was not read in the account of %s", name, h.standby.region())
	case fact["Exists"] != true:
		h.fail("", name, "", "there is no IAM user %s in the account of %s", name, h.standby.region())
	case fact["Password"] != true && keys == 0:
		h.fail("", name, "", "the IAM user %s has neither a password nor an active access key", name)
	}
}
