package config

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestAProbeIsAURLOrAnObject(t *testing.T) {
	for text, want := range map[string]topology.Probe{
		`"https://usw2.example.com/healthz"`: {URL: "https://usw2.example.com/healthz", Status: 200},
		`{url: "https://10.0.0.7/healthz", host: pay.example.com, status: 204, release: header X-Release, private: True}`: {
			URL: "https://10.0.0.7/healthz", Host: "pay.example.com", Status: 204, Release: "header X-Release", Private: true,
		},
		`{url: "https://usw2.example.com/", release: body}`: {URL: "https://usw2.example.com/", Status: 200, Release: "body"},
	} {
		c := parsed(t, "{role: standby}", "{role: standby, probe: "+text+"}")
		standby, _ := c.Topology.Region("us-west-2")
		if diff := cmp.Diff(want, standby.Probe); diff != "" {
			t.Errorf("%s (-want +got)\n%s", text, diff)
		}
		if primary, _ := c.Topology.Region("us-east-1"); primary.Probe != (topology.Probe{}) {
			t.Errorf("the primary has a probe: %+v", primary.Probe)
		}
	}
}

func TestWhatIsPreparedForATakeoverIsRead(t *testing.T) {
	c := parsed(t, "release:", `objectives: {drill: 90d}
takeover:
  region-switch: "arn:aws:arc-region-switch::111111111111:plan/payments:a1b2c3"
  break-glass: break.glass@payments
  organization: true
  drill: {on: 2026-10-03, took: 14m, release: "2026.10.1"}
release:`)
	want := topology.Takeover{
		Plan: "arn:aws:arc-region-switch::111111111111:plan/payments:a1b2c3", BreakGlass: "break.glass@payments", Organization: true,
		Drill: topology.Drill{On: time.Date(2026, 10, 3, 0, 0, 0, 0, time.UTC), Took: 14 * time.Minute, Release: "2026.10.1"},
	}
	if diff := cmp.Diff(want, c.Takeover); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if c.Objectives.Drill != 90*24*time.Hour {
		t.Errorf("objectives.drill is %s", c.Objectives.Drill)
	}
}

func brokenTakeovers() []broken {
	return []broken{
		{
			name: "probe object without a URL, and with a host that is one",
			old:  "{role: standby}", new: "{role: standby, probe: {host: \"https://pay.example.com\", release: cookie, status: 99}}",
			want: []string{
				`6:37: regions.us-west-2.probe lacks "url" (add url: "https://usw2.payments.example.com/healthz")`,
				`6:44: regions.us-west-2.probe.host must be a host name, without scheme, port or path, not "https://pay.example.com" (write payments.example.com)`,
				`6:80: regions.us-west-2.probe.release must be body, or header and a name, not "cookie" (write header X-Release)`,
				`6:96: regions.us-west-2.probe.status is 99, which is no HTTP status from 200 to 599 (write 200)`,
			},
		},
		{
			name: "plan that is a name, a user that is an ARN, and a drill still to come",
			old:  "release:", new: "takeover: {region-switch: payments, break-glass: \"arn:aws:iam::111111111111:user/x\", drill: {on: 2027-10-03}}\nrelease:",
			want: []string{
				`7:27: takeover.region-switch must be the ARN of a plan of ARC Region switch, not "payments" (write "arn:aws:arc-region-switch::111111111111:plan/payments:a1b2c3")`,
				`7:50: takeover.break-glass must be the name of an IAM user, not "arn:aws:iam::111111111111:user/x" (write its name, not its ARN)`,
				`7:98: takeover.drill.on is "2027-10-03", a day that has not come (write it down when it was done)`,
			},
		},
		{
			name: "drill without a day",
			old:  "release:", new: "takeover: {drill: {took: 14 minutes}}\nrelease:",
			want: []string{
				`7:19: takeover.drill lacks "on" (add on: 2026-10-03)`,
				`7:26: takeover.drill.took must be a duration such as 5m, 1h30m or 1d, not "14 minutes" (write 14m)`,
			},
		},
	}
}
