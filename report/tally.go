package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

// tally counts what a report is about: checks for a gate, findings otherwise.
type tally struct{ block, unknown, warn, info, waived int }

// Counts are the numbers of a report for machines: outputs, statuses, badges.
type Counts struct {
	Blocking int `json:"blocking"`
	Unknown  int `json:"unknown"`
	Warnings int `json:"warnings"`
	Info     int `json:"info"`
	Waived   int `json:"waived"`
}

// Count returns the numbers that the headline states.
func Count(r Report) Counts {
	t := tallyOf(r)
	if r.Verdict == "" { // a prediction has as many blocking checks, of differences and others
		t.block = max(t.block, len(checksWhere(r, blockingCheck)))
	}
	return Counts{Blocking: t.block, Unknown: t.unknown, Warnings: t.warn, Info: t.info, Waived: t.waived}
}

func tallyOf(r Report) tally { return tallyIn(r, "") }

// tallyIn counts for one Region; an empty name counts all, and there a
// difference that several Regions have counts once.
func tallyIn(r Report, region string) tally {
	var t tally
	if r.Verdict != "" {
		for _, c := range r.Checks {
			if region == "" || c.Region == region {
				t.check(c)
			}
		}
		return t
	}
	if region == "" {
		for _, w := range rowsOf(r.Findings) {
			t.difference(w.severity, w.allWaived())
		}
		return t
	}
	for _, f := range r.Findings {
		if f.Region == region {
			t.difference(f.Severity, f.Waived != nil)
		}
	}
	return t
}

// Differences is how many differences nobody accepted; one that several Regions
// have counts once.
func Differences(r Report) int {
	n := 0
	for _, w := range rowsOf(r.Findings) {
		if !w.allWaived() {
			n++
		}
	}
	return n
}

// differencesTitle counts rows as the headline does.
func differencesTitle(rows []row) string {
	open := 0
	for _, w := range rows {
		if !w.allWaived() {
			open++
		}
	}
	if accepted := len(rows) - open; accepted > 0 {
		return fmt.Sprintf("%d, and %d accepted", open, accepted)
	}
	return fmt.Sprint(open)
}

func (t *tally) check(c readiness.Check) {
	blocks := c.Severity == drift.Block
	switch {
	case c.Status == readiness.Waived:
		t.waived++
	case c.Status == readiness.Fail && blocks:
		t.block++
	case c.Status == readiness.Undetermined && blocks:
		t.unknown++
	case c.Status == readiness.Fail, c.Status == readiness.Undetermined:
		t.warn++
	}
}

func (t *tally) difference(severity drift.Severity, waived bool) {
	switch {
	case waived:
		t.waived++
	case severity == drift.Block:
		t.block++
	case severity == drift.Warn:
		t.warn++
	default:
		t.info++
	}
}

// parts lists what there is, worst first: "2 blocking, 1 unknown".
func (t tally) parts() string {
	var parts []string
	add := func(n int, words string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, words))
		}
	}
	add(t.block, "blocking")
	add(t.unknown, "unknown")
	if t.warn == 1 {
		add(t.warn, "warning")
	} else {
		add(t.warn, "warnings")
	}
	add(t.info, "cosmetic")
	add(t.waived, "waived")
	if len(parts) == 0 {
		return "nothing found"
	}
	return strings.Join(parts, ", ")
}

func (t tally) sentence() string {
	if t == (tally{}) {
		return "Every rule passed."
	}
	return t.parts() + "."
}

// mood is how a Region with these counts looks.
func (t tally) mood() mood {
	switch {
	case t.block > 0:
		return bad
	case t.unknown > 0 || t.warn > 0:
		return doubtful
	default:
		return good
	}
}

// checksWhere picks the checks of some kind, in the report's order.
func checksWhere(r Report, keep func(readiness.Check) bool) []readiness.Check {
	return slices.DeleteFunc(slices.Clone(r.Checks), func(c readiness.Check) bool { return !keep(c) })
}

func blockingCheck(c readiness.Check) bool {
	return c.Status == readiness.Fail && c.Severity == drift.Block
}
func unknownCheck(c readiness.Check) bool {
	return c.Status == readiness.Undetermined && c.Severity == drift.Block
}
func warningCheck(c readiness.Check) bool {
	return c.Severity != drift.Block && (c.Status == readiness.Fail || c.Status == readiness.Undetermined)
}
func waivedCheck(c readiness.Check) bool { return c.Status == readiness.Waived }

