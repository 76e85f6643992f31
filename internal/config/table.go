package config

// The table: every key of lockstep.yml. The parser, the JSON Schema and the
// reference are made from it; what is not here does not exist.

// fileShape is the whole file.
func fileShape() *shape {
	return &shape{free: true, keys: []key{
		{
			name: "version", required: true, example: "1", shape: shape{scalar: versionFormat},
			doc: "Version of this format.",
		},
		{
			name: "app", required: true, example: "payments", shape: shape{scalar: appFormat},
			doc: "Name of the application. It names the release ledger in every Region; changing it starts a new one.",
		},
		{
			name: "strategy", required: true, example: "warm-standby", shape: shape{scalar: strategyFormat},
			doc: "Disaster-recovery strategy, in the words of the AWS whitepaper. It decides which rules apply: a pilot light need not serve, a warm standby must.",
		},
		{
			name: "regions", required: true, example: "{us-east-1: {role: primary}, us-west-2: {role: standby}}",
			shape: shape{names: regionFormat, values: &shape{keys: regionKeys(), example: "{role: standby}"}, least: 1},
			doc:   "The Regions of the application, by code: one primary and at least one standby, or, with `active-active`, at least two that are active.",
		},
		{
			name: "objectives", example: "{rpo: 5m, rto: 15m, floor: 25%, ceiling: 100%}", shape: shape{keys: objectiveKeys()},
			doc: "What the team needs from a takeover. Rules take their thresholds from here.",
		},
		{
			name: "takeover", example: "{break-glass: lockstep-break-glass}", shape: shape{keys: takeoverKeys()},
			doc: "What is prepared for a takeover besides resources.",
		},
		{
			name: "release", example: "[{cloudformation: {stack: payments, template: infra/app.yaml}}]",
			shape: shape{list: &shape{
				oneOf: true, keys: targetKeys(),
				example: "{cloudformation: {stack: payments, template: infra/app.yaml}}",
			}},
			doc: "What is deployed, in order. Every target exists once in every Region. A file needs `release`, `inventory` or both.",
		},
		{
			name: "deploy", example: "{strategy: standby-first, bake: 10m, alarms: [payments-errors]}", shape: shape{keys: deployKeys()},
			doc: "How a release is brought to the Regions.",
		},
		{
			name: "inventory", example: "[{tags: {app: payments}}]",
			shape: shape{list: &shape{oneOf: true, keys: inventoryKeys(), example: "{tags: {app: payments}}"}},
			doc:   "What is watched but not deployed from here: it takes part in drift and gate.",
		},
		{
			name: "drift", example: "{fail-on: warn}", shape: shape{keys: driftKeys()},
			doc: "How differences between the Regions are treated.",
		},
		{
			name: "gate", example: "{block: any, unknown: block}", shape: shape{keys: gateKeys()},
			doc: "How the verdict is reached.",
		},
		{
			name: "read", example: "{quota-share: 30%}", shape: shape{keys: readKeys()},
			doc: "How AWS is asked.",
		},
	}}
}

func regionKeys() []key {
	return []key{
		{
			name: "role", required: true, example: "standby", shape: shape{scalar: roleFormat},
			doc: "The part the Region plays: `primary` or `standby`; with strategy `active-active` every Region is `active`.",
		},
		{
			name: "account", example: `"111111111111"`, shape: shape{scalar: accountFormat},
			def: "the account of the credentials",
			doc: "AWS account that must be met in this Region; any other stops the command before it reads or writes. Quote it: a number loses leading zeros.",
		},
		{
			name: "role-to-assume", example: `"arn:aws:iam::222222222222:role/lockstep"`, shape: shape{scalar: roleARNFormat},
			def: "the credentials as they are",
			doc: "IAM role to assume for this Region: with the credentials there are, or in a job of GitHub Actions without any, by the job's identity (`id-token: write`) at the Region's own STS.",
		},
		{
			name: "external-id", example: `"payments-dr"`, shape: shape{scalar: externalIDFormat},
			doc: "External id that the role's trust policy asks for. Needs `role-to-assume`.",
		},
		{
			name: "probe", example: `"https://usw2.payments.example.com/healthz"`, shape: shape{scalar: probeFormat, keys: probeKeys()},
			doc: "Health endpoint of the application in this very Region, not behind failover: a URL, or an object that says more. The gate asks it once, from where Lockstep runs (RTE-08). Redirects are not followed, no proxy is used, and certificates are verified.",
		},
	}
}

