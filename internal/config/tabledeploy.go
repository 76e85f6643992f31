package config

import (
	"regexp"
	"strconv"

	"github.com/lockstep-dr/lockstep/deploy"
)

func deployKeys() []key {
	return []key{
		{
			name: "strategy", example: "standby-first", shape: shape{scalar: deployStrategyFormat}, def: "parallel",
			doc: "Order in which the Regions are executed; they are always prepared together and recorded together. `parallel`: all at once. `standby-first`: the standbys, which serve nobody, then the primary. `primary-first`: the other way round. `waves`: as `waves` says.",
		},
		{
			name: "waves", example: "[[us-west-2], [us-east-1]]",
			shape: shape{least: 1, list: &shape{
				list: &shape{scalar: regionFormat, example: "us-west-2"}, least: 1, example: "[us-west-2]",
			}},
			doc: "Groups of Regions, executed one after the other. Every Region is in exactly one. Needs `strategy: waves`.",
		},
		{
			name: "commit", example: "barrier", shape: shape{scalar: commitFormat}, def: "settle",
			doc: "When a Region keeps the release. `settle`: as soon as its targets have settled; if another Region fails later, it is taken back by its saved state. `barrier` (experimental, shown on the simulator only): stacks get a wait condition and ECS services that shift traffic a PAUSE hook, and wait, all of them still able to go back by themselves, until every Region is ready. Other targets settle as always.",
		},
		{
			name: "barrier-timeout", example: "1h", shape: shape{scalar: durationFormat}, def: "1h",
			doc: "How long a stack or service waits at the barrier before it goes back by itself, from one minute to twelve hours, and longer than all bakes together. Needs `commit: barrier`, here or as a flag.",
		},
		{
			name: "bake", example: "10m", shape: shape{scalar: durationFormat}, def: "none",
			doc: "How long the alarms are watched after each wave, before the next one begins or the release is recorded.",
		},
		{
			name: "alarms", example: "[payments-errors, payments-latency]",
			shape: shape{
				list: &shape{scalar: alarmFormat, example: "payments-errors"}, names: regionFormat, example: "[payments-errors]",
				values: &shape{list: &shape{scalar: alarmFormat, example: "payments-errors"}, example: "[payments-errors]"},
			},
			doc: "CloudWatch alarms that must exist in every Region, must not ring before a deploy and must not ring while it bakes; or a list for each Region. One that rings takes everything back.",
		},
		verifyKey(),
		{
			name: "refuse", example: "[irreversible, replace-stateful]",
			shape: shape{least: 1, list: &shape{scalar: refusalFormat, example: "irreversible"}},
			doc:   "Sorts of changes that reject a deploy before anything is touched. `irreversible` and `data-at-risk`: what going back would cost, as the plan shows it. `replace-stateful`: a new, empty resource in place of one that holds data. `asymmetric`: only some Regions would make it. `--allow` lets one pass once.",
		},
		{
			name: "preconditions", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "Judge every Region once all are prepared, and before anything is touched: could it run the release, at the size that this would have there? An image, machine image, key or certificate that is gone, off or not issued, an instance type that is not offered and a quota that is too small reject the deploy; so does what could not be read. Reads all resources of the application in every Region and needs the permissions of the gate (`lockstep iam --for deploy` has them then). `--preconditions` and `--preconditions=false` decide for once.",
		},
		{
			name: "freeze", example: "{until: 2027-01-07, reason: end of year}", shape: shape{keys: freezeKeys()},
			doc: "No deploys until a day. `lockstep freeze` sets one without a commit. `--ignore-freeze REASON` deploys all the same, and records why.",
		},
		{
			name: "windows", example: `["Mon-Thu 08:00-16:00 Europe/Berlin"]`,
			shape: shape{least: 1, list: &shape{scalar: windowFormat, example: `"Mon-Thu 08:00-16:00 Europe/Berlin"`}},
			doc:   "When deploys are allowed: days, a span of the day, and a time zone (default: UTC). Asked when the lock is taken, and again before anything is touched.",
		},
	}
}

func freezeKeys() []key {
	return []key{
		{
			name: "until", required: true, example: "2027-01-07", shape: shape{scalar: dateFormat},
			doc: "Last day (UTC) without deploys.",
		},
		{
			name: "reason", required: true, example: "end of year", shape: shape{scalar: reasonFormat},
			doc: "Why, for those who are refused.",
		},
	}
}

