package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// evidenceLines is how many lines of a check's evidence are shown at full length.
const evidenceLines = 12

func (p *page) blockers() {
	checks := checksWhere(p.report, blockingCheck)
	if len(checks) == 0 {
		return
	}
	p.f("### Blocking (%d)\n\n", len(checks))
	p.checks(checks)
}

func (p *page) unknowns() {
	checks := checksWhere(p.report, unknownCheck)
	if len(checks) == 0 {
		return
	}
	p.f("### Unknown (%d)\n\n", len(checks))
	if p.level < briefBlockers {
		p.WriteString("What could not be read is not taken for healthy.\n\n")
	}
	p.checks(checks)
}

func (p *page) checks(checks []readiness.Check) {
	if p.level >= briefBlockers {
		for _, c := range checks {
			p.WriteString(shortCheck(c))
		}
		p.WriteByte('\n')
		return
	}
	for _, c := range folded(checks) {
		p.check(c)
	}
}

// shortCheck is a check in one line: rule, Region, first resources.
func shortCheck(c readiness.Check) string {
	what := ""
	switch n := len(c.Resources); {
	case n == 1:
		what = " " + code(shorten(c.Resources[0], 80))
	case n > 1:
		what = fmt.Sprintf(" %s and %d more", code(shorten(c.Resources[0], 80)), n-1)
	}
	return fmt.Sprintf("- **%s** %s:%s\n", prose(c.Rule), prose(c.Region), what+statusWord(c))
}

func statusWord(c readiness.Check) string {
	if c.Status == readiness.Undetermined {
		return " unknown"
	}
	return " " + prose(shorten(c.Title, 120))
}

// check is the whole chain: rule, evidence with the values of both Regions,
// consequence, fix.
func (p *page) check(c readiness.Check) {
	p.f("#### %s ·%s in %s\n\n", prose(c.Rule), resourceList(c.Resources, 3), prose(c.Region))
	if c.Title != "" {
		p.f("*What must hold:* %s.\n\n", prose(strings.TrimSuffix(c.Title, ".")))
	}
	lines := strings.Split(c.Evidence, "\n")
	rest := 0
	if len(lines) > evidenceLines {
		rest, lines = len(lines)-evidenceLines, lines[:evidenceLines]
	}
	for _, line := range lines {
		p.f("- %s\n", evidenceMarkdown(line, c.Resources))
	}
	if rest > 0 {
		p.f("- and %d more\n", rest)
	}
	for _, gap := range unnamed(c) {
		p.f("- missing permission or answer: %s in %s (%s)\n", code(gap.Operation), code(gap.Region), prose(gap.Reason))
	}
	for _, f := range unstated(p.report, c) {
		shown := abreast(f.Primary, f.Standby)
		p.f("- %s %s: %s in %s, %s in %s\n", code(f.Resource), code(f.Property), valueCell(shown[0]), prose(referenceOf(p.report)), valueCell(shown[1]), prose(f.Region))
	}
	p.WriteByte('\n')
	if places, more := placesOf(p.report, c); len(places) > 0 {
		p.f("*Where:* %s%s\n\n", p.linked(places), andMore(more))
	}
	if c.Why != "" {
		p.f("*Why it matters:* %s\n\n", marked(c.Why))
	}
	fixes, more := fixesOf(c)
	for i, fix := range fixes {
		if i == 0 {
			p.f("**To do:** %s\n", marked(sentence(fix)))
		} else {
			p.f("<br>%s\n", marked(sentence(fix)))
		}
	}
	if more > 0 {
		p.f("<br>And %d more of the kind.\n", more)
	}
	p.WriteByte('\n')
}

// evidenceMarkdown sets the resource that a line begins with as code.
func evidenceMarkdown(line string, resources []string) string {
	for _, resource := range resources {
		rest, ok := strings.CutPrefix(line, resource)
		if ok && resource != "" && (strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, " ")) {
			return code(resource) + marked(rest)
		}
	}
	return marked(line)
}

