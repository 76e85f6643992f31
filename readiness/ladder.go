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
	Declared bool    `json:"declared,omitempty"`
	Verdict  Verdict `json:"verdict"`
	// Failed and Undetermined are the ids of the rules that keep the application from
	// the rung, sorted: those that block, and those that the rung demands.
	Failed       []string `json:"failed,omitempty"`
	Undetermined []string `json:"undetermined,omitempty"`
	// RPO and RTO are the strategy's class.
	RPO string `json:"rpo_class"`
	RTO string `json:"rto_class"`
}

// Ladder is the application judged under every strategy.
type Ladder struct {
	// Rungs are the strategies, the least demanding first.
	Rungs []Rung `json:"rungs"`
	// StandsOn is the most demanding strategy under which the application is ready;
	// empty when it is under none.
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
// nothing was declared for (an RPO) is undetermined.
func NewLadder(declared topology.Strategy, objectives topology.Objectives, judge func(topology.Strategy) Assessment) Ladder {
	var l Ladder
	for _, class := range Classes() {
		a := judge(class.Strategy)
		rung := Rung{Strategy: class.Strategy, Declared: class.Strategy == declared, Verdict: a.Verdict, RPO: class.RPO, RTO: class.RTO}
		if len(demands(class.Strategy)) > 0 && objectives.RPO == 0 {
			rung.Undetermined = append(rung.Undetermined, ruleDataArrives)
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
	if c.Severity != drift.Block && !slices.Contains(demands(r.Strategy), c.Rule) {
		return
	}
	switch c.Status {
	case Fail:
		r.Failed = append(r.Failed, c.Rule)
	case Undetermined:
		r.Undetermined = append(r.Undetermined, c.Rule)
	}
}

// conclude lets the demands worsen the verdict. What the policy lets pass as unknown
// in the gate passes here too.
func (r *Rung) conclude() {
	slices.Sort(r.Failed)
	slices.Sort(r.Undetermined)
	r.Failed, r.Undetermined = slices.Compact(r.Failed), slices.Compact(r.Undetermined)
	for _, rule := range demands(r.Strategy) {
		if slices.Contains(r.Undetermined, rule) {
			r.Verdict = worse(r.Verdict, Unknown)
		}
		if slices.Contains(r.Failed, rule) {
			r.Verdict = NotReady
		}
	}
}

// Keeps reports whether a check of the assessment keeps the application from the rung.
func (r Rung) Keeps(c Check) bool {
	return c.Status == Fail && slices.Contains(r.Failed, c.Rule) || c.Status == Undetermined && slices.Contains(r.Undetermined, c.Rule)
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
		if rung.Verdict != Ready {
			continue
		}
		l.StandsOn, l.Next = rung.Strategy, ""
		if i+1 < len(l.Rungs) {
			l.Next = l.Rungs[i+1].Strategy
		}
	}
}
