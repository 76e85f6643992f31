package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden pins what people see. After a change, run with -update and read
// the difference as a reader of the report would.
func TestGolden(t *testing.T) {
	for name, r := range samples() {
		t.Run(name, func(t *testing.T) {
			var text, md, js bytes.Buffer
			if err := Text(&text, r, TextOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := Markdown(&md, r, MarkdownOptions{Marker: "<!-- lockstep:test -->"}); err != nil {
				t.Fatal(err)
			}
			if err := JSON(&js, r); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", text.Bytes())
			golden(t, name+".md", md.Bytes())
			golden(t, name+".json", js.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; run with -update and read the difference\ngot:\n%s", path, got)
	}
}

func TestColourIsOnlyOnDemand(t *testing.T) {
	for name, r := range samples() {
		var bare, coloured strings.Builder
		if err := Text(&bare, r, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := Text(&coloured, r, TextOptions{Color: true}); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(bare.String(), "\x1b") {
			t.Errorf("%s: an escape sequence without colour", name)
		}
		if !strings.Contains(coloured.String(), "\x1b[") {
			t.Errorf("%s: no colour on demand", name)
		}
		stripped := coloured.String()
		for _, style := range []string{styleBold, styleDim, styleRed, styleGreen, styleYellow, styleOff} {
			stripped = strings.ReplaceAll(stripped, style, "")
		}
		if stripped != bare.String() {
			t.Errorf("%s: colour changes the text", name)
		}
	}
}

// TestNoLineIsWiderThanTheTerminal: a line may be longer only by one word that
// is not to be broken, an ARN for example, which is still to be copied.
func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	for name, r := range samples() {
		for _, width := range []int{80, 100} {
			var text strings.Builder
			if err := Text(&text, r, TextOptions{Width: width}); err != nil {
				t.Fatal(err)
			}
			for _, line := range strings.Split(text.String(), "\n") {
				line = unguarded.Replace(line)
				if utf8.RuneCountInString(line) <= width {
					continue
				}
				words := strings.Fields(line)
				longest := words[len(words)-1]
				if name == "hostile" && len(longest) < narrowest || name != "hostile" && !strings.HasPrefix(longest, "arn:") && !strings.Contains(longest, "://") {
					t.Errorf("%s at width %d: a line of %d characters:\n%s", name, width, utf8.RuneCountInString(line), line)
				}
			}
		}
	}
}

// unguarded takes away what keeps a line from being a workflow command.
var unguarded = strings.NewReplacer(`\::`, "::", "## [", "##[")
