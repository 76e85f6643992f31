package config

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// load reads a file of testdata/valid.
func load(t *testing.T, name string) *Config {
	t.Helper()
	c, err := Load("testdata/valid/"+name, now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// parsed is minimal with one part replaced.
func parsed(t *testing.T, old, replacement string) *Config {
	t.Helper()
	c, err := Parse([]byte(strings.Replace(minimal, old, replacement, 1)), "lockstep.yml", now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func literals(values map[string]Value) map[string]string {
	texts := map[string]string{}
	for name, v := range values {
		texts[name] = v.Literal
	}
	return texts
}

func TestParametersKeepTheSpellingOfTheFile(t *testing.T) {
	c := parsed(t, "template: infra/app.yaml", `template: infra/app.yaml
      parameters:
        Count: 1
        Version: 1.10
        Hex: 0x1F
        Zip: 00123
        Yes: True
        Off: off
        Empty: ""
        Quoted: "1.0"
        Tagged: !!str 7
        Subnets: [subnet-1, subnet-2, 3]
        None: []
        Lines: |
          a
          b`)
	want := map[string]string{
		"Count": "1", "Version": "1.10", "Hex": "0x1F", "Zip": "00123", "Yes": "True", "Off": "off", "Empty": "",
		"Quoted": "1.0", "Tagged": "7", "Subnets": "subnet-1,subnet-2,3", "None": "", "Lines": "a\nb\n",
	}
	if diff := cmp.Diff(want, literals(c.Release[0].CloudFormation.Regions["us-west-2"].Parameters)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnchorsAndMergeKeysLayOverEachOther(t *testing.T) {
	c := load(t, "anchors.yml")
	stack := c.Release[0].CloudFormation
	for region, want := range map[string]map[string]string{
		"us-east-1": {"Memory": "512", "Count": "4"},
		"us-west-2": {"Memory": "128", "Count": "1"},
		"eu-west-1": {"Memory": "128", "Count": "1", "Zone": "a"},
	} {
		if diff := cmp.Diff(want, literals(stack.Regions[region].Parameters)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", region, diff)
		}
	}
	if diff := cmp.Diff(map[string]string{"team": "platform", "cost-center": "0042"}, stack.Regions["us-west-2"].Tags); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"us-east-1", "eu-west-1", "us-west-2"}, c.Topology.Names()); diff != "" {
		t.Error(diff)
	}
	if c.Objectives.RTO != 36*time.Hour || c.Objectives.RPO != 90*time.Minute || c.Objectives.Floor != 0 {
		t.Errorf("objectives %+v", c.Objectives)
	}
}

func TestEveryUseOfABadAnchorIsReported(t *testing.T) {
	src := strings.NewReplacer("role: primary", "role: primary, account: &a 5", "role: standby", "role: standby, account: *a").Replace(minimal)
	_, err := Parse([]byte(src), "f", now)
	for _, path := range []string{"f:5:42: regions.us-east-1.account", "f:5:42: regions.us-west-2.account"} {
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s is not in %v", path, err)
		}
	}
}

func TestOverridesOfOneRegionDoNotReachAnother(t *testing.T) {
	c := parsed(t, "template: infra/app.yaml", `template: infra/app.yaml
      parameters: {A: common, B: common}
      regions: {us-west-2: {parameters: {B: own, C: own}}}`)
	regions := c.Release[0].CloudFormation.Regions
	if diff := cmp.Diff(map[string]string{"A": "common", "B": "common"}, literals(regions["us-east-1"].Parameters)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"A": "common", "B": "own", "C": "own"}, literals(regions["us-west-2"].Parameters)); diff != "" {
		t.Error(diff)
	}
}

func TestActiveActiveRegionsHaveTheirOwnNames(t *testing.T) {
	c := load(t, "active-active.yml")
	if diff := cmp.Diff(topology.Objectives{Floor: 1, Ceiling: 1}, c.Objectives); diff != "" {
		t.Errorf("default objectives: %s", diff)
	}
	if c.Topology.Reference().Name != "eu-west-1" || c.Release[0].CloudFormation.Key != "orders-eu" {
		t.Errorf("reference %s, key %s", c.Topology.Reference().Name, c.Release[0].CloudFormation.Key)
	}
	want := map[string]StackInRegion{
		"us-west-2": {
			Name: "orders-w", Template: "infra/us.yaml", Bucket: "cfn-usw2", ServiceRole: "arn:aws:iam::012345678901:role/path/cfn",
		},
		"eu-west-1": {
			Name: "orders-eu", Template: "infra/eu.yaml", Bucket: "cfn-euw1", ServiceRole: "arn:aws:iam::111111111111:role/cfn",
			Capabilities: []string{"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"},
		},
		"us-east-1": {
			Name: "orders-e", Template: "infra/us.yaml", Bucket: "cfn-use1", ServiceRole: "arn:aws:iam::111111111111:role/cfn",
			Capabilities: []string{"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"},
		},
	}
	got := c.Release[0].CloudFormation.Regions
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(StackInRegion{}, "TemplatePos")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"us-west-2": "orders-dr"}, c.ExternalIDs); diff != "" {
		t.Error(diff)
	}
	if r, _ := c.Topology.Region("us-west-2"); r.Account != "012345678901" {
		t.Errorf("account %q", r.Account)
	}
}

