package config

import (
	"strings"
	"testing"
)

func TestAnExpiredWaiverAcceptsNothingAndIsAWarning(t *testing.T) {
	tests := []struct{ name, yaml, want string }{
		{"of a difference", "drift: {accept: [{resource: a/B, property: C, reason: x, until: 2026-11-10}]}", "7:65: drift.accept[0] expired 12 days ago, on 2026-11-10, and accepts nothing"},
		{"since yesterday", "drift: {accept: [{resource: a/B, property: C, reason: x, until: 2026-11-21}]}", "7:65: drift.accept[0] expired yesterday, on 2026-11-21, and accepts nothing"},
		{"of a rule", "gate: {waivers: [{rule: CFG-03, reason: x, until: 2025-11-22}]}", "7:51: gate.waivers[0] expired 365 days ago, on 2025-11-22, and accepts nothing"},
		{"on its last day", "gate: {waivers: [{rule: CFG-03, reason: x, until: 2026-11-22}]}", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse([]byte(strings.Replace(minimal, "release:", test.yaml+"\nrelease:", 1)), "lockstep.yml", now)
			if err != nil {
				t.Fatal(err)
			}
			holding, said := len(c.Accept)+len(c.Policy.Waivers), ""
			for _, w := range c.Warnings {
				said += w.String()
			}
			if expired := test.want != ""; expired != (len(c.Expired) == 1) || expired != (holding == 0) || !strings.Contains(said, test.want) || !expired && said != "" {
				t.Errorf("%d hold, %d expired, %q; want %q", holding, len(c.Expired), said, test.want)
			}
		})
	}
}
