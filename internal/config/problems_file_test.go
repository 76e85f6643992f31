package config

func brokenKeys() []broken {
	return []broken{
		{
			name: "unknown key gets the nearest known one",
			old:  "app: payments", new: "apps: payments",
			want: []string{
				`2:1: unknown key "apps" (did you mean "app"?)`,
			},
		},
		{
			name: "unknown key without a near one lists all",
			old:  "app: payments", new: "app: payments\nzzz: 1",
			want: []string{
				`3:1: unknown key "zzz" (known keys: version, app, strategy, regions, objectives, takeover, release, deploy, inventory, drift, gate, read)`,
			},
		},
		{
			name: "unknown key deep inside names its place",
			old:  "{role: standby}", new: "{rolle: standby}",
			want: []string{
				`6:15: unknown key "rolle" in regions.us-west-2 (did you mean "role"?)`,
			},
		},
		{
			name: "key of the target under a Region says where it belongs",
			old:  "infra/app.yaml", new: "infra/app.yaml\n      regions: {us-west-2: {template: x}}",
			want: []string{
				`11:29: unknown key "template" in release[0].cloudformation.regions.us-west-2 (write it on the target: template: {us-east-1: …, us-west-2: …})`,
			},
		},
		{
			name: "repeated key names the first",
			old:  "app: payments", new: "app: payments\napp: other",
			want: []string{
				`3:1: key "app" is given twice (the first is on line 2; keep one)`,
			},
		},
		{
			name: "missing version",
			old:  "version: 1\n", new: "",
			want: []string{
				`1:1: the file lacks "version" (add version: 1)`,
			},
		},
		{
			name: "other version",
			old:  "version: 1", new: "version: 2",
			want: []string{
				"1:10: version must be the number 1, not the number 2 (write version: 1, a plain number)",
			},
		},
		{
			name: "quoted version",
			old:  "version: 1", new: `version: "1"`,
			want: []string{
				`1:10: version must be the number 1, not "1" (write version: 1, a plain number)`,
			},
		},
		{
			name: "missing app",
			old:  "app: payments\n", new: "",
			want: []string{
				`1:1: the file lacks "app" (add app: payments)`,
			},
		},
		{
			name: "key without a value",
			old:  "app: payments", new: "app:",
			want: []string{
				"2:1: app has no value (give it a value such as payments)",
			},
		},
		{
			name: "optional key without a value may go",
			old:  "release:", new: "inventory:\nrelease:",
			want: []string{
				"7:1: inventory has no value (give it a value such as [{tags: {app: payments}}], or remove it)",
			},
		},
		{
			name: "list where a word is wanted",
			old:  "app: payments", new: "app: [a]",
			want: []string{
				"2:6: app must be letters, digits, dots, dashes or underscores, beginning with a letter or digit, not a list (write payments)",
			},
		},
		{
			name: "number where a word is wanted",
			old:  "app: payments", new: "app: 12",
			want: []string{
				`2:6: app must be letters, digits, dots, dashes or underscores, beginning with a letter or digit, not the number 12 (quote it: "12")`,
			},
		},
		{
			name: "control characters of the file do not reach the terminal",
			old:  "app: payments", new: `app: "a\e[31m"`,
			want: []string{
				`2:6: app must be letters, digits, dots, dashes or underscores, beginning with a letter or digit, not "a\x1b[31m" (write payments)`,
			},
		},
	}
}

