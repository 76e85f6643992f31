package drift

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

func TestCapacityIsJudgedByFloorAndCeiling(t *testing.T) {
	tests := []struct {
		name             string
		typeName, where  string
		primary, standby any
		floor, ceiling   float64
		severity         Severity // "" for no finding
	}{
		{"nothing is required without a floor", "AWS::ECS::Service", "DesiredCount", 8.0, 0.0, 0, 0, ""},
		{"the floor is met", "AWS::ECS::Service", "DesiredCount", 8.0, 2.0, 0.25, 1, ""},
		{"a share is rounded up", "AWS::ECS::Service", "DesiredCount", 5.0, 1.0, 0.25, 1, Block},
		{"the floor is missed", "AWS::ECS::Service", "DesiredCount", 8.0, 1.0, 0.25, 1, Block},
		{"a larger standby is no fault", "AWS::ECS::Service", "DesiredCount", 1.0, 9.0, 1, 1, ""},
		{"an undeclared ceiling is all of it", "AWS::AutoScaling::AutoScalingGroup", "MaxSize", 8.0, 7.0, 0, 0, Block},
		{"a smaller maximum within the ceiling is worth a line", "AWS::AutoScaling::AutoScalingGroup", "MaxSize", 8.0, 4.0, 0, 0.5, Info},
		{"a maximum below the ceiling blocks", "AWS::AutoScaling::AutoScalingGroup", "MaxSize", 8.0, 3.0, 0, 0.5, Block},
		{"numbers in quotes", "AWS::AutoScaling::AutoScalingGroup", "MaxSize", "8", "10", 0, 1, ""},
		{"numbers in quotes are not compared as text", "AWS::AutoScaling::AutoScalingGroup", "MaxSize", "10", "9", 0, 1, Block},
		{"no reserve where the primary has one", "AWS::Lambda::Function", "ReservedConcurrentExecutions", 8.0, nil, 0, 1, Warn},
		{"a limit where the primary has none", "AWS::Lambda::Function", "ReservedConcurrentExecutions", nil, 8.0, 0, 1, Block},
		{"a limit of nothing lets nothing through", "AWS::ApiGatewayV2::Stage", "DefaultRouteSettings", props{"ThrottlingRateLimit": 100.0}, props{"ThrottlingRateLimit": 0.0}, 0, 1, Block},
		{"a limit of nothing where the primary has none", "AWS::ApiGatewayV2::Stage", "DefaultRouteSettings", props{"DetailedMetricsEnabled": true}, props{"DetailedMetricsEnabled": true, "ThrottlingRateLimit": 0.0}, 0, 1, Block},
		{"a lower limit is worth a look", "AWS::ApiGatewayV2::Stage", "DefaultRouteSettings", props{"ThrottlingRateLimit": 100.0}, props{"ThrottlingRateLimit": 90.0}, 0, 1, Warn},
		{"a limit of nothing in the primary alone", "AWS::ApiGatewayV2::Stage", "DefaultRouteSettings", props{"ThrottlingRateLimit": 0.0}, props{"ThrottlingRateLimit": 90.0}, 0, 1, ""},
		{"what is no number is compared as it is", "AWS::ECS::Service", "DesiredCount", "many", "few", 0.25, 1, Block},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			one := func(p testPlace, v any) *Snapshot {
				properties := props{"CodeSha256": "aa"}
				if v != nil {
					properties[test.where] = v
				}
				return lonely(p, test.typeName, properties)
			}
			o := options
			o.Objectives = topology.Objectives{Floor: test.floor, Ceiling: test.ceiling}
			c := Compare(one(east, test.primary), one(west, test.standby), o)
			have := Severity("")
			if len(c.Findings) > 0 {
				have = c.Findings[0].Severity
			}
			if have != test.severity || len(c.Findings) > 1 {
				t.Errorf("want %q, have:%s", test.severity, show(c.Findings))
			}
		})
	}
}

