package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/readiness"
)

// strategyHeadline is the answer of the command strategy.
func strategyHeadline(r Report) headline {
	l := r.Ladder
	switch {
	case l.StandsOn == "":
		return headline{"On no rung", "the application lives up to no strategy. " + nextRung(*l), bad}
	case l.Next == "":
		return headline{"Stands on " + string(l.StandsOn), "the most demanding strategy there is.", good}
	case standsBelow(*l):
		return headline{"Stands on " + string(l.StandsOn), "below the strategy that is declared. " + nextRung(*l), bad}
	default:
		return headline{"Stands on " + string(l.StandsOn), nextRung(*l), good}
	}
}

// standsBelow reports whether the declared strategy is above what is reached.
func standsBelow(l readiness.Ladder) bool {
	reached := false
	for _, rung := range l.Rungs {
		if rung.Declared && reached {
			return true
		}
		reached = reached || rung.Strategy == l.StandsOn
	}
	return false
}

func nextRung(l readiness.Ladder) string {
	rung, _ := l.Rung(l.Next)
	return string(l.Next) + ": " + keptBy(rung) + "."
}

// keptBy says what keeps the application from being ready on a rung.
func keptBy(rung readiness.Rung) string {
	var parts []string
	if len(rung.Failed) > 0 {
		parts = append(parts, strings.Join(rung.Failed, ", ")+" "+verb(rung.Failed, "fails", "fail"))
	}
	if len(rung.Undetermined) > 0 {
		parts = append(parts, strings.Join(rung.Undetermined, ", ")+" unknown")
	}
	if len(rung.Unmet) > 0 {
		parts = append(parts, strings.Join(rung.Unmet, ", ")+" unmet")
	}
	if len(parts) == 0 && rung.Verdict != readiness.Ready {
		return "nothing was judged"
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, "; ")
}

// keptByShort counts where a list would be longer than a table bears.
func keptByShort(rung readiness.Rung) string {
	const bearable = 6
	if len(rung.Failed)+len(rung.Undetermined)+len(rung.Unmet) <= bearable {
		return keptBy(rung)
	}
	var parts []string
	if n := len(rung.Failed); n > 0 {
		parts = append(parts, fmt.Sprintf("%d fail", n))
	}
	if n := len(rung.Undetermined); n > 0 {
		parts = append(parts, fmt.Sprintf("%d unknown", n))
	}
	if n := len(rung.Unmet); n > 0 {
		parts = append(parts, fmt.Sprintf("%d unmet", n))
	}
	return strings.Join(parts, ", ")
}

var verdictMood = map[readiness.Verdict]mood{readiness.Ready: good, readiness.NotReady: bad, readiness.Unknown: doubtful}

// ladderTitle says where the application stands or, in a gate, which did not ask for
// the evidence of every strategy, what the table is.
func ladderTitle(r Report) string {
	switch {
	case r.Command != commandStrategy:
		return "the gate's verdict under each"
	case r.Ladder.StandsOn == "":
		return "stands on none"
	default:
		return "stands on " + string(r.Ladder.StandsOn)
	}
}

// ladderNote explains the word that a ready rung may have beside it.
func ladderNote(l readiness.Ladder) string {
	if !slices.ContainsFunc(l.Rungs, func(rung readiness.Rung) bool { return len(rung.Unmet) > 0 }) {
		return ""
	}
	return "unmet: it only warns in the gate, and the strategy is not reached without it."
}

var ladderHead = []string{"Strategy", "Verdict", "Class: RPO, RTO", "Kept by"}

func rungCells(rung readiness.Rung) []string {
	name := string(rung.Strategy)
	if rung.Declared {
		name += " (declared)"
	}
	return []string{name, string(rung.Verdict), rung.RPO + ", " + rung.RTO, keptByShort(rung)}
}

func (t *terminal) ladder() {
	l := t.report.Ladder
	if l == nil {
		return
	}
	t.title(styleBold, "STRATEGIES ("+ladderTitle(t.report)+")")
	head := make([]string, len(ladderHead))
	for i, word := range ladderHead {
		head[i] = strings.ToUpper(word)
	}
	rows, styles := [][]string{head}, []string{styleDim}
	for _, rung := range l.Rungs {
		rows, styles = append(rows, rungCells(rung)), append(styles, moodStyle[verdictMood[rung.Verdict]])
	}
	t.columns("  ", rows, styles)
	if note := ladderNote(*l); note != "" {
		t.wrap(styleDim, "  ", note)
	}
	t.costs()
}

func (t *terminal) costs() {
	if len(t.report.Costs) == 0 {
		return
	}
	t.title(styleBold, "COST, MONTH TO DATE")
	for _, c := range t.report.Costs {
		t.wrap("", "  "+c.Region+"  ", costWords(c))
	}
}

// costWords is one Region's cost, or why it is not known.
func costWords(c Cost) string {
	if c.Amount == "" {
		return "unknown: " + c.Unknown
	}
	return fmt.Sprintf("%s %s (%s, %s to %s)", c.Amount, c.Currency, c.Of, c.From, c.To)
}

// ladder is folded away where the gate's verdict is the answer.
func (p *page) ladder() {
	l := p.report.Ladder
	if l == nil || p.level >= briefWarnings {
		return
	}
	body := func() {
		rows := make([][]string, 0, len(l.Rungs))
		for _, rung := range l.Rungs {
			cells := rungCells(rung)
			cells[1] = moodMark[verdictMood[rung.Verdict]] + " " + cells[1]
			for i := range cells {
				cells[i] = prose(cells[i])
			}
			rows = append(rows, cells)
		}
		p.table(ladderHead, rows)
		if note := ladderNote(*l); note != "" {
			p.f("%s\n\n", prose(note))
		}
	}
	if p.report.Command == commandStrategy {
		body()
		p.costs()
		return
	}
	p.details("Strategies: "+prose(ladderTitle(p.report)), body)
}

func (p *page) costs() {
	if len(p.report.Costs) == 0 {
		return
	}
	p.f("**Cost, month to date**\n\n")
	for _, c := range p.report.Costs {
		p.f("- %s: %s\n", code(c.Region), prose(costWords(c)))
	}
	p.WriteByte('\n')
}

// ladderPart is the table of strategies on the page.
type ladderPart struct {
	Title string
	Note  string
	Head  []string
	Rows  []tableRow
	Costs []tableRow
}

func ladderPartOf(r Report) *ladderPart {
	if r.Ladder == nil {
		return nil
	}
	part := &ladderPart{Title: ladderTitle(r), Head: ladderHead, Note: ladderNote(*r.Ladder)}
	for _, rung := range r.Ladder.Rungs {
		var row tableRow
		for i, text := range rungCells(rung) {
			cell := tableCell{Label: ladderHead[i], Text: text}
			if i == 1 {
				cell.Mood = moodClass[verdictMood[rung.Verdict]]
			}
			row.Cells = append(row.Cells, cell)
		}
		part.Rows = append(part.Rows, row)
	}
	for _, c := range r.Costs {
		part.Costs = append(part.Costs, tableRow{[]tableCell{{Label: "Region", Text: c.Region}, {Label: "Cost", Text: costWords(c)}}})
	}
	return part
}

// commandStrategy is the command that the ladder is the answer of.
const commandStrategy = "strategy"
