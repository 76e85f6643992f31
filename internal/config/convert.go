package config

import (
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// converter turns the parser's tree into nodes: aliases become copies, merge
// keys become entries, tags other than !!str are refused.
type converter struct {
	*problems
	anchors map[string]*node
	// total counts nodes made; stopped is set when a limit was reached.
	total   int
	stopped bool
}

func (c *converter) stop(at Position, message string) *node {
	if !c.stopped {
		c.stopped = true
		c.add(at, "write it out more plainly", "%s", message)
	}
	return c.broken(at)
}

// broken stands for a value that was reported already.
func (c *converter) broken(at Position) *node { return &node{pos: at, bad: true, size: 1} }

func (c *converter) convert(n ast.Node, at Position, depth int) *node {
	if c.total++; c.stopped || c.total > maxNodes {
		return c.stop(at, "the file holds too many values")
	}
	if depth > maxDepth {
		return c.stop(at, "the file nests too deeply")
	}
	if n == nil {
		return &node{kind: kindNull, pos: at, size: 1}
	}
	if _, null := n.(*ast.NullNode); !null {
		at = positionOf(n)
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return c.mapping(n.Values, at, depth)
	case *ast.MappingValueNode:
		return c.mapping([]*ast.MappingValueNode{n}, at, depth)
	case *ast.SequenceNode:
		return c.sequence(n, at, depth)
	case *ast.AnchorNode:
		value := c.convert(n.Value, at, depth+1)
		c.anchors[anchorName(n.Name)] = value
		return value
	case *ast.AliasNode:
		return c.alias(n, at)
	case *ast.TagNode:
		return c.tagged(n, at, depth)
	default:
		return c.scalar(n, at)
	}
}

func (c *converter) scalar(n ast.Node, at Position) *node {
	result := &node{pos: at, size: 1}
	tk := n.GetToken()
	if tk != nil {
		result.text = tk.Value
	}
	switch n := n.(type) {
	case *ast.NullNode:
		result.kind = kindNull
	case *ast.StringNode:
		result.kind, result.text = kindString, n.Value
		result.quoted = tk != nil && (tk.Type == token.SingleQuoteType || tk.Type == token.DoubleQuoteType)
		result.body = bodyOf(result)
	case *ast.LiteralNode:
		result.kind, result.quoted = kindString, true
		if n.Value != nil {
			result.text = n.Value.Value
			result.body = blockBody(n, at)
		}
	case *ast.IntegerNode:
		result.kind = kindInteger
	case *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		result.kind = kindNumber
	case *ast.BoolNode:
		result.kind = kindBoolean
	default:
		c.add(at, "use plain mappings, lists and values", "unexpected YAML %s", n.Type())
		return c.broken(at)
	}
	return result
}

// bodyOf is where the text of a plain or quoted string begins.
func bodyOf(n *node) Position {
	body := n.pos
	if n.quoted {
		body.Column++
	}
	return body
}

// blockBody is where a block that keeps its lines begins; one that folds them has
// no such place.
func blockBody(n *ast.LiteralNode, at Position) Position {
	if n.Start == nil || !strings.HasPrefix(n.Start.Value, "|") || n.Value.Token == nil {
		return Position{}
	}
	origin := strings.TrimLeft(n.Value.Token.Origin, "\n")
	return Position{at.Line + 1, len(origin) - len(strings.TrimLeft(origin, " ")) + 1}
}

func (c *converter) sequence(n *ast.SequenceNode, at Position, depth int) *node {
	result := &node{kind: kindSequence, pos: at, size: 1}
	for _, value := range n.Values {
		item := c.convert(value, at, depth+1)
		result.items = append(result.items, item)
		result.size += item.size
	}
	return result
}

// mapping keeps every entry, repeated keys too: the checker reports those. An
// entry of its own wins over a merged one, an earlier merge over a later.
func (c *converter) mapping(values []*ast.MappingValueNode, at Position, depth int) *node {
	result := &node{kind: kindMapping, pos: at, size: 1}
	var merged []entry
	for _, v := range values {
		if v == nil || v.Key == nil {
			continue
		}
		keyAt := positionOf(v.Key)
		if v.Key.IsMergeKey() {
			merged = append(merged, c.merge(c.convert(v.Value, keyAt, depth+1), keyAt)...)
			continue
		}
		key, ok := c.key(v.Key, keyAt, depth)
		if !ok {
			continue
		}
		value := c.convert(v.Value, keyAt, depth+1)
		result.entries = append(result.entries, entry{key: key, pos: keyAt, value: value})
	}
	own := map[string]bool{}
	for _, e := range result.entries {
		own[e.key] = true
	}
	for _, e := range merged {
		if !own[e.key] {
			own[e.key] = true
			result.entries = append(result.entries, e)
		}
	}
	for _, e := range result.entries {
		result.size += e.value.size
	}
	return result
}

func (c *converter) key(n ast.Node, at Position, depth int) (string, bool) {
	if explicit, ok := n.(*ast.MappingKeyNode); ok {
		n = explicit.Value
	}
	key := c.convert(n, at, depth+1)
	if key.bad {
		return "", false
	}
	if !key.scalar() {
		c.add(at, "use a plain word", "a key must be a string, not %s", kindNames[key.kind])
		return "", false
	}
	return key.text, true
}

// merge returns what a merge key brings in: a mapping or a list of mappings.
func (c *converter) merge(value *node, at Position) []entry {
	switch {
	case value.bad:
		return nil
	case value.kind == kindMapping:
		return value.entries
	case value.kind == kindSequence:
		var all []entry
		for _, item := range value.items {
			if item.kind != kindMapping {
				all = nil
				break
			}
			all = append(all, item.entries...)
		}
		if all != nil {
			return all
		}
	}
	c.add(at, "merge an alias of a mapping: <<: *name", "<< must be followed by a mapping, not %s", kindNames[value.kind])
	return nil
}

func (c *converter) alias(n *ast.AliasNode, at Position) *node {
	name := anchorName(n.Value)
	target, ok := c.anchors[name]
	if !ok {
		c.add(at, "define it earlier as &"+name, "alias %s names no anchor above it", shown("*"+name))
		return c.broken(at)
	}
	if c.total += target.size; c.total > maxNodes {
		return c.stop(at, "aliases expand to too many values")
	}
	return target.clone()
}

func (c *converter) tagged(n *ast.TagNode, at Position, depth int) *node {
	tag := ""
	if n.Start != nil {
		tag = strings.TrimSpace(n.Start.Value)
	}
	if tag != "!!str" {
		c.add(at, "this file takes plain values", "YAML tag %s has no meaning here", shown(tag))
		return c.broken(at)
	}
	value := c.convert(n.Value, at, depth+1)
	if value.scalar() || value.kind == kindNull {
		value.kind, value.quoted = kindString, true
	}
	return value
}

func anchorName(n ast.Node) string {
	if n == nil || n.GetToken() == nil {
		return ""
	}
	return n.GetToken().Value
}
