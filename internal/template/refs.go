package template

import (
	"errors"
	"fmt"
	"strings"
)

const refMessage = "Template error: every Ref object must have a single String value."

func (r *run) ref(argument any, path string) (any, error) {
	name, ok := argument.(string)
	if !ok {
		if !r.e.t.hasTransform(languageExtensions) {
			return nil, r.fail(path, refMessage)
		}
		w, err := r.word(argument, path, refMessage)
		if err != nil {
			return nil, err
		}
		if w.unknown {
			return r.unknown("Ref", w.text), nil
		}
		name = w.text
	}
	return r.named(name, path)
}

// named resolves what Ref and the variables of Fn::Sub may name: pseudo parameters, parameters, resources.
func (r *run) named(name, path string) (any, error) {
	if v, ok := r.e.scope.pseudo(name); ok {
		if u, unknown := v.(unresolved); unknown {
			r.symbols[string(u)] = true
		}
		return v, nil
	}
	if p, ok := r.e.t.Parameters[name]; ok {
		return r.parameter(name, p), nil
	}
	if err := r.resource(name, path); err != nil {
		return nil, err
	}
	if r.e.scope.Ref != nil {
		if v, ok := r.e.scope.Ref(name); ok {
			return closed(v), nil
		}
	}
	return r.unknown(name), nil
}

// resource checks that a resource can be referenced from here.
func (r *run) resource(id, path string) error {
	t := r.e.t
	if r.inCondition {
		return r.fail(path, "Template format error: Unresolved dependencies [%s]. Cannot reference resources in the Conditions block of the template", id)
	}
	if _, ok := t.Resources[id]; !ok {
		if t.opaque() {
			return nil // a transform may add it
		}
		return r.fail(path, "Template format error: Unresolved resource dependencies [%s] in the %s block of the template", id, blockOf(path))
	}
	included, err := r.e.Included(id)
	var unknown *UnknownError
	if err != nil && !errors.As(err, &unknown) {
		return err
	}
	if err == nil && !included {
		return r.fail(path, "Template format error: Unresolved resource dependencies [%s] in the %s block of the template", id, blockOf(path))
	}
	return nil
}

// blockOf is the section a path lies in.
func blockOf(path string) string {
	section, _, _ := strings.Cut(path, "/")
	if section == "" || section == "Ref" || strings.HasPrefix(section, "Fn::") {
		return "Resources"
	}
	return section
}

// parameter is the value of a parameter: text, or a list of text for list types.
func (r *run) parameter(name string, p Parameter) any {
	if p.NoEcho && r.e.scope.MaskNoEcho && !r.inCondition {
		return r.unknown("NoEcho", name)
	}
	text := r.e.parameters[name]
	if !p.isStored() {
		return p.shape(text)
	}
	if v, ok := r.lookupDynamic("ssm:" + text); ok {
		if stored, ok := scalarText(v); ok {
			return p.shape(stored)
		}
		return closed(v)
	}
	reference := "{{resolve:ssm:" + text + "}}"
	r.symbols[reference] = true
	return unresolved(reference)
}

const getAttMessage = "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"

func (r *run) getAtt(argument any, path string) (any, error) {
	id, attribute, err := r.attributeOf(argument, path)
	if err != nil {
		return nil, err
	}
	if anyUnknown(id, attribute) {
		return r.unknown("Fn::GetAtt", id.text, attribute.text), nil
	}
	return r.attribute(id.text, attribute.text, path)
}

// attributeOf reads "Id.Attribute", [Id, Attribute] and [Id, Part, Part…].
func (r *run) attributeOf(argument any, path string) (id, attribute word, err error) {
	if text, ok := argument.(string); ok {
		before, after, _ := strings.Cut(text, ".")
		argument = []any{before, after}
	}
	list, ok := argument.([]any)
	if !ok || len(list) < 2 {
		return id, attribute, r.fail(path, getAttMessage)
	}
	parts := make([]string, 0, len(list)-1)
	for i, item := range list {
		w, err := r.word(item, joinIndex(path, i), getAttMessage)
		if err != nil {
			return id, attribute, err
		}
		if w.text == "" {
			return id, attribute, r.fail(path, getAttMessage)
		}
		if i == 0 {
			id = w
			continue
		}
		parts = append(parts, w.text)
		attribute.unknown = attribute.unknown || w.unknown
	}
	attribute.text = strings.Join(parts, ".")
	return id, attribute, nil
}

func (r *run) attribute(id, attribute, path string) (any, error) {
	if _, ok := r.e.t.Resources[id]; !ok && !r.inCondition && !r.e.t.opaque() {
		return nil, r.fail(path, "Template error: instance of Fn::GetAtt references undefined resource %s", id)
	}
	if err := r.resource(id, path); err != nil {
		return nil, err
	}
	if r.e.scope.GetAtt != nil {
		if v, ok := r.e.scope.GetAtt(id, attribute); ok {
			return closed(v), nil
		}
	}
	return r.unknown(id + "." + attribute), nil
}

const (
	subMessage     = "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string"
	subNameMessage = "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"
)

func (r *run) sub(argument any, path string) (any, error) {
	text, variables, err := subParts(argument)
	if err != nil {
		return nil, r.fail(path, "%s", err.Error())
	}
	pieces, err := splitSub(text)
	if err != nil {
		return nil, r.fail(path, "%s", err.Error())
	}
	var out strings.Builder
	unknown := false
	for _, piece := range pieces {
		w := word{text: piece.text}
		if piece.variable {
			if w, err = r.variable(piece.text, variables, path); err != nil {
				return nil, err
			}
		}
		if err := r.made(w.text, path); err != nil {
			return nil, err
		}
		unknown = unknown || w.unknown
		out.WriteString(w.text)
	}
	return word{out.String(), unknown}.value(), nil
}

// variable resolves one ${…} of Fn::Sub.
func (r *run) variable(name string, variables map[string]any, path string) (word, error) {
	message := fmt.Sprintf("Template error: the value of ${%s} in Fn::Sub must be a string.", name)
	if node, ok := variables[name]; ok {
		v, err := r.value(node, join(joinIndex(path, 1), name))
		if err != nil || v == (noValue{}) {
			return word{}, err
		}
		return r.wordOf(v, path, message)
	}
	var v any
	var err error
	if id, attribute, dotted := strings.Cut(name, "."); dotted {
		v, err = r.attribute(id, attribute, path)
	} else {
		v, err = r.named(name, path)
	}
	if err != nil || v == (noValue{}) {
		return word{}, err
	}
	return r.wordOf(v, path, message)
}
