package locate

import (
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/template"
)

// steps are the parts of a property as findings write it:
// "Policies[app].PolicyDocument". What stands in brackets is an element, or a
// name that holds dots.
func steps(property string) []string {
	var list []string
	for property != "" {
		if property[0] == '[' {
			end := strings.IndexByte(property, ']')
			if end < 0 {
				return append(list, property[1:])
			}
			list, property = append(list, property[1:end]), strings.TrimPrefix(property[end+1:], ".")
			continue
		}
		end := strings.IndexAny(property, ".[")
		if end < 0 {
			return append(list, property)
		}
		list = append(list, property[:end])
		property = strings.TrimPrefix(property[end:], ".")
	}
	return list
}

// within is the path of a property below its resource, in the template's form,
// as far as it leads through plain values.
func within(t *template.Template, id, property string) string {
	path, _ := descend(t, id, property)
	return path
}

// descend follows a property into what a template says of a resource, and
// stops where a function decides the rest.
func descend(t *template.Template, id, property string) (path string, node any) {
	if property == "" {
		return "", nil
	}
	path, node = "/Properties", t.Resources[id].Properties
	for _, step := range steps(property) {
		switch v := node.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok || isFunction(v) {
				return path, node
			}
			path, node = path+"/"+escape(step), next
		case []any:
			at, ok := element(v, step)
			if !ok {
				return path, node
			}
			path, node = path+"/"+strconv.Itoa(at), v[at]
		default:
			return path, node
		}
	}
	return path, node
}

// element finds an element by its position or by the value of a member that names it.
func element(list []any, name string) (int, bool) {
	for i, e := range list {
		if text, ok := e.(string); ok && text == name {
			return i, true
		}
		object, _ := e.(map[string]any)
		for _, member := range []string{"Key", "Name", "Id", "Sid", "PolicyName", "AttributeName", "IndexName", "ContainerName"} {
			if text, ok := object[member].(string); ok && text == name {
				return i, true
			}
		}
	}
	if at, err := strconv.Atoi(name); err == nil && at >= 0 && at < len(list) {
		return at, true
	}
	return 0, false
}

func isFunction(object map[string]any) bool {
	for name := range object {
		return len(object) == 1 && (name == "Ref" || name == "Condition" || strings.HasPrefix(name, "Fn::"))
	}
	return false
}
