package predict

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/drift/metadata"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// Change is a change of one resource, as CloudFormation plans it.
type Change struct {
	// Resource is the logical id; of a nested stack's, with the stack's before it.
	Resource, Type string
	// Action is Add, Modify, Remove, Import or Dynamic.
	Action     string
	Replaces   bool
	Properties []string
}

// Plans are the planned changes by stack key. A stack without an entry was not
// planned: its changes are those of its template alone.
type Plans map[string][]Change

// Apply puts the changes of the working tree into the snapshot of a live
// Region and gives the snapshot that the Region would then have. What is read
// of resources that stay stays; facts of what does not exist yet are not known.
// What could not be worked out is a gap. The snapshot itself is left as it is.
func Apply(live *drift.Snapshot, source Source, plans Plans) *drift.Snapshot {
	out := *live
	out.Stacks, out.Resources = slices.Clone(live.Stacks), slices.Clone(live.Resources)
	out.Facts, out.Gaps = slices.Clone(live.Facts), slices.Clone(live.Gaps)
	source.Account = live.Account
	a := &application{source: source, out: &out, fresh: newEvaluation(source)}
	for _, stack := range source.Stacks {
		changes, planned := plans[stack.Key]
		if planned && len(changes) == 0 {
			continue
		}
		a.stack(stack, changes, planned)
	}
	return &out
}

// application is one snapshot under way.
type application struct {
	source Source
	out    *drift.Snapshot
	fresh  *evaluation // the stacks that do not exist yet
}

func (a *application) stack(s Stack, changes []Change, planned bool) {
	at := slices.IndexFunc(a.out.Stacks, func(have drift.Stack) bool { return have.Key == s.Key })
	if at < 0 || a.out.Stacks[at].Template == nil || a.out.Stacks[at].Status == inReview {
		if at >= 0 && a.out.Stacks[at].ID != "" && a.out.Stacks[at].Status != inReview {
			a.gap(s.Key, stackType, "", errors.New("its deployed template was not read, so that what would change is not known"))
			return
		}
		a.create(s)
		return
	}
	have := a.out.Stacks[at]
	now, next, shown, err := a.evaluators(s, have)
	if err != nil {
		a.gap(s.Key, stackType, "", inFile(s.File, err))
		return
	}
	was, err := a.evaluator(s.Template, s.Name, have.Parameters)
	if err != nil {
		a.gap(s.Key, stackType, "", inFile(s.File, err))
		return
	}
	p := &patch{application: a, unit: &unit{Stack: s, eval: next}, now: now, was: was, shown: shown, replaced: map[string]bool{}, modified: map[string][]string{}}
	for _, c := range changes {
		p.replaced[c.Resource], p.modified[c.Resource] = c.Replaces, c.Properties
	}
	touched := p.resources()
	if planned {
		a.unforeseen(s, changes, touched)
	}
	after := p.unit.asStack(a.source.Mask)
	a.out.Stacks[at].Template, a.out.Stacks[at].Conditions = after.Template, after.Conditions
	a.out.Stacks[at].Parameters = after.Parameters
}

// create adds a stack that does not exist. A nested stack is no resource of a
// live Region: what is in it is.
func (a *application) create(s Stack) {
	e := a.fresh
	e.snapshot = newEvaluation(a.source).snapshot
	e.stack(&unit{Stack: s, given: e.given(s)})
	mine := func(have drift.Stack) bool { return have.Key == s.Key }
	inReviewOnly := slices.ContainsFunc(a.out.Stacks, func(have drift.Stack) bool { return mine(have) && have.Status == inReview })
	a.out.Stacks = slices.DeleteFunc(a.out.Stacks, mine)
	a.out.Stacks = append(a.out.Stacks, e.snapshot.Stacks...)
	a.out.Resources = append(a.out.Resources, slices.DeleteFunc(e.snapshot.Resources, func(r drift.Resource) bool { return r.Type == stackType })...)
	a.out.Gaps = append(slices.DeleteFunc(a.out.Gaps, func(g drift.Gap) bool {
		return g.Resource == s.Key && (g.Reason == "NotFound" || inReviewOnly)
	}), e.snapshot.Gaps...)
}

// inReview is the status of a stack that has a change set and nothing else yet.
const inReview = "REVIEW_IN_PROGRESS"

// evaluators are the stack as it is deployed and as the working tree has it;
// shown is the latter without secrets, which the former is without too.
func (a *application) evaluators(s Stack, have drift.Stack) (now, next, shown *template.Evaluator, err error) {
	deployed, err := parseTree(have.Template)
	if err != nil {
		return nil, nil, nil, err
	}
	if left := macros(s.Template); len(left) > 0 {
		return nil, nil, nil, errors.New(strings.Join(left, "; "))
	}
	if now, err = a.evaluator(deployed, s.Name, have.Parameters); err != nil {
		return nil, nil, nil, err
	}
	values := given(s, have.Parameters)
	if next, err = a.evaluator(s.Template, s.Name, values); err != nil || a.source.Mask == nil {
		return now, next, next, err
	}
	var tree any
	if err := json.Unmarshal(s.Template.Canonical(), &tree); err != nil {
		return nil, nil, nil, err
	}
	masked, err := parseTree(a.source.Mask(tree))
	if err != nil {
		return nil, nil, nil, err
	}
	shown, err = a.evaluator(masked, s.Name, values)
	return now, next, shown, err
}

