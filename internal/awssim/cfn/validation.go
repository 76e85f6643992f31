package cfn

import (
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
		kind, known := e.world.Kind(ch.typ)
		name := wire.Text(ch.after[kind.Name.Property])
		if ch.action != "Add" && ch.replacement != "True" || !known || name == "" {
			continue
		}
		_, taken := e.world.Store.Find(e.world.Scope(st.Scope, ch.typ), ch.typ, func(r store.Resource) bool {
			return wire.Text(r.Properties[kind.Name.Property]) == name
		})
		if taken {
			out = append(out, ch)
		}
	}
	return out
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
