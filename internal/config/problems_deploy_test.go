package config

import "testing"

func brokenDeploys() []broken {
	with := func(name, deploy string, want ...string) broken {
		return broken{name: name, old: "release:", new: "deploy: " + deploy + "\nrelease:", want: want}
	}
	return []broken{
		with("an unknown strategy", "{strategy: standby}",
			`7:20: deploy.strategy must be parallel, standby-first, primary-first or waves, not "standby" (choose one of these)`),
		with("waves without their strategy", "{waves: [[us-east-1], [us-west-2]]}",
			"7:17: deploy.waves is set, but deploy.strategy is parallel (write strategy: waves, or remove waves)"),
		with("their strategy without waves", "{strategy: waves}",
			"7:20: deploy.strategy waves needs deploy.waves (add waves: [[us-west-2], [us-east-1]])"),
		with("waves that forget, repeat and invent Regions", "{strategy: waves, waves: [[us-east-1], [us-east-1, eu-west-1]]}",
			"7:34: deploy.waves lacks us-west-2 (put it into a wave)",
			"7:49: deploy.waves[1] names us-east-1 a second time (keep one)",
			"7:60: deploy.waves[1] names Region eu-west-1, which is not under regions (configured: us-east-1, us-west-2)"),
		with("an empty wave", "{strategy: waves, waves: [[us-east-1, us-west-2], []]}",
			"7:59: deploy.waves[1] is an empty list (write [us-west-2])"),
		with("a mode of committing nobody knows", "{commit: later}",
			`7:18: deploy.commit must be settle or barrier, not "later" (choose one of these)`),
		with("a barrier that waits too long for CloudFormation", "{commit: barrier, barrier-timeout: 13h}",
			"7:44: deploy.barrier-timeout is 13h (write something from 1m to 12h)"),
		with("a barrier that is over before the bakes of both waves", "{commit: barrier, strategy: standby-first, bake: 30m}",
			"7:18: deploy.barrier-timeout: stacks would stop waiting after 1h, and baking takes 1h (let barrier-timeout be longer than the bakes of all waves)"),
		with("a bake without a unit", "{bake: 10}",
			`7:16: deploy.bake must be a duration such as 5m, 1h30m or 1d, not the number 10 (a unit is missing: 10s, 10m or 10h)`),
		with("alarms of one Region only", "{bake: 10m, alarms: {us-west-2: [a]}}",
			"7:29: deploy.alarms lacks us-east-1 (give every configured Region a value)"),
		with("a window nobody can read", "{windows: [\"Mon-Thu 8-16\"]}",
			`7:20: deploy.windows[0] is not a window "Mon-Thu 8-16": "8-16" is no span of time such as 08:00-16:00 (write days, a span and a zone: Mon-Thu 08:00-16:00 Europe/Berlin)`),
		with("a freeze without a reason", "{freeze: {until: 2027-01-07}}",
			`7:18: deploy.freeze lacks "reason" (add reason: end of year)`),
		with("a hook of two kinds", "{verify: [{http: {url: {us-east-1: \"https://a\", us-west-2: \"https://b\"}}, command: [x]}]}",
			"7:19: deploy.verify[0] holds command and http (make each an item of its own)"),
		with("a request that lacks a Region and expects nonsense", "{verify: [{http: {url: {us-east-1: \"https://a\"}, expect: 99}}]}",
			"7:32: deploy.verify[0].http.url lacks us-west-2 (give every configured Region a value)",
			"7:66: deploy.verify[0].http.expect is 99, which is no HTTP status from 200 to 599 (write 200)"),
		with("an invocation with half of a JSON", "{verify: [{lambda: {function: f, payload: '{'}}]}",
			`7:51: deploy.verify[0].lambda.payload "{" is not JSON (write it in quotes, such as '{"quick": true}')`),
		with("a refusal nobody knows", "{refuse: [dangerous]}",
			`7:19: deploy.refuse[0] must be irreversible, data-at-risk, asymmetric or replace-stateful, not "dangerous" (choose one of these)`),
		with("an empty command", "{verify: [{command: []}]}",
			"7:29: deploy.verify[0].command is an empty list (write [./smoke.sh, --quick])"),
	}
}

func TestAStrategyThatNeedsAPrimaryDoesNotFitActiveActive(t *testing.T) {
	const file = "version: 1\napp: a\nstrategy: active-active\nregions: {us-east-1: {role: active}, us-west-2: {role: active}}\n" +
		"release: [{cloudformation: {stack: s, template: t.yaml}}]\ndeploy: {strategy: "
	for strategy, fine := range map[string]bool{"standby-first": false, "primary-first": false, "parallel": true} {
		if _, err := Parse([]byte(file+strategy+"}\n"), "lockstep.yml", now); (err == nil) != fine {
			t.Errorf("%s: %v", strategy, err)
		}
	}
}
