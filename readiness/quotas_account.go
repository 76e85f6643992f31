package readiness

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

var (
	apiTypes      = []string{"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Stage", "AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::Stage"}
	balancerTypes = []string{typeBalancer, typeTargetGroup}
)

func accountLimitRules() []Rule {
	soft := strategyLevels{topology.BackupRestore: LevelWarn}
	return []Rule{
		{
			ID: "QTA-04", Severity: drift.Block, check: concurrencySuffices, Strategies: soft,
			Title:  "The standby's Region lets the account run as many functions at once as the primary did at its peak, to the declared ceiling",
			Why:    "All functions of an account share one limit per Region. A standby with a lower one throttles the first full load it meets.",
			Source: "ARC readiness rule LambdaFunctionLimitsRule; AWS Lambda developer guide, Lambda quotas",
			Needs: []Need{{Types: []string{typeFunction}, Fact: drift.FactLambdaLimits, Actions: []string{"lambda:GetAccountSettings"}},
				{Types: []string{typeFunction}, Fact: drift.FactLambdaPeak, Actions: []string{"cloudwatch:GetMetricData"}}},
			Fix: "Ask for the concurrency that the primary needs in the standby's Region, or reserve less of it there.",
		},
		{
			ID: "QTA-05", Severity: drift.Warn, check: limitsAsHigh,
			Title:  "API Gateway's throttle and the limits of load balancers are no lower in the standby's Region",
			Why:    "They belong to the account and the Region, not to the API or the load balancer: no template brings them along.",
			Source: "ARC readiness rules ApiGwV1Quotas and ApiGwV2Quotas; API references, GetAccount and DescribeAccountLimits",
			Needs: []Need{{Types: apiTypes, Fact: drift.FactAPIThrottle, Actions: []string{"apigateway:GET"}},
				{Types: balancerTypes, Fact: drift.FactBalancerLimits, Actions: []string{"elasticloadbalancing:DescribeAccountLimits"}}},
			Fix: "Ask for the same limits in the standby's Region and wait until they are granted.",
		},
		{
			ID: "QTA-06", Severity: drift.Warn, check: raisesAreAskedFor,
			Title:  "Every quota that was raised in the primary, or is about to be, was asked for and granted in the standby",
			Why:    "AWS raises some quotas as they are used. An idle standby never earns that: somebody has to ask for it, and AWS has to agree in time.",
			Source: "Service Quotas API reference, ListRequestedServiceQuotaChangeHistory; ARC Region switch, service quota checks",
			Needs: []Need{{Fact: drift.FactQuota, Actions: []string{"servicequotas:GetServiceQuota", "servicequotas:GetAWSDefaultServiceQuota"}},
				{Fact: drift.FactQuotaRequests, Actions: []string{"servicequotas:ListRequestedServiceQuotaChangeHistory"}}},
			Fix: "Request the primary's quota in the standby's Region, and follow the request until it is approved.",
		},
	}
}

// concurrencySuffices judges both limits: of all functions, and of those that
// reserve nothing and share what is left. A function that a merge would create had no
// peak yet; where there are no others, nobody asked for the limits.
func concurrencySuffices(h *hearing) {
	functions := 0
	for _, f := range h.primary.byType[typeFunction] {
		if f.Planned != drift.PlannedCreate {
			functions++
		}
	}
	h.applies(functions, "function", "within the standby's concurrency")
	if functions == 0 {
		return
	}
	there, read := h.standby.object(drift.FactLambdaLimits, "")
	if !read {
		h.unknown(h.standby.region(), "", drift.FactLambdaLimits, "the account's concurrency was not read in %s", h.standby.region())
		return
	}
	h.concurrencyHolds(there, limitOfAll, "executions at once")
	h.concurrencyHolds(there, limitOfUnreserved, "executions at once of functions that reserve none")
}

// The limits of Lambda, and the metrics that count towards them.
const (
	limitOfAll        = "ConcurrentExecutions"
	limitOfUnreserved = "UnreservedConcurrentExecutions"
)

// concurrencyHolds demands that a limit holds the primary's peak. It does without
// one where it is as high as the primary's own limit, above which no peak can be.
func (h *hearing) concurrencyHolds(there map[string]any, name, what string) {
	ceiling := share(h.Objectives.Ceiling)
	here, _ := h.primary.object(drift.FactLambdaLimits, "")
	ours, limited := number(here, name)
	theirs, known := number(there, name)
	fact, read := h.primary.object(drift.FactLambdaPeak, name)
	peak, measured := h.peakOf(name)
	switch {
	case !known:
		h.unknown(h.standby.region(), "", drift.FactLambdaLimits, "the limit of %s was not read in %s", what, h.standby.region())
	case limited && theirs >= ours*ceiling:
	case !read:
		h.unknown(h.primary.region(), name, drift.FactLambdaPeak, "the most %s were not read in %s", what, h.primary.region())
	case !measured:
		h.undecided("", "%s allows %s %s, and what %s needs was not measured within %s", h.standby.region(), show(theirs), what, h.primary.region(), show(fact["Window"]))
	case theirs < peak*ceiling:
		h.fail("", "", "", "%s allows %s %s; %s had %s at its peak, and %s it needs %s", h.standby.region(), show(theirs), what, h.primary.region(), show(peak), atScale(ceiling), show(peak*ceiling))
	}
}

