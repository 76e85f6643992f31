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

// takeOver says whether a standby whose stack is in a status could serve now.
type takeOver string

const (
	canServe  takeOver = "yes"      // settled on a whole release
	inBetween takeOver = "mixed"    // serving, from resources of two releases
	degraded  takeOver = "degraded" // serving, with some resources failed or under way
	cannot    takeOver = "no"
	nobody    takeOver = "unknown" // a status this version does not know
)

// statusRow is what one stack status means at the three moments, and for a takeover.
type statusRow struct {
	Status types.StackStatus
	Before preflight
	While  waiting
	Back   wayBack
	Serves takeOver
	Usable bool   // a stack in this status is settled on a whole release
	Hint   string // what a person can do where a cell refuses or gives up
	Note   string // what a person should know before deploying to it
}

// missing stands for "there is no such stack".
const missing types.StackStatus = "(no stack)"

const (
	hintContinue = "finish it with ContinueUpdateRollback (aws cloudformation continue-update-rollback), then run again"
	hintRollback = "take it back with RollbackStack (aws cloudformation rollback-stack), then run again"
	hintRecreate = "it can only be deleted: set recreate-failed on this target, or delete it by hand"
	hintDelete   = "delete it by hand (the stack's events name what blocks it), then run again"
	hintImport   = "finish the import by hand, then run again"
	hintGone     = "somebody deleted the stack: `lockstep deploy` creates it again"
)

// noteRolledBack: such a stack is whole and can be deployed to.
const noteRolledBack = "its last update failed and was rolled back"

// statuses holds every stack status that CloudFormation documents, and
// "missing". Source: the StackStatus enumeration of the API, and the
// transitions described in its user guide.
var statuses = []statusRow{
	{Status: missing, Before: planCreate, While: failedClean, Back: nothing, Serves: cannot, Hint: hintGone},
	{Status: types.StackStatusReviewInProgress, Before: planReuse, While: goOn, Back: deleteOnly, Serves: cannot},
	{Status: types.StackStatusCreateInProgress, Before: waitFirst, While: goOn, Back: follow, Serves: cannot},
	{Status: types.StackStatusCreateFailed, Before: refuse, While: leftStuck, Back: deleteOnly, Serves: cannot, Hint: hintRollback},
	{Status: types.StackStatusCreateComplete, Before: planUpdate, While: succeeded, Back: compare, Serves: canServe, Usable: true},
	{Status: types.StackStatusRollbackInProgress, Before: waitFirst, While: failing, Back: follow, Serves: cannot},
	{Status: types.StackStatusRollbackFailed, Before: refuse, While: leftStuck, Back: giveUp, Serves: cannot, Hint: hintDelete},
	{Status: types.StackStatusRollbackComplete, Before: planReplace, While: failedClean, Back: deleteOnly, Serves: cannot, Hint: hintRecreate},
	{Status: types.StackStatusDeleteInProgress, Before: waitFirst, While: failing, Back: follow, Serves: cannot},
	{Status: types.StackStatusDeleteFailed, Before: refuse, While: leftStuck, Back: giveUp, Serves: cannot, Hint: hintDelete},
	{Status: types.StackStatusDeleteComplete, Before: planCreate, While: failedClean, Back: nothing, Serves: cannot, Hint: hintGone},
	{Status: types.StackStatusUpdateInProgress, Before: waitFirst, While: goOn, Back: follow, Serves: inBetween},
	{Status: types.StackStatusUpdateCompleteCleanupInProgress, Before: waitFirst, While: cleaningUp, Back: follow, Serves: canServe, Usable: true},
	{Status: types.StackStatusUpdateComplete, Before: planUpdate, While: succeeded, Back: compare, Serves: canServe, Usable: true},
	{Status: types.StackStatusUpdateFailed, Before: refuse, While: leftStuck, Back: rollFirst, Serves: degraded, Hint: hintRollback},
	{Status: types.StackStatusUpdateRollbackInProgress, Before: waitFirst, While: failing, Back: follow, Serves: degraded},
	{Status: types.StackStatusUpdateRollbackFailed, Before: refuse, While: leftStuck, Back: askAgain, Serves: cannot, Hint: hintContinue},
	{Status: types.StackStatusUpdateRollbackCompleteCleanupInProgress, Before: waitFirst, While: failing, Back: follow, Serves: canServe, Usable: true},
	{Status: types.StackStatusUpdateRollbackComplete, Before: planUpdate, While: failedClean, Back: compare, Serves: canServe, Usable: true, Note: noteRolledBack},
	{Status: types.StackStatusImportInProgress, Before: waitFirst, While: goOn, Back: follow, Serves: degraded},
	{Status: types.StackStatusImportComplete, Before: planUpdate, While: succeeded, Back: compare, Serves: canServe, Usable: true},
	{Status: types.StackStatusImportRollbackInProgress, Before: waitFirst, While: failing, Back: follow, Serves: degraded},
	{Status: types.StackStatusImportRollbackFailed, Before: refuse, While: leftStuck, Back: giveUp, Serves: cannot, Hint: hintImport},
	{Status: types.StackStatusImportRollbackComplete, Before: planUpdate, While: failedClean, Back: compare, Serves: canServe, Usable: true},
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
	row := statusRow{Status: status, Before: refuse, While: leftStuck, Back: giveUp, Serves: nobody,
		Hint: "this version of Lockstep does not know the status " + string(status) + ": look at the stack, or update Lockstep"}
	switch {
	case strings.HasSuffix(string(status), "_IN_PROGRESS"):
		row.Before, row.While, row.Back, row.Hint = waitFirst, goOn, follow, ""
	case strings.HasSuffix(string(status), "_COMPLETE"):
		row.Before, row.Back = planUpdate, compare
		row.Note = "its status " + string(status) + " is not one this version of Lockstep knows"
	}
	return row
}

// takingOver words what a status means for a Region that has to take over;
// empty where it means nothing.
func (row statusRow) takingOver() string {
	switch row.Serves {
	case cannot, nobody:
		return "; in this state the Region cannot take over"
	case inBetween, degraded:
		return "; in this state the Region would take over with less than a whole release"
	}
	return ""
}
