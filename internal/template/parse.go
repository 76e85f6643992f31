package template

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

// Limits that keep hostile or broken input from hurting the reader. The size is CloudFormation's own; the others are far
// above what it accepts.
const (
	maxBytes = 1_000_000 // "Template may not exceed 1000000 bytes in size"
	maxDepth = 100       // nesting of maps and lists
	maxNodes = 400_000   // nodes after aliases and loops are expanded
)

// Parse reads a template in YAML or JSON. Short forms become long ones, aliases and merge keys are expanded. Errors are
// *Error and speak of syntax, duplicate keys and shapes that cannot be read; Validate checks the rest. One legal form is
// refused because the YAML library cannot read it: an unquoted text that goes over several lines inside [] or {}.
func Parse(src []byte) (*Template, error) {
	if len(src) > maxBytes {
		return nil, &Error{Message: fmt.Sprintf("Template may not exceed %d bytes in size.", maxBytes)}
	}
	if !utf8.Valid(src) {
		return nil, &Error{Message: "Template format error: unsupported structure: the template is not UTF-8 text."}
	}
	root, read, err := parseTree(bytes.TrimPrefix(src, []byte("\ufeff")))
	if err != nil {
		return nil, err
	}
	top, ok := root.(map[string]any)
	if !ok {
		return nil, &Error{Line: 1, Column: 1, Message: "Template format error: unsupported structure."}
	}
	t, err := decode(top, read.positions, nil)
	if err != nil {
		return nil, err
	}
	t.aliases = read.aliases
	return t, nil
}

// parseTree tries JSON first when the text looks like it: a YAML flow mapping may look like it too.
func parseTree(src []byte) (any, *builder, error) {
	b := newBuilder()
	if trimmed := bytes.TrimLeft(src, " \t\r\n"); len(trimmed) > 0 && trimmed[0] == '{' {
		root, jsonErr := b.json(src)
		if jsonErr == nil {
			return root, b, nil
		}
		if jsonErr.final {
			return nil, nil, jsonErr.Error
		}
		b = newBuilder()
		if root, err := b.yaml(src); err == nil {
			return root, b, nil
		}
		return nil, nil, jsonErr.Error
	}
	root, err := b.yaml(src)
	if err != nil {
		return nil, nil, err
	}
	return root, b, nil
}

// builder turns a syntax tree into a closed tree and notes where everything was.
type builder struct {
	positions map[string]Position
	aliases   []Position // where YAML aliases stand
	nodes     int
}

func newBuilder() *builder { return &builder{positions: map[string]Position{}} }

// enter counts a node and refuses input that is too deep or too large.
func (b *builder) enter(depth int, at Position) *Error {
	b.nodes++
	if depth > maxDepth {
		return &Error{Line: at.Line, Column: at.Column, Message: fmt.Sprintf("Template format error: nested deeper than %d levels.", maxDepth)}
	}
	if b.nodes > maxNodes {
		return &Error{Line: at.Line, Column: at.Column, Message: fmt.Sprintf("Template format error: more than %d values after aliases are expanded.", maxNodes)}
	}
	return nil
}

// note records the first position of a path: that of the key for map entries.
func (b *builder) note(path string, at Position) {
	if _, ok := b.positions[path]; !ok {
		b.positions[path] = at
	}
}

func duplicateKey(key string, at Position) *Error {
	return &Error{Line: at.Line, Column: at.Column, Message: fmt.Sprintf("Template format error: duplicate key %q.", key)}
}
