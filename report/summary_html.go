package report

import (
	"fmt"
	"io"
)

// summaryPage is a summary as the template shows it.
type summaryPage struct {
	frame
	Notices    [][]span
	TableOf    string
	RegionHead []string
	Regions    []tableRow
	Sections   []summarySection
}

// summarySection is one application that did not pass.
type summarySection struct {
	ID, Title, Mood, RunURL string
	Lead                    []span
	List                    []checkCard
}

// SummaryHTML writes a summary as one file, as HTML writes a report.
func SummaryHTML(w io.Writer, s Summary) error {
	return writePage(w, "summary", summaryView(s))
}

func summaryView(s Summary) summaryPage {
	v := summaryPage{frame: newFrame(s.headline(), "summary", []string{Plural(len(s.Applications), "application")}), TableOf: "applications", RegionHead: summaryHead}
	v.RunURL, v.Footer = webAddress(s.RunURL), s.footer()
	for _, notice := range s.notices() {
		v.Notices = append(v.Notices, spans(notice))
	}
	for _, a := range s.Applications {
		var row tableRow
		for i, text := range a.cells() {
			row.Cells = append(row.Cells, tableCell{Label: summaryHead[i], Text: text})
		}
		row.Cells[2].Mood = moodClass[a.mood()]
		v.Regions = append(v.Regions, row)
	}
	for i, a := range s.open() {
		section := summarySection{ID: fmt.Sprintf("app-%d", i), Title: a.App, Mood: moodClass[a.mood()],
			RunURL: webAddress(a.RunURL), Lead: spans(a.Headline), List: a.cards()}
		v.Sections = append(v.Sections, section)
		v.Contents = append(v.Contents, entry{section.ID, a.App, len(section.List)})
	}
	return v
}

// cards are what blocks or is unknown or, without a verdict, what differs.
func (a Application) cards() []checkCard {
	var list []checkCard
	for _, part := range checkParts(a.report) {
		if part.ID == "blocking" || part.ID == "unknown" {
			list = append(list, part.List...)
		}
	}
	if a.Verdict != "" {
		return list
	}
	if part := findingPartOf(a.report); part != nil {
		for _, f := range part.List {
			if f.Waived == "" {
				list = append(list, f.check())
			}
		}
	}
	return list
}

// check is a difference as the chain that checks are shown as.
func (f findingCard) check() checkCard {
	card := checkCard{Mood: map[string]string{"block": "bad", "warn": "doubtful"}[f.Class], Rule: f.Word, Resources: []string{f.Resource}}
	for _, message := range f.Messages {
		card.Evidence = append(card.Evidence, spans(message))
	}
	if len(f.Sides) > 0 {
		card.Values = []valueFigure{{Caption: f.Resource + " " + f.What, Sides: f.Sides}}
	}
	if len(f.Fix) > 0 {
		card.Fixes = [][]span{f.Fix}
	}
	return card
}
