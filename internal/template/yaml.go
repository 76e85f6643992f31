package template

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// yamlReader walks the syntax tree of one YAML document.
type yamlReader struct {
	*builder
	columns columns
	anchors map[string]ast.Node // complete ones only: an alias inside its own anchor is unknown
}

// yaml reads a YAML document.
func (b *builder) yaml(src []byte) (any, error) {
	if err := checkNesting(src); err != nil {
		return nil, err
	}
	if err := checkWidth(src); err != nil {
		return nil, err
	}
	tokens := tokenize(string(src))
	r := &yamlReader{builder: b, columns: newColumns(tokens), anchors: map[string]ast.Node{}}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, r.malformed(err)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType || doc.Body.Type() == ast.DirectiveType {
			continue
		}
		if body != nil {
			return nil, r.fault(doc.Body, "a template is one YAML document.")
		}
		body = doc.Body
	}
	if body == nil {
		return nil, &Error{Line: 1, Column: 1, Message: "Template format error: unsupported structure."}
	}
	root, failure := r.value(body, "", 0)
	if failure != nil {
		return nil, failure
	}
	return root, nil
}

func (r *yamlReader) malformed(err error) *Error {
	var at Position
	message := err.Error()
	var syntax yaml.Error
	if errors.As(err, &syntax) {
		message = syntax.GetMessage()
		at = r.columns.position(syntax.GetToken())
	}
	return &Error{Line: at.Line, Column: at.Column,
		Message: fmt.Sprintf("Template format error: YAML not well-formed. (line %d, column %d): %s", at.Line, at.Column, message)}
}

func (r *yamlReader) positionOf(n ast.Node) Position {
	if n == nil {
		return Position{}
	}
	if m, ok := n.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	return r.columns.position(n.GetToken())
}

func (r *yamlReader) fault(n ast.Node, format string, args ...any) *Error {
	at := r.positionOf(n)
	return &Error{Line: at.Line, Column: at.Column, Message: "Template format error: " + fmt.Sprintf(format, args...)}
}

func (r *yamlReader) value(n ast.Node, path string, depth int) (any, *Error) {
	at := r.positionOf(n)
	if err := r.enter(depth, at); err != nil {
		return nil, err
	}
	r.note(path, at)
	switch v := n.(type) {
	case *ast.MappingNode:
		return r.mapping(v.Values, path, depth)
	case *ast.MappingValueNode:
		return r.mapping([]*ast.MappingValueNode{v}, path, depth)
	case *ast.SequenceNode:
		return r.sequence(v, path, depth)
	case *ast.AnchorNode:
		value, err := r.value(v.Value, path, depth+1)
		if err == nil {
			r.anchors[nameOf(v.Name)] = v.Value
		}
		return value, err
	case *ast.AliasNode:
		r.aliases = append(r.aliases, at)
		target, ok := r.anchors[nameOf(v.Value)]
		if !ok {
			return nil, r.fault(n, "alias *%s has no anchor before it.", nameOf(v.Value))
		}
		return r.value(target, path, depth+1)
	case *ast.TagNode:
		return r.tagged(v, path, depth)
	}
	text, plain, ok := scalarOf(n)
	if !ok {
		return nil, r.fault(n, "unsupported structure.")
	}
	if plain {
		return resolvePlain(text), nil
	}
	return text, nil
}

func nameOf(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return ""
	}
	return n.GetToken().Value
}

func (r *yamlReader) sequence(n *ast.SequenceNode, path string, depth int) (any, *Error) {
	out := make([]any, 0, len(n.Values))
	for i, item := range n.Values {
		value, err := r.value(item, joinIndex(path, i), depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, nil
}

func (r *yamlReader) mapping(entries []*ast.MappingValueNode, path string, depth int) (any, *Error) {
	out := map[string]any{}
	var merged []map[string]any
	for _, entry := range entries {
		if entry.Key.IsMergeKey() {
			maps, err := r.merge(entry, path, depth)
			if err != nil {
				return nil, err
			}
			merged = append(merged, maps...)
			continue
		}
		key, err := r.key(entry.Key)
		if err != nil {
			return nil, err
		}
		if _, taken := out[key]; taken {
			return nil, duplicateKey(key, r.positionOf(entry.Key))
		}
		child := join(path, key)
		r.note(child, r.positionOf(entry.Key))
		value, err := r.value(entry.Value, child, depth+1)
		if err != nil {
			return nil, err
		}
		out[key] = value
	}
	for _, m := range merged {
		for key, value := range m {
			if _, taken := out[key]; !taken {
				out[key] = value
			}
		}
	}
	return out, nil
}

// merge reads the value of a "<<" key: one map or a list of maps, the first winning.
func (r *yamlReader) merge(entry *ast.MappingValueNode, path string, depth int) ([]map[string]any, *Error) {
	value, err := r.value(entry.Value, path, depth+1)
	if err != nil {
		return nil, err
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	maps := make([]map[string]any, 0, len(list))
	for _, item := range list {
		m, ok := item.(map[string]any)
		if !ok {
			return nil, r.fault(entry.Key, "a merge key takes a map or a list of maps.")
		}
		maps = append(maps, m)
	}
	return maps, nil
}

// key reads a map key, which is always text: "On:" and "1:" are the words as written.
func (r *yamlReader) key(n ast.Node) (string, *Error) {
	for range maxDepth {
		switch v := n.(type) {
		case *ast.MappingKeyNode:
			n = v.Value
			continue
		case *ast.AnchorNode:
			r.anchors[nameOf(v.Name)] = v.Value
			n = v.Value
			continue
		case *ast.AliasNode:
			r.aliases = append(r.aliases, r.positionOf(v))
			target, ok := r.anchors[nameOf(v.Value)]
			if !ok {
				return "", r.fault(n, "alias *%s has no anchor before it.", nameOf(v.Value))
			}
			n = target
			continue
		}
		break
	}
	if text, _, ok := scalarOf(n); ok {
		return text, nil
	}
	return "", r.fault(n, "a map key must be text.")
}

// scalarOf returns the text of a scalar and whether it was written without quotes.
func scalarOf(n ast.Node) (text string, plain, ok bool) {
	switch v := n.(type) {
	case nil:
		return "", true, true
	case *ast.NullNode:
		if v.Token == nil || v.Token.Type == token.ImplicitNullType {
			return "", true, true
		}
		return v.Token.Value, true, true
	case *ast.StringNode:
		quoted := v.Token != nil && (v.Token.Type == token.SingleQuoteType || v.Token.Type == token.DoubleQuoteType)
		return v.Value, !quoted, true
	case *ast.LiteralNode:
		if v.Value == nil {
			return "", false, true
		}
		return v.Value.Value, false, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode, *ast.MergeKeyNode:
		return strings.TrimSpace(n.GetToken().Value), true, true
	}
	return "", false, false
}