func verifyKey() key {
	return key{
		name: "verify", example: `[{http: {url: "https://usw2.payments.example.com/healthz"}}]`,
		shape: shape{list: &shape{
			oneOf: true, example: "{command: [./smoke.sh]}", keys: []key{
				{
					name: "http", example: `{url: "https://usw2.payments.example.com/healthz", expect: 200}`, shape: shape{keys: httpHookKeys()},
					doc: "A request to the application in each Region. It is repeated until the answer is as expected or the timeout is over.",
				},
				{
					name: "lambda", example: `{function: payments-smoke, expect: '"ok"'}`, shape: shape{keys: lambdaHookKeys()},
					doc: "An invocation of a function of each Region. An error of the function fails.",
				},
				{
					name: "command", example: "[./smoke.sh, --quick]", shape: shape{least: 1, list: &shape{scalar: wordFormat, example: "./smoke.sh"}},
					doc: "A command, run once per Region with `AWS_REGION`, the Region's credentials, `LOCKSTEP_REGION`, `LOCKSTEP_ROLE`, `LOCKSTEP_APP` and `LOCKSTEP_RELEASE`. Any exit code but 0 fails. It is a program with its arguments, not a line for a shell.",
				},
			},
		}},
		doc: "What every Region must answer after it was executed. A hook that fails, or cannot be asked, takes everything back in every Region.",
	}
}

func httpHookKeys() []key {
	return []key{
		{
			name: "url", required: true, example: `{us-east-1: "https://use1.example.com/healthz", us-west-2: "https://usw2.example.com/healthz"}`,
			shape: perRegion(probeFormat, `"https://usw2.example.com/healthz"`),
			doc:   "Where to ask, or one place for every Region. Ask the Region itself, not what is behind failover.",
		},
		{
			name: "expect", example: "200", shape: shape{scalar: statusFormat}, def: "200",
			doc: "Status of the answer. Redirects are not followed.",
		},
		{
			name: "contains", example: `"\"status\":\"ok\""`, shape: shape{scalar: textFormat},
			doc: "Text that the answer must hold, in its first megabyte.",
		},
		{
			name: "headers", example: "{X-Probe: lockstep}",
			shape: shape{names: headerFormat, values: &shape{scalar: textFormat, example: "lockstep"}},
			doc:   "Headers of the request.",
		},
		{
			name: "timeout", example: "2m", shape: shape{scalar: durationFormat}, def: "2m",
			doc: "How long the answer may take to become as expected.",
		},
	}
}

func lambdaHookKeys() []key {
	return []key{
		{
			name: "function", required: true, example: "payments-smoke", shape: perRegion(functionFormat, "payments-smoke"),
			doc: "Name or ARN of the function, optionally with a version or alias, or one for every Region.",
		},
		{
			name: "payload", example: `'{"quick": true}'`, shape: shape{scalar: jsonFormat}, def: "`{}`",
			doc: "JSON that the function is invoked with.",
		},
		{
			name: "expect", example: `'"ok"'`, shape: shape{scalar: textFormat},
			doc: "Text that the function's answer must hold.",
		},
	}
}

// Formats of deploys.
var (
	deployStrategyFormat = enumFormat("strategy", deployStrategies()...)
	commitFormat         = enumFormat("mode", commitModes()...)
	refusalFormat        = enumFormat("refusal", refusals()...)
	alarmFormat          = &format{
		name: "alarm", noun: "the name of a CloudWatch alarm", kinds: onlyString, minLength: 1, maxLength: 255,
	}
	windowFormat = &format{
		name: "window", noun: "a window such as Mon-Thu 08:00-16:00 Europe/Berlin", kinds: onlyString, minLength: 1, maxLength: 200,
		verify: func(n *node) (string, string) {
			if _, err := deploy.ParseWindow(n.text); err != nil {
				return "is not a " + err.Error(), "write days, a span and a zone: Mon-Thu 08:00-16:00 Europe/Berlin"
			}
			return "", ""
		},
	}
	statusFormat = &format{
		name: "status", noun: "an HTTP status from 200 to 599", kinds: onlyInteger,
		verify: func(n *node) (string, string) {
			if status, err := strconv.Atoi(n.text); err != nil || status < 200 || status > 599 {
				return "is " + n.text + ", which is no HTTP status from 200 to 599", "write 200"
			}
			return "", ""
		},
	}
	headerFormat = &format{
		name: "header", noun: "the name of an HTTP header", kinds: onlyString, pattern: regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~-]+$`), maxLength: 200,
	}
	textFormat = &format{
		name: "text", noun: "a text", kinds: anyScalar, minLength: 1, maxLength: 4096, verify: verifyText,
	}
	wordFormat = &format{
		name: "text", noun: "a word of a command", kinds: anyScalar, minLength: 1, maxLength: 4096, verify: verifyText,
	}
	functionFormat = &format{
		name: "function", noun: "the name or ARN of a Lambda function", kinds: onlyString, maxLength: 200,
		pattern: regexp.MustCompile(`^[A-Za-z0-9_:$-]+$`),
	}
	jsonFormat = &format{
		name: "JSON", noun: "JSON in quotes", kinds: onlyString, minLength: 1, maxLength: 100_000, verify: verifyJSON,
	}
)

func refusals() []string {
	var names []string
	for _, r := range deploy.Refusals() {
		names = append(names, string(r))
	}
	return names
}

func commitModes() []string {
	var names []string
	for _, mode := range deploy.CommitModes() {
		names = append(names, string(mode))
	}
	return names
}

func deployStrategies() []string {
	var names []string
	for _, s := range deploy.Strategies() {
		names = append(names, string(s))
	}
	return names
}
