package report

import (
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

func both(t *testing.T, r Report) map[string]string {
	t.Helper()
	var text, page strings.Builder
	if err := Text(&text, r, TextOptions{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&page, r, MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	return map[string]string{"text": text.String(), "markdown": page.String()}
}

func threeRegions() []Region {
	return []Region{{Name: "eu-west-1", Role: topology.Primary}, {Name: "eu-central-1", Role: topology.Standby}, {Name: "eu-north-1", Role: topology.Standby}}
}

func TestTheHeadlineNamesOnlyTheRegionsThatDiffer(t *testing.T) {
	find := func(region string, severity drift.Severity, waived *drift.Waiver) drift.Finding {
		return drift.Finding{Resource: "app/Q", Type: "AWS::SQS::Queue", Property: "DelaySeconds", Region: region, Severity: severity, Waived: waived}
	}
	other := find("eu-north-1", drift.Block, &drift.Waiver{})
	other.Resource = "app/R"
	r := Report{Command: "drift", Regions: threeRegions(), Coverage: drift.Coverage{Pairs: 2, Compared: 2}, Findings: []drift.Finding{
		find("eu-central-1", drift.Warn, nil), find("eu-central-1", drift.Info, nil), other}}
	want := "Drift: eu-central-1 differs from eu-west-1 in 2 places: 1 warning, 1 cosmetic, 1 waived. 2 of 2 pairs compared."
	if have := Headline(r); have != want {
		t.Errorf("headline is\n%s\nwant\n%s", have, want)
	}
	r.Findings = append(r.Findings, find("eu-north-1", drift.Warn, nil))
	if have := Headline(r); !strings.Contains(have, "eu-central-1 and eu-north-1 differ from") {
		t.Errorf("headline does not name both: %s", have)
	}
}

func TestADifferenceThatSeveralRegionsHaveCountsOnce(t *testing.T) {
	find := func(region string, waived *drift.Waiver) drift.Finding {
		return drift.Finding{Resource: "app/Q", Type: "AWS::SQS::Queue", Property: "DelaySeconds", Region: region, Severity: drift.Warn, Waived: waived}
	}
	tests := []struct {
		name     string
		findings []drift.Finding
		want     Counts
	}{
		{"in both Regions", []drift.Finding{find("eu-central-1", nil), find("eu-north-1", nil)}, Counts{Warnings: 1}},
		{"accepted in one of them", []drift.Finding{find("eu-central-1", &drift.Waiver{}), find("eu-north-1", nil)}, Counts{Warnings: 1}},
		{"accepted in both", []drift.Finding{find("eu-central-1", &drift.Waiver{}), find("eu-north-1", &drift.Waiver{})}, Counts{Waived: 1}},
		{"twice in one Region", []drift.Finding{find("eu-central-1", nil), find("eu-central-1", nil)}, Counts{Warnings: 2}},
	}
	for _, test := range tests {
		r := Report{Command: "drift", Regions: threeRegions(), Coverage: drift.Coverage{Pairs: 2, Compared: 2}, Findings: test.findings}
		if have := Count(r); have != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, have, test.want)
		}
		if want := test.want.Warnings; Differences(r) != want {
			t.Errorf("%s: %d differences, want %d", test.name, Differences(r), want)
		}
	}
}

func TestRulesThatCannotBeJudgedForOneReasonStandTogether(t *testing.T) {
	check := func(rule, region, evidence string, status readiness.Status) readiness.Check {
		return readiness.Check{Rule: rule, Title: "Title of " + rule, Region: region, Severity: drift.Block, Status: status, Evidence: evidence, Fix: "look"}
	}
	r := Report{Command: "gate", Verdict: readiness.Unknown, Regions: threeRegions(), Checks: []readiness.Check{
		check("CFG-02", "eu-central-1", "nothing was read", readiness.Undetermined), check("CFG-02", "eu-north-1", "nothing was read", readiness.Undetermined),
		check("COVERAGE", "eu-central-1", "nothing was read", readiness.Undetermined), check("SEC-03", "eu-central-1", "another reason", readiness.Undetermined)}}
	for format, out := range both(t, r) {
		if n := strings.Count(out, "nothing was read"); n != 2 {
			t.Errorf("%s says the reason %d times, want once for each Region:\n%s", format, n, out)
		}
		if !strings.Contains(out, "CFG-02, COVERAGE") || !strings.Contains(out, "(4)") {
			t.Errorf("%s does not name both rules or loses count:\n%s", format, out)
		}
	}
	for i := range r.Checks {
		r.Checks[i].Status = readiness.Fail
	}
	for format, out := range both(t, r) {
		if strings.Contains(out, "CFG-02, COVERAGE") {
			t.Errorf("%s folds failures, of which each has its own consequence:\n%s", format, out)
		}
	}
}

func TestALongRuleIDIsSetOff(t *testing.T) {
	r := Report{Command: "gate", Verdict: readiness.Unknown, Regions: threeRegions(), Checks: []readiness.Check{
		{Rule: "COVERAGE", Region: "eu-north-1", Severity: drift.Block, Status: readiness.Undetermined, Evidence: "x"},
		{Rule: "A-VERY-LONG-RULE", Region: "eu-north-1", Severity: drift.Block, Status: readiness.Undetermined, Evidence: "y"}}}
	out := both(t, r)["text"]
	for _, want := range []string{"COVERAGE  in eu-north-1", "A-VERY-LONG-RULE: in eu-north-1"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestMuchAdviceOfOneKindIsCounted(t *testing.T) {
	r := Report{Command: "gate", Verdict: readiness.NotReady, Regions: threeRegions(), Checks: []readiness.Check{
		{Rule: "CFG-02", Region: "eu-north-1", Severity: drift.Block, Status: readiness.Fail, Evidence: "x", Fix: "fix a\nfix b\nfix c\nfix d\nfix e"}}}
	for format, out := range both(t, r) {
		if !strings.Contains(out, "Fix c.") || strings.Contains(out, "Fix d.") || !strings.Contains(out, "And 2 more of the kind.") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

func TestAPlanThatWaitsIsNotAPlanWithoutChanges(t *testing.T) {
	target := func(name, detail string) deploy.TargetResult {
		return deploy.TargetResult{Target: name, Detail: detail}
	}
	r := Report{Command: "plan", Deploy: &deploy.Result{Outcome: deploy.Planned, Regions: []deploy.RegionResult{
		{Region: "eu-west-1", Targets: []deploy.TargetResult{target("data", ""), target("app", "takes data.Table")}}}}}
	if have := Headline(r); strings.Contains(have, "No changes") || !strings.Contains(have, "What app would change is not known yet.") {
		t.Errorf("headline: %s", have)
	}
	for format, out := range both(t, r) {
		if !strings.Contains(out, "0 changes") || !strings.Contains(out, "not known yet") || !strings.Contains(out, "app takes outputs of a stack before it") {
			t.Errorf("%s:\n%s", format, out)
		}
	}
}

func TestAStackThatOnlySomeRegionsCreateIsNamed(t *testing.T) {
	r := Report{Command: "deploy", Deploy: &deploy.Result{Outcome: deploy.Done, Regions: []deploy.RegionResult{{Region: "eu-west-1"}},
		Asymmetries: []deploy.Asymmetry{{Target: "app", Type: "cloudformation", Action: "create", In: []string{"eu-north-1"}, NotIn: []string{"eu-west-1"}}}}}
	if out := both(t, r)["text"]; !strings.Contains(out, "create app (cloudformation) in eu-north-1") {
		t.Errorf("the stack is not named:\n%s", out)
	}
	if list := Annotations(r); len(list) != 1 || !strings.Contains(list[0].Message, "create of app (cloudformation)") {
		t.Errorf("the annotation does not name the stack: %+v", list)
	}
}