func TestInventoryAloneIsEnough(t *testing.T) {
	c := load(t, "watch-only.yml")
	want := []Inventory{
		{Terraform: &TerraformState{State: map[string]string{"cn-north-1": "state/primary.tfstate", "cn-northwest-1": "s3://tf/standby.tfstate"}}},
		{Tags: map[string]string{"app": "legacy", "tier": "1"}},
		{CloudFormation: &WatchedStack{Key: "network", Names: map[string]string{"cn-north-1": "network", "cn-northwest-1": "network"}}},
		{CloudFormation: &WatchedStack{Key: "dns", Names: map[string]string{"cn-north-1": "dns", "cn-northwest-1": "dns-dr"}}},
	}
	if diff := cmp.Diff(want, c.Inventory, cmpopts.IgnoreFields(Inventory{}, "Pos")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(c.Release) != 0 || c.FailOn != "warn" || c.Gate.Block != "any" || c.Policy.Unknown != "block" {
		t.Errorf("defaults: %+v", c)
	}
}

func TestGateWaiversNameTheirRuleAndItsPlace(t *testing.T) {
	c := load(t, "anchors.yml")
	until := day(t, "2027-01-31")
	want := []drift.Waiver{
		{Resource: "*", Property: "rule:CAP-02", Reason: "being migrated", Until: until},
		{Resource: "payments/Fn", Property: "rule:CFG-03", Region: "us-west-2", Reason: "being migrated", Until: until},
	}
	if diff := cmp.Diff(want, c.Policy.Waivers); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]Position{"CAP-02": {34, 14}, "CFG-03": {35, 14}}, c.RulePositions); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if c.Policy.Unknown != "warn" || c.Gate.Block != "regressions" || c.FailOn != "never" || c.QuotaShare != 0.75 {
		t.Errorf("policy %+v, gate %+v, fail-on %s, share %v", c.Policy, c.Gate, c.FailOn, c.QuotaShare)
	}
	if got := c.Problem(c.RulePositions["CAP-02"], "no such rule", "did you mean CAP-01?").String(); got !=
		"testdata/valid/anchors.yml:34:14: no such rule (did you mean CAP-01?)" {
		t.Error(got)
	}
}

func TestWaiversHoldThroughTheirLastDay(t *testing.T) {
	src := []byte(strings.Replace(minimal, "release:",
		"drift: {accept: [{resource: a/B, property: \"*\", reason: x, until: 2026-11-22}]}\nrelease:", 1))
	last := time.Date(2026, 11, 22, 23, 59, 59, 0, time.UTC)
	holds := func(at time.Time) bool {
		c, err := Parse(src, "f", at)
		if err != nil {
			t.Fatal(err)
		}
		return len(c.Accept) == 1 && len(c.Expired) == 0
	}
	if !holds(last) {
		t.Error("it does not hold on its last day")
	}
	if holds(last.Add(time.Second)) {
		t.Error("the day after it still holds")
	}
	elsewhere := time.FixedZone("west", -8*3600)
	if holds(last.Add(time.Second).In(elsewhere)) {
		t.Error("the day is that of UTC, not of the caller")
	}
}

