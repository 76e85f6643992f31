package template

import (
	"fmt"
	"strings"
)

// Unexpanded lists what this package reads but cannot evaluate: macros, the Serverless transform
// and the resources it replaces, modules, included snippets, rules, and patterns that only Java's regular expressions have. Empty
// means that the evaluation is complete.
func (t *Template) Unexpanded() []string {
	var out []string
	for _, name := range t.Transforms {
		switch name {
		case languageExtensions:
		case serverless:
			out = append(out, "Transform "+name+": AWS::Serverless resources become other resources inside CloudFormation")
		default:
			out = append(out, "Transform "+name+": a macro that runs inside AWS may change the whole template")
		}
	}
	for _, id := range sortedKeys(t.Resources) {
		if kind := t.Resources[id].Type; strings.HasPrefix(kind, "AWS::Serverless::") || strings.HasSuffix(kind, "::MODULE") {
			out = append(out, fmt.Sprintf("Resources/%s: %s is expanded by CloudFormation only", id, kind))
		}
	}
	for _, name := range sortedKeys(t.Parameters) {
		if _, err := t.Parameters[name].pattern(); err != nil {
			out = append(out, fmt.Sprintf("Parameters/%s/AllowedPattern: cannot be checked here: %s", name, t.Parameters[name].AllowedPattern))
		}
	}
	for _, name := range sortedKeys(t.Rules) {
		out = append(out, fmt.Sprintf("Rules/%s: rules are checked by CloudFormation only", name))
	}
	return append(out, insertions(t.root, "")...)
}

// insertions finds every Fn::Transform.
func insertions(node any, path string) []string {
	var out []string
	switch v := node.(type) {
	case []any:
		for i, item := range v {
			out = append(out, insertions(item, joinIndex(path, i))...)
		}
	case map[string]any:
		for _, key := range sortedKeys(v) {
			child := join(path, key)
			if key != "Fn::Transform" {
				out = append(out, insertions(v[key], child)...)
				continue
			}
			m, _ := v[key].(map[string]any)
			name, _ := m["Name"].(string)
			out = append(out, fmt.Sprintf("%s: %s inserts content that only CloudFormation knows", child, name))
		}
	}
	return out
}
