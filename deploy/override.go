package deploy

import (
	"fmt"
	"time"
)

// Override is the decision of a person to let a change pass although the standby
// could not take over.
type Override struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	// Verdict is what was overruled, and Blocking by how many checks.
	Verdict  string `json:"verdict"`
	Blocking int    `json:"blocking"`
	// Change is the pull request, such as acme/payments#12; empty: none.
	Change string `json:"change,omitempty"`
	Commit string `json:"commit,omitempty"`
	RunURL string `json:"run_url,omitempty"`
}

// String says the decision in a line.
func (o Override) String() string {
	what := o.Change
	if what == "" {
		what = "a run"
	}
	return fmt.Sprintf("%s let pass by %s at %s although %s (%d blocking): %s", what, o.By, o.At.UTC().Format(time.RFC3339), o.Verdict, o.Blocking, o.Reason)
}
