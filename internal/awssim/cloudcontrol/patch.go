package cloudcontrol

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// apply performs a JSON Patch (RFC 6902) on a copy of the model: add, replace, remove, copy, move and test.
func apply(model map[string]any, operations []map[string]any) (map[string]any, error) {
	var doc any = plain(model)
	for _, raw := range operations {
		op := wire.Object(raw)
		var err error
		value := op["value"]
		switch op.String("op") {
		case "add", "replace":
			doc, err = edit(doc, pointer(op.String("path")), value, op.String("op") == "add", false)
		case "remove":
			doc, err = edit(doc, pointer(op.String("path")), nil, false, true)
		case "copy", "move":
			from := pointer(op.String("from"))
			if value, err = at(doc, from); err == nil && op.String("op") == "move" {
				doc, err = edit(doc, from, nil, false, true)
			}
			if err == nil {
				doc, err = edit(doc, pointer(op.String("path")), store.Clone(value), true, false)
			}
		case "test":
			var have any
			if have, err = at(doc, pointer(op.String("path"))); err == nil && !reflect.DeepEqual(plain(have), plain(value)) {
				err = badPatch("test of %s failed", op.String("path"))
			}
		default:
			err = badPatch("operation %q is not known", op.String("op"))
		}
		if err != nil {
			return nil, err
		}
	}
	out, ok := doc.(map[string]any)
	if !ok {
		return nil, badPatch("the result is no object")
	}
	return out, nil
}

func badPatch(format string, args ...any) error {
	e := wire.Errorf(400, "ValidationException", format, args...)
	e.Message = "Invalid patch: " + e.Message
	return e
}

// plain turns a tree into what its JSON reads as, so that trees compare.
func plain(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(b, &out) != nil {
		return v
	}
	return out
}

func pointer(path string) []string {
	if path == "" {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, p := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(p)
	}
	return parts
}

func at(doc any, path []string) (any, error) {
	for _, name := range path {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[name]
			if !ok {
				return nil, badPatch("/%s does not exist", name)
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, badPatch("index %s does not exist", name)
			}
			doc = v[i]
		default:
			return nil, badPatch("/%s does not exist", name)
		}
	}
	return doc, nil
}

// edit sets, adds or removes the value at a path and returns the document. Setting needs an existing target; adding inserts
// into lists.
func edit(doc any, path []string, value any, add, remove bool) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	name, last := path[0], len(path) == 1
	switch v := doc.(type) {
	case map[string]any:
		if _, ok := v[name]; !ok && (!last || !add) {
			return nil, badPatch("/%s does not exist", name)
		}
		if last && remove {
			delete(v, name)
			return v, nil
		}
		next, err := edit(v[name], path[1:], value, add, remove)
		if err != nil {
			return nil, err
		}
		v[name] = next
		return v, nil
	case []any:
		return editList(v, path, value, add, remove)
	}
	return nil, badPatch("/%s does not exist", name)
}

func editList(v []any, path []string, value any, add, remove bool) (any, error) {
	last := len(path) == 1
	if last && add && path[0] == "-" {
		return append(v, value), nil
	}
	i, err := strconv.Atoi(path[0])
	if err != nil || i < 0 || i > len(v) || i == len(v) && !(last && add) {
		return nil, badPatch("index %s does not exist", path[0])
	}
	switch {
	case last && remove:
		return slices.Delete(v, i, i+1), nil
	case last && add:
		return slices.Insert(v, i, value), nil
	}
	next, err := edit(v[i], path[1:], value, add, remove)
	if err != nil {
		return nil, err
	}
	v[i] = next
	return v, nil
}

// difference is the patch of top-level properties that leads from one model to another; nil removes.
func difference(before, after map[string]any) map[string]any {
	was, _ := plain(before).(map[string]any)
	patch := map[string]any{}
	for name, v := range after {
		if !reflect.DeepEqual(was[name], v) {
			patch[name] = v
		}
	}
	for name := range was {
		if _, kept := after[name]; !kept {
			patch[name] = nil
		}
	}
	return patch
}
