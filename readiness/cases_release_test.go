package readiness

import (
	"github.com/lockstep-dr/lockstep/drift"
)

var releaseCases = []ruleCase{
	{"REL-01", "another digest runs in the standby", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web:1", "Digests": []any{"sha256:22"}}}})
	}, blocks("sha256:22 in us-west-2")},
	{"REL-01", "two digests at once in the standby", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Digests": []any{"sha256:11", "sha256:22"}}}})
	}, blocks("sha256:11, sha256:22")},
	{"REL-01", "a container is not there", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{}})
	}, blocks("container web runs in us-east-1 and not in us-west-2")},
	{"REL-01", "nothing runs but the image is pinned to the digest", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web@sha256:11"}}})
	}, passes()},
	{"REL-01", "the same digest", func(*world) {}, passes()},
	{"REL-01", "nothing runs and the image is a tag", func(w *world) {
		w.fact(&w.west, drift.FactTaskImages, "app/Service", object{"Containers": []any{object{"Name": "web", "Image": "web:1"}}})
	}, unknown("")},
	{"REL-01", "tasks could not be described", func(w *world) {
		w.deniedFact(drift.FactTaskImages, "app/Service", "ecs:DescribeTasks")
	}, unknown("ecs:DescribeTasks")},
	{"REL-01", "no services", func(w *world) { w.without(typeService) }, want{status: NotApplicable, verdict: Ready}},

	{"REL-02", "another code hash", func(w *world) {
		w.resource(&w.west, "app/Fn").Properties["CodeSha256"] = "0ld"
	}, blocks("code is c0de in us-east-1 and 0ld in us-west-2")},
	{"REL-02", "the alias serves other code", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "6", "CodeSha256": "0ld"})
	}, blocks("version 6")},
	{"REL-02", "the alias is in the middle of a shift", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "7", "CodeSha256": "c0de", "RoutingWeights": object{"8": 0.1}})
	}, blocks("traffic shift")},
	{"REL-02", "the alias serves the same code, unpublished", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "$LATEST", "CodeSha256": "c0de"})
	}, blocks("changes with the next upload")},
	{"REL-02", "both aliases serve the unpublished version", func(w *world) {
		w.fact(&w.east, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "$LATEST", "CodeSha256": "c0de"})
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "$LATEST", "CodeSha256": "c0de"})
	}, passes()},
	{"REL-02", "another version number with the same code", func(w *world) {
		w.fact(&w.west, drift.FactLambdaAlias, "app/Live", object{"FunctionVersion": "3", "CodeSha256": "c0de"})
	}, passes()},
	{"REL-02", "the hash was not read", func(w *world) {
		delete(w.resource(&w.west, "app/Fn").Properties, "CodeSha256")
	}, unknown("lambda:GetFunction")},
	{"REL-02", "the function could not be read", func(w *world) { w.deny("app/Fn", "lambda:GetFunction") }, unknown("lambda:GetFunction")},
	{"REL-02", "every function is missing", func(w *world) { w.lose("app/Fn", drift.Block) },
		want{status: Undetermined, severity: drift.Block, verdict: NotReady, says: "CFG-02"}},

	{"REL-05", "the stack failed", func(w *world) { w.west.Stacks[0].Status = "UPDATE_ROLLBACK_FAILED" }, blocks("UPDATE_ROLLBACK_FAILED in us-west-2")},
	{"REL-05", "the stack is still working", func(w *world) { w.west.Stacks[0].Status = "UPDATE_IN_PROGRESS" }, blocks("UPDATE_IN_PROGRESS")},
	{"REL-05", "the stack does not exist", func(w *world) { w.west.Stacks[0].Status = "" }, blocks("not in us-west-2")},
	{"REL-05", "a stack of the primary has the zone of the world alone", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "dns/Zone", Type: "AWS::Route53::HostedZone", ID: "Z0123456789ABCDEFGHIJ"})
		w.east.Stacks = append(w.east.Stacks, drift.Stack{Key: "dns", Status: "CREATE_COMPLETE"})
		w.west.Stacks = append(w.west.Stacks, drift.Stack{Key: "dns"})
	}, passes()},
	{"REL-05", "a stack of the primary has the zone of the world, and a queue", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "dns/Zone", Type: "AWS::Route53::HostedZone", ID: "Z0123456789ABCDEFGHIJ"},
			drift.Resource{Key: "dns/Queue", Type: typeQueue, ID: "https://sqs.us-east-1.amazonaws.com/1/names"})
		w.east.Stacks = append(w.east.Stacks, drift.Stack{Key: "dns", Status: "CREATE_COMPLETE"})
		w.west.Stacks = append(w.west.Stacks, drift.Stack{Key: "dns"})
	}, blocks("not in us-west-2")},
	{"REL-05", "a stack of the primary has the zone of the world, and something that was not read", func(w *world) {
		w.east.Resources = append(w.east.Resources, drift.Resource{Key: "dns/Zone", Type: "AWS::Route53::HostedZone", ID: "Z0123456789ABCDEFGHIJ"})
		w.east.Stacks = append(w.east.Stacks, drift.Stack{Key: "dns", Status: "CREATE_COMPLETE"})
		w.west.Stacks = append(w.west.Stacks, drift.Stack{Key: "dns"})
		w.gap(drift.Gap{Region: east, Resource: "dns/Queue", Type: typeQueue, Operation: "sqs:GetQueueAttributes", Reason: "AccessDenied"})
	}, blocks("not in us-west-2")},
	{"REL-05", "a stack exists in neither Region", func(w *world) {
		w.east.Stacks = append(w.east.Stacks, drift.Stack{Key: "typo"})
		w.west.Stacks = append(w.west.Stacks, drift.Stack{Key: "typo"})
	}, warns("exists neither in us-east-1 nor in us-west-2")},
	{"REL-05", "a stack exists in the standby alone", func(w *world) {
		w.east.Stacks = append(w.east.Stacks, drift.Stack{Key: "typo"})
		w.west.Stacks = append(w.west.Stacks, drift.Stack{Key: "typo", Status: "CREATE_COMPLETE"})
	}, blocks("exists in us-west-2 and not in us-east-1")},
	{"REL-05", "the stack rolled back to another template", func(w *world) {
		w.west.Stacks[0].Status, w.west.Stacks[0].TemplateDigest = "UPDATE_ROLLBACK_COMPLETE", "sha256:00"
	}, blocks("UPDATE_ROLLBACK_COMPLETE")},
	{"REL-05", "the stack rolled back to the primary's template", func(w *world) {
		w.west.Stacks[0].Status = "UPDATE_ROLLBACK_COMPLETE"
	}, warns("UPDATE_ROLLBACK_COMPLETE")},
	{"REL-05", "created and never updated", func(w *world) { w.west.Stacks[0].Status = "CREATE_COMPLETE" }, passes()},
	{"REL-05", "the stack could not be described", func(w *world) {
		w.west.Stacks = nil
		w.gap(drift.Gap{Region: west, Resource: "app", Type: stackType, Operation: "cloudformation:DescribeStacks", Reason: "AccessDenied"})
	}, unknown("cloudformation:DescribeStacks")},

	{"REL-06", "another template", func(w *world) { w.west.Stacks[0].TemplateDigest = "sha256:bb" }, warns("template is aa in us-east-1 and bb in us-west-2")},
	{"REL-06", "a parameter that the standby does not have", func(w *world) {
		w.east.Stacks[0].Parameters["New"] = "x"
	}, warns("New")},
	{"REL-06", "a parameter of its own value", func(w *world) {
		w.west.Stacks[0].Parameters = map[string]string{"Stage": "standby"}
	}, want{status: Pass, verdict: Ready, says: "its own value for Stage"}},
	{"REL-06", "the template could not be read", func(w *world) {
		w.west.Stacks[0].TemplateDigest = ""
		w.gap(drift.Gap{Region: west, Resource: "app", Type: stackType, Operation: "cloudformation:GetTemplate", Property: "Template", Reason: "AccessDenied"})
	}, want{status: Undetermined, severity: drift.Warn, verdict: Ready, missing: "cloudformation:GetTemplate"}},

	{"REL-07", "another release", func(w *world) { w.west.Release.ID = "r-0" }, blocks("us-east-1 records r-1 and us-west-2 records r-0")},
	{"REL-07", "another release, left behind on purpose", func(w *world) {
		w.west.Release.ID, w.west.Release.LeftOut = "r-2", []string{east}
	}, blocks("the deploy of r-2 left us-east-1 behind on purpose")},
	{"REL-07", "the same release, and a later deploy that has not ended", func(w *world) {
		w.east.Release.Unfinished = "the deploy of release r-2 has not ended (in-doubt)"
	}, blocks("has not ended (in-doubt) in us-east-1")},
	{"REL-07", "no release yet, and a first deploy that has not ended", func(w *world) {
		w.east.Release = nil
		w.fact(&w.east, drift.FactRelease, "", nil)
		w.west.Release = &drift.Release{Unfinished: "the deploy of release r-1 has not ended (executing)"}
	}, blocks("has not ended (executing) in us-west-2")},
	{"REL-07", "the standby's deploy is in doubt", func(w *world) { w.west.Release.Outcome = "in-doubt" }, blocks("in-doubt")},
	{"REL-07", "the standby records none", func(w *world) {
		w.west.Release = nil
		w.fact(&w.west, drift.FactRelease, "", nil)
	}, blocks("no release")},
	{"REL-07", "the same release", func(*world) {}, passes()},
	{"REL-07", "nobody records releases", func(w *world) {
		w.east.Release, w.west.Release = nil, nil
		w.fact(&w.east, drift.FactRelease, "", nil)
		w.fact(&w.west, drift.FactRelease, "", nil)
	}, want{status: NotApplicable, verdict: Ready}},
	{"REL-07", "the ledger could not be read", func(w *world) {
		w.west.Release = nil
		w.deniedFact(drift.FactRelease, "", "ssm:GetParameters")
	}, unknown("ssm:GetParameters")},
	{"REL-07", "nobody tried to read the ledger", func(w *world) {
		w.west.Release = nil
		w.forget(&w.west, drift.FactRelease)
	}, unknown("ssm:GetParameters")},
}
