package drift

import (
	"regexp"
	"strings"
)

// declaredSymbol is a reference in an evaluated template: ${Fn} or ${Fn.Arn},
// with its stack where that is another one: ${shared/Queue.Arn}.
var declaredSymbol = regexp.MustCompile(`\$\{([A-Za-z0-9][A-Za-z0-9/_-]*)((?:\.[A-Za-z0-9.]+)?)\}`)

// declaredZones is the list of a Region's zones, which names the Region.
var declaredZones = regexp.MustCompile(`\$\{AZs:[^}]*\}`)

// firstOfList is the first of a resource's list of its own, as of a network's
// address ranges, by which live values name the list.
var firstOfList = regexp.MustCompile(`\$\{Fn::Select:0:(\$\{[A-Za-z0-9][A-Za-z0-9/_-]*\.[A-Za-z0-9.]+\})\}`)

// qualify gives the references of a declared tree the names that live values
// get: ${Fn.Arn} of a resource of stack payments becomes ${payments/Fn.Arn}.
func qualify(tree map[string]any, key string, v *view, c *classes) map[string]any {
	stack := key[:strings.LastIndexByte(key, '/')+1]
	rename := func(s string) string {
		if !strings.Contains(s, "${") {
			return s
		}
		s = firstOfList.ReplaceAllString(declaredZones.ReplaceAllString(s, "$${AZs}"), "$1")
		return declaredSymbol.ReplaceAllStringFunc(s, func(symbol string) string {
			m := declaredSymbol.FindStringSubmatch(symbol)
			owner := v.of(inStack(stack, m[1]))
			if !v.known[owner] {
				return symbol
			}
			return "${" + c.find(owner+m[2]) + "}"
		})
	}
	renamed, _ := mapText(tree, rename).(map[string]any)
	return renamed
}

// inStack is the key of a resource that a template of the stack names.
func inStack(stack, name string) string {
	if strings.Contains(name, "/") {
		return name
	}
	return stack + name
}

// mapText copies a tree with every text replaced.
func mapText(v any, f func(string) string) any {
	switch v := v.(type) {
	case string:
		return f(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = mapText(e, f)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = mapText(e, f)
		}
		return out
	}
	return v
}