func readKeys() []key {
	return []key{{
		name: "quota-share", example: "50%", shape: shape{scalar: shareFormat}, def: defaultQuotaShare,
		doc: "Part of the request rates which AWS grants the account that Lockstep allows itself, by Region, service and operation. The rest is left to what runs there. A throttle halves a rate for a while; it never fails a scan.",
	}}
}

func objectiveKeys() []key {
	return []key{
		{
			name: "rpo", example: "5m", shape: shape{scalar: durationFormat}, def: "not declared",
			doc: "Recovery point objective: how much data, measured in time, may be lost.",
		},
		{
			name: "rto", example: "15m", shape: shape{scalar: durationFormat}, def: "not declared",
			doc: "Recovery time objective: how long a takeover may last.",
		},
		{
			name: "floor", example: "25%", shape: shape{scalar: floorFormat}, def: "0%, or 100% with `active-active`",
			doc: "Share of the primary's capacity that a standby must have at this moment.",
		},
		{
			name: "ceiling", example: "100%", shape: shape{scalar: ceilingFormat}, def: "100%",
			doc: "Share of the primary's capacity that a standby must be able to grow to: of what ran when it was read, or of a maximum where two maxima are compared. Not below `floor`.",
		},
		{
			name: "reserved-capacity", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "That the instances which a standby must grow to are reserved there; the gate then blocks when On-Demand Capacity Reservations fall short.",
		},
		{
			name: "capacity-score", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "That EC2 is asked how well it could start what a standby must grow to. Needs EC2 Capacity Manager and a support plan that includes its scores; warns only.",
		},
		{
			name: "geo-partitioned", example: "[payments/Orders]", shape: shape{list: &shape{scalar: patternFormat, example: "payments/Orders"}}, def: "none",
			doc: "With `active-active`, the stores whose data each Region keeps for its own users, by resource key or pattern. Nothing has to replicate them (DAT-12); each peer must have recovery points of them within the RPO (DAT-14).",
		},
		{
			name: "drill", example: "90d", shape: shape{scalar: durationFormat}, def: "not declared",
			doc: "How long ago the last takeover may have been practised (OBS-05).",
		},
	}
}

func inventoryKeys() []key {
	return []key{
		{
			name: "terraform", example: "{state: {us-east-1: s3://tf/primary.tfstate, us-west-2: s3://tf/standby.tfstate}}",
			shape: shape{keys: []key{
				{
					name: "state", required: true, example: "{us-east-1: s3://tf/primary.tfstate, us-west-2: s3://tf/standby.tfstate}",
					shape: shape{names: regionFormat, values: &shape{scalar: stateFormat, example: "s3://tf/standby.tfstate"}},
					doc:   "State of each Region: `s3://bucket/key`, or a path from the working directory, of the file that a backend keeps or of the output of `terraform show -json`. Every Region must be named; one state that holds several Regions is named for each.",
				},
				{
					name: "name", example: "network", shape: shape{scalar: sourceFormat},
					doc: "Sets the keys of its resources apart: `terraform/network/aws_vpc.main`. Needed where more than one Terraform inventory is named.",
				},
			}},
			doc: "Resources in Terraform states. They pair by address, without Region codes, provider aliases and role words in modules, keys and names; the tag `lockstep:key` goes before that. Data sources and resources of other providers are left out; a type that Lockstep does not know is reported as not compared.",
		},
		{
			name: "tags", example: "{app: payments}",
			shape: shape{names: tagKeyFormat, values: &shape{scalar: tagValueFormat, example: "payments"}, least: 1},
			doc:   "Resources that carry all of these tags, as the Resource Groups Tagging API lists them: what never had a tag is not seen. They pair by the tag `lockstep:key`, by stack and logical id, by name without the Region's code, or by the tag `Name`. What a stack or a Terraform state lists is not taken twice.",
		},
		{
			name: "cloudformation", example: "{stack: payments-network}",
			shape: shape{keys: []key{{
				name: "stack", required: true, example: "payments-network", shape: perRegion(stackNameFormat, "payments-network-dr"),
				doc: "Name of the stack, or a name for every Region where they differ.",
			}}},
			doc: "Resources of a stack that another pipeline deploys.",
		},
	}
}

// perRegion is one value for all Regions, or a mapping with one for each.
func perRegion(f *format, example string) shape {
	return shape{scalar: f, names: regionFormat, values: &shape{scalar: f, example: example}}
}
