package template

import (
	"fmt"
	"strings"
)

// maxProduced bounds the bytes one evaluation may make: functions can multiply their input.
const maxProduced = 32 << 20

// run is one evaluation of one node.
type run struct {
	e           *Evaluator
	inCondition bool // resources cannot be referenced and NoEcho values are seen
	produced    int
	symbols     map[string]bool
}

func (e *Evaluator) newRun(inCondition bool) *run {
	return &run{e: e, inCondition: inCondition, symbols: map[string]bool{}}
}

func (r *run) seen() []string { return sortedKeys(r.symbols) }

func (r *run) fail(path, format string, args ...any) error {
	return r.e.t.errorAt(path, fmt.Sprintf(format, args...))
}

// unknown makes the symbol of something that is not known here and remembers it.
func (r *run) unknown(parts ...string) unresolved {
	s := symbol(parts...)
	r.symbols[string(s)] = true
	return s
}

// made charges a result against the budget.
func (r *run) made(text string, path string) error {
	r.produced += len(text)
	if r.produced > maxProduced {
		return r.fail(path, "Template error: evaluation produces more than %d bytes.", maxProduced)
	}
	return nil
}

// value evaluates a node to a tree that may hold unresolved text, or to noValue.
func (r *run) value(node any, path string) (any, error) {
	switch v := node.(type) {
	case nil, bool, float64, string, unresolved:
		return v, nil
	case []any:
		return r.list(v, path)
	case map[string]any:
		if name, argument, ok := function(v); ok {
			return r.call(name, argument, join(path, name))
		}
		return r.object(v, path)
	}
	return nil, r.fail(path, "evaluate value: a %T cannot be part of a template", node)
}

// function recognises {"Ref": …} and {"Fn::Name": …}.
func function(m map[string]any) (name string, argument any, ok bool) {
	if len(m) != 1 {
		return "", nil, false
	}
	for name, argument = range m {
		if name == "Ref" || strings.HasPrefix(name, "Fn::") {
			return name, argument, true
		}
	}
	return "", nil, false
}

func (r *run) list(items []any, path string) (any, error) {
	out := make([]any, 0, len(items))
	for i, item := range items {
		v, err := r.value(item, joinIndex(path, i))
		if err != nil {
			return nil, err
		}
		if v != (noValue{}) {
			out = append(out, v)
		}
	}
	return out, nil
}

func (r *run) object(m map[string]any, path string) (any, error) {
	out := make(map[string]any, len(m))
	for _, key := range sortedKeys(m) {
		child := join(path, key)
		if key == "Fn::Transform" { // inserts siblings that only CloudFormation knows
			v, err := r.call(key, m[key], child)
			if err != nil {
				return nil, err
			}
			out[key] = v
			continue
		}
		if strings.HasPrefix(key, "Fn::") {
			return nil, r.fail(child, "Template format error: %s cannot stand beside other keys.", key)
		}
		v, err := r.value(m[key], child)
		if err != nil {
			return nil, err
		}
		if v != (noValue{}) {
			out[key] = v
		}
	}
	return out, nil
}

// finish turns an evaluated tree into a closed one: dynamic references are looked up and unresolved text becomes a string.
func (r *run) finish(v any) any {
	switch v := v.(type) {
	case noValue:
		return nil
	case unresolved:
		return r.dynamic(string(v))
	case string:
		return r.dynamic(v)
	case []any:
		for i := range v {
			v[i] = r.finish(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = r.finish(v[key])
		}
	}
	return v
}

// dynamic replaces the dynamic references in a text. Those that are not known here stay as they are.
func (r *run) dynamic(text string) string {
	if !strings.Contains(text, "{{resolve:") {
		return text
	}
	return dynamicShape.ReplaceAllStringFunc(text, func(whole string) string {
		reference := strings.TrimSuffix(strings.TrimPrefix(whole, "{{resolve:"), "}}")
		if value, ok := r.lookupDynamic(reference); ok {
			if text, ok := scalarText(value); ok {
				return text
			}
		}
		r.symbols[whole] = true
		return whole
	})
}

func (r *run) lookupDynamic(reference string) (any, bool) {
	if r.e.scope.Dynamic == nil {
		return nil, false
	}
	return r.e.scope.Dynamic(reference)
}

// closed copies a value that came from outside into a closed tree, so that later changes on either side stay apart.
func closed(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case []string:
		out := make([]any, 0, len(v))
		for _, item := range v {
			out = append(out, item)
		}
		return out
	case []any:
		out := make([]any, 0, len(v))
		for _, item := range v {
			out = append(out, closed(item))
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = closed(item)
		}
		return out
	}
	return v
}
