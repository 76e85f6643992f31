package readiness

import (
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	plan       = "arn:aws:arc-region-switch::111111111111:plan/payments:a1b2c3"
	breakGlass = "lockstep-break-glass"
	pushed     = "shop/web@sha256:11"
)

// surrounded is what a team has around its application: who may act on the day,
// with what, and that it was practised.
func surrounded(w *world) {
	w.takeover = topology.Takeover{Plan: plan, BreakGlass: breakGlass, Organization: true}
	w.objectives.Drill = 90 * 24 * time.Hour
	w.west.Facts = append(w.west.Facts,
		drift.Fact{Kind: drift.FactCallerIdentity, Value: object{"Endpoint": "sts.us-west-2.amazonaws.com"}},
		drift.Fact{Kind: drift.FactBreakGlass, Subject: breakGlass, Value: object{"Exists": true, "Password": true, "ActiveAccessKeys": 0.0}},
		drift.Fact{Kind: drift.FactPlanEvaluation, Subject: plan, Value: evaluated("passed", "2026-11-22T17:45:00Z")},
		drift.Fact{Kind: drift.FactPlanExecutions, Subject: plan, Value: executions("completed", west, "2026-10-03T10:00:00Z", "2026-10-03T10:12:00Z")})
	closed(w, "StringNotEquals", east, west)
	for _, s := range []*drift.Snapshot{&w.east, &w.west} {
		s.Resources = append(s.Resources, drift.Resource{Key: "app/Sender", Type: typeEmailIdentity, ID: "example.com"},
			drift.Resource{Key: "app/Canary", Type: typeCanary, ID: "canary"},
			drift.Resource{Key: "app/Pods", Type: typeRole, ID: "pods-" + s.Region.Name, Properties: object{"AssumeRolePolicyDocument": trust(s.Region.Name)}})
		region := s.Region.Name
		w.fact(s, drift.FactSendingAccount, "", object{"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "HEALTHY"})
		w.fact(s, drift.FactSendingIdentity, "app/Sender", object{"VerifiedForSendingStatus": true, "VerificationStatus": "SUCCESS"})
		w.fact(s, drift.FactCanaryRun, "app/Canary", object{"State": "PASSED", "StateReason": "", "Completed": "2026-11-22T17:55:00Z"})
		w.fact(s, drift.FactIssuer, "app/Kubernetes", tokensOf(region, true, "sts.amazonaws.com"))
		w.resource(s, "app/Kubernetes").Identities = map[string]string{"OpenIdConnectIssuer": issuer(region)}
	}
	copies(w, object{"Region": west, "Status": "COMPLETE"})
}

func evaluated(state, at string, warnings ...any) object {
	return object{"EvaluationState": state, "LastEvaluationTime": at, "Warnings": warnings}
}

func executions(state, region, start, end string) object {
	return object{"Executions": []any{object{"ExecutionState": state, "ExecutionAction": "activate", "ExecutionRegion": region, "StartTime": start, "EndTime": end}}}
}

// closed is an organization that denies everything where the condition holds.
func closed(w *world, operator string, regions ...any) {
	w.fact(&w.west, drift.FactControlPolicies, "", object{"Policies": []any{
		object{"Id": "p-FullAWSAccess", "Name": "FullAWSAccess", "Target": "r-1", "Content": object{"Statement": object{"Effect": "Allow", "Action": "*", "Resource": "*"}}},
		object{"Id": "p-1", "Name": "regions", "Target": "ou-1", "Content": object{"Statement": []any{object{"Effect": "Deny", "NotAction": []any{"iam:*", "sts:*"},
			"Condition": object{operator: object{"aws:RequestedRegion": regions}}}}}}}})
}

// opened is an organization one of whose units allows something in the Regions alone.
func opened(w *world, regions ...any) {
	w.fact(&w.west, drift.FactControlPolicies, "", object{"Policies": []any{object{"Id": "p-2", "Name": "allowed", "Target": "ou-1",
		"Content": object{"Statement": []any{object{"Effect": "Allow", "Action": "*", "Condition": object{"StringEquals": object{"aws:RequestedRegion": regions}}}}}}}})
}

func issuer(region string) string { return "oidc.eks." + region + ".amazonaws.com/id/AB" }

func tokensOf(region string, registered bool, clients ...any) object {
	return object{"Issuer": issuer(region), "Registered": registered, "ClientIDList": clients}
}

// trust lets service accounts of the Regions' clusters assume a role.
func trust(regions ...string) object {
	var statements []any
	for _, region := range regions {
		statements = append(statements, object{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
			"Principal": object{"Federated": "arn:aws:iam::111111111111:oidc-provider/" + issuer(region)}})
	}
	return object{"Statement": statements}
}

// copies are the statuses of the copies of the primary's one image.
func copies(w *world, statuses ...any) {
	w.east.Account, w.west.Account = "111111111111", "111111111111"
	w.fact(&w.east, drift.FactImages, "app/Service", object{"Images": []any{object{"Name": "web", "Image": "111111111111.dkr.ecr.us-east-1.amazonaws.com/shop/web:1",
		"Registry": "111111111111", "Region": east, "Digest": "sha256:11", "State": "present"}}})
	w.fact(&w.east, drift.FactRegistryReplication, "", object{"Rules": []any{object{"Destinations": []any{object{"Region": west, "RegistryId": "111111111111"}},
		"RepositoryFilters": []any{object{"Filter": "shop/", "FilterType": "PREFIX_MATCH"}}}}})
	w.fact(&w.east, drift.FactImageReplication, pushed, object{"Repository": "shop/web", "Digest": "sha256:11", "Statuses": statuses})
}

// quiet is what a rule that only warns says when it does not know: the verdict stays.
func quiet(action string) want {
	return want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: action}
}

func notApplicable(says string) want {
	return want{status: NotApplicable, verdict: Ready, says: says}
}

// deniedHere replaces a fact of the primary by a gap.
func deniedHere(w *world, kind, subject, operation string) {
	w.forget(&w.east, kind)
	w.gap(drift.Gap{Region: east, Resource: subject, Operation: operation, Reason: "AccessDenied", Fact: kind})
}

var arrivalCases = []ruleCase{
	{"ART-02", "the image arrived", func(*world) {}, passes()},
	{"ART-02", "the copy failed", func(w *world) { copies(w, object{"Region": west, "Status": "FAILED", "FailureCode": "Denied"}) },
		blocks("the copy of image shop/web@sha256:11 to us-west-2 failed: Denied")},
	{"ART-02", "the copy goes on", func(w *world) { copies(w, object{"Region": west, "Status": "IN_PROGRESS"}) }, blocks("is still being copied to us-west-2")},
	{"ART-02", "another Region has it", func(w *world) { copies(w, object{"Region": "eu-west-1", "Status": "COMPLETE"}) }, blocks("was never copied to us-west-2")},
	{"ART-02", "it was pushed to the standby itself", func(w *world) {
		copies(w)
		w.fact(&w.west, drift.FactImages, "app/Service", object{"Images": []any{object{"Image": "web:1", "Digest": "sha256:11", "State": "present"}}})
	}, passes()},
	{"ART-02", "a state that nobody knows", func(w *world) { copies(w, object{"Region": west, "Status": "ARCHIVED"}) }, unknown("")},
	{"ART-02", "the status is denied", func(w *world) {
		deniedHere(w, drift.FactImageReplication, pushed, "ecr:DescribeImageReplicationStatus")
	}, unknown("ecr:DescribeImageReplicationStatus")},
	{"ART-02", "nobody asked", func(w *world) { w.forget(&w.east, drift.FactImageReplication) }, unknown("ecr:DescribeImageReplicationStatus")},
	{"ART-02", "no rule copies the repository", func(w *world) {
		w.fact(&w.east, drift.FactRegistryReplication, "", object{"Rules": []any{}})
	}, notApplicable("no registry copies")},
	{"SEC-11", "out of the sandbox, and verified", func(*world) {}, passes()},
	{"SEC-11", "in the sandbox", func(w *world) {
		w.fact(&w.west, drift.FactSendingAccount, "", object{"ProductionAccessEnabled": false, "SendingEnabled": true})
	}, blocks("the account is in the sandbox of Amazon SES in us-west-2, and not in us-east-1")},
	{"SEC-11", "in the sandbox everywhere", func(w *world) {
		for _, s := range []*drift.Snapshot{&w.east, &w.west} {
			w.fact(s, drift.FactSendingAccount, "", object{"ProductionAccessEnabled": false, "SendingEnabled": true})
		}
	}, passes()},
	{"SEC-11", "sending is off", func(w *world) {
		w.fact(&w.west, drift.FactSendingAccount, "", object{"ProductionAccessEnabled": true, "SendingEnabled": false})
	}, blocks("has sending turned off")},
	{"SEC-11", "sending is shut down", func(w *world) {
		w.fact(&w.west, drift.FactSendingAccount, "", object{"ProductionAccessEnabled": true, "SendingEnabled": true, "EnforcementStatus": "SHUTDOWN"})
	}, blocks("has shut the account's sending down")},
	{"SEC-11", "an identity waits for its verification", func(w *world) {
		w.fact(&w.west, drift.FactSendingIdentity, "app/Sender", object{"VerifiedForSendingStatus": false, "VerificationStatus": "PENDING"})
	}, blocks("is verified in us-east-1, and pending in us-west-2")},
	{"SEC-11", "the account is denied", func(w *world) { w.deniedFact(drift.FactSendingAccount, "", "ses:GetAccount") }, unknown("ses:GetAccount")},
	{"SEC-11", "an identity is denied", func(w *world) { w.deniedFact(drift.FactSendingIdentity, "app/Sender", "ses:GetEmailIdentity") }, unknown("ses:GetEmailIdentity")},
	{"SEC-11", "nobody sends", func(w *world) { w.without(typeEmailIdentity) }, notApplicable("")},
}

// optionalCases are about services that only some applications use.
var optionalCases = []ruleCase{
	{"DAT-11", "a Kafka cluster that failed", func(w *world) { w.fact(&w.west, drift.FactMSKState, "app/Brokers", object{"State": "FAILED"}) }, blocks("is FAILED in us-west-2")},
	{"DAT-11", "a Kafka cluster that is being patched", func(w *world) { w.fact(&w.west, drift.FactMSKState, "app/Brokers", object{"State": "MAINTENANCE"}) }, passes()},
	{"DAT-11", "a Kafka cluster of which nothing is known", func(w *world) { w.deniedFact(drift.FactMSKState, "app/Brokers", "kafka:ListClustersV2") },
		unknown("kafka:ListClustersV2")},
	{"DAT-11", "a search domain that was isolated", func(w *world) {
		w.fact(&w.west, drift.FactDomainState, "app/Search", object{"DomainProcessingStatus": "Isolated"})
	}, blocks("is Isolated in us-west-2")},
	{"DAT-11", "a search domain that is being upgraded", func(w *world) {
		w.fact(&w.west, drift.FactDomainState, "app/Search", object{"DomainProcessingStatus": "UpgradingEngineVersion"})
	}, passes()},
	{"RTE-07", "a sign-in domain that failed", func(w *world) { w.fact(&w.west, drift.FactUserPoolDomain, "app/SignIn", object{"Status": "FAILED"}) }, blocks("is FAILED in us-west-2")},
	{"RTE-07", "a sign-in domain that is being made", func(w *world) { w.fact(&w.west, drift.FactUserPoolDomain, "app/SignIn", object{"Status": "CREATING"}) }, unknown("")},
}

var identityCases = []ruleCase{
	{"SEC-06", "both Regions are open", func(*world) {}, passes()},
	{"SEC-06", "all but the primary is closed", func(w *world) { closed(w, "StringNotEquals", east) }, warns("denies all but iam:*, sts:* in us-west-2")},
	{"SEC-06", "a pattern closes the standby", func(w *world) { closed(w, "StringLike", "us-west-*") }, warns("(p-1 on ou-1)")},
	{"SEC-06", "a pattern closes other Regions", func(w *world) { closed(w, "ForAnyValue:StringLikeIfExists", "eu-*") }, passes()},
	{"SEC-06", "both Regions are closed alike", func(w *world) { closed(w, "StringNotLike", "eu-*") }, passes()},
	{"SEC-06", "a unit allows the primary alone", func(w *world) { opened(w, east) }, warns("no policy on ou-1 allows anything in us-west-2")},
	{"SEC-06", "a unit allows both Regions", func(w *world) { opened(w, east, west) }, passes()},
	{"SEC-06", "the organization is denied", func(w *world) {
		w.deniedFact(drift.FactControlPolicies, "", "organizations:ListPoliciesForTarget")
	}, quiet("organizations:ListPoliciesForTarget")},
	{"SEC-06", "nobody wants to know", func(w *world) { w.takeover.Organization = false }, notApplicable("takeover.organization")},
	{"SEC-07", "the Region's own endpoint", func(*world) {}, passes()},
	{"SEC-07", "the global endpoint", func(w *world) { w.fact(&w.west, drift.FactCallerIdentity, "", object{"Endpoint": "sts.amazonaws.com"}) },
		blocks("come from the global endpoint sts.amazonaws.com")},
	{"SEC-07", "the primary's endpoint", func(w *world) {
		w.fact(&w.west, drift.FactCallerIdentity, "", object{"Endpoint": "sts.us-east-1.amazonaws.com:443"})
	}, blocks("an endpoint of another Region")},
	{"SEC-07", "an endpoint of the team's", func(w *world) { w.fact(&w.west, drift.FactCallerIdentity, "", object{"Endpoint": "127.0.0.1:4566"}) }, passes()},
	{"SEC-07", "nobody noted it", func(w *world) { w.forget(&w.west, drift.FactCallerIdentity) }, unknown("sts:GetCallerIdentity")},
	{"SEC-08", "registered and trusted", func(*world) {}, passes()},
	{"SEC-08", "one role for both clusters", func(w *world) {
		w.resource(&w.east, "app/Pods").Properties = object{"AssumeRolePolicyDocument": trust(east, west)}
		w.resource(&w.west, "app/Pods").Properties = object{}
	}, passes()},
	{"SEC-08", "the issuer is not registered", func(w *world) { w.fact(&w.west, drift.FactIssuer, "app/Kubernetes", tokensOf(west, false)) },
		blocks("the issuer oidc.eks.us-west-2.amazonaws.com/id/AB of the cluster in us-west-2 is not registered")},
	{"SEC-08", "another audience", func(w *world) { w.fact(&w.west, drift.FactIssuer, "app/Kubernetes", tokensOf(west, true, "other")) },
		blocks("does not accept the audience sts.amazonaws.com")},
	{"SEC-08", "the role trusts the primary's cluster alone", func(w *world) {
		w.resource(&w.west, "app/Pods").Properties = object{"AssumeRolePolicyDocument": trust(east)}
	}, blocks("trusts the cluster app/Kubernetes in us-east-1 and not in us-west-2")},
	{"SEC-08", "IAM is denied", func(w *world) { w.deniedFact(drift.FactIssuer, "app/Kubernetes", "iam:ListOpenIDConnectProviders") },
		unknown("iam:ListOpenIDConnectProviders")},
	{"SEC-08", "IAM is denied in the primary", func(w *world) { deniedHere(w, drift.FactIssuer, "app/Kubernetes", "iam:ListOpenIDConnectProviders") },
		unknown("iam:ListOpenIDConnectProviders")},
	{"SEC-08", "service accounts have no roles", func(w *world) { w.fact(&w.east, drift.FactIssuer, "app/Kubernetes", tokensOf(east, false)) },
		notApplicable("no Kubernetes cluster")},
	{"SEC-10", "with a password", func(*world) {}, passes()},
	{"SEC-10", "with an access key", func(w *world) {
		w.fact(&w.west, drift.FactBreakGlass, breakGlass, object{"Exists": true, "Password": false, "ActiveAccessKeys": 1.0})
	}, passes()},
	{"SEC-10", "with no way in", func(w *world) {
		w.fact(&w.west, drift.FactBreakGlass, breakGlass, object{"Exists": true, "Password": false, "ActiveAccessKeys": 0.0})
	}, warns("neither a password nor an active access key")},
	{"SEC-10", "there is no such user", func(w *world) { w.fact(&w.west, drift.FactBreakGlass, breakGlass, object{"Exists": false}) }, warns("there is no IAM user")},
	{"SEC-10", "the user is denied", func(w *world) { w.deniedFact(drift.FactBreakGlass, breakGlass, "iam:GetUser") }, quiet("iam:GetUser")},
	{"SEC-10", "nobody named one", func(w *world) { w.takeover.BreakGlass = "" }, notApplicable("takeover.break-glass")},
}

// drills replaces the one execution of the plan.
func drills(w *world, state, region, end string) {
	w.fact(&w.west, drift.FactPlanExecutions, plan, executions(state, region, "2026-10-03T10:00:00Z", end))
}

var practiceCases = []ruleCase{
	{"RTE-09", "the evaluation passed", func(*world) {}, passes()},
	{"RTE-09", "a resource is gone", func(w *world) {
		w.fact(&w.west, drift.FactPlanEvaluation, plan, evaluated("actionRequired", "2026-11-22T17:45:00Z",
			object{"StepName": "scale", "ResourceArn": "arn:aws:ecs:us-west-2:1:service/web", "WarningMessage": "The service does not exist."}))
	}, blocks("step scale, arn:aws:ecs:us-west-2:1:service/web: The service does not exist.")},
	{"RTE-09", "action is required and none is named", func(w *world) {
		w.fact(&w.west, drift.FactPlanEvaluation, plan, evaluated("actionRequired", "2026-11-22T17:45:00Z"))
	}, blocks("asks for action in us-west-2 and names none")},
	{"RTE-09", "the evaluation is pending", func(w *world) { w.fact(&w.west, drift.FactPlanEvaluation, plan, evaluated("pendingEvaluation", "")) }, unknown("")},
	{"RTE-09", "the evaluation is of last week", func(w *world) {
		w.fact(&w.west, drift.FactPlanEvaluation, plan, evaluated("passed", "2026-11-15T17:45:00Z"))
	}, unknown("")},
	{"RTE-09", "the plan is denied", func(w *world) {
		w.deniedFact(drift.FactPlanEvaluation, plan, "arc-region-switch:GetPlanEvaluationStatus")
	},
		unknown("arc-region-switch:GetPlanEvaluationStatus")},
	{"RTE-09", "a plan is a resource, and was not asked for", func(w *world) {
		w.takeover.Plan = ""
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "app/Plan", Type: typePlan, ID: plan + "x"})
		w.west.Resources = append(w.west.Resources, drift.Resource{Key: "app/Plan", Type: typePlan, ID: plan + "x"})
	}, unknown("arc-region-switch:GetPlanEvaluationStatus")},
	{"RTE-09", "there is no plan", func(w *world) { w.takeover.Plan = "" }, notApplicable("takeover.region-switch")},
	{"OBS-05", "practised in October", func(*world) {}, passes()},
	{"OBS-05", "practised in spring", func(w *world) { drills(w, "completed", west, "2026-05-01T10:12:00Z") }, warns("last took over on 2026-05-01 (by plan), longer than 90 days ago")},
	{"OBS-05", "the only drill failed", func(w *world) { drills(w, "failed", west, "2026-10-03T10:12:00Z") }, warns("no takeover by us-west-2 is known")},
	{"OBS-05", "the only drill went back to the primary", func(w *world) { drills(w, "completed", east, "2026-10-03T10:12:00Z") }, warns("no takeover by us-west-2 is known")},
	{"OBS-05", "the drill was written down", func(w *world) {
		w.takeover.Plan, w.takeover.Drill.On = "", now.AddDate(0, 0, -90).Truncate(24*time.Hour)
	}, passes()},
	{"OBS-05", "what was written down is too old", func(w *world) {
		w.takeover.Plan, w.takeover.Drill.On = "", now.AddDate(0, 0, -91).Truncate(24*time.Hour)
	}, warns("last took over on 2026-08-23 (written down), longer than 90 days ago")},
	{"OBS-05", "the drill took longer than the RTO", func(w *world) { w.objectives.RTO = 10 * time.Minute }, warns("lasted 12m, longer than the RTO of 10m")},
	{"OBS-05", "the executions are denied", func(w *world) { w.deniedFact(drift.FactPlanExecutions, plan, "arc-region-switch:ListPlanExecutions") },
		quiet("arc-region-switch:ListPlanExecutions")},
	{"OBS-05", "no time is declared", func(w *world) { w.objectives.Drill = 0 }, notApplicable("objectives.drill")},
	{"OBS-04", "the canary passed", func(*world) {}, passes()},
	{"OBS-04", "the canary failed", func(w *world) {
		w.fact(&w.west, drift.FactCanaryRun, "app/Canary", object{"State": "FAILED", "StateReason": "timeout"})
	}, warns("failed in us-west-2: timeout")},
	{"OBS-04", "the canary never ran", func(w *world) { w.fact(&w.west, drift.FactCanaryRun, "app/Canary", object{"State": nil}) }, warns("never ran in us-west-2")},
	{"OBS-04", "the canary stands still", func(w *world) {
		w.fact(&w.west, drift.FactCanaryRun, "app/Canary", object{"State": "PASSED", "Completed": "2026-11-20T17:55:00Z"})
	}, warns("more than a day ago")},
	{"OBS-04", "the canary is missing", func(w *world) { w.lose("app/Canary", drift.Info) }, warns("watches us-east-1 and not us-west-2")},
	{"OBS-04", "the runs are denied", func(w *world) { w.deniedFact(drift.FactCanaryRun, "app/Canary", "synthetics:DescribeCanariesLastRun") },
		quiet("synthetics:DescribeCanariesLastRun")},
}
