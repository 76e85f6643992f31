package cfn

import (
	"maps"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// nestedSpec reads what an AWS::CloudFormation::Stack resource asks for.
func (op *operation) nestedSpec(props map[string]any) (spec, error) {
	in := wire.Object(props)
	c := &core.Call{World: op.e.world, Scope: op.st.Scope, In: wire.Object{}}
	body, err := op.e.readURL(c, in.String("TemplateURL"))
	if err != nil {
		return spec{}, err
	}
	t, err := parse(body)
	if err != nil {
		return spec{}, err
	}
	sp := spec{source: body, template: t, parameters: in.StringMap("Parameters"), roleARN: op.target.roleARN,
		capabilities: op.target.capabilities, notifications: in.Strings("NotificationARNs"), tags: maps.Clone(op.target.tags)}
	if sp.tags == nil {
		sp.tags = map[string]string{}
	}
	maps.Copy(sp.tags, core.Tags(in["Tags"]))
	if err := op.e.check(op.st, &sp); err != nil {
		return spec{}, err
	}
	return sp, checkCapabilities(t, sp.capabilities)
}

func (op *operation) createNested(r *resource) {
	sp, err := op.nestedSpec(r.properties)
	if err != nil {
		op.failLater(r, createFailed, message(err))
		return
	}
	e, st := op.e, op.st
	st.made[r.logical]++
	name := core.GeneratedName(st.name+"-"+r.logical, e.world.IDs.Upper(12, "nested", st.id, r.logical), core.NameRule{Max: 128})
	child := e.newStack(st.Scope, name)
	child.parent, child.parentLogical, child.timeout = st, r.logical, wire.Object(r.properties).Int("TimeoutInMinutes", 0)
	r.physical, r.id = child.id, child.id
	e.setResource(st, op, r, createInProgress, "Resource creation Initiated")
	run := e.newOperation(child, opCreate, op.token)
	run.target, run.onFailure = sp, op.onFailure
	run.done = op.nestedDone(r, createComplete, createFailed, "created")
	run.run()
}

// nestedDone passes the end of a nested operation on to its parent, if that still waits for it.
func (op *operation) nestedDone(r *resource, good, bad, verb string) func(bool, string) {
	phase := op.phase
	return func(ok bool, reason string) {
		switch {
		case op.phase != phase:
		case ok:
			op.completed(r, good)
		default:
			op.failed(r, bad, "Embedded stack "+r.physical+" was not successfully "+verb+": "+reason)
		}
	}
}

// nestedChanges reports whether the template or the parameters of a nested stack have changed.
func (op *operation) nestedChanges(row, fresh *resource) bool {
	child, ok := op.e.find(op.st.Scope, row.physical)
	sp, err := op.nestedSpec(fresh.properties)
	return !ok || err != nil || sp.source != child.spec.source || !maps.Equal(sp.parameters, child.spec.parameters) || !maps.Equal(sp.tags, child.spec.tags)
}

func (op *operation) updateNested(row, fresh *resource) {
	op.e.setResource(op.st, op, row, updateInProgress, "")
	sp, err := op.nestedSpec(fresh.properties)
	child, ok := op.e.find(op.st.Scope, row.physical)
	switch {
	case err != nil:
		op.failLater(row, updateFailed, message(err))
		return
	case !ok || !child.exists() || busy(child.status):
		op.failLater(row, updateFailed, "Embedded stack "+row.physical+" cannot be updated")
		return
	}
	row.properties, row.metadata, row.dependsOn = fresh.properties, fresh.metadata, fresh.dependsOn
	row.deletion, row.replaced = fresh.deletion, fresh.replaced
	run := op.e.newOperation(child, opUpdate, op.token)
	run.target, run.onFailure = sp, op.onFailure
	run.done = op.nestedDone(row, updateComplete, updateFailed, "updated")
	run.run()
}

// abortNested stops a nested operation whose parent has failed.
func (op *operation) abortNested(r *resource) {
	child, ok := op.e.find(op.st.Scope, r.physical)
	if !ok || child.op == nil {
		return
	}
	child.op.done = nil
	if child.status == createInProgress || child.status == updateInProgress {
		child.op.abort("Parent stack failed.")
	}
}

// revertNested brings a nested stack back to what it was before the parent's update.
func (op *operation) revertNested(id string, fail func(string)) {
	row, old := op.st.resources[id], op.before.resources[id]
	child, ok := op.e.find(op.st.Scope, old.physical)
	if !ok {
		fail("Embedded stack " + old.physical + " does not exist")
		return
	}
	complete := func() {
		op.restoreRow(id)
		delete(op.touched, id)
		op.completed(op.st.resources[id], updateComplete)
	}
	if busy(child.status) && child.op != nil { // it is rolling back by itself
		child.op.done = func(bool, string) { op.in(0, complete) }
		return
	}
	sp, err := op.nestedSpec(old.properties)
	if err != nil {
		fail(message(err))
		return
	}
	if sp.source == child.spec.source && maps.Equal(sp.parameters, child.spec.parameters) {
		op.in(0, complete)
		return
	}
	row.properties = old.properties
	run := op.e.newOperation(child, opUpdate, op.token)
	run.target = sp
	run.done = func(ok bool, reason string) {
		if ok {
			op.in(0, complete)
			return
		}
		op.in(0, func() { fail("Embedded stack " + old.physical + " was not successfully updated: " + reason) })
	}
	run.run()
}

func (op *operation) deleteNested(r *resource, complete func(), fail func(string)) {
	child, ok := op.e.find(op.st.Scope, r.physical)
	if !ok || !child.exists() {
		op.in(0, complete)
		return
	}
	run := op.e.newOperation(child, opDelete, op.token)
	run.done = func(ok bool, reason string) {
		if ok {
			op.in(0, complete)
			return
		}
		op.in(0, func() { fail("Embedded stack " + r.physical + " was not successfully deleted: " + reason) })
	}
	run.delete(nil)
}
