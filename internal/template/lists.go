package template

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

const (
	joinMessage   = "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."
	splitMessage  = "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split."
	selectMessage = "Template error: Fn::Select requires a list argument with two elements: an integer index and a list"
	lengthMessage = "Template error: Fn::Length requires a list, or a function that returns a list"
	findMessage   = "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"
)

func (r *run) joinList(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 2 {
		return nil, r.fail(path, joinMessage)
	}
	delimiter, err := r.word(list[0], joinIndex(path, 0), joinMessage)
	if err != nil {
		return nil, err
	}
	v, err := r.value(list[1], joinIndex(path, 1))
	if err != nil {
		return nil, err
	}
	if source, ok := v.(unresolved); ok {
		return r.unknown("Fn::Join", delimiter.text, string(source)), nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, r.fail(path, joinMessage)
	}
	out := make([]string, 0, len(items))
	unknown := delimiter.unknown && len(items) > 1
	for i, item := range items {
		w, err := r.wordOf(item, joinIndex(joinIndex(path, 1), i), joinMessage)
		if err != nil {
			return nil, err
		}
		if err := r.made(w.text+delimiter.text, path); err != nil {
			return nil, err
		}
		unknown = unknown || w.unknown
		out = append(out, w.text)
	}
	return word{strings.Join(out, delimiter.text), unknown}.value(), nil
}

func (r *run) split(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 2 {
		return nil, r.fail(path, splitMessage)
	}
	delimiter, err := r.word(list[0], joinIndex(path, 0), splitMessage)
	if err != nil {
		return nil, err
	}
	source, err := r.word(list[1], joinIndex(path, 1), splitMessage)
	if err != nil {
		return nil, err
	}
	if anyUnknown(delimiter, source) {
		return r.unknown("Fn::Split", delimiter.text, source.text), nil
	}
	if delimiter.text == "" {
		return nil, r.fail(path, splitMessage)
	}
	out := []any{}
	for _, part := range strings.Split(source.text, delimiter.text) {
		out = append(out, part)
	}
	return out, r.made(source.text, path)
}

func (r *run) selectItem(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) != 2 {
		return nil, r.fail(path, selectMessage)
	}
	index, err := r.word(list[0], joinIndex(path, 0), selectMessage)
	if err != nil {
		return nil, err
	}
	v, err := r.value(list[1], joinIndex(path, 1))
	if err != nil {
		return nil, err
	}
	if source, ok := v.(unresolved); ok {
		return r.unknown("Fn::Select", index.text, string(source)), nil
	}
	items, ok := v.([]any)
	if !ok {
		return nil, r.fail(path, selectMessage)
	}
	if index.unknown {
		return r.unknown("Fn::Select", index.text), nil
	}
	at, err := strconv.Atoi(index.text)
	if err != nil {
		return nil, r.fail(path, selectMessage)
	}
	if at < 0 || at >= len(items) {
		return nil, r.fail(path, "Template error: Fn::Select cannot select nonexistent value at index %d", at)
	}
	return items[at], nil
}

// findInMap looks a value up; the optional fourth element {DefaultValue: …} needs AWS::LanguageExtensions.
func (r *run) findInMap(argument any, path string) (any, error) {
	list, ok := argument.([]any)
	if !ok || len(list) < 3 || len(list) > 4 {
		return nil, r.fail(path, findMessage)
	}
	keys := make([]word, 3)
	for i := range keys {
		w, err := r.word(list[i], joinIndex(path, i), findMessage)
		if err != nil {
			return nil, err
		}
		keys[i] = w
	}
	if anyUnknown(keys...) {
		return r.unknown("Fn::FindInMap", keys[0].text, keys[1].text, keys[2].text), nil
	}
	if v, ok := r.e.t.mapped(keys[0].text, keys[1].text, keys[2].text); ok {
		return closed(v), nil
	}
	if len(list) == 4 && r.e.t.hasTransform(languageExtensions) {
		if m, ok := list[3].(map[string]any); ok {
			if fallback, ok := m["DefaultValue"]; ok {
				return r.value(fallback, join(joinIndex(path, 3), "DefaultValue"))
			}
		}
	}
	return nil, r.fail(path, "Template error: Unable to get mapping for %s::%s::%s", keys[0].text, keys[1].text, keys[2].text)
}

func (t *Template) mapped(name, top, second string) (any, bool) {
	m, _ := t.Mappings[name].(map[string]any)
	row, _ := m[top].(map[string]any)
	v, ok := row[second]
	return v, ok
}

func (r *run) length(argument any, path string) (any, error) {
	v, err := r.value(argument, path)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case []any:
		return float64(len(v)), nil
	case unresolved:
		return r.unknown("Fn::Length", string(v)), nil
	}
	return nil, r.fail(path, lengthMessage)
}

// toJSON writes a map or a list as text with sorted keys. Symbols in it stay where they are.
func (r *run) toJSON(argument any, path string) (any, error) {
	v, err := r.value(argument, path)
	if err != nil {
		return nil, err
	}
	switch v.(type) {
	case []any, map[string]any:
	case unresolved:
		return v, nil
	default:
		return nil, r.fail(path, "Template error: Fn::ToJsonString requires an object or a list")
	}
	text, err := encodeJSON(v)
	if err != nil {
		return nil, r.fail(path, "encode Fn::ToJsonString: %v", err)
	}
	return word{string(text), hasUnresolved(v)}.value(), r.made(string(text), path)
}

// encodeJSON is compact JSON with sorted keys and without HTML escapes.
func encodeJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}
