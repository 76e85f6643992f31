package drift

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// reading is how a value is understood while it is brought into canonical form.
type reading byte

const (
	// structured values follow the type's schema: defaults, order, numbers in
	// quotes and AWS's own bookkeeping are known.
	structured reading = iota
	// document values follow a language of their own (an event pattern, a state
	// machine): only mentions are rewritten and policies recognised.
	document
	// pattern is a document in which a list names alternatives: its order says nothing.
	pattern
	// verbatim values are the user's: only mentions are rewritten.
	verbatim
)

// canoniser brings the values of one Region into canonical form.
type canoniser struct {
	view   *view
	index  *index
	shapes shapes
	// classes name the symbols that share a text.
	classes *classes
	// parts rewrites partition names, when the Regions are in two partitions.
	parts *strings.Replacer
	// contents are what ids from outside stand for, here and in the other Region.
	contents, others contents
	// networks are the Region's own address blocks, peers the other Region's.
	networks, peers []network
}

// resource is the canonical form of a resource's configuration.
func (c *canoniser) resource(r *Resource) *node {
	if r.Planned != "" { // its references are symbols, as in a template
		planned := *r
		planned.Properties = qualify(r.Properties, r.Key, c.view, c.classes)
		r = &planned
	}
	s := c.shapes.of(r.Type)
	tagged := tagProperty(r, s)
	root := &node{kind: kindObject, raw: r.Properties}
	for _, name := range sortedKeys(r.Properties) {
		if name == tagged {
			continue
		}
		c.property(root, s, name, r.Properties[name], structured)
	}
	if tags := r.tagSource(tagged); tags != nil {
		root.put(tagged, c.tags(tags))
	}
	return root
}

// declared is the canonical form of what the template says for a resource.
func (c *canoniser) declared(r *Resource) *node {
	d := *r
	d.Properties, d.Tags = qualify(r.Declared, r.Key, c.view, c.classes), nil
	return c.resource(&d)
}

// tagProperty names the property that holds a type's tags.
func tagProperty(r *Resource, s *shape) string {
	for _, name := range []string{"Tags", "TagSet"} {
		if _, ok := r.Properties[name]; ok || s.at(name).has(traitTags) {
			return name
		}
	}
	return "Tags"
}

func (r *Resource) tagSource(property string) any {
	if v, ok := r.Properties[property]; ok {
		return v
	}
	if len(r.Tags) == 0 {
		return nil
	}
	tags := make(map[string]any, len(r.Tags))
	for k, v := range r.Tags {
		tags[k] = v
	}
	return tags
}

// put inserts a child, keeping the keys sorted.
func (n *node) put(key string, kid *node) {
	at, _ := slices.BinarySearch(n.keys, key)
	n.keys = slices.Insert(n.keys, at, key)
	n.kids = slices.Insert(n.kids, at, kid)
}

// property adds one property of an object, unless it carries no configuration.
func (c *canoniser) property(n *node, s *shape, name string, v any, how reading) {
	below := s.at(name)
	traits := trait(0)
	if below != nil {
		traits = below.traits
	}
	if how == structured {
		traits |= nameTraits[name]
	}
	if how == pattern && slices.Contains(orderedInPatterns, name) {
		traits |= traitOrdered
	}
	if traits&traitDropped != 0 {
		return
	}
	n.keys = append(n.keys, name)
	n.kids = append(n.kids, c.value(below, traits, v, how))
}

// value brings any value into canonical form.
func (c *canoniser) value(s *shape, traits trait, v any, how reading) *node {
	switch {
	case how == verbatim || traits&traitFree != 0:
		how = verbatim
	case traits&traitDocument != 0:
		how = document
	case traits&traitPattern != 0:
		how = pattern
	case traits&traitTags != 0:
		return c.tags(v)
	case traits&traitPolicy != 0:
		if n := c.policyIn(v); n != nil {
			return n
		}
	}
	n := c.plain(s, traits, v, how)
	n.free = how == verbatim
	if n.off && (traits&traitMeaningful != 0 || how != structured) {
		n.off = n.kind == kindNull || len(n.kids) == 0 && !n.scalar()
	}
	if n.off && traits&traitMeaningful != 0 && n.kind != kindNull {
		n.off = false
	}
	return n
}

