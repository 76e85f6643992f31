package report

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// named is a sample as the report of an application of its own.
func named(app string, r Report) Report {
	r.App = app
	return r
}

func summarySample() Summary {
	drifted := named("orders", driftThree())
	drifted.RunURL = "https://github.com/acme/orders/actions/runs/7"
	s := Merge([]Application{
		Summarise("reports/payments.json", named("payments", gateReady()), Passed),
		Summarise("reports/shop.json", named("shop", gateNotReady()), Failed),
		Summarise("reports/billing.json", named("billing", gateUnknown()), Undetermined),
		Summarise("reports/orders.json", drifted, Failed),
		Summarise("reports/stock.json", named("stock", deployInDoubt()), InDoubt),
		WithoutReport("returns"),
	}, evaluated)
	s.Version, s.RunURL = "v1.0.0", "https://github.com/acme/fleet/actions/runs/42"
	return s
}

func summaryText(t *testing.T, s Summary, opt TextOptions) string {
	t.Helper()
	var b strings.Builder
	if err := SummaryText(&b, s, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func summaryHTML(t *testing.T, s Summary) string {
	t.Helper()
	var b strings.Builder
	if err := SummaryHTML(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGoldenSummary(t *testing.T) {
	s := summarySample()
	var js bytes.Buffer
	if err := SummaryJSON(&js, s); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.json", js.Bytes())
	golden(t, "summary.txt", []byte(summaryText(t, s, TextOptions{})))
	golden(t, "summary.md", []byte(renderSummary(s, MarkdownOptions{}, full)))
	golden(t, "summary.html", []byte(bodyOf(summaryHTML(t, s))))
}

func TestASummaryStandsAsItsWorstDoes(t *testing.T) {
	of := func(list ...Standing) []Application {
		var applications []Application
		for i, s := range list {
			applications = append(applications, Summarise("x.json", named(fmt.Sprintf("app%d", i), gateReady()), s))
		}
		return applications
	}
	for _, test := range []struct {
		name string
		have []Application
		want Standing
	}{
		{"of nothing nothing is known", nil, Undetermined},
		{"all passed", of(Passed, Passed), Passed},
		{"what is unknown has not passed", of(Passed, Undetermined), Undetermined},
		{"a no is certain, whatever else is unknown", of(Undetermined, Failed, Passed), Failed},
		{"Regions that differ are worse than anything", of(Failed, InDoubt, Passed, Undetermined), InDoubt},
		{"a standing that nobody knows is worse still", of(InDoubt, Standing("fine")), Standing("fine")},
		{"a report that is missing", append(of(Passed), WithoutReport("b")), Undetermined},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := Merge(test.have, evaluated)
			if s.Standing != test.want {
				t.Errorf("%q, want %q", s.Standing, test.want)
			}
			if h := s.headline(); (h.mood == good) != (test.want == Passed) {
				t.Errorf("%q looks good: %v", h.words, h.mood == good)
			}
			slices.Reverse(test.have)
			if again := Merge(test.have, evaluated); again.Standing != s.Standing || renderSummary(again, MarkdownOptions{}, full) != renderSummary(s, MarkdownOptions{}, full) {
				t.Error("the order of the reports changes the summary")
			}
		})
	}
}

func TestASummaryFitsItsSchema(t *testing.T) {
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, text := range map[string][]byte{"urn:lockstep:report:v1": JSONSchema(), "urn:lockstep:summary:v1": SummaryJSONSchema()} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource(name, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("urn:lockstep:summary:v1")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []Summary{summarySample(), Merge(nil, evaluated)} {
		var js bytes.Buffer
		if err := SummaryJSON(&js, s); err != nil {
			t.Fatal(err)
		}
		instance, err := jsonschema.UnmarshalJSON(&js)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(instance); err != nil {
			t.Error(err)
		}
	}
	if schema.Validate(map[string]any{"schema": SummarySchema, "merged_at": "2026-11-22T18:00:00Z", "standing": "fine", "applications": []any{}}) == nil {
		t.Error("a standing that is none was accepted")
	}
}

// TestASummaryFitsTheLimit: the table is whole whatever is left out.
func TestASummaryFitsTheLimit(t *testing.T) {
	var many []Application
	for i := range 200 {
		many = append(many, Summarise("x.json", named(fmt.Sprintf("app-%03d", i), gateNotReady()), Failed))
	}
	s := Merge(many, evaluated)
	whole := renderSummary(s, MarkdownOptions{}, full)
	for _, limit := range []int{len(whole), len(whole) - 1, len(whole) / 3, 40_000} {
		var b strings.Builder
		if err := SummaryMarkdown(&b, s, MarkdownOptions{Limit: limit, FullReport: "https://example.com/run"}); err != nil {
			t.Fatal(err)
		}
		if b.Len() > limit || strings.Count(b.String(), "| ❌ Not ready |") != len(many) {
			t.Errorf("limit %d: %d bytes, %d applications", limit, b.Len(), strings.Count(b.String(), "| ❌ Not ready |"))
		}
		if limit < len(whole) && !strings.Contains(b.String(), "shortened") {
			t.Errorf("limit %d: nothing says that it was shortened", limit)
		}
	}
	if err := SummaryMarkdown(&strings.Builder{}, s, MarkdownOptions{Limit: 1000}); err == nil {
		t.Error("what does not fit was cut off in silence")
	}
}

func TestHostileTextAchievesNothingInASummary(t *testing.T) {
	for _, bad := range []string{nasty, `"><img src=x onerror=alert(1)>`, "</script><script>alert(1)</script>", "a|b\n::error::x", "##[error]", "\u202e", "@team `x", "javascript:alert(1)", "</details>"} {
		r := poisoned(bad)
		r.App, r.RunURL, r.Notices = bad, bad, []string{bad}
		missing := WithoutReport(bad)
		s := Merge([]Application{Summarise(bad, r, Failed), Summarise(bad, r, InDoubt), missing}, evaluated)
		s.RunURL, s.Version = bad, bad
		if problem := markdownProblem(renderSummary(s, MarkdownOptions{}, full), ""); problem != "" {
			t.Errorf("%q: Markdown: %s", bad, problem)
		}
		if problem := lineProblem(summaryText(t, s, TextOptions{})); problem != "" {
			t.Errorf("%q: text: %s", bad, problem)
		}
		if problem := pageProblem(bodyOf(summaryHTML(t, s))); problem != "" {
			t.Errorf("%q: HTML: %s", bad, problem)
		}
		var js bytes.Buffer
		if err := SummaryJSON(&js, s); err != nil || strings.Contains(js.String(), "##[") || strings.Contains(js.String(), "\n::") {
			t.Errorf("%q: JSON: %v %s", bad, err, js.String())
		}
	}
}

// TestWriteSummary leaves the page where LOCKSTEP_PAGES says, as TestWriteSamples does.
func TestWriteSummary(t *testing.T) {
	dir := os.Getenv("LOCKSTEP_PAGES")
	if dir == "" {
		t.Skip("LOCKSTEP_PAGES names no directory")
	}
	if err := os.WriteFile(filepath.Join(dir, "summary.html"), []byte(summaryHTML(t, summarySample())), 0o644); err != nil {
		t.Fatal(err)
	}
}
