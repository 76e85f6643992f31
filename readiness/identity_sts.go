package readiness

import (
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

func credentialRules() []Rule {
	return []Rule{{
		ID: "SEC-07", Severity: drift.Block, check: credentialsOfTheRegion,
		Title:  "Credentials are obtained through the standby Region's own STS endpoint",
		Why:    "The global endpoint of STS answers from us-east-1 or depends on it. Whoever has to take over needs credentials at the very time at which that Region is lost.",
		Source: "AWS post-event summaries of 7 December 2021 and 20 October 2025; AWS SDKs and tools reference guide, AWS STS Regional endpoints",
		Needs:  []Need{{Fact: drift.FactCallerIdentity, Actions: []string{"sts:GetCallerIdentity"}}},
		Fix:    "Remove AWS_ENDPOINT_URL_STS and AWS_STS_REGIONAL_ENDPOINTS=legacy from the environment, so that every Region is asked for its own credentials.",
	}}
}

// globalSTS is the one endpoint of STS that belongs to no Region.
const globalSTS = "sts.amazonaws.com"

// credentialsOfTheRegion takes the call that every scan begins with as evidence:
// who it is that reads was asked of an endpoint, and answered by it.
func credentialsOfTheRegion(h *hearing) {
	region := h.standby.region()
	fact, read := h.standby.object(drift.FactCallerIdentity, "")
	host := strings.ToLower(text(fact, "Endpoint"))
	host, _, _ = strings.Cut(host, ":")
	h.used = true
	switch {
	case h.standby.empty(): // hearSilence says so
	case !read || host == "":
		h.unknown(region, "", drift.FactCallerIdentity, "which endpoint gave the credentials was not noted in %s", region)
	case mentions(host, region):
		h.remark("%s answered", host)
	case host == globalSTS:
		h.fail("", "", "", "the credentials for %s come from the global endpoint %s", region, host)
	case strings.HasSuffix(host, ".amazonaws.com") || strings.HasSuffix(host, ".amazonaws.com.cn") || strings.HasSuffix(host, ".api.aws"):
		h.fail("", "", "", "the credentials for %s come from %s, an endpoint of another Region", region, host)
	default:
		h.remark("%s answered, an endpoint that the configuration names", host)
	}
}
