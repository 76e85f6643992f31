package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// ruleColumn is how wide rule ids are.
const ruleColumn = 12

// checks writes a section of checks, each as a chain: rule, evidence with the
// values of both Regions, consequence, fix.
func (t *terminal) checks(title string, how mood, keep func(readiness.Check) bool) {
	list := checksWhere(t.report, keep)
	if len(list) == 0 {
		return
	}
	t.title(styleBold+moodStyle[how], fmt.Sprintf("%s (%d)", title, len(list)))
	for _, c := range folded(list) {
		t.blank()
		t.check(c, moodStyle[how])
	}
}

func (t *terminal) check(c readiness.Check, style string) {
	indent := strings.Repeat(" ", ruleColumn)
	if len(c.Rule) < ruleColumn-2 {
		t.wrap(style, fmt.Sprintf("  %-*s", ruleColumn-2, clean(c.Rule)), about(c))
	} else {
		t.wrap(style, "  ", c.Rule+": "+about(c))
	}
	if c.Title != "" {
		t.wrap(styleDim, indent+"Rule:  ", sentence(c.Title))
	}
	lines := strings.Split(c.Evidence, "\n")
	rest := 0
	if len(lines) > evidenceLines {
		rest, lines = len(lines)-evidenceLines, lines[:evidenceLines]
	}
	for _, line := range lines {
		t.wrap("", indent+"- ", line)
	}
	if rest > 0 {
		t.wrap("", indent+"- ", fmt.Sprintf("and %d more", rest))
	}
	for _, gap := range unnamed(c) {
		t.wrap("", indent+"- ", fmt.Sprintf("missing: %s in %s (%s)", gap.Operation, gap.Region, gap.Reason))
	}
	for _, f := range unstated(t.report, c) {
		t.values(indent+"  ", f)
	}
	if places, more := placesOf(t.report, c); len(places) > 0 {
		t.wrap("", indent+"Where: ", strings.Join(inWords(places), ", ")+andMore(more))
	}
	if c.Why != "" {
		t.wrap(styleDim, indent+"Why:   ", c.Why)
	}
	fixes, more := fixesOf(c)
	for i, fix := range fixes {
		prefix := "To do: "
		if i > 0 {
			prefix = "       "
		}
		t.wrap("", indent+prefix, sentence(fix))
	}
	if more > 0 {
		t.wrap("", indent+"       ", fmt.Sprintf("And %d more of the kind.", more))
	}
}

// values writes a property with its value in both Regions.
func (t *terminal) values(indent string, f drift.Finding) {
	shown := abreast(f.Primary, f.Standby)
	t.wrap("", indent, f.Resource+" "+f.Property)
	t.columns(indent+"  ", [][]string{{referenceOf(t.report), shown[0]}, {f.Region, shown[1]}}, nil)
}

// about names what a check is about: its first resources and the Region.
func about(c readiness.Check) string {
	shown := c.Resources[:min(len(c.Resources), 3)]
	what := strings.Join(shown, ", ")
	if n := len(c.Resources) - len(shown); n > 0 {
		what += fmt.Sprintf(" and %d more", n)
	}
	return strings.TrimSpace(what + " in " + c.Region)
}

func (t *terminal) passed() {
	for _, group := range []struct {
		word   string
		status readiness.Status
	}{{"Passed", readiness.Pass}, {"Not applicable", readiness.NotApplicable}, {"Waived", readiness.Waived}, {"Off", readiness.Off}} {
		if ids := rulesWith(t.report, group.status); len(ids) > 0 {
			if group.status == readiness.Pass {
				t.blank()
			}
			if group.status == readiness.NotApplicable || group.status == readiness.Off {
				ids = Series(ids) // nobody looks for one of these
			}
			t.wrap(styleDim, group.word+": ", strings.Join(ids, ", "))
		}
	}
}
