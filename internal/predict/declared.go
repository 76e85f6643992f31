package predict

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/template"
	"github.com/lockstep-dr/lockstep/topology"
)

const (
	stackType = "AWS::CloudFormation::Stack"
	// operation is what a gap of this package names as not done.
	operation = "lockstep:Evaluate"
)

// Declared is what the release declares in a Region, as a snapshot: every
// resource with its evaluated properties. What could not be evaluated is a gap.
func Declared(source Source, at time.Time) *drift.Snapshot {
	e := newEvaluation(source)
	e.snapshot.TakenAt = at
	for _, stack := range source.Stacks {
		e.stack(&unit{Stack: stack, given: e.given(stack)})
	}
	return e.snapshot
}

// evaluation is one Region under way.
type evaluation struct {
	source   Source
	snapshot *drift.Snapshot
	outputs  map[string]map[string]string // by stack key, of the stacks evaluated so far
	exports  map[string]string            // of the same stacks
	nestings int
}

func newEvaluation(source Source) *evaluation {
	return &evaluation{source: source, outputs: map[string]map[string]string{}, exports: map[string]string{}, snapshot: &drift.Snapshot{
		Schema: drift.SnapshotSchema, App: source.App, Region: source.Region, Account: source.Account, Run: "predicted",
		Stacks: []drift.Stack{}, Resources: []drift.Resource{}, Facts: []drift.Fact{}, Gaps: []drift.Gap{},
	}}
}

// unit is a stack, or a nested one, about to be evaluated.
type unit struct {
	Stack
	given    map[string]string
	eval     *template.Evaluator
	parent   *unit
	children map[string]*unit // nested stacks by logical id; nil where they are not known
}

// given are the parameters of a stack as far as they can be told.
func (e *evaluation) given(s Stack) map[string]string {
	values := map[string]string{}
	for name, v := range s.Parameters {
		switch {
		case v.Unknown != "":
			values[name] = "${" + v.Unknown + "}"
		case v.Stack == "":
			values[name] = v.Literal
		default:
			text, known := e.outputs[v.Stack][v.Output]
			if !known {
				text = "${StackOutput:" + v.Stack + ":" + v.Output + "}"
			}
			values[name] = text
		}
	}
	return values
}

// mostNested is how many nested stacks are followed: a template that repeats
// itself without end is one whose rest is not known.
const mostNested = 200