// rulesWith lists the ids of the rules with a status in every Region they were judged in.
func rulesWith(r Report, status readiness.Status) []string {
	other := map[string]bool{}
	for _, c := range r.Checks {
		other[c.Rule] = other[c.Rule] || c.Status != status
	}
	var ids []string
	for id, differs := range other {
		if !differs {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// row is one difference over all Regions.
type row struct {
	kind, resource, property string
	severity                 drift.Severity
	// finding by Region.
	findings map[string]drift.Finding
}

// rowsOf groups findings by type, resource and property, worst type first.
func rowsOf(findings []drift.Finding) []row {
	type id struct{ kind, resource, property string }
	index := map[id]int{}
	var rows []row
	for _, f := range findings {
		key := id{f.Type, f.Resource, f.Property}
		at, known := index[key]
		if known { // one Region may have two of a name: each is its own
			_, taken := rows[at].findings[f.Region]
			known = !taken
		}
		if !known {
			at = len(rows)
			index[key] = at
			rows = append(rows, row{kind: f.Type, resource: f.Resource, property: f.Property, severity: f.Severity, findings: map[string]drift.Finding{}})
		}
		rows[at].findings[f.Region] = f
	}
	for i := range rows {
		rows[i].severity = rows[i].worst()
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.resource, b.resource), cmp.Compare(a.property, b.property))
	})
	return rows
}

// worst is the severity of the worst finding that nobody accepted or, where all
// are accepted, of the worst.
func (w row) worst() drift.Severity {
	worst := drift.Info
	for _, f := range w.findings {
		if (f.Waived == nil || w.allWaived()) && f.Severity.AtLeast(worst) {
			worst = f.Severity
		}
	}
	return worst
}

// first is any finding of the row, the same one every time.
func (w row) first() drift.Finding {
	var name string
	for region := range w.findings {
		if name == "" || region < name {
			name = region
		}
	}
	return w.findings[name]
}

// what names the difference: the property or the absence.
func (w row) what() string {
	f := w.first()
	switch {
	case w.property != "":
		return w.property
	case f.Primary == nil && f.Standby != nil:
		return "(only there)"
	default:
		return "(missing)"
	}
}

// causes says where the difference comes from, Region by Region where that differs.
func (w row) causes() string {
	var regions, texts []string
	for _, region := range slices.Sorted(maps.Keys(w.findings)) {
		regions = append(regions, region)
		texts = append(texts, causeText(w.findings[region]))
	}
	if len(slices.Compact(slices.Clone(texts))) == 1 {
		return texts[0]
	}
	for i := range texts {
		texts[i] = regions[i] + ": " + texts[i]
	}
	return strings.Join(texts, "; ")
}

// causeText says where a difference comes from.
func causeText(f drift.Finding) string {
	if f.Property != "" && f.Primary != drift.Redacted && plain(f.Primary) == plain(f.Standby) {
		if f.Cause == drift.Declared {
			return "names the primary, as declared for both Regions"
		}
		return "names the primary; " + origin(f)
	}
	return origin(f)
}

func origin(f drift.Finding) string {
	switch f.Cause {
	case drift.OutOfBand:
		if f.ChangedIn != "" {
			return "changed by hand in " + f.ChangedIn
		}
		return "changed by hand"
	case drift.Declared:
		return "declared differently"
	case drift.NotYetDeployed:
		return "not deployed yet"
	default:
		return "cause unknown"
	}
}

// soon is how long before its last day a waiver is pointed out.
const soon = 14 * 24 * time.Hour

// waiverNote is what a person should know about a waiver now; empty if nothing.
// What a waiver is for may be among what was not seen: of templates alone, or
// beside gaps, nobody can say that it matches nothing.
func (r Report) waiverNote(w drift.WaiverUse) string {
	now := r.EvaluatedAt
	switch {
	case now.IsZero():
		return ""
	case w.Until.Expired(now):
		return "expired"
	case !w.Matched && !r.sawAll():
		return ""
	case !w.Matched && len(w.Property) > 1 && strings.HasSuffix(w.Property, "*"):
		return "matches nothing: a property is named with everything below it, and * stands alone"
	case !w.Matched:
		return "matches nothing: remove it"
	case w.Until.AddDate(0, 0, 1).Sub(now) <= soon:
		return "expires soon"
	default:
		return ""
	}
}

// sawAll reports whether everything that the report could be about was judged.
func (r Report) sawAll() bool {
	static := r.Prediction != nil && r.Prediction.Level == PredictedStatic
	return !static && len(r.Gaps) == 0 && !slices.ContainsFunc(r.Checks, func(c readiness.Check) bool { return c.Status == readiness.Undetermined })
}

// stateOf says in words how a Region other than the reference is doing.
func stateOf(r Report, region string) (string, mood) {
	t := tallyIn(r, region)
	switch {
	case r.Command == "rehearse" && t == (tally{}):
		return "every stack accepted", good
	case r.Verdict == "" && r.Coverage.Pairs == 0, r.Command == commandStrategy:
		return "–", good
	case t == (tally{}) && r.Verdict == "" && (r.Coverage.NotCompared > 0 || len(r.Gaps) > 0):
		return "not everything compared", doubtful
	default:
		return t.parts(), t.mood()
	}
}

func when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format("2006-01-02 15:04 MST")
}
