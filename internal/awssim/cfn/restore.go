package cfn

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/template"
)

type outputValue = template.OutputValue

// restore undoes an in-place update of the live resource: to the previous template's values, or, in a drift-aware
// operation, to the values the resource really had. A resource that was replaced is left alone; its old self still exists.
func (op *operation) restore(now, old *resource) error {
	if now.id != old.id || !now.lives() {
		return nil
	}
	patch := map[string]any{}
	for name := range union(now.properties, old.properties) {
		if !same(now.properties[name], old.properties[name]) {
			patch[name] = old.properties[name]
		}
	}
	for name, v := range op.actual[now.logical] {
		patch[name] = v
	}
	tags := op.st.systemTags(now.logical, op.before.spec.tags, old.properties["Tags"])
	_, err := op.e.world.Update(op.st.Scope, now.typ, now.id, core.Patch{Properties: patch, Tags: tags})
	return err
}

// remember keeps what a property really was before a drift-aware update changes it.
func (op *operation) remember(row *resource, patch map[string]any) {
	live, ok := op.e.live(op.st, row)
	if !op.revertDrift || !ok {
		return
	}
	was := map[string]any{}
	for name := range patch {
		if name != "Tags" {
			was[name] = live.Properties[name]
		}
	}
	op.actual[row.logical] = was
}