func brokenRegions() []broken {
	return []broken{
		{
			name: "misspelled strategy",
			old:  "warm-standby", new: "warm_standby",
			want: []string{
				`3:11: strategy must be backup-restore, pilot-light, warm-standby or active-active, not "warm_standby" (did you mean warm-standby?)`,
			},
		},
		{
			name: "unknown strategy",
			old:  "warm-standby", new: "hot",
			want: []string{
				`3:11: strategy must be backup-restore, pilot-light, warm-standby or active-active, not "hot" (choose one of these)`,
			},
		},
		{
			name: "Region given twice",
			old:  "us-west-2: {role: standby}", new: "us-east-1: {role: standby}",
			want: []string{
				`6:3: Region "us-east-1" is given twice in regions (the first is on line 5; keep one)`,
			},
		},
		{
			name: "two primaries",
			old:  "role: standby", new: "role: primary",
			want: []string{
				"6:21: regions.us-west-2 is a second primary beside us-east-1 (write standby)",
			},
		},
		{
			name: "no primary",
			old:  "role: primary", new: "role: standby",
			want: []string{
				"5:3: no Region has role primary (give exactly one Region role: primary)",
			},
		},
		{
			name: "active in a warm standby",
			old:  "role: primary", new: "role: active",
			want: []string{
				"5:21: regions.us-east-1.role active does not fit strategy warm-standby (write primary or standby, or strategy: active-active)",
			},
		},
		{
			name: "primary and standby in active-active",
			old:  "warm-standby", new: "active-active",
			want: []string{
				"5:21: regions.us-east-1.role primary does not fit strategy active-active (write active, or choose another strategy)",
				"6:21: regions.us-west-2.role standby does not fit strategy active-active (write active, or choose another strategy)",
			},
		},
		{
			name: "one Region only",
			old:  "  us-west-2: {role: standby}\n", new: "",
			want: []string{
				"5:3: regions names only us-east-1; an application needs at least two (add the Region that takes over)",
			},
		},
		{
			name: "Region with underscores",
			old:  "us-west-2", new: "us_west_2",
			want: []string{
				`6:3: a name in regions must be an AWS Region code, not "us_west_2" (did you mean us-west-2?)`,
			},
		},
		{
			name: "Region in capitals",
			old:  "us-west-2", new: "US-WEST-2",
			want: []string{
				`6:3: a name in regions must be an AWS Region code, not "US-WEST-2" (did you mean us-west-2?)`,
			},
		},
		{
			name: "Region by its city",
			old:  "us-west-2", new: "oregon",
			want: []string{
				`6:3: a name in regions must be an AWS Region code, not "oregon" (Region codes look like us-east-1)`,
			},
		},
		{
			name: "Regions as a list",
			old:  "regions:\n  us-east-1: {role: primary}\n  us-west-2: {role: standby}", new: "regions: [us-east-1, us-west-2]",
			want: []string{
				"4:10: regions must be a mapping, not a list (write {us-east-1: {role: primary}, us-west-2: {role: standby}})",
			},
		},
		{
			name: "Region as a word",
			old:  "{role: standby}", new: "standby",
			want: []string{
				`6:14: regions.us-west-2 must be a mapping, not "standby" (write {role: standby})`,
			},
		},
		{
			name: "unknown role",
			old:  "{role: standby}", new: "{role: replica}",
			want: []string{
				`6:21: regions.us-west-2.role must be primary, standby or active, not "replica" (choose one of these)`,
			},
		},
		{
			name: "account as a number with a zero in front",
			old:  "{role: standby}", new: "{role: standby, account: 012345678901}",
			want: []string{
				`6:39: regions.us-west-2.account 012345678901 is a number that loses its leading zeros (quote it: "012345678901")`,
			},
		},
		{
			name: "account that lost its zero",
			old:  "{role: standby}", new: "{role: standby, account: 12345678901}",
			want: []string{
				`6:39: regions.us-west-2.account must be the 12 digits of an AWS account, not the number 12345678901 (a number loses its leading zeros; write "012345678901" if that is the account)`,
			},
		},
		{
			name: "account with dashes",
			old:  "{role: standby}", new: "{role: standby, account: 1234-5678-9012}",
			want: []string{
				`6:39: regions.us-west-2.account must be the 12 digits of an AWS account, not "1234-5678-9012" (write "123456789012")`,
			},
		},
		{
			name: "role to assume that is no ARN",
			old:  "{role: standby}", new: "{role: standby, role-to-assume: lockstep}",
			want: []string{
				`6:46: regions.us-west-2.role-to-assume must be the ARN of an IAM role, not "lockstep" (write "arn:aws:iam::222222222222:role/lockstep")`,
			},
		},
		{
			name: "role to assume of another account and partition",
			old:  "{role: standby}", new: `{role: standby, account: "111111111111", role-to-assume: "arn:aws-cn:iam::222222222222:role/x"}`,
			want: []string{
				"6:71: regions.us-west-2.role-to-assume is in partition aws-cn, the Region is in aws (a role of that Region begins with arn:aws:iam::)",
				"6:71: regions.us-west-2.role-to-assume is in account 222222222222, account says 111111111111 (make both name one account)",
			},
		},
		{
			name: "external id without a role",
			old:  "{role: standby}", new: "{role: standby, external-id: abc}",
			want: []string{
				"6:43: regions.us-west-2.external-id is set without role-to-assume (add role-to-assume, or remove external-id)",
			},
		},
		{
			name: "probe without a scheme",
			old:  "{role: standby}", new: "{role: standby, probe: usw2.example.com}",
			want: []string{
				`6:37: regions.us-west-2.probe must be an http:// or https:// URL, not "usw2.example.com" (write "https://usw2.payments.example.com/healthz")`,
			},
		},
		{
			name: "probe with a password",
			old:  "{role: standby}", new: `{role: standby, probe: "https://u:p@x.com"}`,
			want: []string{
				"6:37: regions.us-west-2.probe holds credentials (a probe is called without any; remove user and password from the URL)",
			},
		},
	}
}