func parseTree(tree any) (*template.Template, error) {
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	return template.Parse(text)
}

// given are the parameters that a deploy would give. What it takes from
// another stack, or from the bucket of an asset, is best known as it is
// deployed; what the snapshot hides stays hidden.
func given(s Stack, deployed map[string]string) map[string]string {
	values := maps.Clone(deployed)
	if values == nil {
		values = map[string]string{}
	}
	for name, v := range s.Parameters {
		have, known := values[name]
		switch {
		case have == drift.Redacted:
		case v.Stack == "" && v.Unknown == "":
			values[name] = v.Literal
		case !known:
			values[name] = "${StackOutput:" + v.Stack + ":" + v.Output + v.Unknown + "}"
		}
	}
	return values
}

// macros are what a template leaves to AWS to make.
func macros(t *template.Template) []string {
	return slices.DeleteFunc(t.Unexpanded(), func(what string) bool { return strings.HasPrefix(what, "Rules/") })
}

func (a *application) evaluator(t *template.Template, name string, given map[string]string) (*template.Evaluator, error) {
	b := bind(t, given)
	return b.template.Evaluator(template.Scope{Region: a.source.Region.Name, AccountID: a.source.Account, StackName: name,
		Parameters: b.parameters, MaskNoEcho: true})
}

// patch is one stack under way: what each of its resources is now and would be.
type patch struct {
	*application
	*unit
	now      *template.Evaluator // as it is deployed, without secrets
	was      *template.Evaluator // the working tree's, with the parameters of today
	shown    *template.Evaluator // the working tree's without secrets, with its own
	replaced map[string]bool
	modified map[string][]string // what the change sets modify
}

// resources changes the snapshot and says which resources it changed.
func (p *patch) resources() map[string]bool {
	touched := map[string]bool{}
	before, after := p.now.Template().Resources, p.eval.Template().Resources
	for _, id := range sortedKeys(before) {
		if stays, err := p.eval.Included(id); after[id].Type != before[id].Type || err == nil && !stays {
			touched[id] = p.remove(p.Key+"/"+id) || touched[id]
		}
	}
	for _, id := range sortedKeys(after) {
		included, err := p.eval.Included(id)
		if err != nil {
			p.gap(p.Key+"/"+id, after[id].Type, "", err)
			continue
		}
		if included && p.resource(id, after[id].Type) {
			touched[id] = true
		}
	}
	return touched
}

// resource changes or adds one resource and reports whether it did.
func (p *patch) resource(id, typeName string) bool {
	key := p.Key + "/" + id
	next, err := p.eval.Properties(id)
	if err != nil {
		p.gap(key, typeName, "", err)
		p.uncount(key, typeName, anything, nil)
		return true
	}
	existed, err := p.now.Included(id)
	existed = existed && err == nil && p.now.Template().Resources[id].Type == typeName
	if !existed {
		p.add(key, id, typeName, p.qualified(next))
		return true
	}
	now, changed, err := p.before(id, next)
	if err != nil {
		p.gap(key, typeName, "", err)
		p.uncount(key, typeName, anything, nil)
		return true
	}
	for _, name := range p.modified[id] {
		if hides(now[name]) { // its change shows in no template without secrets
			now, changed = maps.Clone(now), true
			delete(now, name)
		}
	}
	if !changed && !p.replaced[id] {
		return false
	}
	at := slices.IndexFunc(p.out.Resources, func(r drift.Resource) bool { return r.Key == key })
	if at < 0 {
		p.uncount(key, typeName, differ(now, next), next)
		return true // not read, or gone: a gap or a fact says so
	}
	p.out.Resources = drift.Withdrawn(p.out, &p.out.Resources[at]).Resources
	r := p.out.Resources[at]
	p.recount(r, differ(now, next), now, next)
	now, next = p.seal(typeName, p.qualified(now)), p.seal(typeName, p.qualified(next))
	r.Properties = readable(typeName, r.Properties, patched(r.Properties, now, next))
	r.Declared, r.Pending, r.Planned = next, nil, drift.PlannedUpdate
	if typeName == stackType {
		p.gap(key, stackType, "", errors.New("what would change in a nested stack is not known"))
	}
	if code, ok := next["Code"].(map[string]any); ok && !same(now["Code"], code) {
		if typeName == functionType {
			r.Properties["CodeSha256"] = codeNamed(code)
		}
		p.forget(func(f drift.Fact) bool { return f.Kind == drift.FactArtifact && strings.HasPrefix(f.Subject, key+"#") })
	}
	if p.replaced[id] {
		r.Planned = drift.PlannedCreate
		p.forget(func(f drift.Fact) bool { return f.Subject == key || strings.HasPrefix(f.Subject, key+"#") })
	}
	p.out.Resources[at] = r
	return true
}

