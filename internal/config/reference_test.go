package config

import (
	"strings"
	"testing"
)

// walkShapes visits every shape with its path and its example.
func walkShapes(s *shape, path, example string, visit func(s *shape, path, example string)) {
	visit(s, path, example)
	for i := range s.keys {
		walkShapes(&s.keys[i].shape, join(path, s.keys[i].name), s.keys[i].example, visit)
	}
	if s.list != nil {
		walkShapes(s.list, path+"[]", s.list.example, visit)
	}
	if s.values != nil {
		walkShapes(s.values, path+".<"+s.names.name+">", s.values.example, visit)
	}
}

func TestEveryExampleOfTheTableIsValid(t *testing.T) {
	count := 0
	walkShapes(fileShape(), "", minimal, func(s *shape, path, example string) {
		count++
		found := &problems{file: path}
		root := decode([]byte(example), found)
		if root != nil {
			checker{found}.check(root, s, path, example)
		}
		if root == nil || len(found.list) > 0 {
			t.Errorf("example %q of %s: %v", example, path, found.list)
		}
	})
	if count < 40 {
		t.Errorf("only %d shapes were visited", count)
	}
}

func TestKeysDocumentTheTableInOrder(t *testing.T) {
	seen := map[string]KeyDoc{}
	for _, k := range Keys() {
		if _, twice := seen[k.Path]; twice {
			t.Errorf("%s is documented twice", k.Path)
		}
		seen[k.Path] = k
		if k.Description == "" || k.Type == "" || k.Example == "" {
			t.Errorf("%+v is incomplete", k)
		}
		if parent, _, nested := cutLast(k.Path); nested && parent != "" {
			if _, ok := seen[parent]; !ok {
				t.Errorf("%s comes before its parent %s", k.Path, parent)
			}
		}
	}
	for path, want := range map[string]string{
		"regions.<Region>.account":                       "account",
		"release[].cloudformation.template":              "path, or mapping of Region to path",
		"gate.rules":                                     "mapping of rule to one of block, warn, off",
		"drift.accept[].until":                           "date",
		"release[].cloudformation.regions.<Region>.tags": "mapping of tag to value",
	} {
		if seen[path].Type != want {
			t.Errorf("%s has type %q, want %q", path, seen[path].Type, want)
		}
	}
	if !seen["version"].Required || seen["drift"].Required || !seen["drift.accept[].reason"].Required {
		t.Error("required is wrong")
	}
}

// cutLast returns the key above a path, without list marks and free names.
func cutLast(path string) (parent, name string, ok bool) {
	i := strings.LastIndexByte(path, '.')
	if i < 0 {
		return "", path, false
	}
	parent = path[:i]
	if j := strings.LastIndex(parent, ".<"); j >= 0 && strings.HasSuffix(parent, ">") {
		parent = parent[:j]
	}
	return strings.TrimSuffix(parent, "[]"), path[i+1:], true
}

func TestReferenceNamesEveryKeyAndItsTablesAreWhole(t *testing.T) {
	text := ReferenceMarkdown()
	for _, k := range Keys() {
		if !strings.Contains(text, "`"+k.Path+"`") {
			t.Errorf("%s is missing", k.Path)
		}
	}
	for _, line := range strings.Split(text, "\n") {
		if bars := strings.Count(line, "|") - strings.Count(line, `\|`); strings.HasPrefix(line, "|") && bars != 6 {
			t.Errorf("a row with %d bars: %s", bars, line)
		}
	}
}
