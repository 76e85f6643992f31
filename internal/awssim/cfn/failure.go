package cfn

import (
	"maps"
	"slices"
)

// failLater is for failures that are known at once; AWS takes a moment to find out.
func (op *operation) failLater(r *resource, status, reason string) {
	op.in(failDelay, func() { op.failed(r, status, reason) })
}

// failed ends the forward half because of one resource.
func (op *operation) failed(r *resource, status, reason string) {
	op.e.setResource(op.st, op, r, status, reason)
	verb := "create"
	if status == updateFailed {
		verb = "update"
	}
	op.cancelRunning(r.logical)
	op.fallBack("The following resource(s) failed to " + verb + ": " + list([]string{r.logical}) + ". ")
}

// abort ends the forward half for a reason that is not a resource's.
func (op *operation) abort(reason string) {
	op.cancelRunning("")
	op.fallBack(reason + " ")
}

// cancelRunning stops everything that is under way.
func (op *operation) cancelRunning(except string) {
	if op.walk == nil {
		op.next()
		return
	}
	for _, id := range op.walk.stop() {
		r := op.st.resources[id]
		if id == except || r == nil {
			continue
		}
		switch r.status {
		case createInProgress:
			op.e.setResource(op.st, op, r, createFailed, "Resource creation cancelled")
		case updateInProgress:
			op.e.setResource(op.st, op, r, updateFailed, "Resource update cancelled")
		}
		if r.typ == stackType {
			op.abortNested(r)
		}
	}
	op.next()
}

// fallBack does what the caller wants done with a failed create or update. Reason ends in a blank.
func (op *operation) fallBack(reason string) {
	e, st := op.e, op.st
	switch {
	case op.kind == opUpdate && op.onFailure == "DO_NOTHING":
		e.setStatus(st, op, updateFailed, reason)
		op.finish(false, reason)
	case op.kind == opUpdate:
		e.setStatus(st, op, updateRollbackInProgress, reason)
		op.in(startDelay, func() { op.revert(nil, false) })
	case op.onFailure == "DO_NOTHING":
		e.setStatus(st, op, createFailed, reason)
		op.finish(false, reason)
	case op.onFailure == "DELETE":
		e.setStatus(st, op, deleteInProgress, reason+"Delete requested by user.")
		op.in(startDelay, func() { op.removeAll("rollback-create", deleteComplete, deleteFailed) })
	default:
		e.setStatus(st, op, rollbackInProgress, reason+"Rollback requested by user.")
		op.in(startDelay, func() { op.removeAll("rollback-create", rollbackComplete, rollbackFailed) })
	}
}

// revert brings every touched resource back to the image. Those in skip, and with force those that fail, are left as they
// are.
func (op *operation) revert(skip []string, force bool) {
	var nodes []string
	for id := range op.touched {
		if op.before.resources[id] != nil {
			nodes = append(nodes, id)
		}
	}
	var failures []string
	after := func(id string) []string { return op.before.resources[id].dependsOn }
	op.walk = newWalk(nodes, after, func(id string) {
		if slices.Contains(skip, id) {
			op.restoreRow(id)
			op.e.setResource(op.st, op, op.st.resources[id], updateComplete, "Resource skipped")
			op.st.resources[id].drift.skipped = true
			op.walk.done(id)
			return
		}
		op.revertOne(id, force, &failures)
	}, func() {
		if len(failures) > 0 {
			reason := "The following resource(s) failed to update: " + list(failures) + ". "
			op.next()
			op.e.setStatus(op.st, op, updateRollbackFailed, reason)
			op.finish(false, reason)
			return
		}
		op.reverted()
	})
	op.walk.pump()
}

// revertOne updates one resource back.
func (op *operation) revertOne(id string, force bool, failures *[]string) {
	now, old := op.st.resources[id], op.before.resources[id]
	kind, _ := op.e.world.Kind(old.typ)
	op.e.setResource(op.st, op, now, updateInProgress, "")
	s := op.script(now, "rollback-update", kind.Takes.Update)
	fail := func(reason string) {
		op.e.setResource(op.st, op, op.st.resources[id], updateFailed, reason)
		if force {
			op.restoreRow(id)
			op.e.setResource(op.st, op, op.st.resources[id], updateComplete, "Resource skipped")
			op.st.resources[id].drift.skipped = true
		} else {
			*failures = append(*failures, id)
		}
		op.walk.done(id)
	}
	if s.reason != "" {
		op.conclude(s, func() { fail(s.reason) })
		return
	}
	if old.typ == stackType {
		op.revertNested(id, fail)
		return
	}
	if err := op.restore(now, old); err != nil {
		op.in(failDelay, func() { fail(reasonOf(op.e, now, err)) })
		return
	}
	op.conclude(s, func() {
		op.restoreRow(id)
		delete(op.touched, id)
		op.completed(op.st.resources[id], updateComplete)
	})
}

// restoreRow puts the row of the image back; a physical resource that took its place is doomed.
func (op *operation) restoreRow(id string) {
	now, old := op.st.resources[id], op.before.resources[id].copy()
	op.doomed = slices.DeleteFunc(op.doomed, func(r *resource) bool { return r.logical == id })
	if now.lives() && now.id != old.id {
		op.doomed = append(op.doomed, now)
	}
	old.status, old.reason, old.changed = now.status, now.reason, now.changed
	op.st.resources[id] = old
}

// reverted is reached when all old resources are back; what the update has created goes.
func (op *operation) reverted() {
	st := op.st
	for _, id := range slices.Sorted(maps.Keys(st.resources)) {
		if op.before.resources[id] == nil {
			if st.resources[id].lives() {
				op.doomed = append(op.doomed, st.resources[id])
			} else {
				delete(st.resources, id)
			}
		}
	}
	st.spec, st.outputs, st.changeSetID = op.before.spec, op.before.outputs, op.before.changeSet
	op.next()
	op.e.setStatus(st, op, updateRollbackCleanup, "")
	op.in(settleDelay, func() {
		op.remove(op.doomed, "rollback-delete", true, func([]string) {
			for _, r := range op.doomed {
				if st.resources[r.logical] == r {
					delete(st.resources, r.logical)
				}
			}
			op.e.setStatus(st, op, updateRollbackComplete, "")
			op.finish(false, "rolled back")
		})
	})
}
