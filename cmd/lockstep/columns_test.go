package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// tooWide are the lines of a text that a terminal of 80 columns breaks, but for
// what cannot be parted: commands to copy, addresses, paths, values.
func tooWide(text string) []string {
	var wide []string
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Fields(line)
		if utf8.RuneCountInString(line) <= columns || len(words) == 0 || isCommand(strings.TrimSpace(line)) && !strings.Contains(strings.TrimSpace(line), "  ") {
			continue
		}
		if last := words[len(words)-1]; utf8.RuneCountInString(last) > 40 { // one word, such as an address
			continue
		}
		wide = append(wide, line)
	}
	return wide
}

func TestEveryHelpTextKeepsToEightyColumns(t *testing.T) {
	for _, cmd := range described(newRoot(processEnvironment())) {
		var out bytes.Buffer
		env := processEnvironment()
		env.stdout, env.stderr = &out, io.Discard
		if code := run(append(strings.Fields(cmd.CommandPath())[1:], "--help"), env); code != exitOK || out.Len() == 0 {
			t.Fatalf("%s --help: exit code %d, %d bytes", cmd.CommandPath(), code, out.Len())
		}
		for _, line := range tooWide(out.String()) {
			t.Errorf("%s --help is too wide: %s", cmd.CommandPath(), line)
		}
	}
}

func TestEveryTextThatNeedsNoRegionKeepsToEightyColumns(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	sample := filepath.Join("..", "..", "examples", "payments")
	for _, args := range [][]string{
		{"rules"}, {"rules", "CFG-05"}, {"rules", "CAP-05"}, {"version"},
		{"-C", sample, "config", "check"}, {"-C", sample, "predict"}, {"-C", sample, "gate", "--static"},
	} {
		var out bytes.Buffer
		env := processEnvironment()
		env.stdout, env.stderr, env.terminal = &out, io.Discard, true
		run(args, env)
		if out.Len() == 0 {
			t.Errorf("%v prints nothing", args)
		}
		for _, line := range tooWide(out.String()) {
			t.Errorf("%v is too wide: %s", args, line)
		}
	}
}

func TestEveryTextReportKeepsToEightyColumns(t *testing.T) {
	reports, err := filepath.Glob(filepath.Join("..", "..", "report", "testdata", "*.txt"))
	if err != nil || len(reports) < 10 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	for _, name := range reports {
		if filepath.Base(name) == "hostile.txt" { // names that are wider than any terminal
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range tooWide(string(text)) {
			t.Errorf("%s is too wide: %s", name, line)
		}
	}
}

func TestALineIsFoldedBelowItsLastColumn(t *testing.T) {
	words := strings.TrimSpace(strings.Repeat("word ", 12)) // 59 columns
	for name, c := range map[string]struct{ in, want string }{
		"a line that fits stays":                {"  a  " + words, "  a  " + words},
		"a second column":                       {"CFG-05   block  " + words + " and more", "CFG-05   block  " + words + " and\n" + strings.Repeat(" ", 16) + "more"},
		"a first column that leaves no room":    {"      --strategy parallel|standby-first|primary-first|waves   " + words, "      --strategy parallel|standby-first|primary-first|waves\n          " + words},
		"an item of a list":                     {"- " + words + " and yet more words than", "- " + words + " and yet more words\n  than"},
		"a command to copy stays":               {"  lockstep drift accept " + words + " more", "  lockstep drift accept " + words + " more"},
		"a word that is wider than the columns": {strings.Repeat("x", 90), strings.Repeat("x", 90)},
	} {
		t.Run(name, func(t *testing.T) {
			if got := inColumns(c.in); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