func TestWaiversAcceptWhatTheyNameUntilTheirLastDay(t *testing.T) {
	until, err := ParseDate("2026-11-22")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		waiver Waiver
		at     string
		waived bool
	}{
		{"the property itself", Waiver{Resource: "payments/Fn", Property: "Environment.Variables.LOG_LEVEL"}, "2026-11-22T23:59:59Z", true},
		{"what lies above it", Waiver{Resource: "payments/Fn", Property: "Environment"}, "2026-11-22T12:00:00Z", true},
		{"everything", Waiver{Resource: "payments/*", Property: "*"}, "2026-11-22T12:00:00Z", true},
		{"no property named", Waiver{Resource: "payments/F?"}, "2026-11-22T12:00:00Z", true},
		{"its Region", Waiver{Resource: "payments/Fn", Region: "us-west-2"}, "2026-11-22T12:00:00Z", true},
		{"another Region", Waiver{Resource: "payments/Fn", Region: "eu-west-1"}, "2026-11-22T12:00:00Z", false},
		{"the day after", Waiver{Resource: "payments/Fn"}, "2026-11-23T00:00:00Z", false},
		{"a name that only begins alike", Waiver{Resource: "payments/Fn", Property: "Environment.Variables.LOG"}, "2026-11-22T12:00:00Z", false},
		{"another resource", Waiver{Resource: "payments/Queue"}, "2026-11-22T12:00:00Z", false},
		{"a pattern that is none", Waiver{Resource: "payments/[", Property: "*"}, "2026-11-22T12:00:00Z", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			standby := payments(west)
			set("Fn", "Environment.Variables.LOG_LEVEL", "debug")(standby)
			o := options
			test.waiver.Until, test.waiver.Reason = until, "because"
			o.Accept = []Waiver{test.waiver}
			if o.Now, err = time.Parse(time.RFC3339, test.at); err != nil {
				t.Fatal(err)
			}
			c := Compare(payments(east), standby, o)
			if len(c.Findings) != 1 || len(c.Waivers) != 1 {
				t.Fatalf("a waiver hid or lost something: %d findings, %d waivers", len(c.Findings), len(c.Waivers))
			}
			if got := c.Findings[0].Waived != nil; got != test.waived || c.Waivers[0].Matched != test.waived {
				t.Errorf("waived %v, matched %v, want %v", got, c.Waivers[0].Matched, test.waived)
			}
		})
	}
}

func TestAMissingResourceIsExplainedByTheStandbysTemplate(t *testing.T) {
	resources := func(s *Snapshot) map[string]any {
		return s.Stacks[0].Template.(map[string]any)["Resources"].(map[string]any)
	}
	tests := []struct {
		name   string
		change func(*Snapshot)
		cause  Cause
		says   string
	}{
		{"declared there", func(*Snapshot) {}, OutOfBand, "deleted by hand"},
		{"not declared there", func(s *Snapshot) { delete(resources(s), "Topic") }, Declared, "missing in us-west-2"},
		{"declared under a condition", func(s *Snapshot) { resources(s)["Topic"] = map[string]any{"Condition": "IsPrimary"} }, Unknown, "missing"},
		{"in a release not yet there", func(s *Snapshot) {
			delete(resources(s), "Topic")
			s.Release = &Release{ID: "r-older"}
		}, NotYetDeployed, "missing"},
		{"no template read", func(s *Snapshot) { s.Stacks[0].Template = nil }, Unknown, "missing"},
		{"said to be gone", func(s *Snapshot) {
			s.Stacks[0].Template = nil
			s.Facts = append(s.Facts, Fact{Kind: FactGone, Subject: "payments/Topic", Value: map[string]any{"PhysicalId": "x"}})
		}, OutOfBand, "deleted by hand"},
		{"only a plan there", func(s *Snapshot) { s.Stacks[0].Status, s.Stacks[0].Template = "REVIEW_IN_PROGRESS", nil }, NotYetDeployed, "the whole stack payments does not exist"},
		{"no stack there", func(s *Snapshot) { s.Stacks[0].Status, s.Stacks[0].ID, s.Stacks[0].Template = "", "", nil }, NotYetDeployed, "the whole stack payments does not exist"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			standby := payments(west)
			without("Topic")(standby)
			test.change(standby)
			c := Compare(payments(east), standby, options)
			i := slices.IndexFunc(c.Findings, func(f Finding) bool { return f.Property == "" })
			if i < 0 || len(c.Findings) != 1 {
				t.Fatalf("want the missing topic alone:%s", show(c.Findings))
			}
			f := c.Findings[i]
			if f.Cause != test.cause || !strings.Contains(f.Message, test.says) || f.Standby != nil || f.Primary == nil {
				t.Errorf("want cause %s and %q, have:%s", test.cause, test.says, show(c.Findings))
			}
		})
	}
}

func TestAKeyUsedTwiceIsLeftUnpairedAndReported(t *testing.T) {
	standby := payments(west)
	standby.Resources = append(standby.Resources, *find(standby, "Queue"))
	c := Compare(payments(east), standby, options)
	if len(c.Findings) > 0 || c.Coverage.NotCompared != 1 || len(c.Gaps) != 1 || c.Gaps[0].Reason != "Ambiguous" {
		t.Errorf("%+v %+v%s", c.Coverage, c.Gaps, show(c.Findings))
	}
}

