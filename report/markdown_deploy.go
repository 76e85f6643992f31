package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

func (p *page) deploy() {
	d := p.report.Deploy
	if d == nil {
		return
	}
	if p.report.Prediction != nil {
		p.f("### After the merge\n\n%s\n\n", marked(afterMerge(d)))
	} else if d.Release.ID != "" {
		took := ""
		if length := duration(d); length != "" && !p.report.planning() {
			took = ", took " + length
		}
		p.f("Release %s%s%s\n\n", code(d.Release.ID), releaseName(d.Release), took)
	}
	p.runsNow(d)
	p.failures(d)
	p.asymmetries(d)
	p.changes(d)
	p.notes(d)
}

func releaseName(r deploy.Release) string {
	switch {
	case r.Name != "" && r.Name != r.Commit:
		return " (" + prose(r.Name) + ")"
	case r.Commit != "":
		return " (commit " + code(shorten(r.Commit, 12)) + ")"
	default:
		return ""
	}
}

// runsNow says, Region by Region, what runs there after all.
func (p *page) runsNow(d *deploy.Result) {
	plan, predicted := p.report.planning(), p.report.Prediction != nil
	targets := targetsOf(d)
	var rows [][]string
	for _, region := range d.Regions {
		row := []string{code(region.Region), prose(region.Role)}
		switch {
		case predicted: // the table of Regions says what runs now
			row = row[:1]
		case plan:
			row = append(row, releaseCell(region.Before))
		default:
			row = append(row, releaseCell(region.Before), releaseCell(region.Now), prose(region.State))
		}
		for _, name := range targets {
			row = append(row, p.targetCell(region, name, plan))
		}
		rows = append(rows, row)
	}
	head := []string{"Region", "Role", "Before", "Runs now", "State"}
	switch {
	case predicted:
		head = head[:1]
	case plan:
		head = []string{"Region", "Role", "Runs now"}
	}
	for _, name := range targets {
		head = append(head, code(name))
	}
	p.table(head, rows)
	if note := waitNote(d); plan && note != "" {
		p.f("%s\n\n", prose(note))
	}
	if len(d.LeftOut) > 0 {
		p.f("Left out on purpose: %s. They may now differ.\n\n", prose(strings.Join(d.LeftOut, ", ")))
	}
}

func releaseCell(id string) string {
	if id == "" || id == "?" {
		return "*" + runs(id) + "*"
	}
	return code(id)
}

func (p *page) targetCell(region deploy.RegionResult, name string, plan bool) string {
	t, ok := statusOf(region, name)
	if !ok {
		return "–"
	}
	if plan {
		return planned(t)
	}
	cell := prose(t.Status)
	if t.Status == "failed" || t.Status == "in-doubt" {
		cell = "❌ " + cell
	}
	if !t.StartedAt.IsZero() && !t.FinishedAt.IsZero() {
		cell += ", " + stretch{t.StartedAt, t.FinishedAt}.length()
	}
	return cell
}

// failures puts the first causes next to each other, one column per Region.
func (p *page) failures(d *deploy.Result) {
	list := failures(d)
	if len(list) == 0 {
		return
	}
	p.WriteString("### First cause\n\n")
	head := []string{""}
	lines := [][]string{{"where"}, {"phase"}, {"reason"}, {"to do"}}
	for _, f := range list {
		head = append(head, code(f.Region))
		where := code(f.Target)
		if f.Resource != "" {
			where += " " + code(f.Resource)
		}
		if f.Type != "" {
			where += " " + prose(f.Type)
		}
		lines[0] = append(lines[0], where)
		lines[1] = append(lines[1], prose(string(f.Phase)))
		lines[2] = append(lines[2], prose(shorten(f.Reason, 4*valueLimit)))
		lines[3] = append(lines[3], marked(sentence(f.Hint)))
	}
	if strings.Join(lines[3][1:], "") == "" {
		lines = lines[:3]
	}
	p.table(head, lines)
}

func (p *page) asymmetries(d *deploy.Result) {
	if len(d.Asymmetries) == 0 {
		return
	}
	p.f("### Not the same in every Region (%d)\n\n", len(d.Asymmetries))
	if p.level >= briefWarnings {
		return
	}
	var rows [][]string
	for _, a := range d.Asymmetries {
		rows = append(rows, []string{code(a.Target), code(a.Resource), prose(a.Type), prose(a.Action), prose(strings.Join(a.In, ", ")), prose(strings.Join(a.NotIn, ", "))})
	}
	p.table([]string{"Target", "Resource", "Type", "Change", "In", "Not in"}, rows)
}

// changes compares the plans: one line per change, one column per Region.
func (p *page) changes(d *deploy.Result) {
	all := changesOf(d)
	if len(all) == 0 || p.level >= briefWarnings {
		return
	}
	body := func() {
		head := []string{"Target", "Resource", "Type", "Change"}
		for _, region := range d.Regions {
			head = append(head, code(region.Region))
		}
		var rows [][]string
		for _, c := range all {
			action := prose(c.actionText())
			if c.replaces {
				action = "⚠️ " + action
			}
			if len(c.properties) > 0 {
				action += " " + code(shorten(strings.Join(c.properties, ", "), valueLimit))
			}
			row := []string{code(c.target), code(c.resource), prose(c.kind), action}
			for _, region := range d.Regions {
				mark := "–"
				if c.in[region.Region] {
					mark = "✓"
				}
				row = append(row, mark)
			}
			rows = append(rows, row)
		}
		p.table(head, rows)
	}
	title := fmt.Sprintf("Changes (%d)", len(all))
	if (p.report.Command == "plan" || p.report.DryRun) && len(all) <= 20 {
		p.f("### %s\n\n", title)
		body()
		return
	}
	p.details(title, body)
}

func (p *page) notes(d *deploy.Result) {
	var lines []string
	for _, region := range d.Regions {
		for _, note := range region.Notes {
			lines = append(lines, fmt.Sprintf("- %s: %s\n", code(region.Region), marked(note)))
		}
	}
	if len(lines) > 0 {
		p.WriteString("### Good to know\n\n" + strings.Join(lines, "") + "\n")
	}
}

// timeline sums up how long each Region was in each phase.
func (p *page) timeline() {
	d := p.report.Deploy
	if d == nil || p.report.Prediction != nil || len(d.Timeline) == 0 || p.level >= withoutInfo {
		return
	}
	phases, spans := phasesOf(d)
	if len(phases) == 0 {
		return
	}
	p.details("Timeline", func() {
		head := []string{"Phase"}
		for _, region := range d.Regions {
			head = append(head, code(region.Region))
		}
		var rows [][]string
		for _, phase := range phases {
			row := []string{prose(string(phase))}
			for _, region := range d.Regions {
				row = append(row, spans[phase][region.Region].length())
			}
			rows = append(rows, row)
		}
		p.table(head, rows)
	})
}
