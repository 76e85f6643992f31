package report

import (
	"fmt"
	"io"
	"strings"
)

// SummaryMarkdown writes a summary for GitHub, within the limit: the table is
// always whole, the reports behind it are shortened as Markdown shortens one.
func SummaryMarkdown(w io.Writer, s Summary, opt MarkdownOptions) error {
	for level := full; ; level++ {
		text := renderSummary(s, opt, level)
		if opt.Limit <= 0 || len(text) <= opt.Limit {
			_, err := io.WriteString(w, text)
			return err
		}
		if level == smallestDetail {
			return fmt.Errorf("write summary: the shortest form has %d bytes, more than the limit of %d", len(text), opt.Limit)
		}
	}
}

func renderSummary(s Summary, opt MarkdownOptions, level detail) string {
	p := &page{level: level}
	h := s.headline()
	p.f("**%s**: %s\n\n", prose(h.words), marked(h.sentence))
	if level < briefBlockers {
		p.noted(s.notices())
	}
	rows := make([][]string, 0, len(s.Applications))
	for _, a := range s.Applications {
		cells := a.cells()
		for i := range cells {
			cells[i] = inline(cells[i], false)
		}
		cells[0], cells[2] = code(a.App), moodMark[a.mood()]+" "+cells[2]
		if a.RunURL != "" {
			cells[3] = link(when(a.EvaluatedAt), a.RunURL)
		}
		rows = append(rows, cells)
	}
	if len(rows) > 0 {
		p.table(summaryHead, rows)
	}
	if level < headlineOnly {
		for _, a := range s.open() {
			p.application(a)
		}
	}
	footer := []string{}
	for _, part := range s.footer() {
		footer = append(footer, prose(part))
	}
	if s.RunURL != "" {
		footer = append(footer, link("run", s.RunURL))
	}
	p.f("---\n<sub>%s</sub>\n", strings.Join(footer, " · "))
	if level > full {
		p.WriteString(p.shortened(opt))
	}
	return p.String()
}

// application folds away the report of one application that did not pass.
func (p *page) application(a Application) {
	p.details(fmt.Sprintf("%s %s: %s", moodMark[a.mood()], prose(a.App), prose(a.answered.words)), func() {
		if a.File == "" {
			p.f("%s\n\n", prose(a.Headline))
			return
		}
		p.f("%s\n", renderMarkdown(a.report, MarkdownOptions{}, min(p.level, briefBlockers)))
	})
}
