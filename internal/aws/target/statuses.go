package target

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// preflight is what a stack's status means before anything was done to it.
type preflight string

const (
	planCreate  preflight = "create"   // no stack: plan its creation
	planReuse   preflight = "reuse"    // an empty shell: plan its creation in it
	planUpdate  preflight = "update"   // plan an update
	waitFirst   preflight = "wait"     // something is under way: wait, bounded if it is not ours
	planReplace preflight = "recreate" // can only be deleted and created again, if allowed
	refuse      preflight = "refuse"   // a person must act first
)

// waiting is what a status means while our own operation is followed.
type waiting string

const (
	goOn        waiting = "go on"            // still working
	cleaningUp  waiting = "succeeded"        // committed, old resources are being removed
	succeeded   waiting = "settled: success" // settled on the new state
	failing     waiting = "failing"          // going back: follow it to the end
	failedClean waiting = "settled: failed"  // settled on the old state
	leftStuck   waiting = "settled: stuck"   // settled on neither
)

// wayBack is what a status means when the stack shall return to its image.
type wayBack string

const (
	follow     wayBack = "follow"     // something is under way: wait for it
	compare    wayBack = "compare"    // settled and usable: compare with the image
	deleteOnly wayBack = "delete"     // never became stable: it can only be deleted
	nothing    wayBack = "nothing"    // there is no stack
	askAgain   wayBack = "continue"   // a rollback that stopped: continue it once
	rollFirst  wayBack = "roll back"  // failed with rollback disabled: roll it back
	giveUp     wayBack = "quarantine" // a person must act
)

// statusRow is what one stack status means at the three moments.
type statusRow struct {
	Status types.StackStatus
	Before preflight
	While  waiting
	Back   wayBack
	Usable bool   // a stack in this status is settled on a whole release
	Hint   string // what a person can do where a cell refuses or gives up
}

// missing stands for "there is no such stack".
const missing types.StackStatus = "(no stack)"

const (
	hintContinue = "finish it with ContinueUpdateRollback (aws cloudformation continue-update-rollback), then run again"
	hintRollback = "take it back with RollbackStack (aws cloudformation rollback-stack), then run again"
	hintRecreate = "it can only be deleted: set recreate-failed on this target, or delete it by hand"
	hintDelete   = "delete it by hand (the stack's events name what blocks it), then run again"
	hintImport   = "finish the import by hand, then run again"
	hintGone     = "somebody deleted the stack: deploy the release it had again"
)

// statuses holds every stack status that CloudFormation documents, and
// "missing". Source: the StackStatus enumeration of the API, and the
// transitions described in its user guide.
var statuses = []statusRow{
	{Status: missing, Before: planCreate, While: failedClean, Back: nothing, Hint: hintGone},
	{Status: types.StackStatusReviewInProgress, Before: planReuse, While: goOn, Back: deleteOnly},
	{Status: types.StackStatusCreateInProgress, Before: waitFirst, While: goOn, Back: follow},
	{Status: types.StackStatusCreateFailed, Before: refuse, While: leftStuck, Back: deleteOnly, Hint: hintRollback},
	{Status: types.StackStatusCreateComplete, Before: planUpdate, While: succeeded, Back: compare, Usable: true},
	{Status: types.StackStatusRollbackInProgress, Before: waitFirst, While: failing, Back: follow},
	{Status: types.StackStatusRollbackFailed, Before: refuse, While: leftStuck, Back: giveUp, Hint: hintDelete},
	{Status: types.StackStatusRollbackComplete, Before: planReplace, While: failedClean, Back: deleteOnly, Hint: hintRecreate},
	{Status: types.StackStatusDeleteInProgress, Before: waitFirst, While: failing, Back: follow},
	{Status: types.StackStatusDeleteFailed, Before: refuse, While: leftStuck, Back: giveUp, Hint: hintDelete},
	{Status: types.StackStatusDeleteComplete, Before: planCreate, While: failedClean, Back: nothing, Hint: hintGone},
	{Status: types.StackStatusUpdateInProgress, Before: waitFirst, While: goOn, Back: follow},
	{Status: types.StackStatusUpdateCompleteCleanupInProgress, Before: waitFirst, While: cleaningUp, Back: follow, Usable: true},
	{Status: types.StackStatusUpdateComplete, Before: planUpdate, While: succeeded, Back: compare, Usable: true},
	{Status: types.StackStatusUpdateFailed, Before: refuse, While: leftStuck, Back: rollFirst, Hint: hintRollback},
	{Status: types.StackStatusUpdateRollbackInProgress, Before: waitFirst, While: failing, Back: follow},
	{Status: types.StackStatusUpdateRollbackFailed, Before: refuse, While: leftStuck, Back: askAgain, Hint: hintContinue},
	{Status: types.StackStatusUpdateRollbackCompleteCleanupInProgress, Before: waitFirst, While: failing, Back: follow, Usable: true},
	{Status: types.StackStatusUpdateRollbackComplete, Before: planUpdate, While: failedClean, Back: compare, Usable: true},
	{Status: types.StackStatusImportInProgress, Before: waitFirst, While: goOn, Back: follow},
	{Status: types.StackStatusImportComplete, Before: planUpdate, While: succeeded, Back: compare, Usable: true},
	{Status: types.StackStatusImportRollbackInProgress, Before: waitFirst, While: failing, Back: follow},
	{Status: types.StackStatusImportRollbackFailed, Before: refuse, While: leftStuck, Back: giveUp, Hint: hintImport},
	{Status: types.StackStatusImportRollbackComplete, Before: planUpdate, While: failedClean, Back: compare, Usable: true},
}

// meaning is the row of a status. One that CloudFormation adds in future is
// judged by its ending and never counts as usable: work in progress is waited
// for, a failure is refused, and a completion is not taken for a success.
func meaning(status types.StackStatus) statusRow {
	for _, row := range statuses {
		if row.Status == status {
			return row
		}
	}
	row := statusRow{Status: status, Before: refuse, While: leftStuck, Back: giveUp,
		Hint: "this version of Lockstep does not know the status " + string(status) + ": look at the stack, or update Lockstep"}
	switch {
	case strings.HasSuffix(string(status), "_IN_PROGRESS"):
		row.Before, row.While, row.Back, row.Hint = waitFirst, goOn, follow, ""
	case strings.HasSuffix(string(status), "_COMPLETE"):
		row.Before, row.Back = planUpdate, compare
	}
	return row
}
