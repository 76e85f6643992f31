package config

// kind is the YAML kind of a node, and of scalars the type a YAML 1.2 reader
// gives them.
type kind int

const (
	kindNull kind = iota
	kindString
	kindInteger
	kindNumber
	kindBoolean
	kindMapping
	kindSequence
)

var kindNames = map[kind]string{
	kindNull: "nothing", kindString: "a string", kindInteger: "the number", kindNumber: "the number",
	kindBoolean: "the boolean", kindMapping: "a mapping", kindSequence: "a list",
}

// node is a YAML value with anchors, aliases and merge keys resolved.
type node struct {
	kind kind
	// text of a scalar: the value of a string, the source spelling otherwise.
	text string
	// quoted is set for strings in quotes or blocks: what could only be a string.
	quoted bool
	pos    Position
	// body is where the first character of a text stands; zero where the lines of
	// the text are not those of the file.
	body    Position
	entries []entry
	items   []*node
	// bad is set when a problem was reported for it: it has no value then.
	bad bool
	// size counts the node and all below it.
	size int
}

type entry struct {
	key   string
	pos   Position
	value *node
}

func (n *node) scalar() bool { return n.kind >= kindString && n.kind <= kindBoolean }

// get returns the value of a key; nil if absent or reported as a problem.
func (n *node) get(key string) *node {
	if n == nil || n.bad {
		return nil
	}
	for _, e := range n.entries {
		if e.key == key {
			return e.value.ok()
		}
	}
	return nil
}

// ok is n, or nil if a problem was reported for it.
func (n *node) ok() *node {
	if n == nil || n.bad {
		return nil
	}
	return n
}

// value is the text of a scalar, "" for anything else and for nil.
func (n *node) value() string {
	if n == nil || n.bad || !n.scalar() {
		return ""
	}
	return n.text
}

// goodEntries returns the entries whose value was not reported as a problem.
func (n *node) goodEntries() []entry {
	if n == nil || n.bad {
		return nil
	}
	var good []entry
	for _, e := range n.entries {
		if e.value.ok() != nil {
			good = append(good, e)
		}
	}
	return good
}

// goodItems returns the items that were not reported as a problem.
func (n *node) goodItems() []*node {
	if n == nil || n.bad {
		return nil
	}
	var good []*node
	for _, item := range n.items {
		if item.ok() != nil {
			good = append(good, item)
		}
	}
	return good
}

// clone copies a tree, so that each use of an anchor has its own.
func (n *node) clone() *node {
	c := *n
	c.entries = make([]entry, len(n.entries))
	for i, e := range n.entries {
		c.entries[i] = entry{key: e.key, pos: e.pos, value: e.value.clone()}
	}
	c.items = make([]*node, len(n.items))
	for i, item := range n.items {
		c.items[i] = item.clone()
	}
	return &c
}
