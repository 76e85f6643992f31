package readiness

import (
	"cmp"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func probeRules() []Rule {
	return []Rule{{
		ID: "RTE-08", Severity: drift.Block, check: endpointAnswers, Strategies: idleStrategies,
		Title:  "The standby's own endpoint answers healthy to the name that clients use, and with the release that was deployed",
		Why:    "A standby that nobody calls is believed to work. One request past failover shows what no description of resources can: that it answers, with a valid certificate, and which release it runs.",
		Source: "Well-Architected REL13-BP03; AWS multi-Region fundamentals 4",
		Needs:  []Need{{Fact: drift.FactProbe}},
		Fix:    "Ask the endpoint from where Lockstep runs, as in `curl -i --resolve`, and repair what stands in the way.",
		unused: "no probe of the Region is configured (`regions.<Region>.probe`)",
	}}
}

// endpointAnswers judges the answer of the standby's endpoint. What could not be
// asked is unknown: the way there may be what is broken.
func endpointAnswers(h *hearing) {
	p := h.Probe
	if p.URL == "" {
		return
	}
	h.applies(1, "endpoint", "answers as it should")
	answer, read := h.standby.object(drift.FactProbe, "")
	switch {
	case !read:
		h.endpointSilent(p)
	case text(answer, "URL") != p.URL || text(answer, "Host") != p.Host:
		h.undecided("", "the snapshot has the answer of %s to %s, and %s to %s is configured",
			show(answer["URL"]), hostOf(text(answer, "Host")), p.URL, hostOf(p.Host))
	case text(answer, "Certificate") != "":
		h.fail("", "", "Give the endpoint a certificate for the name that clients use, signed by an authority they know.",
			"%s has no certificate that holds for %s: %s", p.URL, hostOf(p.Host), show(answer["Certificate"]))
	default:
		h.endpointHealthy(p, answer)
	}
}

func hostOf(host string) string { return cmp.Or(host, "the host of the URL") }

// endpointSilent says why there is no answer, in the words of the gap.
func (h *hearing) endpointSilent(p topology.Probe) {
	region := h.standby.region()
	why := "it was not asked; take the snapshot again"
	for _, gap := range h.gapsAbout(region, "", drift.FactProbe) {
		why = cmp.Or(gap.Message, gap.Reason) + " (" + gap.Reason + ")"
	}
	h.unknown(region, "", drift.FactProbe, "%s gave no answer in %s: %s", p.URL, region, why)
}

func (h *hearing) endpointHealthy(p topology.Probe, answer map[string]any) {
	status, _ := number(answer, "Status")
	switch want := float64(cmp.Or(p.Status, 200)); {
	case status == want:
		h.endpointRelease(p, answer)
	case status >= 300 && status < 400:
		h.fail("", "", "Probe the address that answers by itself: a redirect may lead back to the lost Region.",
			"%s answers with status %s and sends clients on to %s, which is not followed", p.URL, show(status), show(answer["Location"]))
	default:
		h.fail("", "", "", "%s answers with status %s, not %s", p.URL, show(status), show(want))
	}
}

// endpointRelease holds what the answer names against the standby's ledger or,
// where no ledger records a release, against what the primary's endpoint names.
func (h *hearing) endpointRelease(p topology.Probe, answer map[string]any) {
	if p.Release == "" {
		return
	}
	release := h.standby.snapshot.Release
	if release == nil || release.ID == "" {
		h.sameReleaseAnswers(p, answer)
		return
	}
	if name, inHeader := strings.CutPrefix(p.Release, "header "); inHeader {
		switch said := text(answer, "Release"); {
		case said == "":
			h.fail("", "", "", "the answer of %s has no header %s, which should name the release", p.URL, name)
		case !release.Named(said):
			h.fail("", "", "Deploy the release to the standby, or find out what serves there.", "%s answers with release %s; %s was deployed to %s",
				p.URL, show(said), release.ID, h.standby.region())
		}
		return
	}
	for _, said := range stringsOf(answer["Mentions"]) {
		if release.Named(said) {
			return
		}
	}
	switch others := stringsOf(answer["Mentions"]); {
	case answer["Cut"] == true:
		h.undecided("", "the first megabyte of what %s answers does not name release %s, and there is more", p.URL, release.ID)
	case len(others) > 0:
		h.fail("", "", "Deploy the release to the standby, or find out what serves there.", "%s answers with release %s; %s was deployed to %s",
			p.URL, strings.Join(others, ", "), release.ID, h.standby.region())
	default:
		h.fail("", "", "Let the endpoint name the release it runs by the id, name or commit that the ledger records.",
			"the answer of %s does not name release %s, which was deployed to %s", p.URL, release.ID, h.standby.region())
	}
}

// sameReleaseAnswers is for releases that Lockstep does not deploy: both Regions'
// endpoints must name the same one.
func (h *hearing) sameReleaseAnswers(p topology.Probe, answer map[string]any) {
	ours, _ := h.primary.object(drift.FactProbe, "")
	here, there := text(ours, "Release"), text(answer, "Release")
	switch {
	case here == "" || there == "":
		h.add(outcome{status: Undetermined, evidence: "no ledger records the release of " + h.standby.region() + ", and not both Regions' endpoints name one in a header",
			fix: "Deploy with `lockstep deploy`, or give both Regions a probe with `release: header NAME`."})
	case here != there:
		h.fail("", "", "Deploy the release to the standby, or find out what serves there.", "%s answers with release %s, the endpoint of %s with %s",
			p.URL, show(there), h.primary.region(), show(here))
	}
}