// Ids from outside of the application are other ones in every Region. What
// counts is that each always stands beside the same sibling.
func TestIdsFromOutsideMustBelongTogether(t *testing.T) {
	group := func(vpcs ...string) *Snapshot {
		p := east
		if len(vpcs) > 0 && strings.HasPrefix(vpcs[0], "vpc-2") {
			p = west
		}
		s := lonely(p, "AWS::CloudFormation::WaitCondition", nil)
		for i, vpc := range vpcs {
			s.Resources = append(s.Resources, Resource{Key: "s/G" + string(rune('A'+i)), Type: "AWS::Lambda::Function", ID: p.generated("G" + string(rune('A'+i))),
				Properties: props{"CodeSha256": "aa", "KmsKeyArn": vpc}})
		}
		return s
	}
	const a1, b1, a2, b2 = "vpc-1aaaaaaaaaaaaaaaa", "vpc-1bbbbbbbbbbbbbbbb", "vpc-2aaaaaaaaaaaaaaaa", "vpc-2bbbbbbbbbbbbbbbb"
	for _, test := range []struct {
		name        string
		left, right *Snapshot
		findings    int
	}{
		{"each beside its own, more than once", group(a1, a1, b1, b1), group(a2, a2, b2, b2), 0},
		{"one that breaks the rule", group(a1, a1, a1), group(a2, a2, b2), 3},
		{"one alone proves nothing", group(a1), group(a2), 1},
	} {
		if c := Compare(test.left, test.right, options); len(c.Findings) != test.findings {
			t.Errorf("%s: want %d findings, have:%s", test.name, test.findings, show(c.Findings))
		}
	}
	declared := func(s *Snapshot, live, template string) *Snapshot {
		s.Resources[1].Properties["KmsKeyArn"] = live
		s.Resources[1].Declared = props{"KmsKeyArn": template}
		return s
	}
	if c := Compare(declared(group(a1), a1, a1), declared(group(a2), a2, a2), options); len(c.Findings) > 0 {
		t.Errorf("both templates say so:%s", show(c.Findings))
	}
	c := Compare(declared(group(a1), a1, a1), declared(group(a2), b2, a2), options)
	if len(c.Findings) != 1 || c.Findings[0].Cause != OutOfBand || c.Findings[0].ChangedIn != "us-west-2" {
		t.Errorf("the standby's is not what its template says:%s", show(c.Findings))
	}
}

func TestNoSnapshotIsNotEquality(t *testing.T) {
	for _, c := range []Comparison{Compare(nil, payments(west), options), Compare(payments(east), nil, options), Compare(nil, nil, options)} {
		if len(c.Gaps) == 0 || c.Coverage.Compared > 0 {
			t.Errorf("nothing was compared and nothing says so: %+v", c)
		}
	}
}

func TestCodeThatWasNotReadIsAGap(t *testing.T) {
	for _, where := range [][]string{{"east"}, {"west"}, {"east", "west"}} {
		primary, standby := payments(east), payments(west)
		if slices.Contains(where, "east") {
			set("Fn", "CodeSha256", nil)(primary)
		}
		if slices.Contains(where, "west") {
			set("Fn", "CodeSha256", nil)(standby)
		}
		c := Compare(primary, standby, options)
		if len(c.Findings) > 0 || len(c.Gaps) != len(where) {
			t.Errorf("%v: %+v%s", where, c.Gaps, show(c.Findings))
		}
	}
	primary, standby := payments(east), payments(west)
	standby.Facts = nil
	if c := Compare(primary, standby, options); len(c.Findings) > 0 || len(c.Gaps) != 1 || c.Gaps[0].Fact != FactLambdaAlias {
		t.Errorf("alias without content: %+v%s", c.Gaps, show(c.Findings))
	}
}

func TestAPropertyThatWasNotReadIsNoDifference(t *testing.T) {
	standby := payments(west)
	set("Nightly", "Targets", nil)(standby)
	set("Nightly", "ScheduleExpression", "rate(9 days)")(standby)
	standby.Gaps = []Gap{{Region: "us-west-2", Resource: "payments/Nightly", Property: "Targets", Operation: "events:ListTargetsByRule", Reason: "AccessDenied"}}
	c := Compare(payments(east), standby, options)
	if len(c.Findings) != 1 || c.Findings[0].Property != "ScheduleExpression" || len(c.Gaps) != 1 {
		t.Errorf("%+v%s", c.Gaps, show(c.Findings))
	}
}

func TestTheTableOfRulesIsSound(t *testing.T) {
	relations := []Relation{Equal, AtLeast, Superset, Present, MayBeOff, ReplicaShape, Ignore}
	seen := map[string]bool{}
	for _, r := range Rules() {
		at := r.Type + " " + r.Property
		if seen[at] {
			t.Errorf("%s is listed twice", at)
		}
		seen[at] = true
		if !slices.Contains(relations, r.Relation) {
			t.Errorf("%s has relation %q", at, r.Relation)
		}
		if silent := r.Relation == Ignore || r.Relation == ReplicaShape; !silent && !slices.Contains(Severities(), r.Severity) {
			t.Errorf("%s has severity %q", at, r.Severity)
		}
	}
	for _, list := range [][]string{globalTypes, silentTypes, sideTypes, randomRefs} {
		if !slices.IsSorted(list) {
			t.Errorf("a table that is searched by halves is not sorted: %v", list)
		}
	}
}
