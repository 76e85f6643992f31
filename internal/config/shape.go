package config

import (
	"regexp"
	"strings"
)

// A shape is what a value of the file may look like. Several of its parts may
// be set: a value that is a string or a mapping has a scalar and values.
type shape struct {
	// scalar is set when a plain value is allowed.
	scalar *format
	// keys are those of a closed object.
	keys []key
	// oneOf: exactly one of keys must be present.
	oneOf bool
	// free allows further keys that begin with "x-", ignored.
	free bool
	// elsewhere says where a key that is unknown here belongs.
	elsewhere map[string]string
	// names and values describe a mapping with free names.
	names  *format
	values *shape
	// list is the shape of the items of a list.
	list *shape
	// example is a value of an item of a list or of a free-named mapping.
	example string
	// least is the smallest number of items or of free names.
	least int
}

// A key is one row of the table.
type key struct {
	name     string
	required bool
	// def describes the default in words or as YAML; empty: none.
	def string
	doc string
	// example is valid YAML for the value, in flow style.
	example string
	shape   shape
}

// A format is what a scalar may say. The parts that a JSON Schema can express
// (kinds, enum, pattern, lengths) are used by both; verify is for the rest.
type format struct {
	// name is the type in the reference; noun completes "must be …".
	name, noun string
	kinds      []kind
	enum       []string
	pattern    *regexp.Regexp
	minLength  int
	maxLength  int
	// hint suggests what to write for a text that does not fit; may be nil.
	hint func(text string) string
	// verify checks a text that fits; it returns a message (after the path)
	// and a suggestion, or "". It may be nil.
	verify func(n *node) (message, suggestion string)
}

// describe completes "must be …" for a shape.
func (s *shape) describe() string {
	var parts []string
	if s.scalar != nil {
		parts = append(parts, s.scalar.noun)
	}
	if s.list != nil {
		parts = append(parts, "a list")
	}
	if s.keys != nil || s.values != nil {
		parts = append(parts, "a mapping")
	}
	return strings.Join(parts, " or ")
}

// typeName is the type as the reference names it.
func (s *shape) typeName() string {
	var parts []string
	if s.scalar != nil {
		parts = append(parts, s.scalar.typeName())
	}
	if s.list != nil {
		parts = append(parts, "list of "+s.list.typeName())
	}
	if s.values != nil {
		parts = append(parts, "mapping of "+s.names.name+" to "+s.values.typeName())
	}
	if s.keys != nil {
		parts = append(parts, "object")
	}
	return strings.Join(parts, ", or ")
}

func (f *format) typeName() string {
	if len(f.enum) > 1 {
		return "one of " + strings.Join(f.enum, ", ")
	}
	return f.name
}

// keyNames lists the names of a closed object, in the table's order.
func (s *shape) keyNames() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	return names
}

func (s *shape) find(name string) *key {
	for i := range s.keys {
		if s.keys[i].name == name {
			return &s.keys[i]
		}
	}
	return nil
}
