package drift

import (
	"slices"
	"strconv"
	"strings"
)

// identityFields name an element of an array among its siblings, first match
// first; two fields name it together.
var identityFields = []string{"Key", "Id", "Name", "AttributeName", "IndexName", "PolicyName", "RuleName",
	"ContainerName", "ParameterName", "Sid", "Region", "StatusCode", "Priority", "ResourcePath HttpMethod"}

// array brings an array into canonical form: elements by their own name where
// all have one, in any order where the type says so, in order otherwise.
func (c *canoniser) array(s *shape, traits trait, v []any, how reading) *node {
	if traits&traitPairs != 0 || how == structured && traits&traitUnordered != 0 {
		if pairs, ok := asPairs(v); ok {
			n := c.object(nil, pairs, verbatim)
			n.raw, n.free = v, true
			for _, kid := range n.kids {
				kid.free = true
			}
			return n
		}
	}
	n := &node{kind: kindList, raw: v, off: len(v) == 0, kids: make([]*node, len(v))}
	element := s.at("*")
	below := trait(0)
	if element != nil {
		below = element.traits
	}
	for i, e := range v {
		n.kids[i] = c.value(element, below, e, how)
	}
	if len(c.contents) > 0 && n.atomic() {
		if zones := c.zoneCount(n.kids); zones != nil {
			n.kids = append(n.kids, zones)
		}
	}
	if how == pattern && traits&traitOrdered == 0 {
		n.kind, n.whole = kindSet, true
	}
	if how != structured || traits&traitOrdered != 0 {
		return n
	}
	if keys, labels, ok := elementKeys(n.kids); ok {
		return n.keyBy(keys, labels)
	}
	if traits&traitUnordered != 0 {
		n.kind = kindSet
	}
	return n
}

// elementKeys finds an identity that every element has and no two share.
func elementKeys(kids []*node) (keys, labels []string, ok bool) {
	if len(kids) == 0 {
		return nil, nil, false
	}
	for _, field := range identityFields {
		if first, _, _ := strings.Cut(field, " "); kids[0].child(first) == nil {
			continue
		}
		keys, labels = make([]string, 0, len(kids)), make([]string, 0, len(kids))
		seen := make(map[string]bool, len(kids))
		for _, kid := range kids {
			name, label := identityOf(kid, field)
			if name == "" || seen[name] {
				break
			}
			seen[name] = true
			keys, labels = append(keys, name), append(labels, label)
		}
		if len(keys) == len(kids) {
			return keys, labels, true
		}
	}
	return nil, nil, false
}

// identityOf is what one or several fields call an element, and how that reads;
// "" when it lacks one.
func identityOf(kid *node, fields string) (name, label string) {
	if kid.kind != kindObject {
		return "", ""
	}
	for i, field := range strings.Fields(fields) {
		part := kid.child(field)
		if part == nil || !part.scalar() || part.text == "" {
			return "", ""
		}
		read, _ := part.raw.(string)
		if i > 0 {
			name, label = name+" ", label+" "
		}
		name, label = name+part.text, label+read
	}
	return name, label
}

// keyBy turns a list into elements by key.
func (n *node) keyBy(keys, labels []string) *node {
	keyed := &node{kind: kindKeyed, raw: n.raw, off: n.off}
	for i, key := range keys {
		n.kids[i].label = labels[i]
		keyed.put(key, n.kids[i])
	}
	return keyed
}

// asPairs reads [{Name, Value}, …] or [{Key, Value}, …] as the map it is. It
// refuses anything else: more fields, other types, a name given twice.
func asPairs(v []any) (map[string]any, bool) {
	if len(v) == 0 {
		return nil, false
	}
	pairs := make(map[string]any, len(v))
	for _, e := range v {
		object, ok := e.(map[string]any)
		if !ok || len(object) == 0 || len(object) > 2 {
			return nil, false
		}
		name, ok := object["Name"].(string)
		if !ok {
			name, ok = object["Key"].(string)
		}
		value, has := object["Value"]
		if !ok || len(object) == 2 && !has {
			return nil, false
		}
		if _, twice := pairs[name]; twice {
			return nil, false
		}
		pairs[name] = value
	}
	return pairs, true
}

// tags brings tags of any shape into one: a map without those AWS reserves.
func (c *canoniser) tags(v any) *node {
	pairs, ok := v.(map[string]any)
	if list, isList := v.([]any); isList {
		pairs, ok = asPairs(list)
		if !ok && len(list) > 0 {
			return c.array(nil, traitUnordered, withoutReserved(list), structured)
		}
	} else if !ok {
		return c.plain(nil, 0, v, verbatim)
	}
	kept := make(map[string]any, len(pairs))
	for name, value := range pairs {
		if !strings.HasPrefix(name, "aws:") {
			kept[name] = value
		}
	}
	n := c.object(nil, kept, verbatim)
	n.raw, n.free = v, true
	for _, kid := range n.kids {
		kid.free = true
	}
	n.off = len(kept) == 0
	return n
}

func withoutReserved(list []any) []any {
	return slices.DeleteFunc(slices.Clone(list), func(e any) bool {
		object, _ := e.(map[string]any)
		key, _ := object["Key"].(string)
		return strings.HasPrefix(key, "aws:")
	})
}

// orderedInPatterns are the comparisons of event patterns and filter policies
// whose operands have an order: {"numeric": [">", 0, "<=", 5]}.
var orderedInPatterns = []string{"numeric"}

// position names an element of an ordered array in a path.
func position(i int) string { return strconv.Itoa(i) }
