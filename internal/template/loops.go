package template

import (
	"fmt"
	"strings"
)

// maxLoopNodes bounds what loops may make, all together.
const maxLoopNodes = maxNodes

// expandLoops writes out every Fn::ForEach of Conditions, Resources and Outputs. A template without any is returned as it is.
func (e *Evaluator) expandLoops() (*Template, error) {
	if !hasLoop(e.t.root) || !e.t.hasTransform(languageExtensions) {
		return e.t, nil
	}
	x := &expander{run: e.newRun(false), moved: map[string]string{}}
	root := make(map[string]any, len(e.t.root))
	for key, section := range e.t.root {
		root[key] = section
	}
	for _, key := range []string{"Conditions", "Resources", "Outputs"} {
		section, ok := root[key]
		if !ok {
			continue
		}
		v, err := x.expand(section, nil, key, key)
		if err != nil {
			return nil, err
		}
		root[key] = v
	}
	return decode(root, e.t.positions, x.moved)
}

func hasLoop(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if hasLoop(item) {
				return true
			}
		}
	case map[string]any:
		for key, item := range v {
			if strings.HasPrefix(key, loopPrefix) || hasLoop(item) {
				return true
			}
		}
	}
	return false
}

// expander copies a tree, writing out loops on the way.
type expander struct {
	run   *run
	nodes int
	moved map[string]string
}

// binding is the value a loop variable has; inner loops see those of outer ones.
type binding struct {
	name  string
	value any    // what Ref gives
	text  string // what ${name} gives
	outer *binding
}

// expand copies a node. source is its path in the text, target its path in the result.
func (x *expander) expand(node any, b *binding, source, target string) (any, error) {
	x.nodes++
	if x.nodes > maxLoopNodes {
		return nil, x.run.fail(source, "Template error: loops produce more than %d values.", maxLoopNodes)
	}
	switch v := node.(type) {
	case string:
		return x.text(v, b, source)
	case []any:
		out := make([]any, 0, len(v))
		for i, item := range v {
			child, err := x.expand(item, b, joinIndex(source, i), joinIndex(target, i))
			if err != nil {
				return nil, err
			}
			out = append(out, child)
		}
		return out, nil
	case map[string]any:
		if name, ok := v["Ref"].(string); ok && len(v) == 1 {
			if value, bound := b.lookup(name); bound {
				return value, nil
			}
		}
		out := make(map[string]any, len(v))
		return out, x.entries(v, b, source, target, out)
	}
	return node, nil
}

func (x *expander) text(text string, b *binding, source string) (string, error) {
	out, ok := b.replace(text)
	if !ok {
		return "", x.run.fail(source, "Template error: evaluation produces more than %d bytes.", maxProduced)
	}
	return out, x.run.made(out, source)
}

// entries expands the members of a map into out.
func (x *expander) entries(m map[string]any, b *binding, source, target string, out map[string]any) error {
	for _, key := range sortedKeys(m) {
		from := join(source, key)
		if strings.HasPrefix(key, loopPrefix) {
			if err := x.loop(m[key], b, from, target, out); err != nil {
				return err
			}
			continue
		}
		name, err := x.text(key, b, from)
		if err != nil {
			return err
		}
		to := join(target, name)
		if _, taken := out[name]; taken {
			return x.run.fail(from, "Template error: Fn::ForEach produces %q twice.", name)
		}
		if from != to {
			x.moved[to] = from
		}
		v, err := x.expand(m[key], b, from, to)
		if err != nil {
			return err
		}
		out[name] = v
	}
	return nil
}

const loopMessage = "Template error: every Fn::ForEach object requires three parameters: an identifier, a collection and an object with one key"

func (x *expander) loop(node any, b *binding, source, target string, out map[string]any) error {
	list, ok := node.([]any)
	if !ok || len(list) != 3 {
		return x.run.fail(source, loopMessage)
	}
	body, isMap := list[2].(map[string]any)
	if !isMap {
		return x.run.fail(source, loopMessage)
	}
	names, err := x.names(list[0], b, joinIndex(source, 0))
	if err != nil {
		return err
	}
	rows, err := x.rows(list[1], len(names), b, joinIndex(source, 1))
	if err != nil {
		return err
	}
	for _, row := range rows {
		inner := b
		for i, name := range names {
			text, ok := scalarText(row[i])
			if !ok {
				return x.run.fail(joinIndex(source, 1), loopMessage)
			}
			inner = &binding{name: name, value: row[i], text: text, outer: inner}
		}
		if err := x.entries(body, inner, joinIndex(source, 2), target, out); err != nil {
			return err
		}
	}
	return nil
}

// names reads the identifiers of a loop: one, or a list of them.
func (x *expander) names(node any, b *binding, path string) ([]string, error) {
	v, err := x.evaluate(node, b, path)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		list = []any{v}
	}
	names := make([]string, 0, len(list))
	for _, item := range list {
		name, ok := item.(string)
		if !ok || name == "" {
			return nil, x.run.fail(path, loopMessage)
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil, x.run.fail(path, loopMessage)
	}
	return names, nil
}

// rows reads what a loop runs over: a list of values for one identifier; a list of lists, or a map of two, for several.
func (x *expander) rows(node any, width int, b *binding, path string) ([][]any, error) {
	v, err := x.evaluate(node, b, path)
	if err != nil {
		return nil, err
	}
	var rows [][]any
	switch v := v.(type) {
	case map[string]any:
		for _, key := range sortedKeys(v) {
			rows = append(rows, []any{key, v[key]})
		}
	case []any:
		for _, item := range v {
			nested, isList := item.([]any)
			switch {
			case isList && width > 1:
				rows = append(rows, nested)
			case isList: // a Ref to a list inside the list
				for _, inner := range nested {
					rows = append(rows, []any{inner})
				}
			default:
				rows = append(rows, []any{item})
			}
		}
	default:
		return nil, x.run.fail(path, loopMessage)
	}
	for _, row := range rows {
		if len(row) != width {
			return nil, x.run.fail(path, loopMessage)
		}
	}
	return rows, nil
}

// evaluate resolves an argument of a loop: it may use parameters, mappings and the variables of outer loops.
func (x *expander) evaluate(node any, b *binding, path string) (any, error) {
	node, err := x.expand(node, b, path, path)
	if err != nil {
		return nil, err
	}
	v, err := x.run.value(node, path)
	if err != nil {
		return nil, err
	}
	if hasUnresolved(v) {
		return nil, &UnknownError{What: fmt.Sprintf("the collection at %s", path), Symbols: x.run.seen()}
	}
	return v, nil
}

func (b *binding) lookup(name string) (any, bool) {
	for ; b != nil; b = b.outer {
		if b.name == name {
			return b.value, true
		}
	}
	return nil, false
}

// replace puts the loop variables into a text: ${Name} as they are, &{Name} without anything but letters and digits. ok is
// false when the result would be too large.
func (b *binding) replace(text string) (out string, ok bool) {
	for ; b != nil; b = b.outer {
		for _, form := range [][2]string{{"${" + b.name + "}", b.text}, {"&{" + b.name + "}", alphanumeric(b.text)}} {
			n := strings.Count(text, form[0])
			if n == 0 {
				continue
			}
			if n*len(form[1]) > maxProduced {
				return "", false
			}
			text = strings.ReplaceAll(text, form[0], form[1])
		}
	}
	return text, true
}

func alphanumeric(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' {
			return c
		}
		return -1
	}, s)
}
