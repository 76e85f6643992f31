package report

import (
	"regexp"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

// TestAPredictionTellsTodayFromAfterTheMerge: what a gate only planned is never
// shown as running, deployed or timed.
func TestAPredictionTellsTodayFromAfterTheMerge(t *testing.T) {
	r := gatePredicted()
	var text, md strings.Builder
	if err := Text(&text, r, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := Markdown(&md, r, MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	for format, page := range map[string]string{"text": text.String(), "Markdown": md.String(), "HTML": htmlOf(t, r)} {
		loud := strings.ToLower(page)
		for _, want := range []string{"runs now", "after the merge", "r-aaaaaaaaaaaa", "r-0123456789ab"} {
			if !strings.Contains(loud, want) {
				t.Errorf("%s does not say %q", format, want)
			}
		}
		for _, wrong := range []string{"timeline", "took ", "untouched"} {
			if strings.Contains(loud[strings.Index(loud, "<body>")+1:], wrong) {
				t.Errorf("%s says %q of a deploy that did not happen", format, wrong)
			}
		}
		for line := range strings.Lines(page) {
			if strings.Contains(line, "r-0123456789ab") && strings.Contains(line, "2026-11") {
				t.Errorf("%s puts a time beside the release that was only planned: %s", format, line)
			}
		}
	}
	md.Reset()
	if err := Markdown(&md, predictReport(), MarkdownOptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(md.String(), "| Runs now") || strings.Contains(md.String(), "r-0123456789ab") {
		t.Errorf("a prediction that asked AWS nothing says what runs:\n%s", md.String())
	}
}

// TestOneIsNoPlural: an application of one resource is told of in every format.
func TestOneIsNoPlural(t *testing.T) {
	for _, r := range []Report{gatePredicted(), driftReport()} {
		for i := range r.Regions {
			r.Regions[i].Resources = 1
		}
		r.Coverage = drift.Coverage{Pairs: 1, Compared: 1}
		r.Findings = r.Findings[:1]
		var text, md strings.Builder
		if err := Text(&text, r, TextOptions{Width: 200}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&md, r, MarkdownOptions{}); err != nil {
			t.Fatal(err)
		}
		for format, page := range map[string]string{"text": text.String(), "Markdown": md.String(), "HTML": htmlOf(t, r)} {
			if wrong := oneOfMany.FindString(page); wrong != "" {
				t.Errorf("%s of %s says %q", format, r.Command, wrong)
			}
			if !strings.Contains(page, "1 of 1 pair") {
				t.Errorf("%s of %s does not count one pair", format, r.Command)
			}
		}
	}
}

// oneOfMany is "1 resources" and its like, but no "2.1 seconds".
var oneOfMany = regexp.MustCompile(`(^|[^0-9.])1 (resources|pairs|changes|warnings|places|gaps|reads|stacks|rules|differences)\b`)
