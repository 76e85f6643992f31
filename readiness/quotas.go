package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// typeQuota is the type under which the comparison reports quotas, which are no
// resources.
const typeQuota = "AWS::ServiceQuotas::Quota"

// runningQuotas are the quotas without which the standby cannot run the load:
// of computing, of addresses and of databases. The others are of what exists
// already, or of families of instances that the application may not use. Source of the codes: `aws service-quotas list-aws-default-service-quotas`.
var runningQuotas = []string{
	"ec2/L-0263D0A3",     // Elastic IP addresses
	"ec2/L-1216C47A",     // On-Demand instances of the standard families, in vCPUs
	"fargate/L-3032A538", // Fargate On-Demand, in vCPUs
	"lambda/L-B99A9384",  // concurrent executions
	"rds/L-7ADDB58A",     // storage of all database instances
	"rds/L-7B6409FD",     // database instances
	"vpc/L-DF5E4CA3",     // network interfaces
}

func quotaRules() []Rule {
	return []Rule{{
		ID: "QTA-01", Severity: drift.Block, compares: true, check: quotasSuffice, Strategies: strategyLevels{topology.BackupRestore: LevelWarn},
		Title:  "The standby's quotas are no lower than the primary's, for every service the application uses",
		Why:    "Quotas belong to an account and a Region. Those raised in the primary stay low in the standby, and AWS needs hours or days to raise them.",
		Source: "Well-Architected REL13-BP04; AWS multi-Region fundamentals 4; ARC Region switch, service quota checks",
		Needs: []Need{{Fact: drift.FactQuota, Actions: []string{"servicequotas:GetServiceQuota",
			"servicequotas:GetAWSDefaultServiceQuota"}}},
		Fix: "Ask for the same quota in the standby's Region and wait until it is granted.",
	}}
}

// quotasSuffice compares what both Regions have. A quota of computing or of
// databases blocks, because the takeover stops at it.
func quotasSuffice(h *hearing) {
	subjects := h.primary.subjects[drift.FactQuota]
	h.applies(len(subjects), "quota", "no lower in the standby")
	for _, subject := range subjects {
		here, _ := h.primary.object(drift.FactQuota, subject)
		there, read := h.standby.object(drift.FactQuota, subject)
		ours, limited := number(here, "Value")
		theirs, limitedThere := number(there, "Value")
		switch {
		case !read:
			h.unknown(h.standby.region(), subject, drift.FactQuota, "quota %s was not read in %s", show(here["Name"]), h.standby.region())
		case limited && limitedThere && theirs < ours:
			h.failProperty(quotaSeverity(subject), "quota/"+subject, "Value", "", "%s is %s in %s and %s in %s",
				show(here["Name"]), show(ours), h.primary.region(), show(theirs), h.standby.region())
		}
	}
	h.hearFindings(typeQuota, func(f *drift.Finding) (drift.Severity, bool) { return f.Severity, true })
}

func quotaSeverity(subject string) drift.Severity {
	if _, running := slices.BinarySearch(runningQuotas, subject); running {
		return drift.Block
	}
	return drift.Warn
}
