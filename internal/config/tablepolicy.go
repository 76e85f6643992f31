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
			doc: "`any`: every blocking problem blocks. `regressions`: only those that the change under review brings.",
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
			doc: "Last day (UTC) on which it holds. An expired waiver is an error.",
		},
	}
}
