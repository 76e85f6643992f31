package config

func brokenPolicy() []broken {
	return []broken{
		{
			name: "state without a key and without a Region",
			old:  "release:", new: "inventory: [{terraform: {state: {us-east-1: s3://b}}}]\nrelease:",
			want: []string{
				"7:33: inventory[0].terraform.state lacks us-west-2 (give every configured Region a value)",
				`7:45: inventory[0].terraform.state.us-east-1 "s3://b" names no object in S3 (write s3://bucket/key)`,
			},
		},
		{
			name: "watched stack that is a target",
			old:  "release:", new: "inventory: [{cloudformation: {stack: payments}}]\nrelease:",
			want: []string{
				`7:38: inventory[0].cloudformation.stack "payments" is deployed by the target on line 9 (remove it: a target is watched anyway)`,
			},
		},
		{
			name: "waiver without anything",
			old:  "release:", new: "drift: {accept: [{}]}\nrelease:",
			want: []string{
				`7:18: drift.accept[0] lacks "resource" (add resource: payments/LogGroup)`,
				`7:18: drift.accept[0] lacks "property" (add property: RetentionInDays)`,
				`7:18: drift.accept[0] lacks "reason" (add reason: cheaper in the standby)`,
				`7:18: drift.accept[0] lacks "until" (add until: 2027-03-31)`,
			},
		},
		{
			name: "waiver with a blank reason and an impossible day",
			old:  "release:", new: "drift: {accept: [{resource: \"a/[\", property: C, reason: \"  \", until: 2026-02-30, region: eu-west-1}]}\nrelease:",
			want: []string{
				`7:29: drift.accept[0].resource "a/[" is not a valid pattern (close the bracket, or write \[ for the character)`,
				`7:57: drift.accept[0].reason must be a reason in words, not "  " (say why the difference is accepted)`,
				`7:70: drift.accept[0].until "2026-02-30" is not a day of the calendar (write year-month-day, such as 2027-03-31)`,
				"7:90: drift.accept[0].region names Region eu-west-1, which is not under regions (configured: us-east-1, us-west-2)",
			},
		},
		{
			name: "waiver until some day",
			old:  "release:", new: "drift: {accept: [{resource: a/B, property: C, reason: x, until: tomorrow}], fail-on: error}\nrelease:",
			want: []string{
				`7:65: drift.accept[0].until must be a day written as 2027-03-31, not "tomorrow" (write 2027-03-31)`,
				`7:86: drift.fail-on must be block, warn, info or never, not "error" (choose one of these)`,
			},
		},
		{
			name: "a share of the quotas that is none, or all and more",
			old:  "release:", new: "read: {quota-share: 0%}\nrelease:",
			want: []string{`7:21: read.quota-share must be a whole percentage from 1% to 100%, not "0%" (at least 1%)`},
		},
		{
			name: "a share of the quotas as a number",
			old:  "release:", new: "read: {quota-share: 0.5}\nrelease:",
			want: []string{`7:21: read.quota-share must be a whole percentage from 1% to 100%, not the number 0.5 (write 50%)`},
		},
		{
			name: "waiver of a rule without a day",
			old:  "release:", new: "gate: {waivers: [{rule: CFG-03, reason: x}]}\nrelease:",
			want: []string{
				`7:18: gate.waivers[0] lacks "until" (add until: 2027-03-31)`,
			},
		},
		{
			name: "levels and ids of rules",
			old:  "release:", new: "gate: {block: all, unknown: off, rules: {cfg-03: off, CFG-04: of, CFG-05: false, foo: warn}}\nrelease:",
			want: []string{
				`7:15: gate.block must be any or regressions, not "all" (choose one of these)`,
				`7:29: gate.unknown must be block or warn, not "off" (choose one of these)`,
				`7:42: a name in gate.rules must be a rule id such as CFG-03, not "cfg-03" (write CFG-03)`,
				`7:63: gate.rules.CFG-04 must be block, warn or off, not "of" (did you mean off?)`,
				"7:75: gate.rules.CFG-05 must be block, warn or off, not the boolean false (write off)",
				`7:82: a name in gate.rules must be a rule id such as CFG-03, not "foo" (rule ids are letters, a dash and digits)`,
			},
		},
	}
}

func brokenYAML() []broken {
	return []broken{
		{
			name: "alias without an anchor",
			old:  "release:", new: "x-shared: *nothing\nrelease:",
			want: []string{
				`7:11: alias "*nothing" names no anchor above it (define it earlier as &nothing)`,
			},
		},
		{
			name: "anchor that holds itself",
			old:  "release:", new: "x-shared: &a {b: *a}\nrelease:",
			want: []string{
				`7:18: alias "*a" names no anchor above it (define it earlier as &a)`,
			},
		},
		{
			name: "YAML tag",
			old:  "release:", new: "x-shared: !Ref x\nrelease:",
			want: []string{
				`7:11: YAML tag "!Ref" has no meaning here (this file takes plain values)`,
			},
		},
		{
			name: "merge of a word",
			old:  "{role: standby}", new: "{role: standby, <<: other}",
			want: []string{
				"6:30: << must be followed by a mapping, not a string (merge an alias of a mapping: <<: *name)",
			},
		},
		{
			name: "tab in the indentation",
			old:  "  us-east-1", new: "\tus-east-1",
			want: []string{
				`5:1: a tab indents "us-east-1: {role: primary}" (use spaces: YAML forbids tabs there)`,
			},
		},
		{
			name: "colon in a plain value",
			old:  "app: payments", new: "app: pay: ments",
			want: []string{
				`2:6: not valid YAML: mapping value is not allowed in this context at "pay" (quote a value that contains a colon, and check the indentation)`,
			},
		},
		{
			name: "open bracket",
			old:  "app: payments", new: "app: [payments",
			want: []string{
				`3:1: not valid YAML: ',' or ']' must be specified at "strategy" (close the bracket above)`,
			},
		},
		{
			name: "reserved character",
			old:  "app: payments", new: "app: @payments",
			want: []string{
				`2:6: not valid YAML: '@' is a reserved character at "@" (quote a value that begins with this character)`,
			},
		},
		{
			name: "open quote",
			old:  "app: payments", new: "app: 'payments",
			want: []string{
				`2:6: not valid YAML: could not find end character of single-quoted text at "'payments" (close the quote)`,
			},
		},
		{
			name: "wrong indentation",
			old:  "  us-west-2: {role: standby}", new: "   us-west-2: {role: standby}",
			want: []string{
				`6:4: not valid YAML: value is not allowed in this context at "us-west-2" (check the indentation)`,
			},
		},
		{
			name: "second document",
			old:  "app: payments", new: "---\napp: payments",
			want: []string{
				"3:1: the file holds 2 YAML documents (keep one document; remove what follows ---)",
			},
		},
	}
}
