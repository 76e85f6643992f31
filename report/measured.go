package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/readiness"
	"github.com/lockstep-dr/lockstep/topology"
)

// notMeasured stands where nobody knows: no figure is ever made up.
const notMeasured = "not measured"

// longestList is how many stores without a measurement are named.
const longestList = 3

// measuredCells are the two objectives of one Region, each with what was declared,
// what was measured, and of what.
func measuredCells(m readiness.Measured) [][]string {
	return [][]string{
		{m.Region, "RPO", declaredWords(m.RPO.Declared), lossWords(m.RPO)},
		{m.Region, "RTO", declaredWords(m.RTO.Declared), outageWords(m.RTO)},
	}
}

var measuredHead = []string{"Region", "Objective", "Declared", "Measured"}

func declaredWords(seconds float64) string {
	if seconds == 0 {
		return "not declared"
	}
	return lasting(seconds)
}

// lossWords says the worst of what was measured. Where something was not, that is
// the least that would be lost.
func lossWords(l readiness.Loss) string {
	words := notMeasured
	if l.Measured != nil {
		words = fmt.Sprintf("%s (%s: %s)", lasting(*l.Measured), l.Resource, l.By)
		if len(l.NotMeasured) > 0 {
			words = "at least " + words
		}
	}
	if n := len(l.NotMeasured); n > 0 {
		of := strings.Join(l.NotMeasured[:min(n, longestList)], ", ")
		if n > longestList {
			of += fmt.Sprintf(" and %d more", n-longestList)
		}
		if l.Measured != nil {
			return words + "; " + notMeasured + ": " + of
		}
		return words + ": " + of
	}
	return words
}

// outageWords says how long the last drill took, and what no takeover is faster than.
func outageWords(o readiness.Outage) string {
	words := notMeasured
	switch {
	case o.Measured != nil:
		words = fmt.Sprintf("%s in the last drill, on %s (%s), %s ago", lasting(*o.Measured), o.Drill, o.By, daysOf(o.Age))
	case o.Drill != "":
		words = fmt.Sprintf("%s: how long the last drill took, on %s (%s), %s ago, is not known", notMeasured, o.Drill, o.By, daysOf(o.Age))
	}
	if o.TTL != nil {
		words += fmt.Sprintf("; clients keep an answer of DNS for up to %s (%s)", lasting(*o.TTL), o.Record)
	}
	return words
}

// lasting is a time, no finer than it matters.
func lasting(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d >= time.Hour:
		d = d.Round(time.Minute)
	case d >= time.Minute:
		d = d.Round(time.Second)
	default:
		d = d.Round(time.Millisecond)
	}
	return topology.Span(d)
}

func daysOf(seconds float64) string {
	return Plural(int(seconds/(24*60*60)), "day")
}

// measuredLine is a row of the table as a sentence.
func measuredLine(declared, measured string) string {
	if !strings.HasPrefix(declared, "not ") {
		declared += " declared"
	}
	if !strings.HasPrefix(measured, notMeasured) {
		measured = "measured " + measured
	}
	return declared + "; " + measured
}

func (t *terminal) measured() {
	if len(t.report.Measured) == 0 {
		return
	}
	t.title(styleBold, "OBJECTIVES")
	for _, m := range t.report.Measured {
		for _, row := range measuredCells(m) {
			t.wrap("", "  "+row[0]+"  "+row[1]+"  ", measuredLine(row[2], row[3]))
		}
	}
}

func (p *page) measured() {
	if len(p.report.Measured) == 0 || p.level >= briefWarnings {
		return
	}
	var rows [][]string
	for _, m := range p.report.Measured {
		for _, row := range measuredCells(m) {
			rows = append(rows, []string{code(row[0]), row[1], prose(row[2]), prose(row[3])})
		}
	}
	p.table(measuredHead, rows)
}

func measuredRows(r Report) (rows []tableRow) {
	for _, m := range r.Measured {
		for _, row := range measuredCells(m) {
			var cells []tableCell
			for i, text := range row {
				cells = append(cells, tableCell{Label: measuredHead[i], Text: text})
			}
			rows = append(rows, tableRow{cells})
		}
	}
	return rows
}