func (e *evaluation) stack(u *unit) {
	b := bind(u.Template, u.given)
	eval, err := b.template.Evaluator(template.Scope{Region: e.source.Region.Name, AccountID: e.source.Account, StackName: u.Name,
		Parameters: b.parameters, MaskNoEcho: true, GetAtt: func(id, attribute string) (any, bool) { return e.nested(u, id, attribute) },
		Import: func(name string) (any, bool) { value, known := e.exports[name]; return value, known }})
	if err != nil {
		e.gap(u.Key, stackType, "", inFile(u.File, err))
		return
	}
	u.eval, u.children = eval, map[string]*unit{}
	for _, what := range eval.Template().Unexpanded() {
		if !strings.HasPrefix(what, "Rules/") { // they judge parameters and make nothing
			e.gap(u.Key, stackType, "Transform", inFile(u.File, errors.New(what)))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(eval.Template().Resources)) {
		e.resource(u, id, eval.Parameters())
	}
	e.snapshot.Stacks = append(e.snapshot.Stacks, u.asStack(e.source.Mask))
	e.outputs[u.Key] = u.outputs(e.exports)
}

func (e *evaluation) resource(u *unit, id string, parameters map[string]string) {
	declared := u.eval.Template().Resources[id]
	key := u.Key + "/" + id
	included, err := u.eval.Included(id)
	if err != nil {
		e.gap(key, declared.Type, "", inFile(u.File, err))
		return
	}
	if !included {
		return
	}
	properties, err := u.eval.Properties(id)
	if err != nil {
		e.gap(key, declared.Type, "", inFile(u.File, err))
		return
	}
	properties = u.qualified(properties)
	if declared.Type == stackType {
		if e.child(u, id) == nil {
			e.gap(key, stackType, "", errors.New("its template is not a file of the working tree"))
		}
	}
	if e.source.Seal != nil {
		properties = e.source.Seal(declared.Type, properties, parameters)
	}
	r := drift.Resource{Key: key, Type: declared.Type, ID: e.idOf(key, declared.Type, properties), Identities: e.names(declared.Type, properties), Properties: withCode(declared.Type, properties), Declared: properties, Planned: drift.PlannedCreate}
	if at := u.eval.Template().Position("Resources/" + id); at.Line > 0 {
		r.Location = &drift.Location{File: u.File, Line: at.Line, Column: at.Column}
	}
	e.snapshot.Resources = append(e.snapshot.Resources, r)
}

// idOf stands for the physical id of a resource that may not exist: no two
// Regions share one, and no text of a template is taken for it. A bucket's is its
// name, an identity provider's follows from its URL, and a multi-Region key has
// one id in all.
func (e *evaluation) idOf(key, typeName string, properties map[string]any) string {
	if name := bucketName(typeName, properties); name != "" {
		return name
	}
	if name, _ := properties["GlobalClusterIdentifier"].(string); strings.HasSuffix(typeName, "::GlobalCluster") && name != "" && !strings.Contains(name, "${") {
		return name // which every Region's own cluster names
	}
	if url, _ := properties["Url"].(string); typeName == "AWS::IAM::OIDCProvider" && strings.HasPrefix(url, "https://") && !strings.Contains(url, "${") {
		return "arn:" + topology.Partition(e.source.Region.Name) + ":iam::" + cmp.Or(e.source.Account, "${AWS::AccountId}") + ":oidc-provider/" + strings.TrimPrefix(url, "https://")
	}
	many := fmt.Sprint(properties["MultiRegion"]) == "true"
	if typeName == "AWS::KMS::ReplicaKey" || typeName == "AWS::KMS::Key" && many {
		return "mrk-" + key
	}
	return key + " (declared for " + e.source.Region.Name + ")"
}

// bucketName is the name of a bucket, where the template gives it.
func bucketName(typeName string, properties map[string]any) string {
	name, _ := properties["BucketName"].(string)
	if typeName != "AWS::S3::Bucket" || strings.Contains(name, "${") {
		return ""
	}
	return name
}

// names are by what others may know a resource that does not exist yet: a
// bucket's ARN follows from its name.
func (e *evaluation) names(typeName string, properties map[string]any) map[string]string {
	if name := bucketName(typeName, properties); name != "" {
		return map[string]string{"Arn": "arn:" + topology.Partition(e.source.Region.Name) + ":s3:::" + name}
	}
	return nil
}

// nested answers GetAtt for an output of a nested stack.
func (e *evaluation) nested(u *unit, id, attribute string) (any, bool) {
	name, isOutput := strings.CutPrefix(attribute, "Outputs.")
	if !isOutput || u.eval == nil || u.eval.Template().Resources[id].Type != stackType {
		return nil, false
	}
	child := e.child(u, id)
	if child == nil {
		return nil, false
	}
	value, known := e.outputs[child.Key][name]
	return value, known
}

// child evaluates the nested stack of a resource, once; nil where it cannot be told.
func (e *evaluation) child(u *unit, id string) *unit {
	if known, seen := u.children[id]; seen {
		return known
	}
	u.children[id] = nil // one that refers to itself is not known
	properties, err := u.eval.Properties(id)
	location, _ := properties["TemplateURL"].(string)
	if err != nil || e.nestings >= mostNested || e.source.Open == nil || location == "" || strings.ContainsAny(location, ":$") {
		return nil
	}
	file := path.Join(path.Dir(u.File), location)
	for up := u; up != nil; up = up.parent {
		if up.File == file {
			return nil // it would contain itself
		}
	}
	parsed, err := e.source.Open(file)
	if err != nil {
		return nil
	}
	e.nestings++
	child := &unit{parent: u, Stack: Stack{Key: u.Key + "/" + id, Name: "${StackName:" + u.Key + "/" + id + "}", File: file, Template: parsed},
		given: texts(u.qualified(map[string]any{"": properties["Parameters"]})[""])}
	u.children[id] = child
	e.stack(child)
	return child
}

// texts are the parameters of a nested stack as CloudFormation hands them on.
func texts(v any) map[string]string {
	values := map[string]string{}
	given, _ := v.(map[string]any)
	for name, value := range given {
		list, isList := value.([]any)
		if !isList {
			values[name] = fmt.Sprint(value)
			continue
		}
		parts := make([]string, len(list))
		for i, part := range list {
			parts[i] = fmt.Sprint(part)
		}
		values[name] = strings.Join(parts, ",")
	}
	return values
}

// outputs are what the stack gives to others: plain values, or symbols. Those
// that it exports are added to the exports.
func (u *unit) outputs(exports map[string]string) map[string]string {
	values := map[string]string{}
	list, err := u.eval.Outputs()
	if err != nil {
		return values // one whose condition is not known leaves them to be symbols
	}
	for _, o := range list {
		switch v := u.qualified(map[string]any{"": o.Value})[""].(type) {
		case string:
			values[o.Name] = v
		case float64, bool:
			values[o.Name] = fmt.Sprint(v)
		}
		if value, plain := values[o.Name]; plain && o.Export != "" {
			exports[o.Export] = value
		}
	}
	return values
}

// asStack is the stack of the snapshot: what explains a difference, without secrets.
func (u *unit) asStack(mask func(any) any) drift.Stack {
	s := drift.Stack{Key: u.Key, Name: u.Name, Status: "UPDATE_COMPLETE", Parameters: map[string]string{}, Conditions: map[string]bool{}}
	hide := func(tree any) any { return tree }
	if mask != nil {
		hide = mask
	}
	for name, value := range u.eval.Parameters() {
		shown, plain := hide(map[string]any{name: value}).(map[string]any)[name].(string)
		if u.Template.Parameters[name].NoEcho || !plain {
			shown = drift.Redacted
		}
		s.Parameters[name] = shown
	}
	for name := range u.Template.Conditions {
		if holds, err := u.eval.Condition(name); err == nil {
			s.Conditions[name] = holds
		}
	}
	if err := json.Unmarshal(u.eval.Template().Canonical(), &s.Template); err != nil {
		s.Template = nil
		return s
	}
	withoutDefaults(s.Template, u.Template)
	s.Template = hide(s.Template)
	return s
}

// withoutDefaults hides the defaults of parameters that are not echoed.
func withoutDefaults(tree any, t *template.Template) {
	root, _ := tree.(map[string]any)
	parameters, _ := root["Parameters"].(map[string]any)
	for name, p := range parameters {
		if declared, ok := p.(map[string]any); ok && t.Parameters[name].NoEcho && declared["Default"] != nil {
			declared["Default"] = drift.Redacted
		}
	}
}

// reference is a symbol of a resource: ${Fn}, ${Fn.Arn}.
var reference = regexp.MustCompile(`\$\{([A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}`)

// qualified gives the references of a template the stack they belong to, as
// keys have it: ${Fn.Arn} becomes ${payments/Fn.Arn}.
func (u *unit) qualified(tree map[string]any) map[string]any {
	renamed, _ := mapText(tree, func(text string) string {
		if !strings.Contains(text, "${") {
			return text
		}
		return reference.ReplaceAllStringFunc(text, func(symbol string) string {
			m := reference.FindStringSubmatch(symbol)
			if _, own := u.eval.Template().Resources[m[1]]; !own {
				return symbol
			}
			return "${" + u.Key + "/" + m[1] + m[2] + "}"
		})
	}).(map[string]any)
	return renamed
}

func mapText(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		out := make([]any, len(v))
		for i, element := range v {
			out[i] = mapText(element, f)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, member := range v {
			out[name] = mapText(member, f)
		}
		return out
	}
	return v
}

// inFile says which file of the working tree an error is about.
func inFile(file string, err error) error {
	if file == "" || strings.Contains(err.Error(), file) {
		return err
	}
	return fmt.Errorf("%s: %w", file, err)
}

func (e *evaluation) gap(resource, typeName, property string, err error) {
	e.snapshot.Gaps = append(e.snapshot.Gaps, drift.Gap{Region: e.source.Region.Name, Resource: resource, Type: typeName,
		Operation: operation, Reason: "NotEvaluated", Property: property, Message: err.Error()})
}
