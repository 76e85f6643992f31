package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// TestUnmetIsExplainedBesideAVerdictOfReady: in every format, and only where the word stands.
func TestUnmetIsExplainedBesideAVerdictOfReady(t *testing.T) {
	for _, unmet := range [][]string{{"DAT-12"}, nil} {
		r := Report{Command: "gate", Verdict: readiness.Ready, Ladder: &readiness.Ladder{Rungs: []readiness.Rung{
			{Strategy: topology.WarmStandby, Declared: true, Verdict: readiness.Ready, Unmet: unmet}}}}
		var text, markdown, html bytes.Buffer
		if err := Text(&text, r, TextOptions{Width: 200}); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&markdown, r, MarkdownOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := HTML(&html, r); err != nil {
			t.Fatal(err)
		}
		for format, out := range map[string]string{"text": text.String(), "Markdown": markdown.String(), "HTML": html.String()} {
			if said := strings.Contains(out, "it only warns in the gate"); said != (unmet != nil) {
				t.Errorf("%s with %v unmet: explained %v", format, unmet, said)
			}
		}
	}
}
