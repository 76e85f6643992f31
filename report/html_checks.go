package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/readiness"
)

// checkPart is a section of checks of one kind.
type checkPart struct {
	ID, Title, Mood, Lead string
	Count                 int
	List                  []checkCard
}

// checkCard is one check as a chain: rule, evidence with the values of both
// Regions, consequence, what to do.
type checkCard struct {
	Mood, Rule, Region, Title, Why, Waived string
	Resources, Places                      []string
	More, MorePlaces                       int
	Evidence, Fixes                        [][]span
	Values                                 []valueFigure
}

// valueFigure is a property with its value in every Region.
type valueFigure struct {
	Caption string
	Sides   []side
}

func checkParts(r Report) []checkPart {
	var parts []checkPart
	for _, kind := range []struct {
		id, title, mood, lead string
		keep                  func(readiness.Check) bool
	}{
		{"blocking", "Blocking", "bad", "", blockingCheck},
		{"unknown", "Unknown", "doubtful", "What could not be read is not taken for healthy.", unknownCheck},
		{"warnings", "Warnings", "doubtful", "", warningCheck},
		{"waived", "Waived", "off", "", waivedCheck},
	} {
		list := checksWhere(r, kind.keep)
		if len(list) == 0 {
			continue
		}
		part := checkPart{ID: kind.id, Title: kind.title, Mood: kind.mood, Lead: kind.lead, Count: len(list)}
		for _, c := range folded(list) {
			part.List = append(part.List, cardOf(r, c, kind.mood))
		}
		parts = append(parts, part)
	}
	return parts
}

func cardOf(r Report, c readiness.Check, mood string) checkCard {
	shown := c.Resources[:min(len(c.Resources), 3)]
	card := checkCard{Mood: mood, Rule: c.Rule, Region: c.Region, Resources: shown, More: len(c.Resources) - len(shown)}
	if c.Title != "" {
		card.Title = sentence(c.Title)
	}
	for _, line := range strings.Split(c.Evidence, "\n") {
		card.Evidence = append(card.Evidence, spans(line))
	}
	for _, gap := range unnamed(c) {
		card.Evidence = append(card.Evidence, spans(fmt.Sprintf("missing: %s in %s (%s)", gap.Operation, gap.Region, gap.Reason)))
	}
	card.Why = c.Why
	places, more := placesOf(r, c)
	card.Places, card.MorePlaces = inWords(places), more
	if c.Waived != nil {
		card.Waived = fmt.Sprintf("until %s: %s", c.Waived.Until, c.Waived.Reason)
	}
	for _, fix := range strings.Split(c.Fix, "\n") {
		if fix != "" {
			card.Fixes = append(card.Fixes, spans(sentence(fix)))
		}
	}
	for _, f := range FindingsOf(r, c) {
		if f.Property != "" {
			card.Values = append(card.Values, valueFigure{Caption: f.Resource + " " + f.Property,
				Sides: sidesOf(referenceOf(r), f.Primary, []string{f.Region}, []any{f.Standby})})
		}
	}
	return card
}
