package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/readiness"
)

// ruleColumn is how wide rule ids are.
const ruleColumn = 10

// checks writes a section of checks: rule, evidence, consequence, fix.
func (t *terminal) checks(title string, how mood, keep func(readiness.Check) bool) {
	list := checksWhere(t.report, keep)
	if len(list) == 0 {
		return
	}
	t.title(styleBold+moodStyle[how], fmt.Sprintf("%s (%d)", title, len(list)))
	for _, c := range list {
		t.blank()
		t.check(c, moodStyle[how])
	}
}

func (t *terminal) check(c readiness.Check, style string) {
	indent := strings.Repeat(" ", ruleColumn)
	t.wrap(style, fmt.Sprintf("  %-*s", ruleColumn-2, clean(c.Rule)), c.Title)
	lines := strings.Split(c.Evidence, "\n")
	rest := 0
	if len(lines) > evidenceLines {
		rest, lines = len(lines)-evidenceLines, lines[:evidenceLines]
	}
	t.wrap(styleDim, indent, "in "+c.Region)
	for _, line := range lines {
		t.wrap("", indent+"- ", line)
	}
	if rest > 0 {
		t.wrap("", indent+"- ", fmt.Sprintf("and %d more", rest))
	}
	for _, gap := range c.Missing {
		t.wrap("", indent+"- ", fmt.Sprintf("missing: %s in %s (%s)", gap.Operation, gap.Region, gap.Reason))
	}
	if rule, ok := readiness.Find(c.Rule); ok && c.Status == readiness.Fail {
		t.wrap(styleDim, indent+"Why:   ", rule.Why)
	}
	for i, fix := range strings.Split(c.Fix, "\n") {
		prefix := "To do: "
		if i > 0 {
			prefix = "       "
		}
		if fix != "" {
			t.wrap("", indent+prefix, sentence(fix))
		}
	}
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
			t.wrap(styleDim, group.word+": ", strings.Join(ids, ", "))
		}
	}
}
