package collect

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/read"
	"github.com/lockstep-dr/lockstep/internal/template"
)

// foresee tells resources what a deploy of the repository would declare for
// them, where that is not what is deployed. What cannot be worked out is left
// out: then nothing is known to be pending.
func (o Options) foresee(s *drift.Snapshot) {
	plans := map[string]plan{}
	for _, stack := range s.Stacks {
		source, ok := o.Sources[stack.Key].Regions[s.Region.Name]
		if !ok || stack.Template == nil {
			continue
		}
		deployed, err := json.Marshal(stack.Template)
		if err != nil {
			continue // a closed tree always encodes
		}
		plans[stack.Key] = plan{now: evaluator(SourceInRegion{Body: deployed}, stack, s), next: evaluator(source, stack, s), parameters: source.with(stack.Parameters)}
	}
	keys := map[string]bool{}
	for _, r := range s.Resources {
		keys[r.Key] = true
	}
	for i := range s.Resources {
		r := &s.Resources[i]
		at := max(strings.LastIndexByte(r.Key, '/'), 0)
		p := plans[r.Key[:at]]
		if changed := p.changes(r.Key[at+1:]); len(changed) > 0 && r.Declared != nil {
			r.Pending = maps.Clone(r.Declared)
			maps.Copy(r.Pending, read.SealPending(o.Sealer, s.Region.Name, s.Account, drift.Resource{Key: r.Key, Type: r.Type, Declared: changed}, p.parameters, keys))
		}
	}
}

// plan is a stack as it is deployed and as the repository has it, both
// evaluated in the same way, so that what neither knows is the same in both.
type plan struct {
	now, next  *template.Evaluator
	parameters map[string]string
}

// with are the parameters of a stack as a deploy would have them.
func (source SourceInRegion) with(deployed map[string]string) map[string]string {
	values := maps.Clone(deployed)
	if values == nil {
		values = map[string]string{}
	}
	maps.Copy(values, source.Parameters)
	return values
}

// changes are the properties of a resource that a deploy would change; nil for
// one that it would remove.
func (p plan) changes(logicalID string) map[string]any {
	if p.now == nil || p.next == nil {
		return nil
	}
	now, err1 := p.now.Properties(logicalID)
	next, err2 := p.next.Properties(logicalID)
	if err1 != nil || err2 != nil {
		return nil
	}
	changed := map[string]any{}
	for name, value := range next {
		if !reflect.DeepEqual(now[name], value) {
			changed[name] = value
		}
	}
	for name := range now {
		if _, stays := next[name]; !stays {
			changed[name] = nil
		}
	}
	return changed
}

// evaluator binds a template of the repository to what the configuration gives
// it and, for the rest, to the parameters of the stack.
func evaluator(source SourceInRegion, stack drift.Stack, s *drift.Snapshot) *template.Evaluator {
	parsed, err := template.Parse(source.Body)
	if err != nil || len(parsed.Transforms) > 0 {
		return nil // what a macro makes of it is not known before it is deployed
	}
	values := source.with(stack.Parameters)
	maps.DeleteFunc(values, func(name, _ string) bool { _, known := parsed.Parameters[name]; return !known })
	e, err := parsed.Evaluator(template.Scope{Region: s.Region.Name, AccountID: s.Account, StackName: stack.Name, StackID: stack.ID,
		Parameters: values, MaskNoEcho: true})
	if err != nil {
		return nil
	}
	return e
}
