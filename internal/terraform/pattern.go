package terraform

import (
	"strings"
)

// lookup finds an attribute of a resource or, with a dot before its name, of one
// of its blocks. ok is false for what is absent, empty or sensitive.
type lookup func(attribute string) (text string, ok bool)

// firstFilled fills in patterns separated by spaces; the first that is complete counts.
func firstFilled(patterns string, get lookup) (string, bool) {
	for pattern := range strings.FieldsSeq(patterns) {
		if text, ok := filled(pattern, get); ok {
			return text, true
		}
	}
	return "", false
}

// filled replaces every {attribute} of a pattern.
func filled(pattern string, get lookup) (string, bool) {
	var out strings.Builder
	for rest := pattern; rest != ""; {
		before, after, found := strings.Cut(rest, "{")
		out.WriteString(before)
		if !found {
			break
		}
		name, tail, _ := strings.Cut(after, "}")
		text, ok := member(name, get)
		if !ok {
			return "", false
		}
		out.WriteString(text)
		rest = tail
	}
	return out.String(), out.Len() > 0
}

// member is one attribute: {name}, {name/} or {name:} for its last part, and
// {name?word} for the word where the attribute is set.
func member(name string, get lookup) (string, bool) {
	if attribute, word, ok := strings.Cut(name, "?"); ok {
		_, set := get(attribute)
		return word, set
	}
	for _, separator := range []string{"/", ":"} {
		if attribute, ok := strings.CutSuffix(name, separator); ok {
			text, set := get(attribute)
			return text[strings.LastIndex(text, separator)+1:], set
		}
	}
	return get(name)
}

// holds reports whether every condition holds.
func holds(conditions string, get lookup) bool {
	for condition := range strings.FieldsSeq(conditions) {
		if !holdsOne(condition, get) {
			return false
		}
	}
	return true
}

func holdsOne(condition string, get lookup) bool {
	if attribute, value, ok := strings.Cut(condition, "!="); ok {
		have, _ := get(attribute)
		return have != value
	}
	if attribute, value, ok := strings.Cut(condition, "="); ok {
		have, _ := get(attribute)
		return have == value
	}
	if attribute, ok := strings.CutPrefix(condition, "!"); ok {
		_, set := get(attribute)
		return !set
	}
	_, set := get(condition)
	return set
}

// assignments fills in "Name=attribute", "Name={pattern}" and "Name:=text" pairs.
// The first pair of a name that can be filled in counts; what cannot is left out.
func assignments(pairs string, get lookup) map[string]string {
	filledIn := map[string]string{}
	for pair := range strings.FieldsSeq(pairs) {
		name, from, _ := strings.Cut(pair, "=")
		if literal, ok := strings.CutSuffix(name, ":"); ok {
			filledIn[literal] = from
			continue
		}
		if _, done := filledIn[name]; done {
			continue
		}
		if !strings.Contains(from, "{") {
			from = "{" + from + "}"
		}
		if text, ok := filled(from, get); ok {
			filledIn[name] = text
		}
	}
	return filledIn
}

// tree makes properties of assignments: dots nest, [] makes a list.
func tree(values map[string]string) map[string]any {
	if len(values) == 0 {
		return nil
	}
	root := map[string]any{}
	for path, text := range values {
		at, names := root, strings.Split(path, ".")
		for _, name := range names[:len(names)-1] {
			next, ok := at[name].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[name] = next
			}
			at = next
		}
		last := names[len(names)-1]
		if name, list := strings.CutSuffix(last, "[]"); list {
			at[name] = []any{text}
		} else {
			at[last] = text
		}
	}
	return root
}
