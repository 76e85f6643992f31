package template

import "sort"

// Canonical is the template as compact JSON with sorted keys, for content hashes. Formatting, comments, YAML or JSON, short or
// long intrinsic forms, aliases, the two spellings of Fn::GetAtt and of Fn::Sub without variables, and one-element lists
// of DependsOn and Transform make no difference. Types do: 512 and "512" differ.
func (t *Template) Canonical() []byte {
	root := make(map[string]any, len(t.root))
	for key, section := range t.root {
		root[key] = canonical(section)
	}
	if v, ok := root["Transform"]; ok {
		root["Transform"] = asList(v)
	}
	if resources, ok := root["Resources"].(map[string]any); ok {
		for _, body := range resources {
			m, ok := body.(map[string]any)
			if !ok {
				continue
			}
			if v, ok := m["DependsOn"]; ok {
				m["DependsOn"] = sortedTexts(asList(v))
			}
		}
	}
	out, err := encodeJSON(root)
	if err != nil { // a closed tree always encodes
		return nil
	}
	return out
}

// canonical copies a tree with every function in one spelling.
func canonical(v any) any {
	switch v := v.(type) {
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = canonical(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = canonical(item)
		}
		if name, argument, ok := function(out); ok {
			out[name] = canonicalArgument(name, argument)
		}
		return out
	}
	return v
}

func canonicalArgument(name string, argument any) any {
	switch name {
	case "Fn::GetAtt":
		if text, ok := argument.(string); ok {
			return shortArgument(name, text)
		}
	case "Fn::Sub":
		if text, variables, err := subParts(argument); err == nil && len(variables) == 0 {
			return text
		}
	}
	return argument
}

func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

func sortedTexts(list []any) []any {
	sort.SliceStable(list, func(i, j int) bool {
		a, _ := list[i].(string)
		b, _ := list[j].(string)
		return a < b
	})
	return list
}
