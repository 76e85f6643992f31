package target

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
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

func countsTable(bills []badDays) string {
	var b strings.Builder
	b.WriteString("| what is deployed | seeds | deploys | mishaps | together after one more run | apart, and said so | apart, and called a success | how deploys with mishaps ended |\n|---|---|---|---|---|---|---|---|\n")
	sum := badDays{name: "**all**", outcomes: map[string]int{}}
	for _, d := range bills {
		sum.seeds, sum.deploys, sum.mishaps = sum.seeds+d.seeds, sum.deploys+d.deploys, sum.mishaps+d.mishaps
		sum.together, sum.said, sum.mixed = sum.together+d.together, sum.said+d.said, sum.mixed+d.mixed
		for outcome, n := range d.outcomes {
			sum.outcomes[outcome] += n
		}
	}
	for _, d := range append(slices.Clone(bills), sum) {
		var ended []string
		for _, outcome := range slices.Sorted(maps.Keys(d.outcomes)) {
			ended = append(ended, fmt.Sprintf("%s %d", outcome, d.outcomes[outcome]))
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %s |\n", d.name, d.seeds, d.deploys, d.mishaps, d.together, d.said, d.mixed, strings.Join(ended, ", "))
	}
	return b.String()
}
