package deploy

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Freeze forbids deploys for a while.
type Freeze struct {
	// Until is when it ends; zero: when it is lifted.
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason"`
	// By and SetAt say who set it in a ledger, and when.
	By    Owner     `json:"by,omitzero"`
	SetAt time.Time `json:"set_at,omitzero"`
}

// Holds reports whether the freeze is in force.
func (f Freeze) Holds(now time.Time) bool { return f.Until.IsZero() || now.Before(f.Until) }

// String says the freeze in a sentence's end: "until ...: reason".
func (f Freeze) String() string {
	until := "until it is lifted"
	if !f.Until.IsZero() {
		until = "until " + f.Until.UTC().Format(time.RFC3339)
	}
	if f.By.Who != "" {
		until += ", by " + f.By.Who
	}
	return until + ": " + f.Reason
}

// frozen rejects the deploy if the configuration, the calendar or a ledger
// forbids deploys now. It is asked once the lock is held, and again right
// before the first Region is touched; frozenMeanwhile asks the ledgers later.
func (r *run) frozen() *ending {
	why := r.whyFrozen(r.req.Clock.Now())
	switch {
	case why == "":
		return nil
	case r.req.DryRun:
		r.noteAll("a deploy would be refused now: " + why)
		return nil
	case r.req.IgnoreFreeze != "":
		r.ignoredFreeze = why + "; ignored because: " + r.req.IgnoreFreeze
		r.noteAll("freeze ignored: " + r.ignoredFreeze)
		return nil
	}
	return &ending{outcome: Rejected, reason: why + " (--ignore-freeze REASON deploys all the same, and records why)"}
}

// frozenMeanwhile asks the ledgers again, before the next wave and before what
// waits is kept: somebody may have called a stop since the deploy began, and
// it still goes back whole. A window that has closed by then does not: a deploy
// that began in time may end.
func (r *run) frozenMeanwhile(ctx context.Context, phase Phase) {
	r.each(func(reg *regionRun) {
		state, err := reg.Ledger.Read(ctx)
		if err != nil {
			reg.fail(phase, "", fmt.Errorf("read ledger again: %w", err), r.req.Clock.Now())
			return
		}
		f := state.Freeze
		switch {
		case f == nil || !f.Holds(r.req.Clock.Now()):
		case r.req.IgnoreFreeze == "":
			reg.fail(phase, "", &Error{Kind: Refused, Reason: fmt.Sprintf("deploys were frozen meanwhile, in its ledger, %s", f)}, r.req.Clock.Now())
		case reg.ledger.Freeze == nil:
			reg.note("frozen meanwhile %s; ignored because: %s", f, r.req.IgnoreFreeze)
		}
		reg.ledger.Freeze = f
	})
}

// whyFrozen is the sentence that forbids a deploy; empty: none does.
func (r *run) whyFrozen(now time.Time) string {
	if f := r.req.Freeze; f != nil && f.Holds(now) {
		return "deploys are frozen by the configuration " + f.String()
	}
	for _, reg := range r.regions {
		if f := reg.ledger.Freeze; f != nil && f.Holds(now) {
			return fmt.Sprintf("deploys are frozen in the ledger of %s %s", reg.Name, f)
		}
	}
	if len(r.req.Windows) == 0 {
		return ""
	}
	words := make([]string, len(r.req.Windows))
	for i, window := range r.req.Windows {
		if window.Contains(now) {
			return ""
		}
		words[i] = window.String()
	}
	return fmt.Sprintf("%s is outside the windows for deploys: %s", now.UTC().Format("Mon 15:04 MST"), strings.Join(words, ", "))
}

// noteAll adds something a person should know to every Region.
func (r *run) noteAll(text string) {
	for _, reg := range r.regions {
		reg.note("%s", text)
	}
}
