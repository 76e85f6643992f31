package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
)

// The parts of the page, each a file of its own so that an editor knows what it is.
var (
	//go:embed html/page.html
	pageHTML string
	//go:embed html/style.css
	styleCSS string
	//go:embed html/script.js
	scriptJS string
)

// HTML writes the report as one file that needs nothing else: no network, no
// further file. Untrusted text is escaped wherever it stands; what still gets
// through meets a policy that allows the page's own script and style, known by
// their digests, and nothing more.
func HTML(w io.Writer, r Report) error {
	return writePage(w, "report", reportView(r))
}

func writePage(w io.Writer, name string, view any) error {
	t, err := parsePage(pageHTML)
	if err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	var b strings.Builder
	if err := t.execute(&b, name, view); err != nil {
		return fmt.Errorf("write HTML: %w", err)
	}
	_, err = io.WriteString(w, harmlessPage(b.String()))
	return err
}

// frame is what every page has around its content.
type frame struct {
	Policy   string
	Style    trusted
	Script   trusted
	Title    string // behind the answer in the title of the window
	Mood     string
	Words    string
	Sentence []span
	Facts    []string // the line above the answer
	Contents []entry
	Footer   []string
	RunURL   string // plain http or https, or empty
}

// entry is one line of the page's contents.
type entry struct {
	ID, Title string
	Count     int
}

func newFrame(h headline, title string, facts []string) frame {
	return frame{
		Policy: contentPolicy(), Style: trusted(styleCSS), Script: trusted(scriptJS),
		Title: title, Mood: moodClass[h.mood], Words: h.words, Sentence: spans(h.sentence), Facts: facts,
	}
}

// contentPolicy allows the page its own style and script and nothing else.
// Source: W3C, Content Security Policy Level 3.
func contentPolicy() string {
	return fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'", sourceHash(styleCSS), sourceHash(scriptJS))
}

func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// harmlessPage makes a finished page safe beyond HTML: characters that hide or
// turn text are spelled out, and no line can be taken for a workflow command
// when the page is printed into a log.
func harmlessPage(page string) string {
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		line = clean(line)
		if rest := strings.TrimLeft(line, " "); strings.HasPrefix(rest, "::") {
			line = line[:len(line)-len(rest)] + "&#58;" + rest[1:]
		}
		lines[i] = strings.ReplaceAll(line, "##[", "#&#35;[")
	}
	return strings.Join(lines, "\n")
}

// webAddress is an address that a page may link to, or nothing.
func webAddress(s string) string {
	if !strings.HasPrefix(s, "https://") && !strings.HasPrefix(s, "http://") {
		return ""
	}
	return s
}
