package cfn

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// remove deletes physical resources, dependants first, and calls finish with the logical ids of those that could not be.
// undoing says that this rolls back a create, when Retain policies may not apply.
func (op *operation) remove(rows []*resource, action string, undoing bool, finish func(failed []string)) {
	byNode := map[string]*resource{}
	for _, r := range rows {
		byNode[r.logical+" "+r.physical] = r
	}
	nodes := slices.Sorted(maps.Keys(byNode))
	needs := func(node string) []string {
		var out []string
		for _, other := range nodes {
			if slices.Contains(byNode[node].dependsOn, byNode[other].logical) {
				out = append(out, other)
			}
		}
		return out
	}
	var failed []string
	op.walk = newWalk(nodes, reverse(nodes, needs), func(node string) {
		r := byNode[node]
		op.removeOne(r, action, undoing, func(ok bool) {
			if !ok {
				failed = append(failed, r.logical)
			}
			op.walk.done(node)
		})
	}, func() { finish(failed) })
	op.walk.pump()
}

// removeOne deletes one physical resource unless its policy keeps it.
func (op *operation) removeOne(r *resource, action string, undoing bool, done func(ok bool)) {
	e, st := op.e, op.st
	if op.keeps(r, undoing) || r.imported && undoing {
		e.setResource(st, op, r, deleteSkipped, "")
		done(true)
		return
	}
	e.setResource(st, op, r, deleteInProgress, "")
	kind, _ := e.world.Kind(r.typ)
	s := op.script(r, action, kind.Takes.Delete)
	fail := func(reason string) {
		e.setResource(st, op, r, deleteFailed, reason)
		done(false)
	}
	if s.reason != "" {
		op.conclude(s, func() { fail(s.reason) })
		return
	}
	complete := func() {
		e.setResource(st, op, r, deleteComplete, "")
		done(true)
	}
	if r.typ == stackType {
		op.deleteNested(r, complete, fail)
		return
	}
	if err := e.world.Delete(st.Scope, r.typ, r.id); err != nil && core.Code(err) != "NotFound" {
		op.in(failDelay, func() { fail(reasonOf(e, r, err)) })
		return
	}
	op.conclude(s, complete)
}

// keeps applies DeletionPolicy, or UpdateReplacePolicy for what an update has replaced.
func (op *operation) keeps(r *resource, undoing bool) bool {
	policy := r.deletion
	if current := op.st.resources[r.logical]; op.kind == opUpdate && current != nil && current != r && !undoing {
		policy = r.replaced
	}
	switch policy {
	case "Retain":
		return !undoing || !op.retainExceptOnCreate
	case "RetainExceptOnCreate":
		return !undoing
	}
	return false
}

// removeAll deletes all resources of the stack and gives it its last status.
func (op *operation) removeAll(action, good, bad string) {
	var rows []*resource
	for _, id := range slices.Sorted(maps.Keys(op.st.resources)) {
		if r := op.st.resources[id]; r.lives() && r.status != deleteSkipped {
			rows = append(rows, r)
		}
	}
	op.remove(rows, action, action == "rollback-create", func(failed []string) {
		op.in(settleDelay, func() { op.removed(failed, good, bad) })
	})
}

func (op *operation) removed(failed []string, good, bad string) {
	e, st := op.e, op.st
	if len(failed) > 0 {
		reason := "The following resource(s) failed to delete: " + list(failed) + ". "
		op.next()
		e.setStatus(st, op, bad, reason)
		op.finish(false, reason)
		return
	}
	st.outputs = nil
	if good == deleteComplete {
		st.deleted = e.world.Clock.Now()
		st.changeSets = nil
	}
	op.next()
	e.setStatus(st, op, good, "")
	op.finish(good == deleteComplete && op.kind == opDelete, "rolled back")
}
