package report

import (
	"fmt"
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// mostPlaces is how many places of one check are shown.
const mostPlaces = 5

// placesOf are the places in the repository that a check points to, and how many
// more there are: those of the differences that it is about or, without any, its own.
func placesOf(r Report, c readiness.Check) (shown []string, more int) {
	var places []string
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
func (w row) places() []string {
	var places []string
	for _, region := range slices.Sorted(maps.Keys(w.findings)) {
		places = another(places, w.findings[region].Location)
	}
	return places
}

func another(places []string, at *drift.Location) []string {
	if p := place(at); p != "" && !slices.Contains(places, p) {
		places = append(places, p)
	}
	return places
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
