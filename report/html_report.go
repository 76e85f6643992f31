package report

import (
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// reportPage is a report as the template shows it: in the order in which people
// read, every text still untrusted.
type reportPage struct {
	frame
	Advice     [][]span
	Notices    [][]span
	Maps       []regionMap
	TableOf    string
	RegionHead []string
	Regions    []tableRow
	Deploy     *deployPart
	// Predicted: the deploy was only planned, and explains the checks before it.
	Predicted bool
	Measured  []tableRow
	Ladder    *ladderPart
	// LadderFirst: it is the answer, not an aside.
	LadderFirst bool
	Checks      []checkPart
	Findings    *findingPart
	Waivers     []waiverLine
	Gaps        []gapLine
	Passed      []passedLine
}

// tableRow is one row of a table; a cell knows its column's title, which stands
// beside it where the screen is too narrow for columns.
type tableRow struct{ Cells []tableCell }

type tableCell struct {
	Label, Text, Mood string
	Code              bool
}

type waiverLine struct{ Resource, Property, Region, Reason, Until, Note string }
type gapLine struct{ Region, What, Operation, Reason, NeededBy string }
type passedLine struct{ Rule, Region, Word, Title, Evidence, Mood string }

func reportView(r Report) reportPage {
	h := headlineOf(r)
	v := reportPage{frame: newFrame(h, strings.TrimSpace(r.App+" "+r.ran()), subtitleOf(r)), TableOf: "Regions"}
	v.RunURL = webAddress(r.RunURL)
	v.Footer = footerOf(r)
	for _, advice := range adviceOf(r) {
		v.Advice = append(v.Advice, spans(advice))
	}
	for _, notice := range notices(r) {
		v.Notices = append(v.Notices, spans(notice))
	}
	v.Maps = mapsOf(r)
	if len(v.Maps) > 0 {
		v.Contents = append(v.Contents, entry{ID: "map", Title: "Regions"})
	}
	v.RegionHead, v.Regions = regionTable(r)
	if v.Measured = measuredRows(r); v.Measured != nil {
		v.Contents = append(v.Contents, entry{ID: "objectives", Title: "Objectives"})
	}
	v.Deploy, v.Predicted = deployPartOf(r), r.Prediction != nil
	if !v.Predicted {
		v.Contents = append(v.Contents, v.Deploy.contents()...)
	}
	v.Ladder, v.LadderFirst = ladderPartOf(r), r.Ladder != nil && r.Command == commandStrategy
	strategies := entry{ID: "strategies", Title: "Strategies"}
	if v.LadderFirst {
		v.Contents = append(v.Contents, strategies)
	}
	v.Checks = checkParts(r)
	for _, part := range v.Checks {
		v.Contents = append(v.Contents, entry{part.ID, part.Title, part.Count})
	}
	if v.Predicted {
		v.Contents = append(v.Contents, v.Deploy.contents()...)
	}
	v.Findings = findingPartOf(r)
	if v.Findings != nil {
		v.Contents = append(v.Contents, entry{"differences", "Differences", len(v.Findings.List)})
	}
	if v.Ladder != nil && !v.LadderFirst {
		v.Contents = append(v.Contents, strategies)
	}
	v.Waivers, v.Gaps, v.Passed = waiverLines(r), gapLines(r), passedLines(r)
	for _, e := range []entry{{"waivers", "Accepted", len(v.Waivers)}, {"gaps", "Not compared", len(v.Gaps)}, {"passed", "Other rules", len(v.Passed)}} {
		if e.Count > 0 {
			v.Contents = append(v.Contents, e)
		}
	}
	return v
}

func subtitleOf(r Report) []string {
	var parts []string
	for _, part := range []string{r.App, r.ran(), string(r.Strategy)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	if c := r.Coverage; c.Pairs > 0 {
		parts = append(parts, compared(c, " of resources"))
	}
	return parts
}

func footerOf(r Report) []string {
	var parts []string
	if r.Config != "" {
		parts = append(parts, "configuration "+r.Config)
	}
	for _, region := range r.Regions {
		if region.Account != "" {
			parts = append(parts, "account "+region.Account+" in "+region.Name)
		}
	}
	parts = append(parts, "evaluated "+when(r.EvaluatedAt))
	return append(parts, strings.TrimSpace("Lockstep "+r.Version))
}

func waiverLines(r Report) []waiverLine {
	var lines []waiverLine
	for _, w := range r.Waivers {
		property := w.Property
		if property == "" {
			property = "*"
		}
		lines = append(lines, waiverLine{w.Resource, property, w.Region, w.Reason, w.Until.String(), r.waiverNote(w)})
	}
	return lines
}

func gapLines(r Report) []gapLine {
	var lines []gapLine
	for _, g := range r.Gaps {
		lines = append(lines, gapLine{g.Region, gapSubject(g), neededOperation(g), gapReason(g), strings.Join(g.NeededBy, ", ")})
	}
	return lines
}

// gapSubject names what was not read.
func gapSubject(g drift.Gap) string {
	what := g.Resource
	if what == "" {
		what = "the Region"
	}
	if detail := g.Fact + g.Property; detail != "" {
		what += " (" + detail + ")"
	}
	return what
}

func passedLines(r Report) []passedLine {
	words := map[readiness.Status]passedLine{
		readiness.Pass:          {Word: "passed", Mood: "good"},
		readiness.NotApplicable: {Word: "not applicable", Mood: "off"},
		readiness.Off:           {Word: "off", Mood: "off"},
	}
	var lines []passedLine
	for _, c := range r.Checks {
		if line, listed := words[c.Status]; listed {
			line.Rule, line.Region, line.Title, line.Evidence = c.Rule, c.Region, c.Title, shorten(c.Evidence, 4*valueLimit)
			lines = append(lines, line)
		}
	}
	slices.SortStableFunc(lines, func(a, b passedLine) int { return strings.Compare(b.Word, a.Word) })
	return lines
}
