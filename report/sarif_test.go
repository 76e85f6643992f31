package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/lockstep-dr/lockstep/drift"
)

func sarifOf(t *testing.T, r Report) *sarif.Report {
	t.Helper()
	var b bytes.Buffer
	if err := SARIF(&b, r); err != nil {
		t.Fatal(err)
	}
	log := &sarif.Report{}
	if err := json.Unmarshal(b.Bytes(), log); err != nil {
		t.Fatal(err)
	}
	return log
}

func TestEveryReportIsSARIFBySARIFsOwnSchema(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			log := sarifOf(t, r)
			if err := log.Validate(); err != nil {
				t.Fatal(err)
			}
			run, seen := log.Runs[0], map[string]bool{}
			for _, result := range run.Results {
				rule := run.Tool.Driver.Rules[result.RuleIndex]
				if *rule.ID != *result.RuleID || rule.Help == nil || *rule.Help.Text == "" {
					t.Errorf("result of %s points to rule %s", *result.RuleID, *rule.ID)
				}
				if print := result.PartialFingerprints[fingerprint]; print == "" || seen[print] {
					t.Errorf("%s: fingerprint %q is empty or not its own", *result.RuleID, print)
				} else {
					seen[print] = true
				}
				if len(result.Locations) != 1 && r.Config != "" {
					t.Errorf("%s points nowhere", *result.RuleID)
				}
				if strings.ContainsAny(*result.Message.Text, "\x1b\x07") || strings.Contains(*result.Message.Text, "](") {
					t.Errorf("%q", *result.Message.Text)
				}
			}
		})
	}
}

func TestASARIFResultSaysWhereHowBadAndWhatWasAccepted(t *testing.T) {
	r := driftReport()
	r.Findings = r.Findings[:2]
	r.Gaps = nil
	r.Findings[0].Severity, r.Findings[0].Location = drift.Block, &drift.Location{File: "infra/an app.yaml", Line: 41, Column: 7}
	until := day("2027-03-31")
	r.Findings[1].Severity, r.Findings[1].Location = drift.Info, nil
	r.Findings[1].Waived = &drift.Waiver{Resource: r.Findings[1].Resource, Reason: "cheaper", Until: until}
	results := sarifOf(t, r).Runs[0].Results
	if len(results) != 2 {
		t.Fatalf("%d results", len(results))
	}
	first, second := results[0], results[1]
	place := first.Locations[0].PhysicalLocation
	if first.Level != "error" || *place.ArtifactLocation.URI != "infra/an%20app.yaml" || *place.Region.StartLine != 41 || *place.Region.StartColumn != 7 || len(first.Suppressions) != 0 {
		t.Errorf("%s %s %d %v", first.Level, *place.ArtifactLocation.URI, *place.Region.StartLine, first.Suppressions)
	}
	if second.Level != "note" || len(second.Suppressions) != 1 || *second.Suppressions[0].Status != "accepted" || !strings.Contains(*second.Suppressions[0].Justification, "cheaper (until 2027-03-31)") {
		t.Errorf("%s %+v", second.Level, second.Suppressions)
	}
	if *second.Locations[0].PhysicalLocation.ArtifactLocation.URI != ".github/lockstep.yml" {
		t.Error(*second.Locations[0].PhysicalLocation.ArtifactLocation.URI)
	}
}

// An alert stays the same alert while its values change.
func TestAFingerprintHoldsNoValues(t *testing.T) {
	one, two := driftReport(), driftReport()
	two.EvaluatedAt = two.EvaluatedAt.AddDate(0, 0, 1)
	for i := range two.Findings {
		two.Findings[i].Standby, two.Findings[i].Message = "something else", "other words"
	}
	before, after := sarifOf(t, one).Runs[0].Results, sarifOf(t, two).Runs[0].Results
	for i := range before {
		if before[i].PartialFingerprints[fingerprint] != after[i].PartialFingerprints[fingerprint] {
			t.Errorf("%s changed its fingerprint", *before[i].RuleID)
		}
	}
}

// Code scanning refuses a file that is too large as a whole: what blocks is kept,
// what does not is left out and counted.
func TestTooManyResultsAreCutFromTheLeast(t *testing.T) {
	r := driftReport()
	r.Gaps = nil
	one := r.Findings[0]
	one.Waived, r.Findings = nil, nil
	for i := range resultLimit + 10 {
		f := one
		f.Resource, f.Severity = fmt.Sprint("a/", i), drift.Info
		switch {
		case i >= resultLimit: // last of all
			f.Severity = drift.Block
		case i < 5:
			f.Severity, f.Waived = drift.Block, &drift.Waiver{Reason: "cheaper", Until: day("2027-03-31")}
		}
		r.Findings = append(r.Findings, f)
	}
	results := sarifOf(t, r).Runs[0].Results
	if len(results) != resultLimit {
		t.Fatalf("%d results", len(results))
	}
	errors := 0
	for _, result := range results {
		if len(result.Suppressions) > 0 {
			t.Fatal("what is accepted is kept, and what is not is left out")
		}
		if result.Level == "error" {
			errors++
		}
	}
	last := results[len(results)-1]
	if errors != 11 || *last.RuleID != "lockstep/left-out" || !strings.HasPrefix(*last.Message.Text, "11 results are left out") {
		t.Errorf("%d errors; %s: %s", errors, *last.RuleID, *last.Message.Text)
	}
}

func TestDescriptionsOfRulesFit(t *testing.T) {
	for name, size := range map[string]int{"short": 10, "as long as may be": descriptionLimit, "too long": 3 * descriptionLimit} {
		if got := utf8.RuneCountInString(described(strings.Repeat("é", size))); got != min(size, descriptionLimit) {
			t.Errorf("%s: %d characters", name, got)
		}
	}
}
