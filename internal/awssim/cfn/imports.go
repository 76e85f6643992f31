package cfn

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// imports lists the exports a stack's template uses. It evaluates the template with imports unknown and reads their names
// from what stays unresolved.
func (e *Engine) imports(st *stack) []string {
	ev, err := st.spec.template.Evaluator(template.Scope{
		Region: st.Region, AccountID: st.Account, StackName: st.name, StackID: st.id, Parameters: st.spec.parameters,
	})
	if err != nil {
		return nil // the spec was checked when it was submitted
	}
	var out []string
	for _, r := range ev.Template().Resources {
		symbols, err := ev.Unresolved(r.Properties)
		if err != nil {
			continue
		}
		for _, s := range symbols {
			if name, ok := strings.CutPrefix(s, "${Import:"); ok {
				out = append(out, strings.TrimSuffix(name, "}"))
			}
		}
	}
	return out
}

func listExports(e *Engine, c *core.Call) (any, error) {
	out := []any{}
	for _, x := range e.exports(c.Scope) {
		out = append(out, core.Out{"ExportingStackId": x.stack.id, "Name": x.name, "Value": x.value})
	}
	page, next, err := core.Paginate(out, c.In.String("NextToken"), 100)
	return core.Out{"Exports": page, "NextToken": next}, err
}

func listImports(e *Engine, c *core.Call) (any, error) {
	name := c.In.String("ExportName")
	for _, x := range e.exports(c.Scope) {
		if x.name != name {
			continue
		}
		users := e.importers(x.stack, name)
		if len(users) == 0 {
			return nil, invalid("Export '%s' is not imported by any stack.", name)
		}
		return core.Out{"Imports": users}, nil
	}
	return nil, invalid("Export '%s' does not exist.", name)
}
