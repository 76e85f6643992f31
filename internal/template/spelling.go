package template

import (
	"fmt"
	"strings"
)

// asAnswered brings properties into the words in which AWS answers, where a type lets
// one write in others: a definition as an object, or one with places to fill in. What
// is declared can then be held against what was read.
func asAnswered(typeName string, properties map[string]any) map[string]any {
	if typeName != "AWS::StepFunctions::StateMachine" {
		return properties
	}
	const object, text, places = "Definition", "DefinitionString", "DefinitionSubstitutions"
	definition := properties[text]
	if properties[object] != nil {
		definition = properties[object]
	}
	values, _ := properties[places].(map[string]any)
	out := map[string]any{}
	for name, value := range properties {
		if name != object && name != places {
			out[name] = value
		}
	}
	if definition != nil {
		out[text] = filledIn(definition, values)
	}
	return out
}

// filledIn replaces ${name} in every text of a tree.
func filledIn(tree any, values map[string]any) any {
	switch v := tree.(type) {
	case string:
		for name, value := range values {
			v = strings.ReplaceAll(v, "${"+name+"}", fmt.Sprint(value))
		}
		return v
	case []any:
		out := make([]any, len(v))
		for i := range v {
			out[i] = filledIn(v[i], values)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for name := range v {
			out[name] = filledIn(v[name], values)
		}
		return out
	}
	return tree
}
