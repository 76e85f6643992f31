package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// Annotation is one mark on a line of a file, or on the run when File is empty.
type Annotation struct {
	Level        string // error, warning, notice
	File         string
	Line, Column int
	Title        string
	Message      string
}

// Limits of GitHub. Source: GitHub Docs, workflow commands and the checks API.
const (
	annotationsPerLevel = 10
	annotationLimit     = 4096
)

// Annotations are the marks of a report, worst first, at most ten of each
// level: where there are more, the tenth says how many.
func Annotations(r Report) []Annotation {
	var all []Annotation
	switch {
	case r.Verdict != "":
		all = checkAnnotations(r)
	case r.Deploy != nil:
		all = deployAnnotations(r)
	default:
		all = append(checkAnnotations(r), findingAnnotations(r)...)
	}
	all = append(all, waiverAnnotations(r)...)
	var fitted []Annotation
	for _, level := range []string{"error", "warning", "notice"} {
		fitted = append(fitted, fit(all, level)...)
	}
	return fitted
}

func fit(all []Annotation, level string) []Annotation {
	var list []Annotation
	for _, a := range all {
		if a.Level == level {
			a.Title, a.Message = clean(a.Title), multiline(a.Message)
			a.File = clean(a.File)
			list = append(list, a)
		}
	}
	if len(list) > annotationsPerLevel {
		rest := len(list) - (annotationsPerLevel - 1)
		list = append(list[:annotationsPerLevel-1], Annotation{Level: level, Title: "Lockstep",
			Message: fmt.Sprintf("%d more of level %s: see the report.", rest, level)})
	}
	return list
}

// multiline cleans text line by line and cuts it to what GitHub takes.
func multiline(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = clean(lines[i])
	}
	return shorten(strings.Join(lines, "\n"), annotationLimit)
}

func checkAnnotations(r Report) []Annotation {
	places := map[string]*drift.Location{}
	for i := range r.Findings {
		if at := r.Findings[i].Location; at != nil && places[r.Findings[i].Resource] == nil {
			places[r.Findings[i].Resource] = at
		}
	}
	var all []Annotation
	for _, keep := range []func(readiness.Check) bool{blockingCheck, unknownCheck, warningCheck} {
		for _, c := range checksWhere(r, keep) {
			a := Annotation{Level: "error", Title: c.Rule + " " + c.Region, Message: chainText(c)}
			if c.Severity != drift.Block || unknownCheck(c) && r.Verdict == readiness.Ready {
				a.Level = "warning"
			}
			if at := placeOf(c, places); at != nil {
				a.File, a.Line, a.Column = at.File, at.Line, at.Column
			}
			all = append(all, a)
		}
	}
	return all
}

// placeOf is where a check points: its own place or that of a finding about one
// of its resources; nil without any.
func placeOf(c readiness.Check, places map[string]*drift.Location) *drift.Location {
	if c.Location != nil {
		return c.Location
	}
	for _, key := range c.Resources {
		if at := places[key]; at != nil {
			return at
		}
	}
	return nil
}

// chainText is rule, evidence, consequence and fix, each on its own line.
func chainText(c readiness.Check) string {
	var lines []string
	for _, line := range []string{c.Title, c.Evidence, c.Why, c.Fix} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

var severityLevel = map[drift.Severity]string{drift.Block: "error", drift.Warn: "warning", drift.Info: "notice"}

func findingAnnotations(r Report) []Annotation {
	var all []Annotation
	for _, f := range untold(r) {
		if f.Waived != nil {
			continue
		}
		a := Annotation{Level: severityLevel[f.Severity], Title: strings.TrimSpace(f.Resource + " " + f.Property), Message: f.Message + "\n" + f.Fix}
		if f.Location != nil {
			a.File, a.Line, a.Column = f.Location.File, f.Location.Line, f.Location.Column
		}
		all = append(all, a)
	}
	if len(r.Gaps) > 0 {
		all = append(all, Annotation{Level: "warning", Title: "Not everything was compared",
			Message: Plural(len(r.Gaps), "read") + " missing: " + strings.Join(missingOperations(r.Gaps, 20), ", ")})
	}
	return all
}

func deployAnnotations(r Report) []Annotation {
	h := headlineOf(r)
	var all []Annotation
	for _, f := range failures(r.Deploy) {
		all = append(all, Annotation{Level: "error", Title: f.Region + " " + f.Target,
			Message: strings.TrimSpace(f.Resource + " " + f.Type + "\n" + f.Reason + "\n" + f.Hint)})
	}
	if len(all) == 0 && h.mood == bad {
		all = append(all, Annotation{Level: "error", Title: h.words, Message: h.sentence})
	}
	for _, a := range r.Deploy.Asymmetries {
		all = append(all, Annotation{Level: "warning", Title: "Not the same in every Region",
			Message: fmt.Sprintf("%s of %s (%s) in %s, not in %s", a.Action, cmp.Or(a.Resource, a.Target), a.Type, and(a.In), and(a.NotIn))})
	}
	return all
}

func waiverAnnotations(r Report) []Annotation {
	var all []Annotation
	for _, w := range r.Waivers {
		if note := r.waiverNote(w); note != "" {
			all = append(all, Annotation{Level: "notice", Title: "Accepted difference",
				Message: fmt.Sprintf("%s %s, until %s: %s", w.Resource, w.Property, w.Until, note)})
		}
	}
	return all
}
