package cfn

import "strings"

// Stack statuses. The full list is in the AWS documentation of StackStatus; imports are not simulated.
const (
	reviewInProgress         = "REVIEW_IN_PROGRESS"
	createInProgress         = "CREATE_IN_PROGRESS"
	createComplete           = "CREATE_COMPLETE"
	createFailed             = "CREATE_FAILED"
	rollbackInProgress       = "ROLLBACK_IN_PROGRESS"
	rollbackComplete         = "ROLLBACK_COMPLETE"
	rollbackFailed           = "ROLLBACK_FAILED"
	deleteInProgress         = "DELETE_IN_PROGRESS"
	deleteComplete           = "DELETE_COMPLETE"
	deleteFailed             = "DELETE_FAILED"
	deleteSkipped            = "DELETE_SKIPPED" // resources only
	updateInProgress         = "UPDATE_IN_PROGRESS"
	updateCleanup            = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
	updateComplete           = "UPDATE_COMPLETE"
	updateFailed             = "UPDATE_FAILED"
	updateRollbackInProgress = "UPDATE_ROLLBACK_IN_PROGRESS"
	updateRollbackCleanup    = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
	updateRollbackComplete   = "UPDATE_ROLLBACK_COMPLETE"
	updateRollbackFailed     = "UPDATE_ROLLBACK_FAILED"
)

func busy(status string) bool {
	return strings.HasSuffix(status, "_IN_PROGRESS") && status != reviewInProgress
}

// updatable reports whether an update may start. After a failure without rollback only another update without rollback may.
func updatable(status string, disableRollback bool) bool {
	switch status {
	case createComplete, updateComplete, updateRollbackComplete:
		return true
	case createFailed, updateFailed:
		return disableRollback
	}
	return false
}

// Operation types, as LastOperations names them.
const (
	opCreate          = "CREATE_STACK"
	opUpdate          = "UPDATE_STACK"
	opDelete          = "DELETE_STACK"
	opContinue        = "CONTINUE_ROLLBACK"
	opRollback        = "ROLLBACK"
	opCreateChangeSet = "CREATE_CHANGESET"
)
