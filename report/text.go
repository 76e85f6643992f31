package report

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/lockstep-dr/lockstep/drift"
)

// TextOptions say how a terminal shows a report.
type TextOptions struct {
	// Color allows ANSI colours. The caller decides: only on a terminal, and
	// not when NO_COLOR is set.
	Color bool
	// Width is where lines wrap, in characters; 0 means 80. A word that is
	// longer than a line, an ARN for example, is not broken.
	Width int
}

// Text writes the report for a terminal or a log. No line of it can be taken
// for a workflow command, and nothing untrusted in it can move the cursor.
func Text(w io.Writer, r Report, opt TextOptions) error {
	if opt.Width <= 0 {
		opt.Width = 80
	}
	t := &terminal{report: r, opt: opt}
	t.headline()
	t.regions()
	t.measured()
	if t.report.Command == commandStrategy {
		t.ladder()
	}
	if r.Prediction == nil {
		t.deploy()
	}
	t.checks("BLOCKING", bad, blockingCheck)
	t.checks("UNKNOWN", doubtful, unknownCheck)
	t.checks("WARNINGS", doubtful, warningCheck)
	if r.Prediction != nil { // a plan explains what blocks, and comes behind it
		t.deploy()
	}
	t.drift()
	t.waivers()
	t.gaps()
	if t.report.Command != commandStrategy {
		t.ladder()
	}
	t.passed()
	t.timeline()
	t.footer()
	_, err := io.WriteString(w, t.out.String())
	return err
}

// terminal collects lines. Untrusted text only enters through wrap, columns
// and title, which clean it.
type terminal struct {
	out    strings.Builder
	report Report
	opt    TextOptions
}

// ANSI styles. Source: ECMA-48, select graphic rendition.
const (
	styleBold   = "\x1b[1m"
	styleDim    = "\x1b[2m"
	styleRed    = "\x1b[31m"
	styleGreen  = "\x1b[32m"
	styleYellow = "\x1b[33m"
	styleOff    = "\x1b[0m"
)

var moodStyle = map[mood]string{good: styleGreen, doubtful: styleYellow, bad: styleRed}

func (t *terminal) paint(style, s string) string {
	if !t.opt.Color || s == "" {
		return s
	}
	return style + s + styleOff
}

// line writes one finished line whose text is clean already; styles are added
// after the guard against workflow commands has looked at the bare text.
func (t *terminal) line(style, text string) {
	text = logLine(strings.TrimRight(text, " "))
	indent := len(text) - len(strings.TrimLeft(text, " "))
	t.out.WriteString(text[:indent] + t.paint(style, text[indent:]) + "\n")
}

func (t *terminal) blank() { t.out.WriteByte('\n') }

// title begins a section.
func (t *terminal) title(style, text string) {
	t.blank()
	t.line(style, clean(text))
}

// wrap writes untrusted text under a first-line prefix; following lines are
// indented to the same column. Line ends in the text begin new lines.
func (t *terminal) wrap(style, prefix, text string) {
	prefix = clean(prefix)
	blanks, room := len(prefix)-len(strings.TrimLeft(prefix, " ")), t.opt.Width-utf8.RuneCountInString(prefix)
	if room < narrowest && utf8.RuneCountInString(text) > room && blanks < len(prefix) {
		prefix, text = prefix[:blanks], prefix[blanks:]+" "+text // no room beside it
	}
	indent := strings.Repeat(" ", utf8.RuneCountInString(prefix))
	for i, paragraph := range strings.Split(text, "\n") {
		if i > 0 {
			prefix = indent
		}
		line, empty := prefix, true
		for _, word := range t.pieces(utf8.RuneCountInString(indent), clean(paragraph)) {
			if !empty && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > t.opt.Width {
				t.line(style, line)
				line, empty = indent, true
			}
			if !empty {
				line += " "
			}
			line, empty = line+word, false
		}
		t.line(style, line)
	}
}

