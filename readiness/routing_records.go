package readiness

import (
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

const (
	typeRecord      = "AWS::Route53::RecordSet"
	typeHealthCheck = "AWS::Route53::HealthCheck"
)

// longestTTL is the time to live, in seconds, beyond which clients keep to the
// lost Region. Source: ARC readiness rule DnsTargetResourceRecordSetConfigurationRule.
const longestTTL = 300

func recordRules() []Rule {
	return []Rule{
		{
			ID: "RTE-02", Severity: drift.Warn, check: recordsShort,
			Title:  "Records that route between Regions live for 300 seconds at most",
			Why:    "Clients and resolvers keep the old answer for as long as it lives: that time is part of every takeover.",
			Source: "ARC readiness rule DnsTargetResourceRecordSetConfigurationRule",
			Needs:  []Need{{Types: []string{typeRecord, typeRecordGroup}, Properties: []string{"TTL", "SetIdentifier", "RecordSets"}, Actions: []string{"route53:ListResourceRecordSets"}}},
			Fix:    "Lower the TTL to 60 seconds, or use alias records, whose lifetime AWS sets.",
		},
		{
			ID: "RTE-03", Severity: drift.Block, check: healthChecksWork,
			Title:  "The health checks that route between Regions are enabled, and see the standby healthy",
			Why:    "A check that is disabled is healthy for ever, and one that sees the standby fail keeps every client away from it.",
			Source: "ARC readiness rules for Route 53 health checks",
			Needs: []Need{{Types: []string{typeHealthCheck}, Properties: []string{"HealthCheckConfig"}, Fact: drift.FactHealthCheckStatus,
				Actions: []string{"route53:ListHealthChecks", "route53:GetHealthCheckStatus"}}},
			Fix: "Enable the health check, and find out why the endpoint does not answer it.",
		},
	}
}

// recordsShort judges records that choose between several answers: only those
// take part in a takeover. One stack may declare those of both Regions, or each
// Region its own by the same key, in one zone or in a zone of each.
func recordsShort(h *hearing) {
	seen := map[string]bool{}
	for _, v := range []*view{h.primary, h.standby} {
		for _, r := range v.records() {
			one := strings.Join([]string{r.key, r.name(), r.set()}, " ")
			if r.set() == "" || seen[one] {
				continue
			}
			seen[one] = true
			if ttl, ok := number(r.properties, "TTL"); ok && ttl > longestTTL {
				h.failProperty("", r.key, "TTL", "", "%s lives for %s seconds; %s is the most that a takeover should wait", show(r.set()), show(ttl), strconv.Itoa(longestTTL))
			}
		}
	}
	h.applies(len(seen), "record", "lives for 300 seconds at most")
}

// healthChecksWork judges every health check of either Region: they are global,
// and a takeover asks all of them.
func healthChecksWork(h *hearing) {
	seen := map[string]bool{}
	for _, v := range []*view{h.standby, h.primary} {
		for _, r := range v.byType[typeHealthCheck] {
			if !seen[r.ID] {
				seen[r.ID] = true
				h.healthCheckWorks(v, r)
			}
		}
	}
	h.applies(len(seen), "health check", "enabled and successful")
}

func (h *hearing) healthCheckWorks(v *view, r *drift.Resource) {
	config, _ := r.Properties["HealthCheckConfig"].(map[string]any)
	if config["Disabled"] == true {
		h.fail("", r.Key, "", "is disabled: Route 53 takes its endpoint for healthy whatever happens")
	}
	if kind := text(config, "Type"); kind == "CALCULATED" || kind == "RECOVERY_CONTROL" {
		return // it follows others, or a person
	}
	status, read := v.object(drift.FactHealthCheckStatus, r.Key)
	healthy, _ := number(status, "Success")
	failing, _ := number(status, "Failure")
	switch {
	case !read || healthy+failing == 0:
		h.unknown(v.region(), r.Key, drift.FactHealthCheckStatus, "what its checkers see was not read in %s", v.region())
	case failing > healthy:
		h.fail("", r.Key, "", "%s of %s checkers see its endpoint fail", show(failing), show(healthy+failing))
	}
}