func (c *canoniser) plain(s *shape, traits trait, v any, how reading) *node {
	switch v := v.(type) {
	case nil:
		return &node{kind: kindNull, off: true}
	case bool:
		return &node{kind: kindBool, raw: v, text: strconv.FormatBool(v), off: !v}
	case float64:
		return &node{kind: kindNumber, raw: v, text: number(v)}
	case string:
		return c.text(s, v, how)
	case []any:
		return c.array(s, traits, v, how)
	case map[string]any:
		return c.object(s, v, how)
	}
	tree, err := Tree(v)
	if err != nil {
		return &node{kind: kindText, raw: v, text: fmt.Sprintf("%T: %v", v, err)}
	}
	return c.plain(s, traits, tree, how)
}

func number(v float64) string {
	if math.IsNaN(v) {
		return "NaN"
	}
	if v == 0 {
		return "0" // minus zero too
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func (c *canoniser) object(s *shape, v map[string]any, how reading) *node {
	if sealed, ok := AsSealed(v); ok {
		return c.secret(v, sealed)
	}
	if how != verbatim && isPolicy(v) {
		return c.policy(v)
	}
	n := &node{kind: kindObject, raw: v}
	for _, name := range sortedKeys(v) {
		c.property(n, s, name, v[name], how)
	}
	n.off = !slices.ContainsFunc(n.kids, func(k *node) bool { return !k.off })
	return n
}

// text brings a text into canonical form. At structured positions JSON is
// read as what it says, and numbers and switches in quotes as such.
func (c *canoniser) text(s *shape, v string, how reading) *node {
	if how != verbatim {
		if inner, ok := embedded(v); ok {
			language := document
			if how == pattern {
				language = pattern
			}
			n := c.value(s, 0, inner, language)
			n.raw = v
			return n
		}
	}
	if m, ok := c.standsFor(v, how); ok {
		return &node{kind: kindText, raw: v, text: m.token(), names: []mention{m}}
	}
	if n := c.encoded(v); n != nil {
		return n
	}
	text, names := c.rewrite(v)
	if m, ok := c.inside(v); ok && names == nil {
		text, names = m.token(), []mention{m}
	}
	n := &node{kind: kindText, raw: v, text: text, names: names, off: v == ""}
	if how != structured || names != nil {
		return n
	}
	switch {
	case v == "true" || v == "false":
		n.kind, n.off = kindBool, v == "false"
	case isInteger(v):
		n.kind = kindNumber
	}
	return n
}

func (c *canoniser) rewrite(v string) (string, []mention) {
	text, names := c.index.rewrite(c.view.side, v)
	for _, m := range names {
		if c.view.shared[m.key] {
			c.view.used[m.key] = true
		}
	}
	if c.parts != nil {
		text = c.parts.Replace(text)
	}
	return oneBroker(text, names), names
}

// isInteger reports whether a text is a whole number as JSON would write it;
// "007" is a text.
func isInteger(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	if digits == "" || len(digits) > 15 || digits[0] == '0' && len(s) > 1 {
		return false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// embedded reads a text that is a JSON object or array, URL-encoded or not.
func embedded(s string) (any, bool) {
	trimmed := strings.TrimSpace(s)
	if strings.HasPrefix(trimmed, "%7B") || strings.HasPrefix(trimmed, "%7b") {
		decoded, err := url.PathUnescape(trimmed)
		if err != nil {
			return nil, false
		}
		trimmed = decoded
	}
	if len(trimmed) < 2 || trimmed[0] != '{' && trimmed[0] != '[' {
		return nil, false
	}
	return parseJSON(trimmed)
}