// pieces are the words of a paragraph. A word without end, as JSON is, is cut
// where it may be; an address or an ARN stays whole, to be copied.
func (t *terminal) pieces(indent int, paragraph string) []string {
	room := max(t.opt.Width-indent, narrowest)
	var pieces []string
	for _, word := range strings.Fields(paragraph) {
		runes := []rune(word)
		for len(runes) > room && strings.ContainsAny(word[:1], "{[\"") {
			n := room
			for i := room; i > room/2; i-- {
				if strings.ContainsRune(",:}]/", runes[i-1]) {
					n = i
					break
				}
			}
			pieces = append(pieces, string(runes[:n]))
			runes = runes[n:]
		}
		pieces = append(pieces, string(runes))
	}
	return pieces
}

// columns writes rows of untrusted cells, aligned; styles[i] is for row i and
// styles may be shorter than rows. The last column wraps.
func (t *terminal) columns(indent string, rows [][]string, styles []string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cellText(cell)))
		}
	}
	for n, row := range rows {
		prefix := indent
		for i, cell := range row[:len(row)-1] {
			cell = cellText(cell)
			prefix += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		style := ""
		if n < len(styles) {
			style = styles[n]
		}
		t.last(style, prefix, indent+"    ", row[len(row)-1])
	}
}

// last writes the last cell of a row: wrapped in its column or, where the column
// is too narrow for it, on lines of its own.
func (t *terminal) last(style, prefix, below, cell string) {
	cell = clean(cell)
	room := t.opt.Width - utf8.RuneCountInString(prefix)
	if room < narrowest && utf8.RuneCountInString(cell) > room {
		prefix = strings.TrimRight(prefix, " ")
		if utf8.RuneCountInString(prefix) > t.opt.Width {
			t.wrap(style, below[:len(below)-4], prefix)
		} else {
			t.line(style, prefix)
		}
		prefix = below
	}
	t.wrap(style, prefix, cell)
}

// table writes rows under a head: in columns where they fit, else each row as
// a record of its own.
func (t *terminal) table(indent string, rows [][]string, styles []string) {
	width := utf8.RuneCountInString(indent)
	for i := range rows[0][:len(rows[0])-1] {
		column := 0
		for _, row := range rows {
			column = max(column, utf8.RuneCountInString(cellText(row[i])))
		}
		width += column + 2
	}
	if width+utf8.RuneCountInString(rows[0][len(rows[0])-1]) <= t.opt.Width {
		t.columns(indent, rows, styles)
		return
	}
	for n, row := range rows[1:] {
		style := ""
		if n+1 < len(styles) {
			style = styles[n+1]
		}
		t.wrap(style, indent, row[0])
		for i, cell := range row[1:] {
			t.wrap("", indent+"  "+strings.ToLower(rows[0][i+1])+": ", cell)
		}
	}
}

// cellText is a cell that has others behind it: clean and not too wide.
func cellText(s string) string { return shorten(clean(s), 60) }

// narrowest is how narrow a column may be that is wrapped.
const narrowest = 24

// answer writes a headline: its words stand out, the sentence wraps beside them.
func (t *terminal) answer(h headline) {
	words := strings.ToUpper(h.words)
	inner := &terminal{opt: TextOptions{Width: t.opt.Width}}
	inner.wrap("", words+"  ", h.sentence)
	first, rest, _ := strings.Cut(inner.out.String(), "\n")
	t.out.WriteString(t.paint(styleBold+moodStyle[h.mood], clean(words)) + strings.TrimPrefix(first, words) + "\n" + rest)
}

func (t *terminal) headline() {
	t.answer(headlineOf(t.report))
	parts := []string{t.report.ran()}
	if t.report.App != "" {
		parts = []string{t.report.App, t.report.ran()}
	}
	if t.report.Strategy != "" {
		parts = append(parts, string(t.report.Strategy))
	}
	if c := t.report.Coverage; c.Pairs > 0 {
		parts = append(parts, compared(c, ""))
	}
	t.wrap(styleDim, "", strings.Join(parts, " · "))
	for i, advice := range adviceOf(t.report) {
		if i == 0 {
			t.wrap(styleBold, "To do: ", advice)
		} else {
			t.wrap("", "       ", advice)
		}
	}
	for _, notice := range notices(t.report) {
		t.wrap(styleYellow, "Note: ", notice)
	}
}

