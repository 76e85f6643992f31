package drift

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// kind is what a canonical node holds.
type kind byte

const (
	kindNull   kind = 'n'
	kindBool   kind = 'b'
	kindNumber kind = '#'
	kindText   kind = 't'
	kindSecret kind = 's'
	kindObject kind = 'o' // children by property name
	kindKeyed  kind = 'k' // elements of an array by their own identity
	kindList   kind = 'l' // elements in order
	kindSet    kind = 'u' // elements in any order
)

// node is a value in canonical form beside the value it was made from. Nodes
// are equal when their encodings are; raw takes no part in that.
type node struct {
	kind kind
	// raw is the value as read (for the inside of JSON text: as parsed).
	raw any
	// text is the canonical form of a scalar.
	text string
	// label is the name of an array's element as read.
	label string
	// keys name the children of an object or a keyed array, sorted.
	keys []string
	kids []*node
	// off marks what means the same as being absent: "", [], {}, false.
	off bool
	// whole marks what differs as a whole: its parts mean little alone.
	whole bool
	// free marks values of the user's own maps, which are never interpreted.
	free bool
	// names are what a text mentions of the application and its places.
	names []mention
}

// sortedKeys are a map's keys in order, in one allocation.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (n *node) scalar() bool {
	switch n.kind {
	case kindObject, kindKeyed, kindList, kindSet:
		return false
	}
	return true
}

// child finds a child by key; nil when there is none.
func (n *node) child(key string) *node {
	if n == nil {
		return nil
	}
	if i, ok := slices.BinarySearch(n.keys, key); ok {
		return n.kids[i]
	}
	return nil
}

// digest identifies the canonical value: equal digests, equal values.
func (n *node) digest() [sha256.Size]byte {
	return sha256.Sum256(n.encode(make([]byte, 0, 1024)))
}

// encode appends an unambiguous form of the canonical value.
func (n *node) encode(buf []byte) []byte {
	if n == nil {
		return append(buf, byte(kindNull))
	}
	buf = append(buf, byte(n.kind))
	switch n.kind {
	case kindObject, kindKeyed:
		for i, kid := range n.kids {
			if kid.off {
				continue
			}
			buf = encodeText(buf, n.keys[i])
			buf = kid.encode(buf)
		}
	case kindList:
		for _, kid := range n.kids {
			buf = kid.encode(buf)
		}
	case kindSet:
		for _, code := range n.sortedCodes() {
			buf = append(buf, code...)
		}
	default:
		return encodeText(buf, n.text)
	}
	return append(buf, '.')
}

// sortedCodes are the encodings of the elements in canonical order.
func (n *node) sortedCodes() []string {
	codes := make([]string, len(n.kids))
	for i, kid := range n.kids {
		codes[i] = string(kid.encode(nil))
	}
	slices.Sort(codes)
	return codes
}

func encodeText(buf []byte, s string) []byte {
	buf = binary.AppendUvarint(buf, uint64(len(s)))
	return append(buf, s...)
}

// walk visits the node and everything below it.
func (n *node) walk(visit func(*node)) {
	if n == nil {
		return
	}
	visit(n)
	for _, kid := range n.kids {
		kid.walk(visit)
	}
}

// sealed reports whether a secret is the value or lies below it.
func (n *node) sealed() bool {
	found := false
	n.walk(func(x *node) { found = found || x.kind == kindSecret })
	return found
}
