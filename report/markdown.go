package report

import (
	"fmt"
	"io"
	"strings"
)

// MarkdownOptions fit a report to where it will be shown.
type MarkdownOptions struct {
	// Limit is the size in bytes that the whole text must not exceed; 0: none.
	Limit int
	// FullReport is an address or a path where nothing was left out; it is
	// named when something was.
	FullReport string
	// Marker is written as the first line, as it is, and appears nowhere else;
	// an HTML comment by which the text is found again.
	Marker string
}

// detail is how much of a report is shown. Each step leaves out more; blocking
// and unknown checks are never left out.
type detail int

const (
	full           detail = iota
	withoutInfo           // no cosmetic findings, no map, no list of passed rules
	briefDrift            // differences counted by type
	briefWarnings         // warnings, waivers and gaps counted or in one line each
	briefBlockers         // blocking and unknown in one line each
	headlineOnly          // the answer, and as many of those lines as fit
	smallestDetail = headlineOnly
)

// Markdown writes the report for GitHub, within the limit.
func Markdown(w io.Writer, r Report, opt MarkdownOptions) error {
	for level := full; ; level++ {
		text := renderMarkdown(r, opt, level)
		if opt.Limit <= 0 || len(text) <= opt.Limit {
			_, err := io.WriteString(w, text)
			return err
		}
		if level == smallestDetail {
			return fmt.Errorf("write report: the shortest form has %d bytes, more than the limit of %d", len(text), opt.Limit)
		}
	}
}

// page collects Markdown. Everything written to it is markup of ours or has
// gone through prose, code or link.
type page struct {
	strings.Builder
	report Report
	level  detail
}

func (p *page) f(format string, args ...any) { fmt.Fprintf(p, format, args...) }

func renderMarkdown(r Report, opt MarkdownOptions, level detail) string {
	p := &page{report: r, level: level}
	if opt.Marker != "" {
		p.f("%s\n", opt.Marker)
	}
	h := headlineOf(r)
	p.f("**%s**: %s\n\n", prose(h.words), marked(h.sentence))
	if level == headlineOnly {
		footer := p.shortened(opt)
		p.shortBlockers(opt.Limit - p.Len() - len(footer))
		p.WriteString(footer)
		return p.String()
	}
	p.subtitle()
	p.advice()
	p.notices()
	p.regions()
	p.measured()
	if r.Command == commandStrategy {
		p.ladder()
	}
	if r.Prediction == nil {
		p.deploy()
	}
	p.blockers()
	p.unknowns()
	p.warnings()
	if r.Prediction != nil { // a plan explains what blocks, and comes behind it
		p.deploy()
	}
	p.drift()
	p.waivers()
	p.gaps()
	if r.Command != commandStrategy {
		p.ladder()
	}
	p.passed()
	p.timeline()
	p.footer()
	if level > full {
		p.WriteString(p.shortened(opt))
	}
	return p.String()
}

func (p *page) subtitle() {
	parts := []string{prose(p.report.ran())}
	if p.report.App != "" {
		parts = []string{code(p.report.App), prose(p.report.ran())}
	}
	if p.report.Strategy != "" {
		parts = append(parts, prose(string(p.report.Strategy)))
	}
	if c := p.report.Coverage; c.Pairs > 0 {
		parts = append(parts, compared(c, " of resources"))
	}
	p.f("%s\n\n", strings.Join(parts, " · "))
}

// advice is what to do where too little was compared to speak of drift.
func (p *page) advice() {
	for _, advice := range adviceOf(p.report) {
		p.f("**To do:** %s\n\n", marked(advice))
	}
}

func (p *page) notices() { p.noted(notices(p.report)) }

func (p *page) noted(list []string) {
	if len(list) == 0 {
		return
	}
	p.WriteString("> [!NOTE]\n")
	for _, notice := range list {
		p.f("> - %s\n", marked(notice))
	}
	p.WriteByte('\n')
}

// table writes a table; cells are finished Markdown.
func (p *page) table(head []string, rows [][]string) {
	p.f("| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
	for _, row := range rows {
		p.f("| %s |\n", strings.Join(row, " | "))
	}
	p.WriteByte('\n')
}

// details folds a section away under a finished summary.
func (p *page) details(summary string, body func()) {
	p.f("<details><summary>%s</summary>\n\n", summary)
	body()
	p.WriteString("</details>\n\n")
}

func (p *page) regions() {
	head, table := regionTable(p.report, "Account")
	if table == nil {
		return
	}
	rows, judged := make([][]string, len(table)), false
	for i, line := range table {
		for _, cell := range line.Cells {
			text := prose(cell.Text)
			if cell.Code {
				text = code(cell.Text)
			}
			if how, known := cell.mood(); known {
				text, judged = moodMark[how]+" "+text, true
			}
			rows[i] = append(rows[i], text)
		}
	}
	p.table(head, rows)
	if judged && p.level == full {
		p.regionMap()
	}
}

var moodMark = map[mood]string{good: "✅", doubtful: "⚠️", bad: "❌"}

// regionMap draws the reference Region and its peers.
func (p *page) regionMap() {
	reference := referenceOf(p.report)
	if len(p.report.Regions) < 2 {
		return
	}
	p.WriteString("```mermaid\nflowchart LR\n")
	for i, region := range p.report.Regions {
		class := "good"
		if region.Name != reference {
			_, how := stateOf(p.report, region.Name)
			class = moodClass[how]
		}
		p.f("  r%d[\"%s<br/>%s\"]:::%s\n", i, label(region.Name), label(string(region.Role)), class)
	}
	from := 0
	for i, region := range p.report.Regions {
		if region.Name == reference {
			from = i
		}
	}
	for i, region := range p.report.Regions {
		if i != from {
			words, _ := stateOf(p.report, region.Name)
			p.f("  r%d -->|\"%s\"| r%d\n", from, label(words), i)
		}
	}
	p.WriteString("  classDef good stroke:#1a7f37,stroke-width:2px\n  classDef doubtful stroke:#9a6700,stroke-width:2px\n" +
		"  classDef bad stroke:#cf222e,stroke-width:2px\n```\n\n")
}

var moodClass = map[mood]string{good: "good", doubtful: "doubtful", bad: "bad"}

func (p *page) footer() {
	parts := []string{}
	if p.report.Config != "" {
		parts = append(parts, "configuration "+code(p.report.Config))
	}
	var accounts []string
	for _, region := range p.report.Regions {
		if region.Account != "" {
			accounts = append(accounts, code(region.Account)+" in "+prose(region.Name))
		}
	}
	if len(accounts) > 0 {
		parts = append(parts, "account "+strings.Join(accounts, ", "))
	}
	parts = append(parts, "evaluated "+when(p.report.EvaluatedAt))
	if p.report.RunURL != "" {
		parts = append(parts, link("run", p.report.RunURL))
	}
	parts = append(parts, strings.TrimSpace("Lockstep "+prose(p.report.Version)))
	p.f("---\n<sub>%s</sub>\n", strings.Join(parts, " · "))
}

// shortened says that something was left out and where the rest is.
func (p *page) shortened(opt MarkdownOptions) string {
	if opt.FullReport == "" {
		return "\n<sub>This report was shortened to fit.</sub>\n"
	}
	return "\n<sub>This report was shortened to fit: " + link("full report", opt.FullReport) + "</sub>\n"
}