func (t *terminal) regions() {
	head, table := regionTable(t.report, "Account")
	if table == nil {
		return
	}
	rows, styles := [][]string{louder(head)}, []string{styleDim}
	for _, line := range table {
		row, style := make([]string, len(line.Cells)), ""
		for i, cell := range line.Cells {
			row[i] = cell.Text
			if how, judged := cell.mood(); judged {
				style = moodStyle[how]
			}
		}
		rows, styles = append(rows, row), append(styles, style)
	}
	t.blank()
	t.table("  ", rows, styles)
}

func louder(words []string) []string {
	loud := make([]string, len(words))
	for i, word := range words {
		loud[i] = strings.ToUpper(word)
	}
	return loud
}

func (t *terminal) drift() {
	rows := rowsOf(t.report.Findings)
	if len(rows) == 0 {
		return
	}
	t.title(styleBold, "DIFFERENCES ("+differencesTitle(rows)+")")
	kind := ""
	for _, r := range rows {
		if r.kind != kind {
			kind = r.kind
			t.blank()
			t.wrap(styleDim, "  ", kind)
		}
		t.difference(r)
	}
}

var severityStyle = map[drift.Severity]string{drift.Block: styleRed, drift.Warn: styleYellow, drift.Info: ""}

// difference shows one row: what, then the value in every Region, then what to do.
func (t *terminal) difference(r row) {
	f := r.first()
	word, style := string(r.severity), severityStyle[r.severity]
	if r.allWaived() {
		word, style = "waived", styleDim
	}
	t.wrap(style, fmt.Sprintf("    %-6s ", word), r.resource+" "+r.what())
	values, names := []any{f.Primary}, []string{referenceOf(t.report)}
	for _, name := range (&page{report: t.report}).driftPeers([]row{r}) {
		if found, ok := r.findings[name]; ok {
			values, names = append(values, found.Standby), append(names, name)
		}
	}
	if r.property != "" {
		shown := abreast(values...)
		var rows [][]string
		for i, name := range names {
			rows = append(rows, []string{name, shown[i]})
		}
		t.columns("           ", rows, nil)
	}
	t.wrap(styleDim, "           ", r.causes())
	if places := r.places(); len(places) > 0 {
		t.wrap("", "           Where: ", strings.Join(inWords(places), ", "))
	}
	if f.Waived != nil {
		t.wrap("", "           ", "accepted until "+f.Waived.Until.String()+": "+f.Waived.Reason)
	} else if f.Fix != "" && t.report.Verdict == "" {
		t.wrap("", "           To do: ", sentence(f.Fix))
	}
}

func (t *terminal) waivers() {
	if len(t.report.Waivers) == 0 {
		return
	}
	t.title(styleBold, fmt.Sprintf("ACCEPTED (%d)", len(t.report.Waivers)))
	for _, w := range t.report.Waivers {
		property := w.Property
		if property == "" {
			property = "*"
		}
		t.wrap("", "  ", fmt.Sprintf("%s %s until %s: %s", w.Resource, property, w.Until, w.Reason))
		if note := t.report.waiverNote(w); note != "" {
			t.wrap(styleYellow, "    ! ", note)
		}
	}
}

func (t *terminal) gaps() {
	if len(t.report.Gaps) == 0 {
		return
	}
	t.title(styleBold, fmt.Sprintf("NOT COMPARED (%d)", len(t.report.Gaps)))
	for _, g := range t.report.Gaps {
		what := g.Resource
		if what == "" {
			what = "the Region"
		}
		if detail := g.Fact + g.Property; detail != "" {
			what += " (" + detail + ")"
		}
		if needed := neededOperation(g); needed != "" {
			what += " needs " + needed
		}
		t.wrap("", "  ", fmt.Sprintf("%s: %s: %s", g.Region, what, gapReason(g)))
		if len(g.NeededBy) > 0 {
			t.wrap(styleDim, "    ", "needed by "+strings.Join(g.NeededBy, ", "))
		}
	}
}

func (t *terminal) footer() {
	t.blank()
	parts := []string{}
	if t.report.Config != "" {
		parts = append(parts, "configuration "+t.report.Config)
	}
	parts = append(parts, "evaluated "+when(t.report.EvaluatedAt))
	if t.report.RunURL != "" {
		parts = append(parts, t.report.RunURL)
	}
	if t.report.Version != "" {
		parts = append(parts, "Lockstep "+t.report.Version)
	}
	t.wrap(styleDim, "", strings.Join(parts, " · "))
}
