package report

import (
	"io"
	"strings"
)

// SummaryText writes a summary for a terminal or a log, as Text writes a report:
// the answer, a line for every application, and of each that did not pass what
// blocks, what is unknown and what differs.
func SummaryText(w io.Writer, s Summary, opt TextOptions) error {
	if opt.Width <= 0 {
		opt.Width = 80
	}
	t := &terminal{opt: opt}
	t.answer(s.headline())
	for _, notice := range s.notices() {
		t.wrap(styleYellow, "Note: ", notice)
	}
	rows, styles := [][]string{capitals(summaryHead)}, []string{styleDim}
	for _, a := range s.Applications {
		rows, styles = append(rows, a.cells()), append(styles, moodStyle[a.mood()])
	}
	if len(s.Applications) > 0 {
		t.blank()
		t.table("  ", rows, styles)
	}
	for _, a := range s.open() {
		t.application(a)
	}
	t.blank()
	parts := s.footer()
	if s.RunURL != "" {
		parts = append(parts, s.RunURL)
	}
	t.wrap(styleDim, "", strings.Join(parts, " · "))
	_, err := io.WriteString(w, t.out.String())
	return err
}

func (t *terminal) application(a Application) {
	t.title(styleBold+moodStyle[a.mood()], a.App)
	t.wrap("", "  ", a.Headline)
	if a.RunURL != "" {
		t.wrap(styleDim, "  ", a.RunURL)
	}
	t.report = a.report
	t.checks("BLOCKING", bad, blockingCheck)
	t.checks("UNKNOWN", doubtful, unknownCheck)
	if a.Verdict == "" {
		t.drift()
	}
}

func capitals(words []string) []string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = strings.ToUpper(word)
	}
	return list
}