// peakOf is the most executions at once. Where functions ran and none of them
// without a reservation, that metric is silent, and its peak is zero.
func (h *hearing) peakOf(name string) (peak float64, measured bool) {
	fact, _ := h.primary.object(drift.FactLambdaPeak, name)
	peak, measured = number(fact, "Peak")
	if name == limitOfUnreserved && !measured {
		_, measured = h.peakOf(limitOfAll)
	}
	return peak, measured
}

func limitsAsHigh(h *hearing) {
	apis, balancers := h.count(apiTypes), h.count(balancerTypes)
	h.applies(apis, "API or stage", "throttled no earlier in the standby")
	h.applies(balancers, "load balancer or target group", "limited no lower in the standby")
	if apis > 0 {
		h.noLower(drift.FactAPIThrottle, "API Gateway's ")
	}
	if balancers > 0 {
		h.noLower(drift.FactBalancerLimits, "the limit ")
	}
}

// count is how many resources of these types the primary has.
func (h *hearing) count(types []string) int {
	n := 0
	for _, t := range types {
		n += len(h.primary.byType[t])
	}
	return n
}

// noLower compares every number of a fact that is an account's in both Regions.
// One that only the primary tells is not known of the standby.
func (h *hearing) noLower(kind, label string) {
	here, read := h.primary.object(kind, "")
	there, readThere := h.standby.object(kind, "")
	if !read || !readThere {
		region := h.standby.region()
		if !read {
			region = h.primary.region()
		}
		h.unknown(region, "", kind, "the account's limits were not read in %s", region)
		return
	}
	if len(here) == 0 {
		h.undecided("", "%s tells of no limits", h.primary.region())
	}
	for _, name := range slices.Sorted(maps.Keys(here)) {
		ours, _ := number(here, name)
		theirs, known := number(there, name)
		switch {
		case !known:
			h.undecided("", "%s%s is %s in %s and not told in %s", label, name, show(ours), h.primary.region(), h.standby.region())
		case theirs < ours:
			h.fail("", "", "", "%s%s is %s in %s and %s in %s", label, name, show(ours), h.primary.region(), show(theirs), h.standby.region())
		}
	}
}

// raisesAreAskedFor follows every quota that is, or will be, higher in the primary.
func raisesAreAskedFor(h *hearing) {
	subjects := h.primary.subjects[drift.FactQuota]
	h.applies(len(subjects), "quota", "asked for in the standby where it was raised in the primary")
	if len(subjects) == 0 {
		return
	}
	here, read := h.requests(h.primary)
	there, readThere := h.requests(h.standby)
	if !read || !readThere {
		return
	}
	for _, subject := range subjects {
		h.raiseFollows(subject, here, there)
	}
}

// requests are what was asked of Service Quotas in a Region, newest first.
func (h *hearing) requests(v *view) ([]map[string]any, bool) {
	fact, read := v.object(drift.FactQuotaRequests, "")
	if !read {
		h.unknown(v.region(), "", drift.FactQuotaRequests, "what was asked of Service Quotas was not read in %s", v.region())
	}
	return objects(fact["Requests"]), read
}

// The states of a request that is not decided yet. Source: Service Quotas API
// reference, RequestedServiceQuotaChange.
var undecidedRequests = []string{"PENDING", "CASE_OPENED"}

// raiseFollows asks, where the standby's quota is lower than the primary's is or is
// to be, what became of the standby's own request.
func (h *hearing) raiseFollows(subject string, here, there []map[string]any) {
	ours, _ := h.primary.object(drift.FactQuota, subject)
	theirs, read := h.standby.object(drift.FactQuota, subject)
	value, limited := number(ours, "Value")
	lower, limitedThere := number(theirs, "Value")
	source, wanted := h.raised(subject, value, here)
	switch {
	case !read:
		h.unknown(h.standby.region(), subject, drift.FactQuota, "quota %s was not read in %s", show(ours["Name"]), h.standby.region())
	case limited && limitedThere && lower < wanted:
		h.fail("", subject, "", "%s is %s in %s, where %s, and %s in %s, where %s", show(ours["Name"]), show(value), h.primary.region(), source,
			show(lower), h.standby.region(), fate(subject, wanted, there))
	}
}

// raised says how the primary came by its quota, and how high it is to be.
func (h *hearing) raised(subject string, value float64, requests []map[string]any) (source string, wanted float64) {
	for _, r := range requests {
		desired, _ := number(r, "DesiredValue")
		switch open := slices.Contains(undecidedRequests, text(r, "Status")); {
		case text(r, "Quota") != subject:
		case open && desired > value:
			return fmt.Sprintf("%s was asked for and is not granted yet", show(desired)), desired
		case text(r, "Status") == "APPROVED" && r["Automatic"] == true:
			return "AWS raised it as it was used", value
		case text(r, "Status") == "APPROVED":
			return "it was asked for and granted", value
		}
	}
	return "no request of the last 90 days raised it: it may have grown as it was used", value
}

// fate is what became of the newest request for as much in the standby.
func fate(subject string, wanted float64, requests []map[string]any) string {
	for _, r := range requests {
		if desired, _ := number(r, "DesiredValue"); text(r, "Quota") != subject || desired < wanted {
			continue
		}
		switch status := text(r, "Status"); {
		case slices.Contains(undecidedRequests, status):
			return "it was asked for and is not granted yet"
		case status == "APPROVED":
			return "the request was approved and is not applied"
		default:
			return "the request was not granted (" + status + ")"
		}
	}
	return "nobody asked for as much in the last 90 days"
}
