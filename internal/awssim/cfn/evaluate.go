package cfn

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// knownAfterApply stands for a value that exists only once a change set was executed.
const knownAfterApply = "{{changeSet:KNOWN_AFTER_APPLY}}"

// view says which resources an evaluation may see. Those in pending have no values yet.
type view struct {
	pending map[string]bool // logical ids whose values are known after apply only
	mask    bool            // hide NoEcho values
}

// evaluator binds a spec to the live state of its stack.
func (e *Engine) evaluator(st *stack, sp *spec, v view) (*template.Evaluator, error) {
	return sp.template.Evaluator(template.Scope{
		Region: st.Region, AccountID: st.Account, StackName: st.name, StackID: st.id,
		Parameters: sp.parameters, NotificationARNs: sp.notifications, AvailabilityZones: e.zonesOf(st.Region),
		MaskNoEcho: v.mask,
		Ref: func(id string) (any, bool) {
			r := st.resources[id]
			if v.pending[id] || !r.lives() {
				return nil, false
			}
			return r.physical, true
		},
		GetAtt: func(id, attribute string) (any, bool) {
			if v.pending[id] {
				return nil, false
			}
			return e.attribute(st, st.resources[id], attribute)
		},
		Import:  func(name string) (any, bool) { return e.exported(st.Scope, name) },
		Dynamic: func(reference string) (any, bool) { return e.dynamic(st.Scope, reference) },
	})
}

func (e *Engine) zonesOf(region string) []string {
	if e.zones == nil {
		return []string{region + "a", region + "b", region + "c"}
	}
	return e.zones(region)
}

func (e *Engine) attribute(st *stack, r *resource, name string) (any, bool) {
	if !r.lives() {
		return nil, false
	}
	if r.typ == stackType {
		return e.nestedOutput(st, r, name)
	}
	live, ok := e.live(st, r)
	if !ok {
		return nil, false
	}
	v, ok := e.world.GetAtt(live, name)
	if _, known := e.world.Kind(r.typ); !ok && !known {
		return assumed(live, name), true
	}
	return v, ok
}

// assumed is an attribute of a resource whose type the simulator does not know: something of the right look.
func assumed(r store.Resource, name string) string {
	switch {
	case strings.HasSuffix(name, "Arn"):
		return wire.Text(r.Attributes["Arn"])
	case strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "Name"):
		return r.ID
	}
	return r.ID + "-" + strings.ToLower(strings.ReplaceAll(name, ".", "-"))
}

// nestedOutput is GetAtt of "Outputs.Name" on a nested stack.
func (e *Engine) nestedOutput(st *stack, r *resource, name string) (any, bool) {
	child, ok := e.find(st.Scope, r.physical)
	if !ok {
		return nil, false
	}
	for _, o := range child.outputs {
		if "Outputs."+o.Name == name {
			return o.Value, true
		}
	}
	return nil, false
}

// exported is the value exported under a name in the account and Region.
func (e *Engine) exported(scope store.Scope, name string) (any, bool) {
	for _, x := range e.exports(scope) {
		if x.name == name {
			return x.value, true
		}
	}
	return nil, false
}

type export struct {
	name  string
	value any
	stack *stack
}

func (e *Engine) exports(scope store.Scope) []export {
	var out []export
	for _, st := range e.stacks[scope] {
		for _, o := range st.outputs {
			if o.Export != "" && st.exists() {
				out = append(out, export{o.Export, o.Value, st})
			}
		}
	}
	return out
}

// dynamic resolves {{resolve:service:reference}}: ssm, ssm-secure and secretsmanager.
func (e *Engine) dynamic(scope store.Scope, reference string) (any, bool) {
	service, rest, _ := strings.Cut(reference, ":")
	switch service {
	case "ssm", "ssm-secure":
		return e.parameterValue(scope, rest)
	case "secretsmanager":
		return e.secretValue(scope, rest)
	}
	return nil, false
}

// parameterValue reads name or name:version.
func (e *Engine) parameterValue(scope store.Scope, reference string) (any, bool) {
	name, version, pinned := strings.Cut(reference, ":")
	r, ok := e.world.Store.Get(scope, "AWS::SSM::Parameter", name)
	if !ok {
		return nil, false
	}
	if !pinned {
		return r.Properties["Value"], true
	}
	versions, _ := wire.Items(r.Private["Versions"])
	for _, v := range versions {
		if o := wire.AsObject(v); o.String("Version") == version {
			return o["Value"], true
		}
	}
	return nil, false
}

