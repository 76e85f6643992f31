package deploy

import "time"

// Outcome is how a deploy ended. Source of the words: docs/architecture.md.
type Outcome string

// The outcomes, best first.
const (
	Done        Outcome = "done"         // every Region verified on the release
	NoChange    Outcome = "no-change"    // every Region was on it already
	Rejected    Outcome = "rejected"     // refused before anything was touched: policy, precondition, lock
	FailedClean Outcome = "failed-clean" // prepare failed; nothing was touched
	RolledBack  Outcome = "rolled-back"  // something was touched; every Region is on the release it had
	Quarantined Outcome = "quarantined"  // Regions differ and could not be brought together
	InDoubt     Outcome = "in-doubt"     // a Region's state is not known: run `lockstep recover`
	Planned     Outcome = "planned"      // dry run: this is what a deploy would do; nothing was executed
)

// Phase is a step every deploy goes through, in this order.
type Phase string

// The phases.
const (
	PhaseLock     Phase = "lock"
	PhaseObserve  Phase = "observe"
	PhasePrepare  Phase = "prepare"
	PhaseCompare  Phase = "compare"
	PhaseExecute  Phase = "execute"
	PhaseVerify   Phase = "verify"
	PhaseBake     Phase = "bake"
	PhaseCommit   Phase = "commit"
	PhaseRollback Phase = "rollback"
	PhaseRecord   Phase = "record"
	PhaseDiscard  Phase = "discard"
)

// Result is the whole truth about one deploy.
type Result struct {
	App     string  `json:"app"`
	Release Release `json:"release"`
	Outcome Outcome `json:"outcome"`
	// Reason is one sentence: why the outcome is not done or no-change.
	Reason string `json:"reason,omitempty"`
	// Undetermined: a deploy ended as rejected or failed-clean because
	// something could not be read, not because something is wrong.
	Undetermined bool `json:"undetermined,omitempty"`
	// LeftOut are Regions that took no part on purpose; they may now differ.
	LeftOut []string `json:"left_out,omitempty"`
	// Strategy is the order in which the Regions were executed.
	Strategy   Strategy       `json:"strategy,omitempty"`
	StartedAt  time.Time      `json:"started_at"`
	FinishedAt time.Time      `json:"finished_at"`
	Regions    []RegionResult `json:"regions"`
	// Asymmetries are changes that only some Regions would make, from
	// comparing the plans.
	Asymmetries []Asymmetry `json:"asymmetries,omitempty"`
	Timeline    []Event     `json:"timeline,omitempty"`
}

// RegionResult says what one Region runs now and how it came to that.
type RegionResult struct {
	Region string `json:"region"`
	Role   string `json:"role"`
	// Before and Now are release ids as the Region's ledger and the verified
	// state tell; empty: none recorded; "?" when in doubt or not read.
	Before string `json:"before"`
	Now    string `json:"now"`
	// State says in words what the Region runs: "release r-1 everywhere",
	// "rolled back to r-0", "in doubt: stack payments is UPDATE_ROLLBACK_FAILED".
	State   string         `json:"state"`
	Targets []TargetResult `json:"targets"`
	// FirstCause is the first failure in the Region, not the last event; empty if none.
	FirstCause *Failure `json:"first_cause,omitempty"`
	// Notes are things a person should know: what was kept, what could not be undone.
	Notes []string `json:"notes,omitempty"`
}

// TargetResult is what happened to one target in one Region.
type TargetResult struct {
	Target string `json:"target"`
	Kind   string `json:"kind"`
	// Status: "unchanged", "updated", "created", "restored", "deleted",
	// "untouched", "failed", "in-doubt"; "repaired": not begun, but brought back
	// to its last whole release before it was planned.
	Status  string   `json:"status"`
	Detail  string   `json:"detail,omitempty"`
	Changes []Change `json:"changes,omitempty"`
	// StartedAt and FinishedAt bound the execution; zero if it never started.
	StartedAt  time.Time `json:"started_at,omitzero"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
}

// Change is one planned change of one resource.
type Change struct {
	Resource string `json:"resource"` // logical id
	Type     string `json:"type"`
	// Action: Add, Modify, Remove, Import, Dynamic, SyncWithActual (CloudFormation's words).
	Action string `json:"action"`
	// Replacement: True, False, Conditional or empty.
	Replacement string   `json:"replacement,omitempty"`
	Properties  []string `json:"properties,omitempty"`
	// Policy is what becomes of a resource that goes away: Delete, Retain,
	// Snapshot, or ReplaceAnd one of them; empty if that was not told.
	Policy string `json:"policy,omitempty"`
	// Class is what going back over the change would cost.
	Class Class `json:"class,omitempty"`
	// Drift is the resource's drift status when the plan reverts drift.
	Drift string `json:"drift,omitempty"`
}

// Asymmetry is a change that not all Regions would make.
type Asymmetry struct {
	Target   string   `json:"target"`
	Resource string   `json:"resource"`
	Type     string   `json:"type"`
	Action   string   `json:"action"`
	In       []string `json:"in"`
	NotIn    []string `json:"not_in"`
}

// Failure is the first cause of a failure in one Region.
type Failure struct {
	Region   string    `json:"region"`
	Target   string    `json:"target"`
	Phase    Phase     `json:"phase"`
	Resource string    `json:"resource,omitempty"`
	Type     string    `json:"type,omitempty"`
	Reason   string    `json:"reason"` // untrusted text from AWS
	Hint     string    `json:"hint,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Statuses of events that say what is waited for. Text is that: "for ...".
const (
	// Waiting may be said as often as it changes: it is shown now and then.
	Waiting = "waiting"
	// Held is said once, for people to hear of it: somebody else has to end it.
	Held = "held"
)

// Event is one line of the live progress and of the timeline.
type Event struct {
	At       time.Time `json:"at"`
	Region   string    `json:"region"`
	Target   string    `json:"target,omitempty"`
	Phase    Phase     `json:"phase"`
	Resource string    `json:"resource,omitempty"`
	Type     string    `json:"type,omitempty"` // of the resource
	Status   string    `json:"status,omitempty"`
	Text     string    `json:"text,omitempty"` // may hold untrusted text
}

// Progress receives events as they happen, from several goroutines at once.
type Progress interface{ Report(Event) }
