package cfn

import (
	"maps"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// plan is what an update would do, computed without doing it.
type plan struct {
	changes []change
	outputs bool // the outputs differ
	tags    bool // the stack's tags differ
	drift   string
}

func (p plan) empty() bool { return len(p.changes) == 0 && !p.outputs && !p.tags }

// change is what would happen to one resource.
type change struct {
	action, logical, physical, typ string
	replacement                    string // True, False, Conditional; empty for Add and Remove
	scope                          []string
	details                        []detail
	policyAction                   string
	before, after, live            map[string]any // properties; live only in drift-aware plans
	drift                          string
}

// detail is one property, or one attribute, that would change.
type detail struct {
	attribute, name, path, kind string // Properties, Tags, Metadata, ...; Add, Modify, Remove
	recreation                  string
	source, cause, evaluation   string
	before, after, actual       any
	drifted                     bool
}

// plan compares a spec with the stack. With revertDrift it also looks at the live resources.
func (e *Engine) plan(st *stack, sp *spec, revertDrift bool) (plan, error) {
	pending := map[string]bool{}
	ev, err := e.evaluator(st, sp, view{pending: pending})
	if err != nil {
		return plan{}, invalid("%s", message(err))
	}
	order, err := ev.Order()
	if err != nil {
		return plan{}, invalid("%s", message(err))
	}
	p := plan{tags: st.spec.template != nil && !maps.Equal(st.spec.tags, sp.tags)}
	for _, id := range order {
		props, err := foresee(ev, id, pending)
		if err != nil {
			return plan{}, err
		}
		ch, ok := e.planOne(st, sp, ev, id, props, pending, revertDrift)
		if ok {
			p.changes = append(p.changes, ch)
		}
		if revertDrift && ch.drift != "" && ch.drift != inSync && ch.drift != notChecked {
			p.drift = "DRIFTED"
		}
	}
	for _, id := range slices.Sorted(maps.Keys(st.resources)) {
		if r := st.resources[id]; r.lives() && !slices.Contains(order, id) {
			p.changes = append(p.changes, change{action: "Remove", logical: id, physical: r.physical, typ: r.typ,
				before: r.properties, policyAction: removal(r.deletion)})
		}
	}
	slices.SortFunc(p.changes, func(a, b change) int { return strings.Compare(a.logical, b.logical) })
	p.outputs = st.status != reviewInProgress && e.outputsDiffer(st, ev)
	if revertDrift && p.drift == "" {
		p.drift = inSync
	}
	return p, nil
}

func removal(policy string) string {
	if policy == "" || policy == "RetainExceptOnCreate" {
		return "Delete"
	}
	return policy
}

// planOne compares one resource; ok is false when nothing would happen to it. The drift is filled in regardless.
func (e *Engine) planOne(st *stack, sp *spec, ev *template.Evaluator, id string, props map[string]any, pending map[string]bool, revert bool) (ch change, ok bool) {
	decl, row := ev.Template().Resources[id], st.resources[id]
	ch = change{action: "Add", logical: id, typ: decl.Type, after: props}
	if !row.lives() {
		pending[id] = true
		return ch, true
	}
	ch.action, ch.physical, ch.before, ch.replacement = "Modify", row.physical, row.properties, "False"
	ch.details = e.propertyDetails(st, sp, ev, row, props)
	if revert {
		e.addDrift(st, row, props, &ch)
		if ch.drift == deleted {
			ch.action, ch.replacement, ch.physical, ch.details = "Add", "", "", nil
			pending[id] = true
			return ch, true
		}
	}
	metadata, err := ev.Value(decl.Metadata)
	if err == nil && !same(metadata, row.metadata) {
		ch.details = append(ch.details, detail{attribute: "Metadata", recreation: "Never", source: "DirectModification", evaluation: "Static", kind: "Modify"})
	}
	if !maps.Equal(st.spec.tags, sp.tags) {
		ch.details = append(ch.details, detail{attribute: "Tags", recreation: "Never", source: "DirectModification", evaluation: "Static", kind: "Modify"})
	}
	if row.typ == stackType && len(ch.details) == 0 && e.nestedPlanned(st, sp, row, props) {
		ch.details = append(ch.details, detail{attribute: "Properties", recreation: "Never", source: "Automatic", evaluation: "Dynamic", kind: "Modify"})
	}
	ch.summarize()
	if ch.replacement == "True" {
		pending[id] = true
		ch.policyAction = "ReplaceAnd" + removal(row.replaced)
	}
	return ch, len(ch.details) > 0
}

// nestedPlanned reports whether the template behind a nested stack's URL has changed.
func (e *Engine) nestedPlanned(st *stack, sp *spec, row *resource, props map[string]any) bool {
	op := &operation{e: e, st: st, target: *sp}
	return op.nestedChanges(row, &resource{properties: props})
}

// summarize derives scope and replacement from the details.
func (ch *change) summarize() {
	for _, d := range ch.details {
		if !slices.Contains(ch.scope, d.attribute) {
			ch.scope = append(ch.scope, d.attribute)
		}
		switch d.recreation {
		case "Always":
			ch.replacement = "True"
		case "Conditionally":
			if ch.replacement == "False" {
				ch.replacement = "Conditional"
			}
		}
	}
	slices.Sort(ch.scope)
}

// propertyDetails lists the property changes of a resource.
func (e *Engine) propertyDetails(st *stack, sp *spec, ev *template.Evaluator, row *resource, props map[string]any) []detail {
	kind, _ := e.world.Kind(row.typ)
	raw := wire.AsObject(ev.Template().Resources[row.logical].Properties)
	var rawBefore wire.Object
	if st.spec.template != nil {
		rawBefore = wire.AsObject(st.spec.template.Resources[row.logical].Properties)
	}
	var out []detail
	for _, d := range differ("", props, row.properties) {
		name := d.property()
		x := detail{attribute: "Properties", name: name, path: "/Properties" + d.path, recreation: "Never",
			before: d.actual, after: d.expected, kind: kindOf(d.kind), evaluation: "Static", source: "DirectModification"}
		if name == "Tags" {
			x.attribute = "Tags"
		}
		unknown := strings.Contains(wire.Text(d.expected), knownAfterApply)
		if unknown {
			x.evaluation = "Dynamic"
		}
		if slices.Contains(kind.Replace, name) {
			x.recreation = "Always"
			if unknown {
				x.recreation = "Conditionally"
			}
		}
		if rawBefore != nil && same(raw[name], rawBefore[name]) {
			x.source, x.cause = cause(st, sp, raw[name])
		}
		out = append(out, x)
	}
	slices.SortFunc(out, func(a, b detail) int { return strings.Compare(a.path, b.path) })
	return out
}

// kindOf turns a drift difference, whose expected side is the new value, into an AttributeChangeType.
func kindOf(difference string) string {
	switch difference {
	case "REMOVE":
		return "Add"
	case "ADD":
		return "Remove"
	}
	return "Modify"
}

// cause finds what changed a property whose text is the same in both templates: a parameter or another resource.
func cause(st *stack, sp *spec, node any) (source, entity string) {
	for _, name := range mentions(node) {
		if _, param := sp.template.Parameters[name]; param && sp.parameters[name] != st.spec.parameters[name] {
			return "ParameterReference", name
		}
	}
	for _, name := range mentions(node) {
		id, attribute, dotted := strings.Cut(name, ".")
		if _, res := sp.template.Resources[id]; res {
			if dotted && attribute != "" {
				return "ResourceAttribute", name
			}
			return "ResourceReference", id
		}
	}
	return "DirectModification", ""
}

// mentions lists the names that a node refers to, sorted.
func mentions(node any) []string {
	var out []string
	if list, ok := wire.Items(node); ok {
		for _, v := range list {
			out = append(out, mentions(v)...)
		}
	}
	o := wire.AsObject(node)
	for k, v := range o {
		switch k {
		case "Ref":
			out = append(out, wire.Text(v))
		case "Fn::GetAtt":
			parts := []string{wire.Text(v)}
			if list, ok := wire.Items(v); ok {
				parts = wire.Object{"v": list}.Strings("v")
			}
			out = append(out, strings.Join(parts, "."))
		case "Fn::Sub":
			out = append(out, variables(v)...)
		default:
			out = append(out, mentions(v)...)
		}
	}
	slices.Sort(out)
	return out
}

func variables(sub any) []string {
	text := wire.Text(sub)
	var out []string
	if list, ok := wire.Items(sub); ok && len(list) > 0 {
		text = wire.Text(list[0])
		out = mentions(list[1:])
	}
	for {
		_, rest, found := strings.Cut(text, "${")
		if !found {
			return out
		}
		name, after, _ := strings.Cut(rest, "}")
		out = append(out, name)
		text = after
	}
}

// addDrift adds what somebody else has changed behind CloudFormation's back, which a drift-aware update changes back.
func (e *Engine) addDrift(st *stack, row *resource, props map[string]any, ch *change) {
	kind, _ := e.world.Kind(row.typ)
	ch.drift = e.driftOf(st, row, row.properties).status
	if live, ok := e.live(st, row); ok {
		ch.live = e.world.Model(live)
	}
	against := e.driftOf(st, row, props)
	for _, d := range against.differences {
		name := d.property()
		i := slices.IndexFunc(ch.details, func(x detail) bool { return x.path == "/Properties"+d.path })
		if i < 0 {
			ch.details = append(ch.details, detail{attribute: attributeOf(name), name: name, path: "/Properties" + d.path, recreation: "Never",
				before: d.actual, after: d.expected, kind: kindOf(d.kind), evaluation: "Static", source: "NoModification"})
			i = len(ch.details) - 1
			if slices.Contains(kind.Replace, name) {
				ch.details[i].recreation = "Always"
			}
		}
		ch.details[i].drifted, ch.details[i].actual = true, d.actual
	}
	if against.status == inSync && ch.drift == modified {
		ch.action = "SyncWithActual" // the template has caught up with reality
	}
}

func attributeOf(property string) string {
	if property == "Tags" {
		return "Tags"
	}
	return "Properties"
}

func (e *Engine) outputsDiffer(st *stack, ev *template.Evaluator) bool {
	now, err := ev.Outputs()
	if err != nil || len(now) != len(st.outputs) {
		return true
	}
	for i, o := range now {
		was := st.outputs[i]
		if o.Name != was.Name || o.Description != was.Description || o.Export != was.Export || !same(o.Value, was.Value) {
			return true
		}
	}
	return false
}
