package deploy

import (
	"context"
	"slices"
)

// Target is one thing a release changes in one Region: a stack, an alias, a
// service. A value serves one run in one Region; its methods are called one
// at a time, except Abort, which may come while Execute runs.
//
// A method that could not do its work returns an *Error that says what is
// now true of the target; any other error counts as "state not known".
// Methods return soon after their context ends.
type Target interface {
	// About names the target. It is constant and does no I/O.
	About() About

	// Prepare makes everything ready and says what would change, without
	// changing anything that runs. It waits for an operation of an earlier
	// run of the same application and refuses a foreign one. It may be called
	// again with other inputs, after Discard of the earlier plan. When a
	// needed input is missing it validates what it can and returns a plan
	// with Deferred set. On error the returned plan holds what Discard must
	// still remove.
	Prepare(ctx context.Context, in Inputs) (Plan, error)

	// Image returns what Restore needs to bring the target back to the state
	// it is in now, including "it does not exist".
	Image(ctx context.Context) ([]byte, error)

	// Execute carries out exactly that plan and follows it until it settles,
	// native rollback included. Failed: the target is what it was. Stuck: it
	// is neither old nor new and stays so. Anything else: not known.
	Execute(ctx context.Context, plan Plan) error

	// Abort asks for the running operation to be taken back and returns
	// without waiting for that. No running operation is not an error.
	Abort(ctx context.Context) error

	// Verify confirms by reading that the target is on the release. Failed:
	// it was read and is not.
	Verify(ctx context.Context, in Inputs) error

	// Restore brings the target to the saved image, whatever state it is in:
	// it waits for a running operation first and does nothing if the target
	// already equals the image. It may be repeated.
	Restore(ctx context.Context, image []byte) (Restored, error)

	// Discard removes what Prepare made. A plan with nothing to remove is fine.
	Discard(ctx context.Context, plan Plan) error

	// Outputs are the values later targets may use; empty if it does not exist.
	Outputs(ctx context.Context) (map[string]string, error)
}

// Finisher is a target that keeps something for the way back. Finish removes
// it once the release is recorded in every Region.
type Finisher interface {
	Finish(ctx context.Context) error
}

// Follower is a target that those before it in its Region may move as well, as
// a stack moves its service to the template's task definition. One whose state
// is neither the image nor what its own release put there was moved by somebody
// else, and is left alone, unless Follows was called.
type Follower interface {
	Target
	// Follows says, before Restore, that a target before it was, or may have
	// been, executed or restored since this one was seen last.
	Follows()
}

// About is what a target is, the same in every Region.
type About struct {
	// Name identifies the target within the release.
	Name string
	// Kind is the sort of target: "cloudformation", "lambda", ...
	Kind string
	// Needs are the outputs of earlier targets it takes as inputs.
	Needs []Ref
	// AfterOthers: targets before it may change what it plans on, as a stack
	// changes the service whose image is released after it. Its plan is made
	// again once one of them was executed.
	AfterOthers bool
	// Digest is the content hash of what this target deploys in this Region; it is
	// recorded in the ledger.
	Digest string
}

// needed are the targets whose outputs it takes, each once.
func (a About) needed() []string {
	var names []string
	for _, need := range a.Needs {
		if !slices.Contains(names, need.Target) {
			names = append(names, need.Target)
		}
	}
	return names
}

// Ref names an output of an earlier target of the same Region.
type Ref struct{ Target, Output string }

// String is the form of the configuration: "payments-data.TableArn".
func (r Ref) String() string { return r.Target + "." + r.Output }

// Inputs are the values of needed outputs that are known.
type Inputs map[Ref]string

// Action is what a plan does to its target as a whole.
type Action string

// The actions.
const (
	ActionNone   Action = "none"
	ActionCreate Action = "create"
	ActionUpdate Action = "update"
)

// Plan is what executing a target would do.
type Plan struct {
	Action Action
	// Deferred says why the changes cannot be known yet; such a plan is made
	// again right before its execution. Empty: the plan is complete.
	Deferred string
	Changes  []Change
	// Inputs are the values the plan was made with.
	Inputs Inputs
	// Handle is the target's own name for the plan, such as a change set ARN.
	Handle string
	// Proof is the digest of what would run; where a target gives one, it must
	// be the same in every Region. Empty: the target has none.
	Proof string
	// Stages: the target is a Stager, and its execution can be held until all
	// Regions are ready.
	Stages bool
	// Repaired says from what the target was brought back to its last whole
	// release before it could be planned, also where planning then failed; empty:
	// it was not.
	Repaired string
	// Notes are things a person should know before agreeing.
	Notes []string
}

// empty reports whether executing the plan is known to change nothing.
func (p Plan) empty() bool { return p.Action == ActionNone && p.Deferred == "" }

// Restored is how a target came back to its image.
type Restored struct {
	// Status is "restored", "deleted" or "untouched" (it was on the image already).
	Status string
	Detail string
	// Notes say what could not be brought back exactly.
	Notes []string
}
