package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// drift shows the differences: in front for a drift report, folded for a gate,
// whose blocking checks have told the worst already.
func (p *page) drift() {
	rows := rowsOf(p.report.Findings)
	if p.level >= withoutInfo {
		rows = slices.DeleteFunc(rows, func(r row) bool { return r.severity == drift.Info })
	}
	if len(p.report.Findings) == 0 {
		return
	}
	if p.report.Verdict != "" || len(p.report.Checks) > 0 {
		p.details("Differences ("+differencesTitle(rowsOf(p.report.Findings))+")", func() { p.driftByType(rows) })
		return
	}
	open := func(s drift.Severity) []row {
		return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.severity != s || r.allWaived() })
	}
	waived := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !r.allWaived() })
	p.severitySection("Blocking", open(drift.Block), false)
	p.severitySection("Warnings", open(drift.Warn), len(open(drift.Block)) > 0)
	p.severitySection("Cosmetic", open(drift.Info), true)
	p.severitySection("Waived", waived, true)
}

func (r row) allWaived() bool {
	for _, f := range r.findings {
		if f.Waived == nil {
			return false
		}
	}
	return true
}

func (p *page) severitySection(title string, rows []row, folded bool) {
	if len(rows) == 0 {
		return
	}
	title = fmt.Sprintf("%s (%d)", title, len(rows))
	body := func() {
		p.driftByType(rows)
		if p.level < briefDrift {
			p.todo(rows)
		}
	}
	if folded {
		p.details(title, body)
		return
	}
	p.f("### %s\n\n", title)
	body()
}

// driftByType is one table per type with one column per Region.
func (p *page) driftByType(rows []row) {
	if p.level >= briefDrift {
		p.driftCounts(rows)
		return
	}
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].kind == rows[0].kind {
			n++
		}
		p.f("**%s**\n\n", prose(rows[0].kind))
		p.driftTable(rows[:n])
		rows = rows[n:]
	}
}

func (p *page) driftTable(rows []row) {
	peers := p.driftPeers(rows)
	head := []string{"", "Resource", "Property", code(referenceOf(p.report))}
	for _, peer := range peers {
		head = append(head, code(peer))
	}
	head = append(head, "Cause")
	var cells [][]string
	for _, r := range rows {
		f := r.first()
		values := []any{f.Primary}
		for _, peer := range peers {
			if found, ok := r.findings[peer]; ok {
				values = append(values, found.Standby)
			}
		}
		shown := abreast(values...)
		line := []string{r.mark(), code(r.resource), prose(r.what()), valueCell(shown[0])}
		at := 1
		for _, peer := range peers {
			if _, ok := r.findings[peer]; !ok {
				line = append(line, "=")
				continue
			}
			line = append(line, valueCell(shown[at]))
			at++
		}
		cells = append(cells, append(line, prose(r.causes())+waivedNote(f)+p.placeNote(r)))
	}
	p.table(head, cells)
	if len(peers) > 1 {
		p.f("<sub>= as in %s</sub>\n\n", prose(referenceOf(p.report)))
	}
}

// driftPeers are the Regions that have a column: those of the report, or of
// the findings where the report names none.
func (p *page) driftPeers(rows []row) []string {
	var names []string
	for _, region := range p.report.Regions {
		if region.Name != referenceOf(p.report) {
			names = append(names, region.Name)
		}
	}
	var extra []string
	for _, r := range rows {
		for name := range r.findings {
			if !slices.Contains(names, name) && !slices.Contains(extra, name) {
				extra = append(extra, name)
			}
		}
	}
	slices.Sort(extra)
	return append(names, extra...)
}

func (r row) mark() string {
	if r.allWaived() {
		return "➖"
	}
	switch r.severity {
	case drift.Block:
		return "❌"
	case drift.Warn:
		return "⚠️"
	default:
		return "·"
	}
}

func valueCell(s string) string {
	if s == absent || s == drift.Redacted {
		return "*" + prose(s) + "*"
	}
	return code(s)
}

func waivedNote(f drift.Finding) string {
	if f.Waived == nil {
		return ""
	}
	return fmt.Sprintf("; accepted until %s: %s", f.Waived.Until, prose(f.Waived.Reason))
}

// placeNote is where a difference comes from, below its cause.
func (p *page) placeNote(r row) string {
	places := r.places()
	if len(places) == 0 {
		return ""
	}
	return "<br>" + p.linked(places)
}

// linked are places that lead to their lines, where the report knows the commit.
func (p *page) linked(places []drift.Location) string {
	shown := make([]string, len(places))
	for i, at := range places {
		shown[i] = code(place(&at))
		if address := p.report.address(at); plainAddress(address) {
			shown[i] = "[" + shown[i] + "](" + address + ")"
		}
	}
	return strings.Join(shown, ", ")
}