func TestWarningsStopNothing(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{
			"unknown Region with a near one", "us-west-2", "us-weast-2",
			"lockstep.yml:6:3: Region us-weast-2 is not one this version knows (did you mean us-east-2?)",
		},
		{
			"unknown Region far from all", "us-west-2", "qq-nowhere-7",
			"lockstep.yml:6:3: Region qq-nowhere-7 is not one this version knows (check the code; a new Region is fine)",
		},
		{
			"waiver for more than a year", "release:",
			"drift: {accept: [{resource: a/B, property: C, reason: x, until: 2028-01-01}]}\nrelease:",
			"lockstep.yml:7:65: drift.accept[0] holds until 2028-01-01, more than a year (choose a day within a year, so that somebody looks again)",
		},
		{
			"waiver for the primary", "release:",
			"gate: {waivers: [{rule: CFG-03, reason: x, until: 2027-01-01, region: us-east-1}]}\nrelease:",
			"lockstep.yml:7:71: gate.waivers[0] never matches: differences are reported on the Regions compared with us-east-1 (name a standby, or remove region)",
		},
		{
			"one bucket for all Regions", "infra/app.yaml", "infra/app.yaml\n      bucket: cfn",
			"lockstep.yml:11:15: release[0].cloudformation.bucket cfn serves us-east-1 and us-west-2: the loss of its Region stops deploys to the other (name a bucket in each Region)",
		},
		{"a year to the day is no warning", "release:", "drift: {accept: [{resource: a/B, property: C, reason: x, until: 2027-11-22}]}\nrelease:", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := parsed(t, test.old, test.new)
			var have []string
			for _, w := range c.Warnings {
				have = append(have, w.String())
			}
			if got := strings.Join(have, "\n"); got != test.want {
				t.Errorf("\nhave %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestHowAReleaseIsDeployed(t *testing.T) {
	c := parsed(t, "release:", `deploy:
  strategy: waves
  waves: [[us-west-2], [us-east-1]]
  bake: 10m
  commit: barrier
  barrier-timeout: 30m
  alarms: [b, a, b]
  freeze: {until: 2026-12-27, reason: holidays}
  refuse: [irreversible, asymmetric]
  windows: ["Mon-Thu 08:00-16:00 Europe/Berlin"]
  verify:
    - http: {url: {us-east-1: "https://a/z", us-west-2: "https://b/z"}, expect: 204, headers: {X-A: 1}}
    - lambda: {function: smoke, expect: ok}
    - command: [./smoke.sh, 1]
release:`)
	d := c.Deploy
	if d.Strategy != "waves" || len(d.Waves) != 2 || d.Waves[0][0] != "us-west-2" || d.Bake != 10*time.Minute ||
		d.Commit != "barrier" || d.BarrierTimeout != 30*time.Minute {
		t.Errorf("%+v", d)
	}
	if diff := cmp.Diff(map[string][]string{"us-east-1": {"a", "b"}, "us-west-2": {"a", "b"}}, d.Alarms); diff != "" {
		t.Error(diff)
	}
	if want := time.Date(2026, 12, 28, 0, 0, 0, 0, time.UTC); !d.Freeze.Until.Equal(want) || d.Freeze.Reason != "holidays" {
		t.Errorf("freeze %+v", d.Freeze)
	}
	if len(d.Refuse) != 2 || d.Refuse[1] != "asymmetric" {
		t.Errorf("refuse %v", d.Refuse)
	}
	if len(d.Windows) != 1 || d.Windows[0].String() != "Mon-Thu 08:00-16:00 Europe/Berlin" {
		t.Errorf("windows %v", d.Windows)
	}
	for i := range d.Verify {
		d.Verify[i].Pos = Position{}
	}
	want := []Hook{
		{HTTP: &HTTPHook{URL: map[string]string{"us-east-1": "https://a/z", "us-west-2": "https://b/z"}, Status: 204, Headers: map[string]string{"X-A": "1"}, Timeout: 2 * time.Minute}},
		{Lambda: &LambdaHook{Function: map[string]string{"us-east-1": "smoke", "us-west-2": "smoke"}, Payload: "{}", Contains: "ok"}},
		{Command: []string{"./smoke.sh", "1"}},
	}
	if diff := cmp.Diff(want, d.Verify); diff != "" {
		t.Error(diff)
	}
}

func TestWhatMakesADeploySafeInNameOnlyIsAWarning(t *testing.T) {
	for deploy, words := range map[string]string{
		"{alarms: [a]}": "nobody waits for them",
		"{verify: [{http: {url: \"https://a\"}}]}":   "cannot tell which of them answers",
		"{freeze: {until: 2026-11-20, reason: old}}": "deploy.freeze ended 2 days ago",
		"{bake: 10m, alarms: [a]}":                   "",
	} {
		c := parsed(t, "release:", "deploy: "+deploy+"\nrelease:")
		if got := strings.Join(warnings(c), "\n"); !strings.Contains(got, words) || (words == "") != (got == "") {
			t.Errorf("%s: warnings %q, want %q", deploy, got, words)
		}
	}
}

func warnings(c *Config) []string {
	var all []string
	for _, w := range c.Warnings {
		all = append(all, w.String())
	}
	return all
}
