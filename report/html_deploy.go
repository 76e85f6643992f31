package report

import (
	"strings"

	"github.com/lockstep-dr/lockstep/deploy"
)

// deployPart is what a page says of a deploy or a plan.
type deployPart struct {
	Title, Release, Lead string
	Head                 []string
	Rows                 []tableRow
	Notes                [][]span
	Causes               []causeCard
	Timeline             *timelinePart
	Asymmetries          []asymmetryLine
	Changes              *changePart
}

type causeCard struct {
	Region, Phase, Reason string
	What                  []string
	Hint                  []span
}

type asymmetryLine struct{ Resource, Type, Action, In, NotIn string }

type changePart struct {
	Regions []string
	List    []changeLine
}

type changeLine struct {
	Resource, Type, Action, Mood, Properties string
	In                                       []tableCell
}

func deployPartOf(r Report) *deployPart {
	d := r.Deploy
	if d == nil {
		return nil
	}
	part := &deployPart{Title: "Release", Release: d.Release.ID}
	if r.Prediction == nil {
		part.Timeline = timelineOf(d)
	} else {
		part.Title, part.Release = "After the merge", ""
		part.Notes = append(part.Notes, spans(afterMerge(d)))
	}
	var lead []string
	if d.Release.Name != "" {
		lead = append(lead, d.Release.Name)
	}
	if d.Release.Commit != "" {
		lead = append(lead, "commit "+shorten(d.Release.Commit, 12))
	}
	if length := duration(d); length != "" && !r.planning() {
		lead = append(lead, "took "+length)
	}
	part.Lead = strings.Join(lead, " · ")
	part.runsNow(r)
	part.notes(d, r.planning())
	for _, f := range failures(d) {
		card := causeCard{Region: f.Region, Phase: string(f.Phase), Reason: f.Reason}
		for _, what := range []string{f.Target, f.Resource, f.Type} {
			if what != "" {
				card.What = append(card.What, what)
			}
		}
		if f.Hint != "" {
			card.Hint = spans(sentence(f.Hint))
		}
		part.Causes = append(part.Causes, card)
	}
	for _, a := range d.Asymmetries {
		part.Asymmetries = append(part.Asymmetries, asymmetryLine{strings.TrimSuffix(a.Target+"/"+a.Resource, "/"), a.Type, a.Action, and(a.In), and(a.NotIn)})
	}
	part.Changes = changePartOf(d)
	return part
}

// contents are the sections of a deploy; nil where there is none.
func (p *deployPart) contents() []entry {
	if p == nil {
		return nil
	}
	list := []entry{{ID: "release", Title: p.Title}}
	if p.Timeline != nil {
		list = append(list, entry{ID: "timeline", Title: "Timeline"})
	}
	if len(p.Asymmetries) > 0 {
		list = append(list, entry{"asymmetries", "Not the same", len(p.Asymmetries)})
	}
	if p.Changes != nil {
		list = append(list, entry{"changes", "Changes", len(p.Changes.List)})
	}
	return list
}

// runsNow is one row per Region: what ran before, what runs now, and every target.
func (p *deployPart) runsNow(r Report) {
	d, plan, predicted := r.Deploy, r.planning(), r.Prediction != nil
	p.Head = []string{"Region", "Role", "Before", "Runs now", "State"}
	switch {
	case predicted: // the table of Regions says what runs now
		p.Head = p.Head[:1]
	case plan:
		p.Head = []string{"Region", "Role", "Runs now"}
	}
	for _, region := range d.Regions {
		cells := []tableCell{{Text: region.Region}, {"Role", region.Role, "", false}}
		switch {
		case predicted:
			cells = cells[:1]
		case plan:
			cells = append(cells, releaseValue("Runs now", region.Before))
		default:
			how := "good"
			if region.FirstCause != nil || region.Now == "?" {
				how = "bad"
			}
			cells = append(cells, releaseValue("Before", region.Before), releaseValue("Runs now", region.Now), tableCell{"State", region.State, how, false})
		}
		for _, name := range targetsOf(d) {
			cells = append(cells, targetValue(region, name, plan))
		}
		p.Rows = append(p.Rows, tableRow{cells})
	}
	p.Head = append(p.Head, targetsOf(d)...)
}

func releaseValue(label, id string) tableCell {
	return tableCell{Label: label, Text: runs(id), Code: id != "" && id != "?"}
}

func targetValue(region deploy.RegionResult, name string, plan bool) tableCell {
	t, ok := statusOf(region, name)
	switch {
	case !ok:
		return tableCell{Label: name, Text: "–"}
	case plan:
		return tableCell{Label: name, Text: planned(t)}
	}
	cell := tableCell{Label: name, Text: t.Status}
	if t.Status == "failed" || t.Status == "in-doubt" {
		cell.Mood = "bad"
	}
	if !t.StartedAt.IsZero() && !t.FinishedAt.IsZero() {
		cell.Text += ", " + stretch{t.StartedAt, t.FinishedAt}.length()
	}
	return cell
}

func (p *deployPart) notes(d *deploy.Result, plan bool) {
	if note := waitNote(d); plan && note != "" {
		p.Notes = append(p.Notes, spans(note))
	}
	if len(d.LeftOut) > 0 {
		p.Notes = append(p.Notes, spans("Left out on purpose: "+strings.Join(d.LeftOut, ", ")+". They may now differ."))
	}
	for _, region := range d.Regions {
		for _, note := range region.Notes {
			p.Notes = append(p.Notes, spans(region.Region+": "+sentence(note)))
		}
	}
}

func changePartOf(d *deploy.Result) *changePart {
	all := changesOf(d)
	if len(all) == 0 {
		return nil
	}
	part := &changePart{Regions: deployRegions(d)}
	for _, c := range all {
		line := changeLine{Resource: strings.TrimSuffix(c.target+"/"+c.resource, "/"), Type: c.kind, Action: c.actionText(),
			Properties: shorten(strings.Join(c.properties, ", "), valueLimit)}
		if c.replaces || c.class == deploy.DataAtRisk || c.class == deploy.Irreversible {
			line.Mood = "doubtful"
		}
		for _, region := range part.Regions {
			mark := "–"
			if c.in[region] {
				mark = "✓"
			}
			line.In = append(line.In, tableCell{Label: region, Text: mark})
		}
		part.List = append(part.List, line)
	}
	return part
}

// eventText is what happened, in one line.
func eventText(e deploy.Event) string {
	var words []string
	for _, word := range []string{e.Target, e.Resource, e.Status, e.Text} {
		if word != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " · ")
}