// todo lists what blocking differences mean, then what to do, each advice once
// with the resources it is for.
func (p *page) todo(rows []row) {
	for _, r := range rows {
		for _, region := range slices.Sorted(maps.Keys(r.findings)) {
			if f := r.findings[region]; f.Severity == drift.Block && f.Message != "" && f.Waived == nil {
				p.f("- %s\n", evidenceMarkdown(f.Message, []string{f.Resource}))
			}
		}
	}
	var order []string
	where := map[string][]string{}
	for _, r := range rows {
		f := r.first()
		if f.Fix == "" || f.Waived != nil {
			continue
		}
		if _, seen := where[f.Fix]; !seen {
			order = append(order, f.Fix)
		}
		where[f.Fix] = append(where[f.Fix], r.resource)
	}
	for _, fix := range order {
		keys := slices.Compact(slices.Sorted(slices.Values(where[fix])))
		p.f("- **To do**%s: %s\n", resourceList(keys, 5), marked(sentence(fix)))
	}
	if len(order) > 0 {
		p.WriteByte('\n')
	}
}

func (p *page) driftCounts(rows []row) {
	var order []string
	count := map[string]tally{}
	for _, r := range rows {
		if _, seen := count[r.kind]; !seen {
			order = append(order, r.kind)
		}
		t := count[r.kind]
		t.difference(r.severity, r.allWaived())
		count[r.kind] = t
	}
	for i, kind := range order {
		if i == 50 {
			p.f("- and %d more types\n", len(order)-i)
			break
		}
		p.f("- %s: %s\n", prose(kind), count[kind].parts())
	}
	p.WriteByte('\n')
}

func (p *page) waivers() {
	list := p.report.Waivers
	if len(list) == 0 {
		return
	}
	due := 0
	for _, w := range list {
		if p.report.waiverNote(w) != "" {
			due++
		}
	}
	title := fmt.Sprintf("Accepted differences (%d)", len(list))
	if due > 0 {
		title = fmt.Sprintf("Accepted differences (%d, %d to look at)", len(list), due)
	}
	if p.level >= briefWarnings {
		p.f("%s\n\n", title)
		return
	}
	p.details(title, func() {
		var rows [][]string
		for _, w := range list {
			note := p.report.waiverNote(w)
			if note != "" {
				note = "⚠️ " + note
			}
			property := w.Property
			if property == "" {
				property = "*"
			}
			rows = append(rows, []string{code(w.Resource), code(property), prose(strings.TrimSpace(w.Region + " ")),
				prose(w.Reason), w.Until.String(), note})
		}
		p.table([]string{"Resource", "Property", "Region", "Reason", "Until", ""}, rows)
	})
}

// gaps says what was not compared and which permission was missing.
func (p *page) gaps() {
	gaps := p.report.Gaps
	if len(gaps) == 0 {
		return
	}
	title := fmt.Sprintf("What was not compared (%d)", len(gaps))
	if p.level >= briefWarnings {
		p.f("%s: %s\n\n", title, prose(strings.Join(missingOperations(gaps, 10), ", ")))
		return
	}
	p.details(title, func() {
		var rows [][]string
		for _, g := range gaps {
			rows = append(rows, []string{code(g.Region), gapWhat(g), code(g.Operation), prose(gapReason(g)), prose(strings.Join(g.NeededBy, ", "))})
		}
		p.table([]string{"Region", "What", "Needed", "Why not", "Waiting for it"}, rows)
	})
}

func gapWhat(g drift.Gap) string {
	what := "the Region"
	if g.Resource != "" {
		what = code(g.Resource)
	}
	switch {
	case g.Fact != "":
		what += ": " + prose(g.Fact)
	case g.Property != "":
		what += ": " + prose(g.Property)
	case g.Type != "":
		what += " " + prose(g.Type)
	}
	return what
}

func gapReason(g drift.Gap) string {
	if g.Message == "" || g.Message == g.Reason {
		return g.Reason
	}
	return g.Reason + ": " + shorten(g.Message, valueLimit)
}

// missingOperations lists the distinct operations of gaps, at most n.
func missingOperations(gaps []drift.Gap, n int) []string {
	var ops []string
	for _, g := range gaps {
		if g.Operation != "" && !slices.Contains(ops, g.Operation) {
			ops = append(ops, g.Operation)
		}
	}
	slices.Sort(ops)
	if len(ops) > n {
		ops = append(ops[:n], fmt.Sprintf("and %d more", len(ops)-n))
	}
	return ops
}
