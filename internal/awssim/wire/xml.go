package wire

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"slices"
)

// Node is an XML element, for services whose documents do not follow the query conventions.
type Node struct {
	Name     string
	Attrs    [][2]string
	Text     string
	Children []*Node
}

// El returns an element with children; nil children are dropped.
func El(name string, children ...*Node) *Node {
	n := &Node{Name: name}
	for _, c := range children {
		if c != nil {
			n.Children = append(n.Children, c)
		}
	}
	return n
}

// Leaf returns an element with a scalar as its text.
func Leaf(name string, value any) *Node { return &Node{Name: name, Text: Text(value)} }

// With adds an attribute, for example xmlns, and returns the element.
func (n *Node) With(name, value string) *Node {
	n.Attrs = append(n.Attrs, [2]string{name, value})
	return n
}

// Document writes the element as an XML document. Characters that XML cannot carry are replaced.
func (n *Node) Document() []byte {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	n.write(&b)
	return b.Bytes()
}

func (n *Node) write(b *bytes.Buffer) {
	b.WriteByte('<')
	b.WriteString(n.Name)
	for _, a := range n.Attrs {
		b.WriteString(" " + a[0] + `="`)
		_ = xml.EscapeText(b, []byte(a[1])) // a bytes.Buffer does not fail
		b.WriteByte('"')
	}
	b.WriteByte('>')
	_ = xml.EscapeText(b, []byte(n.Text))
	for _, c := range n.Children {
		c.write(b)
	}
	b.WriteString("</" + n.Name + ">")
}

// tree writes a value the way the query protocols do. item names the elements of a list, unless items has another name for
// those of the list's own name.
func tree(name string, v any, item string, items map[string]string) *Node {
	switch v := v.(type) {
	case Map:
		n := El(name)
		for _, k := range Object(v).Keys() {
			n.Children = append(n.Children, El("entry", Leaf("key", k), tree("value", v[k], item, items)))
		}
		return n
	}
	if o := AsObject(v); o != nil {
		n := El(name)
		for _, k := range o.Keys() {
			if o[k] != nil {
				n.Children = append(n.Children, tree(k, o[k], item, items))
			}
		}
		return n
	}
	if list, ok := Items(v); ok {
		n, element := El(name), cmp.Or(items[name], item)
		for _, e := range list {
			n.Children = append(n.Children, tree(element, e, item, items))
		}
		return n
	}
	return Leaf(name, v)
}

// ParseXML reads an XML document as a tree of Nodes without name spaces. It is what rest-xml bodies are read with.
func ParseXML(doc []byte) (*Node, error) {
	d := xml.NewDecoder(bytes.NewReader(doc))
	root := &Node{}
	stack := []*Node{root}
	for {
		t, err := d.Token()
		if t == nil || err != nil {
			if len(root.Children) == 1 && len(stack) == 1 {
				return root.Children[0], nil
			}
			return nil, Errorf(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			n := &Node{Name: t.Name.Local}
			top.Children = append(top.Children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			top.Text += string(t)
		}
	}
}

// Child returns the first child of the name; it is nil, and safe to read, when there is none.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	if i := slices.IndexFunc(n.Children, func(c *Node) bool { return c.Name == name }); i >= 0 {
		return n.Children[i]
	}
	return nil
}

// Value returns the text of the first child of the name.
func (n *Node) Value(name string) string {
	if c := n.Child(name); c != nil {
		return c.Text
	}
	return ""
}

// All returns the children of the name.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var out []*Node
	for _, c := range n.Children {
		if c.Name == name {
			out = append(out, c)
		}
	}
	return out
}
