package readiness

import (
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Class is what a strategy is known to reach, in words. It promises nothing about
// this application: only a drill measures that.
type Class struct {
	Strategy topology.Strategy
	RPO, RTO string
}

// Classes are those of the strategies, the least demanding first. Source: AWS
// Well-Architected, REL13-BP02, use defined recovery strategies.
func Classes() []Class {
	return []Class{
		{topology.BackupRestore, "hours", "24 hours or less"},
		{topology.PilotLight, "minutes", "tens of minutes"},
		{topology.WarmStandby, "seconds", "minutes"},
		{topology.ActiveActive, "near zero", "near zero"},
	}
}

// Rung is the application judged as if it were declared under one strategy.
type Rung struct {
	Strategy topology.Strategy `json:"strategy"`
	// Declared marks the strategy of the configuration.
	Declared bool `json:"declared,omitempty"`
	// Verdict is what the gate would say.
	Verdict Verdict `json:"verdict"`
	// Failed and Undetermined are the ids of the rules that keep the verdict from
	// ready, and Unmet of those that only warn and that the rung demands, sorted.
	Failed       []string `json:"failed,omitempty"`
	Undetermined []string `json:"undetermined,omitempty"`
	Unmet        []string `json:"unmet,omitempty"`
	// RPO and RTO are the strategy's class.
	RPO string `json:"rpo_class"`
	RTO string `json:"rto_class"`
}

// Ladder is the application judged under every strategy.
type Ladder struct {
	// Rungs are the strategies, the least demanding first.
	Rungs []Rung `json:"rungs"`
	// StandsOn is the most demanding strategy under which the application is ready and
	// meets what the rung demands; empty when there is none.
	StandsOn topology.Strategy `json:"stands_on,omitempty"`
	// Next is the strategy above that one; empty at the top.
	Next topology.Strategy `json:"next,omitempty"`
}

// demands are the rules that only warn in a gate, where a team may know better, and
// without which an application does not stand on the rung: above backup and restore
// the data is there already. Source: REL13-BP02.
func demands(s topology.Strategy) []string {
	if s == topology.BackupRestore {
		return nil
	}
	return []string{ruleDataArrives}
}

// NewLadder judges the application under every strategy with the function, which
// says what the gate would say were that strategy the declared one. A demand that
// nothing was declared for (an RPO) is unmet.
func NewLadder(declared topology.Strategy, objectives topology.Objectives, judge func(topology.Strategy) Assessment) Ladder {
	var l Ladder
	for _, class := range Classes() {
		a := judge(class.Strategy)
		rung := Rung{Strategy: class.Strategy, Declared: class.Strategy == declared, Verdict: a.Verdict, RPO: class.RPO, RTO: class.RTO}
		if len(demands(class.Strategy)) > 0 && objectives.RPO == 0 {
			rung.Unmet = append(rung.Unmet, ruleDataArrives)
		}
		for _, c := range a.Checks {
			rung.hear(c)
		}
		rung.conclude()
		l.Rungs = append(l.Rungs, rung)
	}
	l.stand()
	return l
}

// hear adds a check that keeps the application from the rung.
func (r *Rung) hear(c Check) {
	demanded := slices.Contains(demands(r.Strategy), c.Rule)
	switch {
	case c.Severity != drift.Block && !demanded:
	case c.Status == Fail && c.Severity == drift.Block:
		r.Failed = append(r.Failed, c.Rule)
	case c.Status == Undetermined && c.Severity == drift.Block:
		r.Undetermined = append(r.Undetermined, c.Rule)
	case c.Status == Fail, c.Status == Undetermined:
		r.Unmet = append(r.Unmet, c.Rule)
	}
}

// conclude sorts the ids.
func (r *Rung) conclude() {
	for _, ids := range []*[]string{&r.Failed, &r.Undetermined, &r.Unmet} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
	}
}

// Reached reports whether the application stands on the rung.
func (r Rung) Reached() bool { return r.Verdict == Ready && len(r.Unmet) == 0 }

// Keeps reports whether a check of the assessment keeps the application from the rung.
func (r Rung) Keeps(c Check) bool {
	switch c.Status {
	case Fail:
		return slices.Contains(r.Failed, c.Rule) || slices.Contains(r.Unmet, c.Rule)
	case Undetermined:
		return slices.Contains(r.Undetermined, c.Rule) || slices.Contains(r.Unmet, c.Rule)
	default:
		return false
	}
}

// Rung returns the rung of a strategy.
func (l Ladder) Rung(s topology.Strategy) (Rung, bool) {
	for _, rung := range l.Rungs {
		if rung.Strategy == s {
			return rung, true
		}
	}
	return Rung{}, false
}

// stand finds the rung. A strategy above one that is not ready counts: each is
// judged by its own rules, and a warm standby needs no copies of backups.
func (l *Ladder) stand() {
	l.Next = l.Rungs[0].Strategy
	for i, rung := range l.Rungs {
		if !rung.Reached() {
			continue
		}
		l.StandsOn, l.Next = rung.Strategy, ""
		if i+1 < len(l.Rungs) {
			l.Next = l.Rungs[i+1].Strategy
		}
	}
}
