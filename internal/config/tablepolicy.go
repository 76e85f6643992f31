package config

func driftKeys() []key {
	return []key{
		{
			name: "fail-on", example: "warn", shape: shape{scalar: failOnFormat}, def: "warn",
			doc: "Lowest severity of a difference at which `lockstep drift` fails; `never` only reports.",
		},
		{
			name:    "accept",
			example: "[{resource: payments/LogGroup, property: RetentionInDays, reason: cheaper in the standby, until: 2027-03-31}]",
			shape: shape{list: &shape{
				keys:    append([]key{resourceKey(true), propertyKey()}, waiverKeys()...),
				example: "{resource: payments/LogGroup, property: RetentionInDays, reason: cheaper in the standby, until: 2027-03-31}",
			}},
			doc: "Differences that are accepted until a day. They stay in every report, marked and counted.",
		},
	}
}

func gateKeys() []key {
	return []key{
		{
			name: "block", example: "any", shape: shape{scalar: blockFormat}, def: "any",
			doc: "`any`: every blocking problem blocks. `regressions`: only those that were not there before the change; without anything to compare with, every one. See [operations](operations.md#letting-a-change-pass).",
		},
		{
			name: "max-age", example: "2h", shape: shape{scalar: durationFormat}, def: "any age",
			doc: "How old snapshots may be that `--from` reads, the plans that `--terraform-plan` reads, and the report that `--base` reads (default for both: 24h). Older snapshots and plans show what was, and the verdict is unknown; an older report is nothing to compare with.",
		},
		{
			name: "break-glass", example: "standby-override", shape: shape{scalar: labelFormat}, def: "nobody may",
			doc: "Label of a pull request that lets it pass whatever the verdict, set by a person who gives the reason for its head commit in a comment. Who and why is in the report, the ledger and the commit status. See [operations](operations.md#letting-a-change-pass).",
		},
		{
			name: "break-glass-author", example: "allow", shape: shape{scalar: authorFormat}, def: "refuse",
			doc: "Whether the author of the pull request may set that label: `refuse`, or `allow` for teams of one.",
		},
		{
			name: "unknown", example: "block", shape: shape{scalar: unknownFormat}, def: "block",
			doc: "What a blocking rule does whose evidence could not be read.",
		},
		{
			name: "fork-policy", example: "defer", shape: shape{scalar: forkFormat}, def: "fail",
			doc: "What a pull request does that GitHub gives no credentials to (forks, Dependabot), if its templates show nothing that blocks: `fail`, or `defer` to the merge queue.",
		},
		{
			name: "rules", example: "{OBS-03: off, CAP-02: warn}",
			shape: shape{names: ruleFormat, values: &shape{scalar: levelFormat, example: "warn"}},
			doc:   "Level of single rules, by id: `block`, `warn` or `off`.",
		},
		{
			name:    "waivers",
			example: "[{rule: CFG-03, resource: payments/Fn, reason: fixed with the next release, until: 2027-03-31}]",
			shape: shape{list: &shape{
				keys:    append([]key{ruleKey(), resourceKey(false)}, waiverKeys()...),
				example: "{rule: CFG-03, reason: fixed with the next release, until: 2027-03-31}",
			}},
			doc: "Failures of a rule that are accepted until a day. They stay in every report, marked and counted.",
		},
		{
			name:    "own",
			example: "[{id: OWN-01, message: Queues keep messages for four days, expression: \"standby.resources.all(r, r.properties.MessageRetentionPeriod >= 345600)\", reads: [\"AWS::SQS::Queue\"]}]",
			shape: shape{list: &shape{
				keys:    ownKeys(),
				example: "{id: OWN-01, message: Queues keep messages for four days, expression: \"standby.resources.all(r, r.properties.MessageRetentionPeriod >= 345600)\"}",
			}},
			doc: "Rules of the team's own, beside the catalogue, in [CEL](own-rules.md) over the two snapshots. `gate.rules` and `gate.waivers` name them like any other.",
		},
	}
}

func ownKeys() []key {
	return []key{
		{
			name: "id", required: true, example: "OWN-01", shape: shape{scalar: ruleFormat},
			doc: "Id of the rule. It may not begin like those of the catalogue.",
		},
		{
			name: "message", required: true, example: "Queues keep messages for four days", shape: shape{scalar: reasonFormat},
			doc: "What must hold, as a sentence.",
		},
		{
			name: "expression", required: true, example: "\"standby.resources.all(r, r.properties.MessageRetentionPeriod >= 345600)\"", shape: shape{scalar: expressionFormat},
			doc: "CEL over `primary`, `standby` and `objectives`: true when the rule holds, or the list of the keys of the resources that break it.",
		},
		{
			name: "severity", example: "warn", shape: shape{scalar: unknownFormat}, def: "block",
			doc: "What the rule does when it does not hold, or cannot be evaluated.",
		},
		{
			name: "fix", example: "Set MessageRetentionPeriod in infra/app.yaml and deploy", shape: shape{scalar: reasonFormat},
			doc: "What to do, for those who read the report.",
		},
		{
			name: "reads", example: "[\"AWS::SQS::Queue\"]", shape: shape{list: &shape{scalar: readsFormat, example: "\"AWS::SQS::Queue\""}},
			def: "everything",
			doc: "Resource types and kinds of facts that the expression sees. What could not be read of anything else leaves the rule alone. Each has to be there in one Region at least, or the rule is unknown.",
		},
		{
			name: "may-be-empty", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "Whether the rule is judged although neither Region has any of what `reads` names, as one that forbids a type.",
		},
	}
}

func ruleKey() key {
	return key{
		name: "rule", required: true, example: "CFG-03", shape: shape{scalar: ruleFormat},
		doc: "Id of the rule.",
	}
}

func resourceKey(required bool) key {
	k := key{
		name: "resource", required: required, example: "payments/LogGroup", shape: shape{scalar: patternFormat},
		doc: "Resource key (stack/LogicalId), or a pattern in which `*` stands for anything but a slash.",
	}
	if !required {
		k.def = "every resource"
	}
	return k
}

func propertyKey() key {
	return key{
		name: "property", required: true, example: "RetentionInDays", shape: shape{scalar: propertyFormat},
		doc: "Dotted path of the property with everything below it, or `*` for any, a missing resource included.",
	}
}

// waiverKeys end every waiver.
func waiverKeys() []key {
	return []key{
		{
			name: "region", example: "us-west-2", shape: shape{scalar: regionFormat}, def: "every standby",
			doc: "Standby the waiver is limited to.",
		},
		{
			name: "reason", required: true, example: "cheaper in the standby", shape: shape{scalar: reasonFormat},
			doc: "Why, for those who read the report.",
		},
		{
			name: "until", required: true, example: "2027-03-31", shape: shape{scalar: dateFormat},
			doc: "Last day (UTC) on which it holds. An expired waiver accepts nothing, and every report says so.",
		},
	}
}
