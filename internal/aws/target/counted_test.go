package target

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/deploy"
)

var updateDocs = flag.Bool("update", false, "write the counts of docs/reliability.md instead of comparing them")

const (
	reliability = "../../../docs/reliability.md"
	countsBegin = "<!-- bad days: written by go test ./internal/aws/target -run BadDays -update -->\n"
	countsEnd   = "<!-- /bad days -->"
)

// compareCounts holds the published counts against what was counted.
func compareCounts(t *testing.T, bills []badDays) {
	t.Helper()
	text, err := os.ReadFile(reliability)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), countsBegin)
	_, after, closed := strings.Cut(rest, countsEnd)
	if !found || !closed {
		t.Fatalf("%s has no place for the counts of bad days", reliability)
	}
	want := before + countsBegin + countsTable(bills) + countsEnd + after
	if *updateDocs {
		if err := os.WriteFile(reliability, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s does not say what was counted; run go test ./internal/aws/target -run BadDays -update\n%s", reliability, countsTable(bills))
	}
}

// countsTable leaves out how single deploys ended: where two things happen in
// the same instant, either may come first.
func countsTable(bills []badDays) string {
	var b strings.Builder
	b.WriteString("| what is deployed | seeds | mishaps | together after one more run | apart, and said so | apart, and called a success |\n|---|---|---|---|---|---|\n")
	sum := badDays{name: "**all**"}
	for _, d := range bills {
		sum.seeds, sum.mishaps = sum.seeds+d.seeds, sum.mishaps+d.mishaps
		sum.together, sum.said, sum.mixed = sum.together+d.together, sum.said+d.said, sum.mixed+d.mixed
	}
	for _, d := range append(slices.Clone(bills), sum) {
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d |\n", d.name, d.seeds, d.mishaps, d.together, d.said, d.mixed)
	}
	return b.String()
}

// everyEnding fails where no deploy with mishaps ended in one of the ways.
func everyEnding(t *testing.T, bills []badDays) {
	t.Helper()
	ended := map[string]int{}
	for _, d := range bills {
		for outcome, n := range d.outcomes {
			ended[outcome] += n
		}
	}
	t.Log(ended)
	for _, outcome := range []deploy.Outcome{deploy.Done, deploy.NoChange, deploy.Rejected, deploy.FailedClean, deploy.RolledBack, deploy.InDoubt, "killed"} {
		if ended[string(outcome)] == 0 {
			t.Errorf("no deploy ended as %s: the test does not test", outcome)
		}
	}
}
