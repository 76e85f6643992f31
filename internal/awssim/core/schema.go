package core

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Schema is what CloudFormation and the service check before they create or update a resource of a kind. Properties are
// named by paths; dots walk into structures and through lists: "SecurityGroupIngress.FromPort".
type Schema struct {
	Required []string            // properties that must be present
	Numbers  []string            // properties that are numbers; text such as a parameter of a template is converted
	Booleans []string            // properties that are booleans, likewise
	Allowed  map[string][]string // values of enumerations
	Range    map[string][2]float64
}

// check converts the properties of a resource to their types and returns the first violation.
func (s Schema) check(r *store.Resource) error {
	for _, path := range s.Required {
		if _, set := r.Properties[path]; !set {
			return invalid("#: required key [%s] not found", path)
		}
	}
	for _, path := range s.Numbers {
		if bad := convert(r.Properties, strings.Split(path, "."), number); bad != nil {
			return invalid("#/%s: expected type: Number, found: String", strings.ReplaceAll(path, ".", "/"))
		}
	}
	for _, path := range s.Booleans {
		if bad := convert(r.Properties, strings.Split(path, "."), boolean); bad != nil {
			return invalid("#/%s: expected type: Boolean, found: String", strings.ReplaceAll(path, ".", "/"))
		}
	}
	return s.checkValues(r)
}

func (s Schema) checkValues(r *store.Resource) error {
	for _, path := range slices.Sorted(maps.Keys(s.Allowed)) {
		for _, v := range leaves(r.Properties, strings.Split(path, ".")) {
			if !slices.Contains(s.Allowed[path], wire.Text(v)) {
				return invalid("#/%s: #: %s is not a valid enum value", strings.ReplaceAll(path, ".", "/"), wire.Text(v))
			}
		}
	}
	for _, path := range slices.Sorted(maps.Keys(s.Range)) {
		limits := s.Range[path]
		for _, v := range leaves(r.Properties, strings.Split(path, ".")) {
			f, err := strconv.ParseFloat(wire.Text(v), 64)
			if err != nil || f < limits[0] || f > limits[1] {
				return invalid("#/%s: %s is not between %s and %s", strings.ReplaceAll(path, ".", "/"), wire.Text(v), wire.Text(limits[0]), wire.Text(limits[1]))
			}
		}
	}
	return nil
}

// schemaViolation begins the reason CloudFormation gives.
const schemaViolation = "Model validation failed ("

func invalid(format string, args ...any) error {
	return wire.Errorf(400, "ValidationException", schemaViolation+format+")", args...)
}

// convert replaces the leaves at a path by what as makes of them; it returns a leaf that as refuses.
func convert(at map[string]any, path []string, as func(any) (any, bool)) any {
	v, set := at[path[0]]
	if !set || v == nil {
		return nil
	}
	if len(path) > 1 {
		for _, next := range structures(v) {
			if bad := convert(next, path[1:], as); bad != nil {
				return bad
			}
		}
		return nil
	}
	if list, ok := v.([]any); ok {
		for i := range list {
			made, ok := as(list[i])
			if !ok {
				return list[i]
			}
			list[i] = made
		}
		return nil
	}
	made, ok := as(v)
	if !ok {
		return v
	}
	at[path[0]] = made
	return nil
}

func structures(v any) []map[string]any {
	if m := wire.AsObject(v); m != nil {
		return []map[string]any{m}
	}
	var out []map[string]any
	list, _ := wire.Items(v)
	for _, e := range list {
		if m := wire.AsObject(e); m != nil {
			out = append(out, m)
		}
	}
	return out
}

// leaves returns the values at a path, the elements of a list one by one.
func leaves(at map[string]any, path []string) []any {
	v, set := at[path[0]]
	if !set || v == nil {
		return nil
	}
	if len(path) == 1 {
		if list, ok := wire.Items(v); ok {
			return list
		}
		return []any{v}
	}
	var out []any
	for _, next := range structures(v) {
		out = append(out, leaves(next, path[1:])...)
	}
	return out
}

func number(v any) (any, bool) {
	if text, ok := v.(string); ok {
		f, err := strconv.ParseFloat(text, 64)
		return f, err == nil
	}
	f, err := strconv.ParseFloat(wire.Text(v), 64)
	return f, err == nil
}

func boolean(v any) (any, bool) {
	switch wire.Text(v) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return nil, false
}
