package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// findingPart is the list of differences with what it can be filtered by.
type findingPart struct {
	Title          string
	Types, Regions []string
	Levels         []levelChoice
	List           []findingCard
}

type levelChoice struct {
	Class, Word string
	Count       int
}

// findingCard is one difference over all Regions. Types and Regions are
// numbers into the lists of the part: names are untrusted and may hold anything.
type findingCard struct {
	Class, Word, Resource, What, Type string
	TypeIndex                         int
	RegionIndexes                     string
	Open                              bool
	Sides                             []side
	Same, Cause, Waived               string
	Messages, Places                  []string
	Fix                               []span
}

// openAtFirst is how many blocking differences of a drift report are unfolded.
const openAtFirst = 5

var levelChoices = []levelChoice{{Class: "block", Word: "blocking"}, {Class: "warn", Word: "warning"}, {Class: "info", Word: "cosmetic"}, {Class: "waived", Word: "waived"}}

func findingPartOf(r Report) *findingPart {
	rows := rowsOf(r.Findings)
	if len(rows) == 0 {
		return nil
	}
	part := &findingPart{Title: differencesTitle(rows), Regions: (&page{report: r}).driftPeers(rows)}
	counts := map[string]int{}
	slices.SortStableFunc(rows, func(a, b row) int { return a.rank() - b.rank() })
	for _, w := range rows {
		if !slices.Contains(part.Types, w.kind) {
			part.Types = append(part.Types, w.kind)
		}
	}
	slices.Sort(part.Types)
	for i, w := range rows {
		card := part.card(r, w)
		card.Open = r.Verdict == "" && card.Class == "block" && i < openAtFirst
		counts[card.Class]++
		part.List = append(part.List, card)
	}
	for _, level := range levelChoices {
		if level.Count = counts[level.Class]; level.Count > 0 {
			part.Levels = append(part.Levels, level)
		}
	}
	return part
}

// rank orders differences worst first, accepted ones last.
func (r row) rank() int {
	if r.allWaived() {
		return len(levelChoices) - 1
	}
	return slices.Index(drift.Severities(), r.severity)
}

func (p *findingPart) card(r Report, w row) findingCard {
	f, level := w.first(), levelChoices[max(w.rank(), 0)]
	card := findingCard{Class: level.Class, Word: level.Word, Resource: w.resource, What: w.what(), Type: w.kind,
		TypeIndex: slices.Index(p.Types, w.kind), Cause: w.causes()}
	var indexes, names, same []string
	var values []any
	for i, name := range p.Regions {
		found, differs := w.findings[name]
		if !differs {
			same = append(same, name)
			continue
		}
		indexes, names, values = append(indexes, fmt.Sprint(i)), append(names, name), append(values, found.Standby)
	}
	card.RegionIndexes = strings.Join(indexes, " ")
	if w.property != "" {
		card.Sides = sidesOf(referenceOf(r), f.Primary, names, values)
	}
	if len(same) > 0 {
		card.Same = "No difference was found in " + and(same) + "."
	}
	for _, region := range slices.Sorted(maps.Keys(w.findings)) {
		if message := w.findings[region].Message; message != "" && !slices.Contains(card.Messages, message) {
			card.Messages = append(card.Messages, message)
		}
	}
	card.Places = inWords(w.places())
	if f.Waived != nil {
		card.Waived = "until " + f.Waived.Until.String() + ": " + f.Waived.Reason
	} else if f.Fix != "" {
		card.Fix = spans(sentence(f.Fix))
	}
	return card
}