// unnamed are the missing reads that the evidence does not name already.
func unnamed(c readiness.Check) []drift.Gap {
	var gaps []drift.Gap
	for _, gap := range c.Missing {
		if gap.Operation != "" && !strings.Contains(c.Evidence, gap.Operation) {
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

// sentence begins with a capital and ends in a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	s = capital(s)
	if !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, ")") {
		s += "."
	}
	return s
}

// capital begins a sentence, unless it begins with a name: "payments: its last
// update failed", "us-east-1: execute: …", `"tenth"`.
func capital(s string) string {
	first, _, more := strings.Cut(s, " ")
	if s == "" || more && strings.HasSuffix(first, ":") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// shortBlockers lists as many blocking and unknown checks as fit and counts the rest.
func (p *page) shortBlockers(room int) {
	checks := append(checksWhere(p.report, blockingCheck), checksWhere(p.report, unknownCheck)...)
	var lines []string
	for _, c := range checks {
		lines = append(lines, shortCheck(c))
	}
	if len(checks) == 0 && p.report.Verdict == "" {
		for _, f := range p.report.Findings {
			if f.Severity == drift.Block && f.Waived == nil {
				lines = append(lines, fmt.Sprintf("- %s %s\n", code(shorten(f.Resource, 80)), code(shorten(f.Property, 80))))
			}
		}
	}
	const reserve = len("- and 1000000 more\n")
	for i, line := range lines {
		last := i == len(lines)-1
		if p.Len() > 0 && (!last && len(line)+reserve > room || last && len(line) > room) {
			p.f("- and %d more\n", len(lines)-i)
			return
		}
		p.WriteString(line)
		room -= len(line)
	}
}

func (p *page) warnings() {
	checks := checksWhere(p.report, warningCheck)
	if len(checks) > 0 {
		p.details(fmt.Sprintf("Warnings (%d)", len(checks)), func() {
			if p.level >= briefWarnings {
				p.shortList(checks)
				return
			}
			p.checks(checks)
		})
	}
	waived := checksWhere(p.report, waivedCheck)
	if len(waived) > 0 && p.level < briefWarnings {
		p.details(fmt.Sprintf("Waived (%d)", len(waived)), func() {
			for _, c := range waived {
				reason := ""
				if c.Waived != nil {
					reason = fmt.Sprintf(": %s, until %s", prose(c.Waived.Reason), c.Waived.Until)
				}
				p.f("- **%s** %s%s%s\n", prose(c.Rule), prose(c.Region), resourceList(c.Resources, 5), reason)
			}
			p.WriteByte('\n')
		})
	}
}

func (p *page) shortList(checks []readiness.Check) {
	for i, c := range checks {
		if i == 50 {
			p.f("- and %d more\n", len(checks)-i)
			break
		}
		p.WriteString(shortCheck(c))
	}
	p.WriteByte('\n')
}

// resourceList names at most n resources as code, each after a blank.
func resourceList(keys []string, n int) string {
	shown := keys[:min(len(keys), n)]
	var b strings.Builder
	for _, key := range shown {
		b.WriteString(" " + code(key))
	}
	if len(keys) > len(shown) {
		fmt.Fprintf(&b, " and %d more", len(keys)-len(shown))
	}
	return b.String()
}

func (p *page) passed() {
	if p.level >= withoutInfo {
		return
	}
	pass := rulesWith(p.report, readiness.Pass)
	na := rulesWith(p.report, readiness.NotApplicable)
	off := rulesWith(p.report, readiness.Off)
	if len(pass)+len(na)+len(off) == 0 {
		return
	}
	p.details("Passed ("+fmt.Sprint(len(pass))+"), not applicable ("+fmt.Sprint(len(na))+"), off ("+fmt.Sprint(len(off))+")", func() {
		for _, c := range p.report.Checks {
			if c.Status == readiness.Pass || c.Status == readiness.Off || c.Status == readiness.NotApplicable {
				p.f("- %s **%s** %s: %s\n", passMark[c.Status], prose(c.Rule), prose(c.Region), prose(shorten(strings.ReplaceAll(c.Evidence, "\n", "; "), 300)))
			}
		}
		p.WriteByte('\n')
	})
}

var passMark = map[readiness.Status]string{readiness.Pass: "✅", readiness.Off: "⏸️", readiness.NotApplicable: "➖"}
