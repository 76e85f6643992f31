package cfn

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// run starts the forward half of a create or an update.
func (op *operation) run() {
	status := createInProgress
	if op.kind == opUpdate {
		status = updateInProgress
		op.st.updated = op.e.world.Clock.Now()
	}
	reason := "User Initiated"
	op.e.setStatus(op.st, op, status, reason)
	op.st.outputs = nil
	if op.kind == opUpdate {
		op.st.outputs = op.before.outputs
	}
	op.st.spec = op.target
	if op.st.timeout > 0 && op.kind == opCreate {
		op.deadline()
	}
	op.in(startDelay, op.forward)
}

func (op *operation) forward() {
	if missing := op.missingAlarm(); missing != "" {
		op.abort("Rollback alarm " + missing + " does not exist")
		return
	}
	ev, err := op.e.evaluator(op.st, &op.target, view{})
	if err != nil {
		op.abort(message(err))
		return
	}
	op.ev = ev
	order, err := ev.Order()
	if err != nil {
		op.abort(message(err))
		return
	}
	if reason := op.deletionDenied(order); reason != "" {
		op.abort(reason)
		return
	}
	op.walk = newWalk(order, ev.Dependencies, op.begin, op.applied)
	op.walk.pump()
}

// begin starts one resource.
func (op *operation) begin(logical string) {
	row := op.st.resources[logical]
	decl := op.ev.Template().Resources[logical]
	props, err := resolve(op.ev, logical)
	fresh := &resource{
		logical: logical, typ: decl.Type, metadata: op.metadata(logical), properties: props,
		dependsOn: op.ev.Dependencies(logical), deletion: decl.DeletionPolicy, replaced: decl.UpdateReplacePolicy,
	}
	switch {
	case !row.lives():
		op.st.resources[logical] = fresh
		op.touched[logical] = true
		op.create(fresh, err)
	case err != nil:
		op.touched[logical] = true
		op.e.setResource(op.st, op, row, updateInProgress, "")
		op.failLater(row, updateFailed, message(err))
	case row.typ != decl.Type:
		op.touched[logical] = true
		op.failLater(row, updateFailed, "Update of resource type is not permitted. The new template modifies resource type of the following resources: ["+logical+"]")
	default:
		op.update(row, fresh)
	}
}

func (op *operation) metadata(logical string) any {
	v, err := op.ev.Value(op.ev.Template().Resources[logical].Metadata)
	if err != nil {
		return nil // Validate has seen the template; what is left rests on values that do not matter here
	}
	return v
}

// create makes a resource that the stack does not have yet.
func (op *operation) create(r *resource, problem error) {
	op.e.setResource(op.st, op, r, createInProgress, "")
	if problem != nil {
		op.failLater(r, createFailed, message(problem))
		return
	}
	kind, _ := op.e.world.Kind(r.typ)
	s := op.script(r, "create", kind.Takes.Create)
	if s.reason != "" {
		op.conclude(s, func() { op.failed(r, createFailed, s.reason) })
		return
	}
	if r.typ == stackType {
		op.createNested(r)
		return
	}
	if err := op.make(r); err != nil {
		op.failLater(r, createFailed, reasonOf(op.e, r, err))
		return
	}
	op.e.setResource(op.st, op, r, createInProgress, "Resource creation Initiated")
	complete := func() { op.completed(r, createComplete) }
	if op.waitForSignals(r, complete) {
		return
	}
	op.conclude(s, complete)
}

// make creates the physical resource of a row.
func (op *operation) make(r *resource) error {
	st := op.st
	if existing, ok := op.e.existing(st, r.typ, r.properties); ok && op.importing {
		r.id, r.physical, r.imported = existing.ID, op.e.world.Ref(existing), true
		return nil
	}
	st.made[r.logical]++
	live, err := op.e.world.Create(st.Scope, r.typ, r.properties, core.Origin{
		Tags: st.systemTags(r.logical, op.target.tags, r.properties["Tags"]), StackID: st.id, Stack: st.name, Logical: r.logical, Nth: st.made[r.logical],
	})
	if err != nil {
		return err
	}
	r.id, r.physical = live.ID, op.e.world.Ref(live)
	return nil
}

// systemTags are the tags CloudFormation adds: the stack's, unless the resource sets them itself, and its own.
func (st *stack) systemTags(logical string, tags map[string]string, own any) map[string]string {
	out := maps.Clone(tags)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, core.Tags(own))
	out["aws:cloudformation:stack-name"] = st.name
	out["aws:cloudformation:stack-id"] = st.id
	out["aws:cloudformation:logical-id"] = logical
	return out
}