// readable leaves out of a changed resource what a read of it would not show.
func readable(typeName string, live map[string]any, changed any) map[string]any {
	out := maps.Clone(changed.(map[string]any))
	known, _ := metadata.Lookup(typeName)
	for _, name := range append(slices.Clip(known.WriteOnly), "Code") {
		if _, shown := live[name]; !shown {
			delete(out, name)
		}
	}
	return out
}

// hides reports whether a secret was taken out of a value.
func hides(v any) bool {
	hidden := false
	walk(v, "", func(_, text string) { hidden = hidden || strings.Contains(text, drift.Redacted) })
	return hidden
}

// before is what a resource is declared to be now, and whether the change is one
// of it. A template without its secrets cannot be evaluated where one of them was
// a function; where the change leaves the words alone, they are those of the
// working tree with the parameters of today.
func (p *patch) before(id string, next map[string]any) (now map[string]any, changed bool, err error) {
	if now, err = p.now.Properties(id); err == nil {
		shown, err := p.shown.Properties(id)
		return now, err != nil || !same(now, shown), nil
	}
	if !same(p.now.Template().Resources[id].Properties, p.shown.Template().Resources[id].Properties) {
		return nil, true, err
	}
	now, err = p.was.Properties(id)
	return now, !same(now, next), err
}

func (p *patch) seal(typeName string, properties map[string]any) map[string]any {
	if p.source.Seal == nil {
		return properties
	}
	return p.source.Seal(typeName, properties, p.eval.Parameters())
}

func (p *patch) add(key, id, typeName string, properties map[string]any) {
	if typeName == stackType {
		p.gap(key, stackType, "", errors.New("what a new nested stack would create is not known"))
		return
	}
	properties = p.seal(typeName, properties)
	r := drift.Resource{Key: key, Type: typeName, ID: p.fresh.idOf(key, typeName, properties), Identities: p.fresh.names(typeName, properties),
		Properties: withCode(typeName, properties), Declared: properties, Planned: drift.PlannedCreate}
	if at := p.eval.Template().Position("Resources/" + id); at.Line > 0 {
		r.Location = &drift.Location{File: p.File, Line: at.Line, Column: at.Column}
	}
	p.out.Resources = append(p.out.Resources, r)
}

// remove takes a resource out, with everything that was known of it.
func (p *patch) remove(key string) bool {
	had := len(p.out.Resources)
	mine := func(of string) bool {
		return of == key || strings.HasPrefix(of, key+"#") || strings.HasPrefix(of, key+"/")
	}
	for _, r := range slices.Clone(p.out.Resources) {
		if mine(r.Key) {
			p.out.Resources = drift.Withdrawn(p.out, &r).Resources
		}
	}
	p.out.Resources = slices.DeleteFunc(p.out.Resources, func(r drift.Resource) bool { return mine(r.Key) })
	p.forget(func(f drift.Fact) bool { return mine(f.Subject) })
	p.out.Gaps = slices.DeleteFunc(p.out.Gaps, func(g drift.Gap) bool { return mine(g.Resource) })
	return len(p.out.Resources) < had
}

func (a *application) forget(which func(drift.Fact) bool) {
	a.out.Facts = slices.DeleteFunc(a.out.Facts, which)
}

func (a *application) gap(resource, typeName, property string, err error) {
	a.out.Gaps = append(a.out.Gaps, drift.Gap{Region: a.out.Region.Name, Resource: resource, Type: typeName,
		Operation: operation, Reason: "NotEvaluated", Property: property, Message: err.Error()})
}

// unforeseen are the changes that CloudFormation plans and the evaluation does
// not show: of a parameter that AWS stores, of something inside of a nested
// stack. Nothing may be concluded about what they change. What only follows
// from another resource's change shows in neither Region's values.
func (a *application) unforeseen(s Stack, changes []Change, touched map[string]bool) {
	for _, c := range changes {
		key := s.Key + "/" + c.Resource
		switch {
		case touched[c.Resource]:
		case c.Action == "Add" || c.Action == "Remove" || c.Action == "Import":
			a.gap(key, c.Type, "", errors.New("the change set would "+strings.ToLower(c.Action)+" it, which the evaluated template does not show"))
		case c.Action == "Modify" && stored(s.Template, c):
			a.recount(drift.Resource{Key: key, Type: c.Type}, among(c.Properties), nil, nil) // of a size that nobody knows
			for _, property := range c.Properties {
				a.gap(key, c.Type, property, errors.New("the change set would change it to a value that the evaluated template does not show"))
			}
		}
	}
}

// stored reports whether a resource takes something from the Parameter Store
// or Secrets Manager, which may have changed while the template did not.
func stored(t *template.Template, c Change) bool {
	for _, p := range t.Parameters {
		if strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value<") {
			return true
		}
	}
	text, err := json.Marshal(t.Resources[c.Resource].Properties)
	return err != nil || strings.Contains(string(text), "{{resolve:")
}

func same(a, b any) bool { return reflect.DeepEqual(a, b) }
