package report

import (
	"strings"
	"testing"
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
