package accuracy

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/lockstep-dr/lockstep/drift"
)

var update = flag.Bool("update", false, "write docs/accuracy.md instead of comparing it")

const document = "../../../docs/accuracy.md"

// write keeps the document true: it holds nothing that this run did not show.
func (y *tally) write(t *testing.T, list []*scenario) {
	t.Helper()
	var b bytes.Buffer
	y.preface(&b, len(list))
	y.templates(&b, list)
	y.findings(&b)
	y.silence(&b)
	if *update {
		if err := os.WriteFile(document, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(document)
	if err != nil || !bytes.Equal(have, b.Bytes()) {
		t.Errorf("docs/accuracy.md is not what this run shows (%v): go test ./internal/aws/accuracy -update", err)
	}
}

func (y *tally) preface(b *bytes.Buffer, templates int) {
	pairs, silent := 0, 0
	for _, n := range y.compared {
		pairs += n
	}
	for _, names := range y.asymmetries {
		silent += len(names)
	}
	fmt.Fprintf(b, `# How true are the findings?

<!-- Written by: go test ./internal/aws/accuracy -update. The same test fails when this page and its run differ. -->

A gate that cries wolf is switched off, and one that sleeps is worse. So every template below is deployed to two Regions, both
are read with the real SDK as `+"`lockstep drift`"+` reads them, and compared; then changes are made behind the templates' back, one at
a time, each in a copy of the two Regions, with real SDK calls. A case passes when exactly the findings are reported that
its table names, with resource, property, severity, cause and the Region that was changed: one finding more, or less, fails it.

**What this does not show.** The Regions are those of the embedded simulator, written by the same people as the readers;
templates marked *moto* are also deployed to [moto](https://github.com/getmoto/moto), which others wrote, where only first
creation is trusted. Nothing here was measured on an AWS account. The cases were chosen, not sampled: the counts say what is covered,
not how often a team will see a false alarm.

| what | count |
|---|---:|
| templates deployed to two Regions | %d |
| pairs of resources compared | %d |
| resource types read | %d |
| changes made, each found with exactly the expected findings | %d |
| legitimate differences that stayed silent, each beside a change that looks like it and is found | %d |

`+"`go test ./internal/aws/accuracy`"+` runs all of it in seconds; its tables are in `+"`testdata`"+`.
`, templates, pairs, len(y.types), y.changes, silent)
}

func (y *tally) templates(b *bytes.Buffer, list []*scenario) {
	fmt.Fprintf(b, "\n## Templates\n\n| template | what it is | pairs | where | moto |\n|---|---|---:|---|---|\n")
	for _, s := range list {
		where, moto := strings.Join(s.Regions, ", "), ""
		if len(s.Accounts) > 0 {
			where += ", two accounts"
		}
		if s.Moto {
			moto = "yes"
		}
		fmt.Fprintf(b, "| `%s` | %s | %d | %s | %s |\n", s.name, s.purpose, y.compared[s.name], where, moto)
		for _, gap := range s.Gaps {
			fmt.Fprintf(b, "| | not compared: %s | | | |\n", gap)
		}
	}
}

func (y *tally) findings(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## Changes found, by type\n\n| type | block | warn | info | out-of-band | declared | not-yet-deployed | unknown |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	total := map[outcome]int{}
	for _, name := range slices.Sorted(maps.Keys(y.mutations)) {
		row(b, "`"+name+"`", y.mutations[name])
		for o, n := range y.mutations[name] {
			total[o] += n
		}
	}
	row(b, fmt.Sprintf("all %d types", len(y.mutations)), total)
	fmt.Fprintf(b, "\n| what was found | times |\n|---|---:|\n")
	for _, kind := range slices.Sorted(maps.Keys(y.kinds)) {
		fmt.Fprintf(b, "| %s | %d |\n", kind, y.kinds[kind])
	}
}

func row(b *bytes.Buffer, name string, counts map[outcome]int) {
	fmt.Fprintf(b, "| %s |", name)
	for _, severity := range drift.Severities() {
		cell(b, counts, func(o outcome) bool { return o.severity == severity })
	}
	for _, cause := range []drift.Cause{drift.OutOfBand, drift.Declared, drift.NotYetDeployed, drift.Unknown} {
		cell(b, counts, func(o outcome) bool { return o.cause == cause })
	}
	b.WriteByte('\n')
}

func cell(b *bytes.Buffer, counts map[outcome]int, of func(outcome) bool) {
	n := 0
	for o, times := range counts {
		if of(o) {
			n += times
		}
	}
	if n == 0 {
		b.WriteString(" |")
		return
	}
	fmt.Fprintf(b, " %d |", n)
}

func (y *tally) silence(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## Differences that stay silent\n\nBeside each, the test makes a change that looks like it and must be found.\n\n| template | difference |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(y.asymmetries)) {
		for _, asymmetry := range y.asymmetries[name] {
			fmt.Fprintf(b, "| `%s` | %s |\n", name, asymmetry)
		}
	}
}
