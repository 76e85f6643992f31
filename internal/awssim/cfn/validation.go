package cfn

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// existenceCheck is the validation that AWS makes of change sets since 2025: a resource with a name of its own must not
// exist already.
const existenceCheck = "AWS::EarlyValidation::ResourceExistenceCheck"

// conflicts lists the changes that would create something that exists.
func (e *Engine) conflicts(st *stack, p plan) []change {
	var out []change
	for _, ch := range p.changes {
		if ch.action != "Add" && ch.replacement != "True" {
			continue
		}
		if _, taken := e.existing(st, ch.typ, ch.after); taken {
			out = append(out, ch)
		}
	}
	return out
}

// existing finds the resource that has the name which properties give to one.
func (e *Engine) existing(st *stack, typ string, properties map[string]any) (store.Resource, bool) {
	kind, known := e.world.Kind(typ)
	name := wire.Text(properties[kind.Name.Property])
	if !known || name == "" || kind.Name.Shared {
		return store.Resource{}, false
	}
	return e.world.Store.Find(e.world.Scope(st.Scope, typ), typ, func(r store.Resource) bool {
		return wire.Text(r.Properties[kind.Name.Property]) == name
	})
}

// importing turns additions of what exists into imports, and returns the
// conflicts that remain.
func (p plan) importing(conflicts []change) []change {
	return slices.DeleteFunc(conflicts, func(conflict change) bool {
		for i := range p.changes {
			if p.changes[i].logical == conflict.logical && conflict.action == "Add" {
				p.changes[i].action = "Import"
				return true
			}
		}
		return false
	})
}

// reject fails a change set because of conflicts and notes one validation error for each.
func (e *Engine) reject(st *stack, cs *changeSet, found []change) {
	cs.status = "FAILED"
	cs.reason = "The following hook(s)/validation failed: [" + existenceCheck + "]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information."
	for _, ch := range found {
		kind, _ := e.world.Kind(ch.typ)
		st.validations = append(st.validations, event{
			id: e.world.IDs.UUID("event", st.id), logical: ch.logical, typ: ch.typ, at: e.world.Clock.Now(), operation: cs.operation,
			opKind: opCreateChangeSet, failure: true, path: "/Resources/" + ch.logical + "/Properties/" + kind.Name.Property,
			reason: "Resource of type '" + ch.typ + "' with identifier '" + wire.Text(ch.after[kind.Name.Property]) + "' already exists.",
		})
	}
}