// update changes a resource the stack has, if the template says something new about it.
func (op *operation) update(row, fresh *resource) {
	patch := op.patch(row, fresh)
	kind, _ := op.e.world.Kind(row.typ)
	gone := false
	if op.revertDrift {
		_, exists := op.e.live(op.st, row)
		gone = !exists && row.typ != stackType
	}
	replace := gone || slices.ContainsFunc(slices.Collect(maps.Keys(patch)), func(p string) bool { return slices.Contains(kind.Replace, p) })
	tagged := !maps.Equal(op.before.spec.tags, op.target.tags)
	if len(patch) == 0 && !tagged && !gone && same(row.metadata, fresh.metadata) && (row.typ != stackType || !op.nestedChanges(row, fresh)) {
		row.dependsOn, row.deletion, row.replaced = fresh.dependsOn, fresh.deletion, fresh.replaced
		op.walk.done(row.logical)
		return
	}
	op.touched[row.logical] = true
	if row.typ == stackType {
		op.updateNested(row, fresh)
		return
	}
	if replace {
		op.replace(row, fresh, gone)
		return
	}
	op.e.setResource(op.st, op, row, updateInProgress, "")
	if reason := op.st.denied(updateModify, row.logical, row.typ); reason != "" {
		op.failLater(row, updateFailed, reason)
		return
	}
	s := op.script(row, "update", kind.Takes.Update)
	if s.reason != "" {
		op.conclude(s, func() { op.failed(row, updateFailed, s.reason) })
		return
	}
	op.remember(row, patch)
	tags := op.st.systemTags(row.logical, op.target.tags, fresh.properties["Tags"])
	live, err := op.e.world.Update(op.st.Scope, row.typ, row.id, core.Patch{Properties: patch, Tags: tags})
	if err != nil {
		op.failLater(row, updateFailed, reasonOf(op.e, row, err))
		return
	}
	row.properties, row.metadata, row.physical = fresh.properties, fresh.metadata, op.e.world.Ref(live)
	row.dependsOn, row.deletion, row.replaced = fresh.dependsOn, fresh.deletion, fresh.replaced
	row.drift.skipped = false // the template applies again
	op.conclude(s, func() { op.completed(row, updateComplete) })
}

// patch is the top-level properties that the template changes; a drift-aware update also those that somebody else changed.
func (op *operation) patch(row, fresh *resource) map[string]any {
	patch := map[string]any{}
	for name := range union(row.properties, fresh.properties) {
		if name != "Tags" && !same(row.properties[name], fresh.properties[name]) {
			patch[name] = fresh.properties[name]
		}
	}
	if !same(row.properties["Tags"], fresh.properties["Tags"]) {
		patch["Tags"] = fresh.properties["Tags"]
	}
	if !op.revertDrift {
		return patch
	}
	for _, d := range op.e.driftOf(op.st, row, fresh.properties).differences {
		patch[d.property()] = fresh.properties[d.property()]
	}
	return patch
}

func union(a, b map[string]any) map[string]bool {
	out := map[string]bool{}
	for k := range a {
		out[k] = true
	}
	for k := range b {
		out[k] = true
	}
	return out
}

// replace makes a new physical resource; the old one is deleted when the update is final.
func (op *operation) replace(row, fresh *resource, gone bool) {
	reason := "Requested update requires the creation of a new physical resource; hence creating one."
	op.e.setResource(op.st, op, row, updateInProgress, reason)
	if reason := op.st.denied(updateReplace, row.logical, row.typ); reason != "" {
		op.failLater(row, updateFailed, reason)
		return
	}
	kind, _ := op.e.world.Kind(row.typ)
	s := op.script(row, "update", kind.Takes.Create)
	if s.reason != "" {
		op.conclude(s, func() { op.failed(row, updateFailed, s.reason) })
		return
	}
	if err := op.make(fresh); err != nil {
		text := reasonOf(op.e, row, err)
		if core.Code(err) == "AlreadyExists" {
			text = "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename " + row.physical + " and update the stack again."
		}
		op.failLater(row, updateFailed, text)
		return
	}
	if !gone {
		op.doomed = append(op.doomed, row.copy())
	}
	op.st.resources[row.logical] = fresh
	op.e.setResource(op.st, op, fresh, updateInProgress, "Resource creation Initiated")
	complete := func() { op.completed(fresh, updateComplete) }
	if op.waitForSignals(fresh, complete) {
		return
	}
	op.conclude(s, complete)
}

func (op *operation) completed(r *resource, status string) {
	op.e.setResource(op.st, op, r, status, "")
	op.walk.done(r.logical)
}

// reasonOf words the error of a kind as CloudFormation does.
func reasonOf(e *Engine, r *resource, err error) string {
	w, ok := err.(*wire.Error)
	if !ok {
		return err.Error()
	}
	code := w.Code
	switch {
	case w.Code == "AlreadyExists" || w.Code == "NotFound":
	case w.Status == 404:
		code = "NotFound"
	case w.Status == 403 || w.Code == "AccessDeniedException":
		code = "AccessDenied"
	default:
		code = "InvalidRequest"
	}
	return handlerMessage(e, r, w.Message, code)
}
