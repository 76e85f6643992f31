package readiness

import "github.com/lockstep-dr/lockstep/drift"

// concurrent sets how many executions at once the standby allows.
func concurrent(w *world, all, unreserved float64) {
	w.fact(&w.west, drift.FactLambdaLimits, "", object{"ConcurrentExecutions": all, "UnreservedConcurrentExecutions": unreserved})
}

// idle lets nothing be measured of the metrics.
func idle(w *world, metrics ...string) {
	for _, m := range metrics {
		w.fact(&w.east, drift.FactLambdaPeak, m, object{"Peak": nil, "Window": "336h"})
	}
}

// asked is a request for a quota of topics in both Regions' histories, newest first.
func asked(status string, desired float64, automatic bool) object {
	return object{"Quota": topics, "Status": status, "DesiredValue": desired, "Automatic": automatic}
}

const topics = "sns/L-61103206"

// raisedTo gives the primary a higher quota of topics, and both Regions their requests.
func raisedTo(w *world, here, there float64, primary, standby []any) {
	quotaOf(w, topics, here)
	standbyQuota(w, topics, there)
	w.fact(&w.east, drift.FactQuotaRequests, "", object{"Requests": primary})
	w.fact(&w.west, drift.FactQuotaRequests, "", object{"Requests": standby})
}

var accountCases = []ruleCase{
	{"QTA-04", "a limit below the primary's peak", func(w *world) { concurrent(w, 350, 340) }, blocks("us-west-2 allows 350 executions at once; us-east-1 had 400 at its peak, and at full scale it needs 400")},
	{"QTA-04", "a limit below the primary's that holds its peak", func(w *world) { concurrent(w, 500, 400) }, passes()},
	{"QTA-04", "a limit that reservations use up", func(w *world) { concurrent(w, 1000, 250) }, blocks("us-west-2 allows 250 executions at once of functions that reserve none; us-east-1 had 300")},
	{"QTA-04", "a lower ceiling", func(w *world) {
		concurrent(w, 350, 340)
		w.objectives.Ceiling = 0.5
	}, passes()},
	{"QTA-04", "nothing was measured, and the limit is lower", func(w *world) {
		concurrent(w, 500, 400)
		idle(w, "ConcurrentExecutions", "UnreservedConcurrentExecutions")
	}, silence("what us-east-1 needs was not measured within 336h")},
	{"QTA-04", "nothing was measured, and the limits are equal", func(w *world) { idle(w, "ConcurrentExecutions", "UnreservedConcurrentExecutions") }, passes()},
	{"QTA-04", "no function without a reservation ran", func(w *world) {
		concurrent(w, 1000, 100)
		idle(w, "UnreservedConcurrentExecutions")
	}, passes()},
	{"QTA-04", "the limits could not be read", func(w *world) { w.deniedFact(drift.FactLambdaLimits, "", "lambda:GetAccountSettings") }, unknown("lambda:GetAccountSettings")},
	{"QTA-04", "the peak could not be read", primaryDenied(drift.FactLambdaPeak, "ConcurrentExecutions", "cloudwatch:GetMetricData"), unknown("cloudwatch:GetMetricData")},

	{"QTA-05", "APIs that are throttled earlier", func(w *world) {
		w.fact(&w.west, drift.FactAPIThrottle, "", object{"RateLimit": 5000.0, "BurstLimit": 5000.0})
	}, warns("API Gateway's RateLimit is 10000 in us-east-1 and 5000 in us-west-2")},
	{"QTA-05", "fewer target groups", func(w *world) {
		w.fact(&w.west, drift.FactBalancerLimits, "", object{"application-load-balancers": 50.0, "target-groups": 100.0})
	}, warns("the limit target-groups is 3000 in us-east-1 and 100 in us-west-2")},
	{"QTA-05", "higher limits", func(w *world) {
		w.fact(&w.west, drift.FactBalancerLimits, "", object{"application-load-balancers": 90.0, "target-groups": 9000.0, "listeners": 1.0})
	}, passes()},
	{"QTA-05", "a limit that the standby does not tell", func(w *world) {
		w.fact(&w.west, drift.FactBalancerLimits, "", object{"application-load-balancers": 50.0})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "the limit target-groups is 3000 in us-east-1 and not told in us-west-2"}},
	{"QTA-05", "an answer without limits", func(w *world) { w.fact(&w.east, drift.FactBalancerLimits, "", object{}) },
		want{status: Undetermined, severity: drift.Warn, verdict: Ready, says: "us-east-1 tells of no limits"}},
	{"QTA-05", "the throttle could not be read", func(w *world) { w.deniedFact(drift.FactAPIThrottle, "", "apigateway:GET") }, quietly("apigateway:GET")},
	{"QTA-05", "the limits could not be read in the primary", primaryDenied(drift.FactBalancerLimits, "", "elasticloadbalancing:DescribeAccountLimits"), quietly("elasticloadbalancing:DescribeAccountLimits")},

	{"QTA-06", "raised in the primary alone", func(w *world) { raisedTo(w, 200, 100, []any{asked("APPROVED", 200, false)}, nil) },
		warns("is 200 in us-east-1, where it was asked for and granted, and 100 in us-west-2, where nobody asked for as much")},
	{"QTA-06", "grown with its use", func(w *world) { raisedTo(w, 200, 100, []any{asked("APPROVED", 200, true)}, nil) }, warns("where AWS raised it as it was used")},
	{"QTA-06", "higher, and nobody knows why", func(w *world) { raisedTo(w, 200, 100, nil, nil) }, warns("it may have grown as it was used")},
	{"QTA-06", "asked for in the standby and not granted yet", func(w *world) { raisedTo(w, 200, 100, nil, []any{asked("CASE_OPENED", 200, false)}) }, warns("where it was asked for and is not granted yet")},
	{"QTA-06", "refused in the standby", func(w *world) { raisedTo(w, 200, 100, nil, []any{asked("DENIED", 200, false)}) }, warns("where the request was not granted (DENIED)")},
	{"QTA-06", "asked for in the standby, but for less", func(w *world) { raisedTo(w, 200, 100, nil, []any{asked("APPROVED", 150, false)}) }, warns("where nobody asked for as much")},
	{"QTA-06", "about to be raised in the primary alone", func(w *world) { raisedTo(w, 100, 100, []any{asked("PENDING", 200, false)}, nil) },
		warns("is 100 in us-east-1, where 200 was asked for and is not granted yet, and 100 in us-west-2, where nobody asked")},
	{"QTA-06", "raised in both", func(w *world) { raisedTo(w, 200, 200, []any{asked("APPROVED", 200, false)}, nil) }, passes()},
	{"QTA-06", "a request of another quota", func(w *world) {
		other := asked("PENDING", 900, false)
		other["Quota"] = "kms/L-C2F1777E"
		raisedTo(w, 100, 100, []any{other}, nil)
	}, passes()},
	{"QTA-06", "the requests could not be read", func(w *world) {
		w.deniedFact(drift.FactQuotaRequests, "", "servicequotas:ListRequestedServiceQuotaChangeHistory")
	}, quietly("servicequotas:ListRequestedServiceQuotaChangeHistory")},
}
