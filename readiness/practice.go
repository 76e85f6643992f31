package readiness

import (
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

func practiceRules() []Rule {
	return []Rule{{
		ID: "OBS-05", Severity: drift.Warn, check: drilled,
		Title:  "The last takeover was practised within the declared time, and lasted no longer than the RTO",
		Why:    "An approach to recovery that was never tried is none: capacity, quotas and permissions that sufficed at the last drill may no longer.",
		Source: "Well-Architected REL13-BP03; AWS multi-Region fundamentals 4",
		Needs:  []Need{{Fact: drift.FactPlanExecutions, Actions: []string{"arc-region-switch:ListPlanExecutions"}}},
		Fix:    "Practise a takeover, with a plan of ARC Region switch or written down in takeover.drill.",
		unused: "no time is declared within which a takeover has to be practised (`objectives.drill`)",
	}}
}

// drill is a takeover by the standby that ended well.
type drill struct {
	day  string
	end  time.Time     // of the takeover; of its day where no more is known
	took time.Duration // zero: not known
	how  string
}

// drilled judges the newest drill that is known. A drill that a person wrote down
// has a day, and holds to its end.
func drilled(h *hearing) {
	if h.Objectives.Drill == 0 {
		return
	}
	h.used = true
	drills, read := h.drills()
	region := h.standby.region()
	if len(drills) == 0 {
		if read {
			h.fail("", "", "", "no takeover by %s is known that ended well", region)
		}
		return
	}
	last := slices.MaxFunc(drills, func(a, b drill) int { return a.end.Compare(b.end) })
	switch age := h.Now.Sub(last.end); {
	case age <= h.Objectives.Drill:
		h.remark("%s took over on %s (%s)", region, last.day, last.how)
	case read: // an unread newer one may be what is missing
		h.fail("", "", "", "%s last took over on %s (%s), longer than %s ago", region, last.day, last.how, days(h.Objectives.Drill))
	}
	if h.Objectives.RTO > 0 && last.took > h.Objectives.RTO {
		h.fail("", "", "Find out what took so long, or declare the RTO that can be kept.", "the takeover of %s lasted %s, longer than the RTO of %s", last.day, last.took, h.Objectives.RTO)
	}
}

// days writes a time that is declared in days.
func days(d time.Duration) string {
	if d%(24*time.Hour) == 0 {
		return show(float64(d/(24*time.Hour))) + " days"
	}
	return topology.Span(d)
}

// drills are those that were written down and those that plans executed; read is
// false where a plan's executions are not known, and then an outcome says so.
func (h *hearing) drills() (drills []drill, read bool) {
	read = true
	if d := h.Takeover.Drill; !d.On.IsZero() {
		drills = append(drills, drill{day: d.On.Format(time.DateOnly), end: d.On.Add(24 * time.Hour), took: d.Took, how: "written down"})
	}
	for _, plan := range h.plans() {
		fact, known := h.standby.object(drift.FactPlanExecutions, plan)
		if !known {
			read = false
			h.unknown(h.standby.region(), plan, drift.FactPlanExecutions, "the executions of the plan were not read in %s", h.standby.region())
		}
		for _, e := range objects(fact["Executions"]) {
			if d, ok := h.executed(e); ok {
				drills = append(drills, d)
			}
		}
	}
	return drills, read
}

// goodEnds are the states of an execution that ended well. Source: ARC Region
// switch API reference, AbbreviatedExecution.
var goodEnds = []string{"completed", "completedMonitoringApplicationHealth"}

// executed reads an execution that moved to the standby. How long it took is from
// its start to its end, the time that alarms needed to be quiet again left out.
func (h *hearing) executed(e map[string]any) (drill, bool) {
	ended, err := time.Parse(time.RFC3339, text(e, "EndTime"))
	if err != nil || !slices.Contains(goodEnds, text(e, "ExecutionState")) ||
		text(e, "ExecutionAction") != "activate" || text(e, "ExecutionRegion") != h.standby.region() {
		return drill{}, false
	}
	d := drill{day: ended.UTC().Format(time.DateOnly), end: ended, how: "by plan"}
	if started, err := time.Parse(time.RFC3339, text(e, "StartTime")); err == nil {
		d.took = ended.Sub(started)
	}
	return d, true
}
