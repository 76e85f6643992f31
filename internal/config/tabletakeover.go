package config

import "regexp"

// probeKeys are those of a probe that is more than a URL.
func probeKeys() []key {
	return []key{
		{
			name: "url", required: true, example: `"https://usw2.payments.example.com/healthz"`, shape: shape{scalar: probeFormat},
			doc: "Where to ask.",
		},
		{
			name: "host", example: "payments.example.com", shape: shape{scalar: hostFormat}, def: "the host of the URL",
			doc: "Name that clients use: it is sent as Host header and in the TLS handshake, and the certificate must be for it.",
		},
		{
			name: "status", example: "200", shape: shape{scalar: statusFormat}, def: "200",
			doc: "Status of a healthy answer.",
		},
		{
			name: "release", example: "header X-Release", shape: shape{scalar: releasePlaceFormat}, def: "not looked for",
			doc: "Where the answer names the release that runs: `body`, or `header` and its name. It must be the id, name or commit that the Region's ledger records.",
		},
		{
			name: "private", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "Allow the host to have a private address. Without it only public ones are asked, whatever a name resolves to.",
		},
	}
}

func takeoverKeys() []key {
	return []key{
		{
			name: "region-switch", example: `"arn:aws:arc-region-switch::111111111111:plan/payments:a1b2c3"`, shape: shape{scalar: planFormat},
			doc: "ARN of the plan of ARC Region switch: its evaluation is taken over (RTE-09), and its executions count as drills (OBS-05).",
		},
		{
			name: "break-glass", example: "lockstep-break-glass", shape: shape{scalar: userFormat},
			doc: "Name of an IAM user for the day on which federation or the primary Region is down (SEC-10).",
		},
		{
			name: "organization", example: "true", shape: shape{scalar: flagFormat}, def: "false",
			doc: "Read the service control policies that apply to the account (SEC-06). Only the organization's management account and delegated administrators may.",
		},
		{
			name: "drill", example: "{on: 2026-10-03, took: 14m}", shape: shape{keys: drillKeys()},
			doc: "The last drill, written down by hand: what no plan of ARC Region switch records.",
		},
	}
}

func drillKeys() []key {
	return []key{
		{
			name: "on", required: true, example: "2026-10-03", shape: shape{scalar: dateFormat},
			doc: "Day (UTC) on which the standby took over.",
		},
		{
			name: "took", example: "14m", shape: shape{scalar: durationFormat},
			doc: "How long it took, held against `objectives.rto`.",
		},
		{
			name: "release", example: `"2026.10.1"`, shape: shape{scalar: reasonFormat},
			doc: "Id, name or commit of the release that was practised with.",
		},
	}
}

// Sources of the patterns: RFC 1123, the IAM and the ARC Region switch API references.
var (
	hostFormat = &format{
		name: "host", noun: "a host name, without scheme, port or path", kinds: onlyString, maxLength: 253,
		pattern: regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`),
	}
	releasePlaceFormat = &format{
		name: "place", noun: "body, or header and a name", kinds: onlyString,
		pattern: regexp.MustCompile(`^(body|header [A-Za-z0-9-]{1,64})$`),
	}
	planFormat = &format{
		name: "plan ARN", noun: "the ARN of a plan of ARC Region switch", kinds: onlyString, maxLength: 512,
		pattern: regexp.MustCompile(`^arn:aws[a-z-]*:arc-region-switch::[0-9]{12}:plan/[A-Za-z0-9](-*[A-Za-z0-9])*:[A-Za-z0-9]+$`),
	}
	userFormat = &format{
		name: "user name", noun: "the name of an IAM user", kinds: onlyString, maxLength: 64,
		pattern: regexp.MustCompile(`^[A-Za-z0-9_+=,.@-]+$`),
		hint:    func(string) string { return "write its name, not its ARN" },
	}
)
