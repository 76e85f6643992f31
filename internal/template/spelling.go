package template

import (
	"maps"
	"slices"
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
		out[text] = filledIn(definition, replacing(values))
	}
	return out
}

// replacing fills in every place once: what a value says is not looked at again. A
// value that is no scalar is none that CloudFormation would take, and fills no place.
func replacing(values map[string]any) *strings.Replacer {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if text, ok := scalarText(values[name]); ok {
			pairs = append(pairs, "${"+name+"}", text)
		}
	}
	return strings.NewReplacer(pairs...)
}

// filledIn replaces the places in every text of a tree.
func filledIn(tree any, values *strings.Replacer) any {
	switch v := tree.(type) {
	case string:
		return values.Replace(v)
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
