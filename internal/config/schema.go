package config

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// JSONSchema returns the JSON Schema (draft 2020-12) of the configuration, for
// editors, made from the table the parser uses. It accepts all that Parse
// accepts; what depends on two places of the file or on the day is left to Parse.
func JSONSchema() []byte {
	schema := fileShape().schema()
	schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	schema["title"] = "Lockstep configuration"
	schema["description"] = "lockstep.yml: the Regions of one application, what is released to them and how they are judged."
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(schema); err != nil {
		return nil // cannot happen: the value is maps, lists and strings
	}
	return out.Bytes()
}

// schema is the JSON Schema of a shape; several alternatives become anyOf.
func (s *shape) schema() map[string]any {
	var alternatives []any
	if s.scalar != nil {
		alternatives = append(alternatives, s.scalar.schema())
	}
	if s.list != nil {
		list := map[string]any{"type": "array", "items": s.list.schema()}
		if s.least > 0 {
			list["minItems"] = s.least
		}
		alternatives = append(alternatives, list)
	}
	if s.values != nil {
		alternatives = append(alternatives, s.namesSchema())
	}
	if s.keys != nil {
		alternatives = append(alternatives, s.objectSchema())
	}
	if len(alternatives) == 1 {
		if only, ok := alternatives[0].(map[string]any); ok {
			return only
		}
	}
	return map[string]any{"anyOf": alternatives}
}

func (s *shape) namesSchema() map[string]any {
	schema := map[string]any{
		"type":                 "object",
		"propertyNames":        s.names.schema(),
		"additionalProperties": s.values.schema(),
	}
	if s.least > 0 {
		schema["minProperties"] = s.least
	}
	return schema
}

func (s *shape) objectSchema() map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, k := range s.keys {
		properties[k.name] = k.schema()
		if k.required {
			required = append(required, k.name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		schema["required"] = required
	}
	if s.oneOf {
		schema["minProperties"], schema["maxProperties"] = 1, 1
	}
	if s.free {
		schema["patternProperties"] = map[string]any{
			"^x-": map[string]any{"description": "Ignored: a place for YAML anchors."},
		}
	}
	return schema
}

func (k *key) schema() map[string]any {
	schema := k.shape.schema()
	schema["description"] = strings.ReplaceAll(k.doc, "`", "")
	if k.def != "" {
		schema["description"] = strings.ReplaceAll(k.doc+" Default: "+k.def+".", "`", "")
	}
	if example := decode([]byte(k.example), &problems{}); example != nil {
		schema["examples"] = []any{example.tree()}
	}
	return schema
}

var jsonTypes = map[kind]string{kindString: "string", kindInteger: "integer", kindNumber: "number", kindBoolean: "boolean"}

func (f *format) schema() map[string]any {
	if f == accountFormat { // a pattern says nothing about numbers
		return map[string]any{"anyOf": []any{
			map[string]any{"type": "string", "pattern": f.pattern.String()},
			map[string]any{"type": "integer", "minimum": 100000000000, "maximum": 999999999999},
		}}
	}
	schema := map[string]any{}
	var types []string
	for _, k := range f.kinds {
		types = append(types, jsonTypes[k])
	}
	schema["type"] = types
	if len(types) == 1 {
		schema["type"] = types[0]
	}
	if len(f.enum) > 0 {
		values := make([]any, len(f.enum))
		for i, text := range f.enum {
			values[i] = (&node{kind: f.kinds[0], text: text}).tree()
		}
		schema["enum"] = values
	}
	if f.pattern != nil {
		schema["pattern"] = f.pattern.String()
	}
	if f.minLength > 0 {
		schema["minLength"] = f.minLength
	}
	if f.maxLength > 0 {
		schema["maxLength"] = f.maxLength
	}
	return schema
}

// tree is the value of a node as encoding/json writes it.
func (n *node) tree() any {
	switch n.kind {
	case kindMapping:
		object := map[string]any{}
		for _, e := range n.entries {
			object[e.key] = e.value.tree()
		}
		return object
	case kindSequence:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.tree()
		}
		return list
	case kindInteger, kindNumber:
		if f, err := strconv.ParseFloat(n.text, 64); err == nil {
			return f
		}
	case kindBoolean:
		return strings.EqualFold(n.text, "true")
	case kindNull:
		return nil
	}
	return n.text
}