// secretValue reads id:SecretString:key; the id is a name or an ARN, whose colons come first.
func (e *Engine) secretValue(scope store.Scope, reference string) (any, bool) {
	id, path, _ := strings.Cut(reference, ":SecretString")
	r, ok := e.world.Store.Find(scope, "AWS::SecretsManager::Secret", func(r store.Resource) bool {
		return r.ID == id || wire.Text(r.Properties["Name"]) == id || wire.Text(r.Attributes["Arn"]) == id
	})
	if !ok {
		return nil, false
	}
	text := currentValue(r)
	key, _, _ := strings.Cut(strings.TrimPrefix(path, ":"), ":")
	if key == "" {
		return text, text != ""
	}
	var members map[string]any
	if json.Unmarshal([]byte(text), &members) != nil {
		return nil, false
	}
	v, ok := members[key]
	return v, ok
}

// currentValue is the text of a secret's version that is current.
func currentValue(r store.Resource) string {
	versions, _ := wire.Items(r.Private["Versions"])
	for _, e := range versions {
		if v := wire.AsObject(e); slices.Contains(v.Strings("Stages"), "AWSCURRENT") {
			return v.String("SecretString")
		}
	}
	return wire.Text(r.Properties["SecretString"])
}

// resolve evaluates the properties of a resource; what cannot be known is an error in CloudFormation's words.
func resolve(ev *template.Evaluator, logical string) (map[string]any, error) {
	props, err := ev.Properties(logical)
	if err != nil {
		return nil, invalid("%s", message(err))
	}
	missing, err := ev.Unresolved(ev.Template().Resources[logical].Properties)
	if err != nil {
		return nil, invalid("%s", message(err))
	}
	if len(missing) > 0 {
		return nil, unresolvedError(logical, missing[0])
	}
	return props, nil
}

// foresee evaluates the properties of a resource as far as they are known: what rests on resources in pending is replaced
// by knownAfterApply, anything else that is not known is an error.
func foresee(ev *template.Evaluator, logical string, pending map[string]bool) (map[string]any, error) {
	props, err := ev.Properties(logical)
	if err != nil {
		return nil, invalid("%s", message(err))
	}
	symbols, err := ev.Unresolved(ev.Template().Resources[logical].Properties)
	if err != nil {
		return nil, invalid("%s", message(err))
	}
	slices.SortFunc(symbols, func(a, b string) int { return len(b) - len(a) }) // a symbol may hold another one
	var pairs []string
	for _, s := range symbols {
		if !restsOn(s, pending) {
			return nil, unresolvedError(logical, s)
		}
		pairs = append(pairs, s, knownAfterApply)
	}
	return substitute(props, strings.NewReplacer(pairs...)).(map[string]any), nil
}

// restsOn reports whether a symbol is Ref or GetAtt of one of the resources, or a function of such a symbol.
func restsOn(symbol string, pending map[string]bool) bool {
	inner := symbol
	if i := strings.LastIndex(symbol, "${"); i >= 0 {
		inner = symbol[i+2:]
	}
	id, _, _ := strings.Cut(strings.Trim(inner, "}"), ".")
	return pending[id]
}

func substitute(v any, r *strings.Replacer) any {
	switch v := v.(type) {
	case string:
		return r.Replace(v)
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = substitute(v[i], r)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k := range v {
			out[k] = substitute(v[k], r)
		}
		return out
	}
	return v
}

func unresolvedError(logical, symbol string) error {
	name := strings.TrimSuffix(strings.TrimPrefix(symbol, "${"), "}")
	switch {
	case strings.HasPrefix(name, "Import:"):
		return invalid("No export named %s found.", strings.TrimPrefix(name, "Import:"))
	case strings.HasPrefix(symbol, "{{resolve:ssm"):
		return invalid("Parameters: [%s] cannot be found.", strings.Trim(strings.TrimPrefix(symbol, "{{resolve:ssm:"), "}"))
	case strings.HasPrefix(symbol, "{{resolve:"):
		return invalid("Could not find a value associated with the dynamic reference %s", symbol)
	}
	id, attribute, _ := strings.Cut(name, ".")
	return invalid("Requested attribute %s does not exist in schema for %s (referenced by %s)", attribute, id, logical)
}