func brokenObjectives() []broken {
	return []broken{
		{
			name: "spelled out durations and bare numbers",
			old:  "release:", new: "objectives: {rpo: 5 minutes, rto: 15, floor: 25, ceiling: 0.5}\nrelease:",
			want: []string{
				`7:19: objectives.rpo must be a duration such as 5m, 1h30m or 1d, not "5 minutes" (write 5m)`,
				"7:35: objectives.rto must be a duration such as 5m, 1h30m or 1d, not the number 15 (a unit is missing: 15s, 15m or 15h)",
				"7:46: objectives.floor must be a percentage from 0% to 100%, not the number 25 (write 25%)",
				"7:59: objectives.ceiling must be a percentage from 0% to 1000%, not the number 0.5 (write 50%)",
			},
		},
		{
			name: "durations of nothing and of too much",
			old:  "release:", new: "objectives: {rpo: 0s, rto: 9999d}\nrelease:",
			want: []string{
				`7:19: objectives.rpo "0s" is no time at all (leave the key out when the objective is not declared)`,
				`7:28: objectives.rto "9999d" is longer than a year (write something such as 15m, 4h or 1d)`,
			},
		},
		{
			name: "negative and unreadable durations",
			old:  "release:", new: "objectives: {rpo: -5m, rto: soon}\nrelease:",
			want: []string{
				`7:19: objectives.rpo must be a duration such as 5m, 1h30m or 1d, not "-5m" (write 5m)`,
				`7:29: objectives.rto must be a duration such as 5m, 1h30m or 1d, not "soon" (write a number and a unit: s, m, h or d)`,
			},
		},
		{
			name: "percentages out of range",
			old:  "release:", new: "objectives: {floor: 120%, ceiling: -5%}\nrelease:",
			want: []string{
				`7:21: objectives.floor must be a percentage from 0% to 100%, not "120%" (at most 100%)`,
				`7:36: objectives.ceiling must be a percentage from 0% to 1000%, not "-5%" (a share is not negative)`,
			},
		},
		{
			name: "more than the largest ceiling",
			old:  "release:", new: "objectives: {ceiling: 5000%}\nrelease:",
			want: []string{
				`7:23: objectives.ceiling must be a percentage from 0% to 1000%, not "5000%" (at most 1000%)`,
			},
		},
		{
			name: "ceiling below the floor",
			old:  "release:", new: "objectives: {floor: 50%, ceiling: 25%}\nrelease:",
			want: []string{
				`7:35: objectives.ceiling "25%" is below the floor of 50% (the ceiling is what a standby can grow to, so not below what it has now)`,
			},
		},
		{
			name: "partitions of a standby, which has no users",
			old:  "release:", new: "objectives: {geo-partitioned: [payments/Orders]}\nrelease:",
			want: []string{
				`7:31: objectives.geo-partitioned does not fit strategy warm-standby (a standby has no users of its own: leave it out, or write strategy: active-active)`,
			},
		},
		{
			name: "nothing released and nothing watched",
			old:  "release:\n  - cloudformation:\n      stack: payments\n      template: infra/app.yaml\n", new: "",
			want: []string{
				"1:1: nothing to look at: neither release nor inventory names anything (add release: for what is deployed from here, or inventory: for what is only watched)",
			},
		},
		{
			name: "empty release",
			old:  "release:\n  - cloudformation:\n      stack: payments\n      template: infra/app.yaml\n", new: "release: []\n",
			want: []string{
				"1:1: nothing to look at: neither release nor inventory names anything (add release: for what is deployed from here, or inventory: for what is only watched)",
			},
		},
	}
}
