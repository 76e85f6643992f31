package config

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(JSONSchema()))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("lockstep.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("lockstep.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// read decodes YAML the way an editor does: by another path than ours.
func read(src []byte) (any, error) {
	var v any
	if err := yaml.Unmarshal(src, &v); err != nil {
		return nil, err
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(data))
}

func validFiles(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/valid/*.yml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	files := map[string][]byte{"minimal": []byte(minimal)}
	for _, path := range paths {
		if files[path], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestSchemaAcceptsWhatTheParserAccepts(t *testing.T) {
	schema := compiled(t)
	for name, src := range validFiles(t) {
		if _, err := Parse(src, name, now); err != nil {
			t.Errorf("parse: %v", err)
		}
		v, err := read(src)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sound says whether the table alone finds nothing wrong with a document,
// leaving out what a JSON Schema cannot say (verify).
func sound(src []byte, s *shape) bool {
	found := &problems{}
	root := decode(src, found)
	if root == nil {
		return false
	}
	checker{found}.check(root, withoutVerify(s), "", "")
	return len(found.list) == 0
}

// withoutVerify copies a shape without the checks that a schema cannot hold.
func withoutVerify(s *shape) *shape {
	if s == nil {
		return nil
	}
	c := *s
	c.scalar, c.names = plain(s.scalar), plain(s.names)
	c.values, c.list = withoutVerify(s.values), withoutVerify(s.list)
	c.keys = append([]key(nil), s.keys...)
	for i := range c.keys {
		c.keys[i].shape = *withoutVerify(&c.keys[i].shape)
	}
	return &c
}

func plain(f *format) *format {
	if f == nil || f.verify == nil {
		return f
	}
	c := *f
	c.verify = nil
	return &c
}

// everything uses every key of the table.
func everything(t *testing.T) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, k := range fileShape().keys {
		all[k.name] = fullExample(&k.shape, k.example)
	}
	return all
}

// fullExample is an example of a shape with every key that can be there.
func fullExample(s *shape, example string) any {
	switch {
	case s.keys != nil && s.scalar == nil && !s.oneOf:
		object := map[string]any{}
		for _, k := range s.keys {
			object[k.name] = fullExample(&k.shape, k.example)
		}
		return object
	case s.list != nil && s.list.oneOf:
		var items []any
		for _, k := range s.list.keys {
			items = append(items, map[string]any{k.name: fullExample(&k.shape, k.example)})
		}
		return items
	case s.list != nil && s.list.keys != nil:
		return []any{fullExample(s.list, s.list.example)}
	case s.values != nil && s.values.keys != nil && s.scalar == nil && s.values.scalar == nil:
		return map[string]any{"us-west-2": fullExample(s.values, s.values.example)}
	}
	return decode([]byte(example), &problems{}).tree()
}

// mutants are copies of v with one thing changed in one place.
func mutants(v any) []any {
	all := []any{
		nil, true, 7, -1.5, "", "no such thing", "a, b", "x", strings.Repeat("a", 5000),
		[]any{}, []any{"x"}, map[string]any{}, map[string]any{"nokey": "x"},
	}
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			all = append(all, with(v, name, nil, true))
			for _, m := range mutants(value) {
				all = append(all, with(v, name, m, false))
			}
		}
		all = append(all, with(v, "no such key", "x", false), with(v, "x-y", "x", false))
	case []any:
		for i, item := range v {
			for _, m := range mutants(item) {
				list := append([]any(nil), v...)
				list[i] = m
				all = append(all, list)
			}
		}
	}
	return all
}

func with(object map[string]any, name string, value any, without bool) map[string]any {
	c := map[string]any{}
	for k, v := range object {
		c[k] = v
	}
	if without {
		delete(c, name)
	} else {
		c[name] = value
	}
	return c
}

func TestSchemaAndTableAgreeOnEveryChangeOfEveryKey(t *testing.T) {
	schema, table := compiled(t), fileShape()
	all := everything(t)
	accepted, refused := 0, 0
	for _, m := range append(mutants(all), all) {
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		bySchema, byTable := schema.Validate(v), sound(data, table)
		if (bySchema == nil) != byTable {
			t.Fatalf("schema: %v; table accepts: %v\n%s", bySchema, byTable, data)
		}
		if byTable {
			accepted++
		} else {
			refused++
		}
	}
	if !sound(mustJSON(t, all), table) || accepted < 50 || refused < 500 {
		t.Errorf("the test compares too little: %d accepted, %d refused", accepted, refused)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEveryKeyIsExplainedInTheSchema(t *testing.T) {
	var walk func(path string, v any)
	walk = func(path string, v any) {
		object, ok := v.(map[string]any)
		if !ok {
			return
		}
		if properties, ok := object["properties"].(map[string]any); ok {
			for name, p := range properties {
				fields, _ := p.(map[string]any)
				text, _ := fields["description"].(string)
				if !strings.HasSuffix(text, ".") || len(text) < 10 {
					t.Errorf("%s.%s has the description %q", path, name, text)
				}
			}
		}
		for name, child := range object {
			walk(path+"/"+name, child)
			if list, ok := child.([]any); ok {
				for _, item := range list {
					walk(path+"/"+name, item)
				}
			}
		}
	}
	var schema any
	if err := json.Unmarshal(JSONSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	walk("", schema)
}
