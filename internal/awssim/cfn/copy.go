package cfn

import (
	"maps"
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/fault"
)

// Copy returns an engine with the same stacks and no drift detections. It must be bound to a world of its own. Operations
// under way stay with the original: copy an engine at rest.
func (e *Engine) Copy(faults *fault.Set) *Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := NewEngine(faults)
	own := map[*stack]*stack{}
	for scope, list := range e.stacks {
		for _, st := range list {
			own[st] = st.copy()
			out.stacks[scope] = append(out.stacks[scope], own[st])
		}
	}
	for _, st := range own {
		st.parent = own[st.parent]
		if st.op != nil {
			op := *st.op
			op.e, op.st = out, st
			st.op = &op
		}
	}
	return out
}

func (st *stack) copy() *stack {
	out := *st
	out.events, out.validations = slices.Clone(st.events), slices.Clone(st.validations)
	out.operations, out.changeSets = slices.Clone(st.operations), slices.Clone(st.changeSets)
	for i, set := range out.changeSets {
		own := *set
		out.changeSets[i] = &own
	}
	out.made, out.resources = maps.Clone(st.made), make(map[string]*resource, len(st.resources))
	for id, r := range st.resources {
		out.resources[id] = r.copy()
	}
	return &out
}
