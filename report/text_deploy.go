package report

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

func (t *terminal) deploy() {
	d := t.report.Deploy
	if d == nil {
		return
	}
	if t.report.Prediction != nil {
		t.title(styleBold, "AFTER THE MERGE")
		t.wrap("", "  ", afterMerge(d))
	}
	t.runsNow(d)
	t.failures(d)
	t.asymmetries(d)
	t.notes(d)
	t.changes(d)
}

func (t *terminal) notes(d *deploy.Result) {
	titled := false
	for _, region := range d.Regions {
		for _, note := range region.Notes {
			if !titled {
				t.title(styleBold, "GOOD TO KNOW")
				titled = true
			}
			t.wrap("", "  "+region.Region+"  ", sentence(note))
		}
	}
}

func (t *terminal) runsNow(d *deploy.Result) {
	plan := t.report.planning()
	if t.report.Prediction != nil { // the table of Regions says what runs now
		t.targets(d, plan)
		return
	}
	rows, styles := [][]string{{"REGION", "ROLE", "BEFORE", "RUNS NOW", "STATE"}}, []string{styleDim}
	if plan {
		rows[0] = []string{"REGION", "ROLE", "RUNS NOW"}
	}
	for _, region := range d.Regions {
		if plan {
			rows = append(rows, []string{region.Region, region.Role, runs(region.Before)})
		} else {
			rows = append(rows, []string{region.Region, region.Role, runs(region.Before), runs(region.Now), region.State})
		}
		style := ""
		if region.FirstCause != nil || region.Now == "?" {
			style = styleRed
		}
		styles = append(styles, style)
	}
	t.blank()
	t.table("  ", rows, styles)
	t.targets(d, plan)
	if len(d.LeftOut) > 0 {
		t.blank()
		t.wrap(styleYellow, "  ", "Left out on purpose: "+strings.Join(d.LeftOut, ", ")+". They may now differ.")
	}
}

func (t *terminal) targets(d *deploy.Result, plan bool) {
	names := targetsOf(d)
	if len(names) == 0 {
		return
	}
	head := []string{"TARGET"}
	for _, region := range d.Regions {
		head = append(head, region.Region)
	}
	rows := [][]string{head}
	for _, name := range names {
		row := []string{name}
		for _, region := range d.Regions {
			cell := "–"
			if target, ok := statusOf(region, name); ok {
				cell = target.Status
				if plan {
					cell = planned(target)
				} else if !target.StartedAt.IsZero() && !target.FinishedAt.IsZero() {
					cell += ", " + stretch{target.StartedAt, target.FinishedAt}.length()
				}
			}
			row = append(row, cell)
		}
		rows = append(rows, row)
	}
	t.blank()
	t.table("  ", rows, []string{styleDim})
	if note := waitNote(d); plan && note != "" {
		t.wrap(styleDim, "  ", note)
	}
}

func (t *terminal) asymmetries(d *deploy.Result) {
	if len(d.Asymmetries) == 0 {
		return
	}
	t.title(styleBold+styleYellow, fmt.Sprintf("NOT THE SAME IN EVERY REGION (%d)", len(d.Asymmetries)))
	for _, a := range d.Asymmetries {
		t.wrap("", "  ", fmt.Sprintf("%s %s (%s) in %s, not in %s", a.Action, strings.TrimSuffix(a.Target+"/"+a.Resource, "/"), a.Type, and(a.In), and(a.NotIn)))
	}
}

func (t *terminal) changes(d *deploy.Result) {
	all := changesOf(d)
	if len(all) == 0 {
		return
	}
	t.title(styleBold, fmt.Sprintf("CHANGES (%d)", len(all)))
	for _, c := range all {
		style := ""
		if c.replaces {
			style = styleYellow
		}
		t.wrap(style, "  ", strings.TrimSuffix(c.target+"/"+c.resource, "/")+" ("+c.kind+")")
		text := c.actionText() + " " + c.where(d)
		if len(c.properties) > 0 {
			text += ": " + shorten(strings.Join(c.properties, ", "), valueLimit)
		}
		t.wrap("", "    ", text)
	}
}

// where says which Regions make a change.
func (c change) where(d *deploy.Result) string {
	var in, not []string
	for _, region := range deployRegions(d) {
		if c.in[region] {
			in = append(in, region)
		} else {
			not = append(not, region)
		}
	}
	if len(not) == 0 {
		return "in every Region"
	}
	return "in " + and(in) + ", not in " + and(not)
}

func (t *terminal) timeline() {
	d := t.report.Deploy
	if d == nil || t.report.Prediction != nil {
		return
	}
	phases, spans := phasesOf(d)
	if len(phases) == 0 {
		return
	}
	t.title(styleBold, "TIMELINE")
	head := []string{"PHASE"}
	for _, region := range d.Regions {
		head = append(head, region.Region)
	}
	rows := [][]string{head}
	for _, phase := range phases {
		row := []string{string(phase)}
		for _, region := range d.Regions {
			row = append(row, spans[phase][region.Region].length())
		}
		rows = append(rows, row)
	}
	t.table("  ", rows, []string{styleDim})
}
