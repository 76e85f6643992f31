package template

import (
	"fmt"
	"reflect"
)

// condition evaluates a condition by name, once.
func (r *run) condition(name, path string) (bool, error) {
	e := r.e
	node, ok := e.t.Conditions[name]
	if !ok {
		return false, r.fail(path, "Template format error: Unresolved condition dependency %s in the %s block of the template", name, blockOf(path))
	}
	if v, ok := e.conditions[name]; ok {
		if !v.done {
			return false, r.fail(path, "Template format error: Circular dependency between conditions: [%s]", name)
		}
		return v.value, v.err
	}
	v := &verdict{}
	e.conditions[name] = v // only while the Evaluator is made: afterwards every name is there
	v.value, v.err = e.newRun(true).boolean(node, join("Conditions", name))
	v.done = true
	if unknown, ok := v.err.(*UnknownError); ok {
		v.err = &UnknownError{What: "condition " + name, Symbols: unknown.Symbols}
	}
	return v.value, v.err
}

// boolean evaluates a node that must be true or false.
func (r *run) boolean(node any, path string) (bool, error) {
	if m, ok := node.(map[string]any); ok && len(m) == 1 {
		for name, argument := range m {
			child := join(path, name)
			switch name {
			case "Condition":
				text, ok := argument.(string)
				if !ok {
					return false, r.fail(child, "Template error: every Condition object must have a single String value.")
				}
				return r.condition(text, child)
			case "Fn::Equals":
				return r.equals(argument, child)
			case "Fn::Not":
				return r.not(argument, child)
			case "Fn::And":
				return r.combine(argument, child, "Fn::And", false)
			case "Fn::Or":
				return r.combine(argument, child, "Fn::Or", true)
			}
		}
	}
	v, err := r.value(node, path)
	if err != nil {
		return false, err
	}
	switch v {
	case true, "true":
		return true, nil
	case false, "false":
		return false, nil
	}
	if _, ok := v.(unresolved); ok {
		return false, r.undecided(path)
	}
	return false, r.fail(path, "Template format error: Conditions can only be boolean operations on parameters and other conditions")
}

// undecided is the error of a decision that rests on the symbols seen so far.
func (r *run) undecided(path string) error {
	return &UnknownError{What: path, Symbols: r.seen()}
}

func (r *run) equals(argument any, path string) (bool, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 2 {
		return false, r.fail(path, "Template error: every Fn::Equals object requires a list of 2 string parameters.")
	}
	sides := make([]any, 2)
	for i, node := range list {
		v, err := r.value(node, joinIndex(path, i))
		if err != nil {
			return false, err
		}
		if text, ok := scalarText(v); ok {
			v = text
		}
		sides[i] = v
	}
	if reflect.DeepEqual(sides[0], sides[1]) {
		return true, nil
	}
	if hasUnresolved(sides[0]) || hasUnresolved(sides[1]) {
		return false, r.undecided(path)
	}
	return false, nil
}

func hasUnresolved(v any) bool {
	switch v := v.(type) {
	case unresolved:
		return true
	case []any:
		for _, item := range v {
			if hasUnresolved(item) {
				return true
			}
		}
	case map[string]any:
		for _, item := range v {
			if hasUnresolved(item) {
				return true
			}
		}
	}
	return false
}

func (r *run) not(argument any, path string) (bool, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 1 {
		return false, r.fail(path, "Template error: every Fn::Not object requires one boolean parameter.")
	}
	v, err := r.boolean(list[0], joinIndex(path, 0))
	return !v && err == nil, err
}

// combine is And (decided by the first false) and Or (decided by the first true). An unknown member matters only when no
// other member decides.
func (r *run) combine(argument any, path, name string, decisive bool) (bool, error) {
	list, ok := argument.([]any)
	if !ok || len(list) < 2 || len(list) > 10 {
		return false, r.fail(path, "Template error: every %s object requires a list of at least 2 and at most 10 boolean parameters.", name)
	}
	decided := false
	var unknown *UnknownError
	for i, node := range list {
		v, err := r.boolean(node, joinIndex(path, i))
		if u, ok := err.(*UnknownError); ok {
			unknown = u
			continue
		}
		if err != nil {
			return false, err
		}
		decided = decided || v == decisive
	}
	if decided {
		return decisive, nil
	}
	if unknown != nil {
		return false, unknown
	}
	return !decisive, nil
}

const unresolvedIf = "Template error: unresolved condition dependency %s in Fn::If"

// ifElse takes the branch the condition chooses. When it cannot be decided the value is a symbol, unless both branches agree.
func (r *run) ifElse(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 3 {
		return nil, r.fail(path, "Template error: Fn::If requires a list argument with three elements")
	}
	holds, what, err := r.chooser(list[0], joinIndex(path, 0))
	if unknown, ok := err.(*UnknownError); ok {
		return r.eitherBranch(list, path, what, unknown)
	}
	if err != nil {
		return nil, err
	}
	if holds {
		return r.value(list[1], joinIndex(path, 1))
	}
	return r.value(list[2], joinIndex(path, 2))
}

// chooser evaluates the first element of Fn::If: the name of a condition, or a condition itself.
func (r *run) chooser(node any, path string) (holds bool, what string, err error) {
	if name, ok := node.(string); ok {
		if _, defined := r.e.t.Conditions[name]; !defined {
			return false, name, r.fail(path, unresolvedIf, name)
		}
		holds, err = r.condition(name, path)
		return holds, name, err
	}
	if _, ok := node.(map[string]any); !ok {
		return false, "", r.fail(path, "Template error: Fn::If requires the name of a condition as its first element")
	}
	decision := r.e.newRun(true)
	holds, err = decision.boolean(node, path)
	return holds, fmt.Sprintf("at %s", path), err
}

func (r *run) eitherBranch(list []any, path, what string, unknown *UnknownError) (any, error) {
	yes, err := r.value(list[1], joinIndex(path, 1))
	if err != nil {
		return nil, err
	}
	no, err := r.value(list[2], joinIndex(path, 2))
	if err != nil {
		return nil, err
	}
	if reflect.DeepEqual(yes, no) {
		return yes, nil
	}
	for _, s := range unknown.Symbols {
		r.symbols[s] = true
	}
	return symbol("If", what), nil
}
