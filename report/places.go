package report

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// mostPlaces is how many places of one check are shown.
const mostPlaces = 5

// placesOf are the places in the repository that a check points to, and how many
// more there are: those of the differences that it is about or, without any, its own.
func placesOf(r Report, c readiness.Check) (shown []drift.Location, more int) {
	var places []drift.Location
	for _, f := range FindingsOf(r, c) {
		places = another(places, f.Location)
	}
	if len(places) == 0 {
		places = another(places, c.Location)
	}
	shown = places[:min(len(places), mostPlaces)]
	return shown, len(places) - len(shown)
}

// andMore ends a list that was cut.
func andMore(more int) string {
	if more == 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", more)
}

// places are where a difference comes from, Region by Region.
func (w row) places() []drift.Location {
	var places []drift.Location
	for _, region := range slices.Sorted(maps.Keys(w.findings)) {
		places = another(places, w.findings[region].Location)
	}
	return places
}

func another(places []drift.Location, at *drift.Location) []drift.Location {
	if at != nil && at.File != "" && !slices.Contains(places, *at) {
		places = append(places, *at)
	}
	return places
}

// inWords are places as a person or an editor reads them.
func inWords(places []drift.Location) []string {
	var words []string
	for i := range places {
		words = append(words, place(&places[i]))
	}
	return words
}

// Files are those that the report's places are in, each once.
func (r Report) Files() []string {
	names := map[string]bool{}
	note := func(at *drift.Location) {
		if at != nil && at.File != "" {
			names[at.File] = true
		}
	}
	for _, f := range r.Findings {
		note(f.Location)
	}
	for _, c := range r.Checks {
		note(c.Location)
	}
	return slices.Sorted(maps.Keys(names))
}

// address is where a place is shown on the web, as it was in the commit that the
// report is about; empty where that is not known, and where that has another file.
func (r Report) address(at drift.Location) string {
	if r.FilesURL == "" || !filepath.IsLocal(at.File) || slices.Contains(r.FilesChanged, at.File) {
		return ""
	}
	address := r.FilesURL + "/" + inPath(at.File)
	if at.Line > 0 {
		address += fmt.Sprintf("#L%d", at.Line)
	}
	return address
}

// inPath is a path in an address: nothing in it ends the path or the link.
func inPath(path string) string {
	var b strings.Builder
	for _, c := range []byte(path) {
		if c < utf8.RuneSelf && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)) || strings.IndexByte("/.-_", c) >= 0) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// place is where in the repository something is declared, as editors and
// terminals take it: file:line:column.
func place(at *drift.Location) string {
	switch {
	case at == nil || at.File == "":
		return ""
	case at.Line == 0:
		return at.File
	case at.Column == 0:
		return fmt.Sprintf("%s:%d", at.File, at.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", at.File, at.Line, at.Column)
	}
}
