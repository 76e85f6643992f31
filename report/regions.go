package report

import (
	"fmt"
	"slices"
)

// regionColumn is one column of the table of Regions. Every format shows the
// same columns; the account stands in the footer where there is no room for it.
type regionColumn struct {
	head string
	cell func(Report, Region) tableCell
}

var (
	columnName      = regionColumn{"Region", func(_ Report, region Region) tableCell { return tableCell{Text: region.Name, Code: true} }}
	columnRole      = regionColumn{"Role", func(_ Report, region Region) tableCell { return tableCell{Text: string(region.Role)} }}
	columnAccount   = regionColumn{"Account", func(_ Report, region Region) tableCell { return tableCell{Text: region.Account} }}
	columnRelease   = regionColumn{"Release", releaseNow}
	columnRunsNow   = regionColumn{"Runs now", releaseNow}
	columnDeployed  = regionColumn{"Deployed", func(_ Report, region Region) tableCell { return tableCell{Text: when(region.DeployedAt)} }}
	columnResources = regionColumn{"Resources", func(_ Report, region Region) tableCell { return tableCell{Text: fmt.Sprint(region.Resources)} }}
	columnState     = regionColumn{"State", state}
	// columnAfter is what a prediction says of a Region: everything it counted is of
	// a time that is still to come.
	columnAfter = regionColumn{"After the merge", func(r Report, region Region) tableCell {
		cell := state(r, region)
		cell.Text += "; " + Plural(region.Resources, "resource")
		return cell
	}}
)

// regionColumns are the columns for a report. A prediction keeps what runs today
// apart from what a merge would bring; where AWS was not asked, nobody knows
// what runs today.
func regionColumns(r Report) []regionColumn {
	switch {
	case r.Command == "rehearse": // it reads no resource and no ledger
		return []regionColumn{columnName, columnRole, columnAccount, columnState}
	case r.Prediction == nil:
		return []regionColumn{columnName, columnRole, columnAccount, columnRelease, columnDeployed, columnResources, columnState}
	case r.Prediction.Level == PredictedStatic:
		return []regionColumn{columnName, columnRole, columnAfter}
	default:
		return []regionColumn{columnName, columnRole, columnAccount, columnRunsNow, columnDeployed, columnAfter}
	}
}

// regionTable is one row per Region; nothing where a deploy says more about its
// Regions in a table of its own. Columns that are left out are named.
func regionTable(r Report, without ...string) (head []string, rows []tableRow) {
	if len(r.Regions) == 0 || r.Deploy != nil && r.Verdict == "" && len(r.Findings) == 0 {
		return nil, nil
	}
	rows = make([]tableRow, len(r.Regions))
	for _, column := range regionColumns(r) {
		if slices.Contains(without, column.head) {
			continue
		}
		head = append(head, column.head)
		for i, region := range r.Regions {
			cell := column.cell(r, region)
			cell.Label = column.head
			rows[i].Cells = append(rows[i].Cells, cell)
		}
	}
	return head, rows
}

func releaseNow(_ Report, region Region) tableCell {
	return tableCell{Text: orDash(region.Release), Code: region.Release != ""}
}

// state is how a Region is doing, in words and in colour.
func state(r Report, region Region) tableCell {
	if unjudged(r, region.Name) {
		return tableCell{Text: "reference"}
	}
	words, how := stateOf(r, region.Name)
	if words == "–" {
		return tableCell{Text: words}
	}
	return tableCell{Text: words, Mood: moodClass[how]}
}

// mood is the colour of a cell that has one.
func (c tableCell) mood() (mood, bool) {
	for how, class := range moodClass {
		if class == c.Mood {
			return how, true
		}
	}
	return good, false
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}

// planning reports whether a deploy of the report was only planned: it is about
// what would be, and nothing of it runs anywhere.
func (r Report) planning() bool {
	return r.Command == "plan" || r.DryRun || r.Deploy != nil && r.Prediction != nil
}

// ran is the command as a person gave it.
func (r Report) ran() string {
	if r.DryRun && r.Command != "plan" {
		return r.Command + " --dry-run"
	}
	return r.Command
}
