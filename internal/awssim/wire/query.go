package wire

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// unflatten turns the dotted names of the query protocols into a tree: "Tags.member.1.Key" and ec2's "Filter.1.Value.2"
// become lists of structures, "Attributes.entry.1.key" a map.
func unflatten(form url.Values) Object {
	root := &branch{}
	for name, values := range form {
		if len(values) > 0 && name != "Action" && name != "Version" {
			root.add(strings.Split(name, "."), values[0])
		}
	}
	out, _ := root.tree().(Object)
	if out == nil {
		out = Object{}
	}
	return out
}

type branch struct {
	leaf     *string
	children map[string]*branch
}

func (b *branch) add(path []string, value string) {
	if len(path) == 0 {
		b.leaf = &value
		return
	}
	if b.children == nil {
		b.children = map[string]*branch{}
	}
	next := b.children[path[0]]
	if next == nil {
		next = &branch{}
		b.children[path[0]] = next
	}
	next.add(path[1:], value)
}

func (b *branch) tree() any {
	if b.children == nil {
		if b.leaf == nil {
			return nil
		}
		return *b.leaf
	}
	if only := b.children["member"]; only != nil && len(b.children) == 1 {
		if list, ok := only.list(); ok {
			return list
		}
	}
	if only := b.children["entry"]; only != nil && len(b.children) == 1 {
		if m, ok := only.entries(); ok {
			return m
		}
	}
	if list, ok := b.list(); ok {
		return list
	}
	out := Object{}
	for name, child := range b.children {
		out[name] = child.tree()
	}
	return out
}

// list is the elements in order of their numbers, if all names are numbers. An empty leaf is an empty list.
func (b *branch) list() ([]any, bool) {
	if b.children == nil {
		return []any{}, b.leaf != nil && *b.leaf == ""
	}
	var numbers []int
	for name := range b.children {
		n, err := strconv.Atoi(name)
		if err != nil || n < 0 || strconv.Itoa(n) != name {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	out := make([]any, 0, len(numbers))
	for _, n := range numbers {
		out = append(out, b.children[strconv.Itoa(n)].tree())
	}
	return out, true
}

func (b *branch) entries() (Object, bool) {
	list, ok := b.list()
	if !ok {
		return nil, false
	}
	out := Object{}
	for _, e := range list {
		entry := AsObject(e)
		if entry == nil {
			return nil, false
		}
		key := entry.String("key")
		if key == "" {
			key = entry.String("Name")
		}
		if v, ok := entry["value"]; ok {
			out[key] = v
		} else {
			out[key] = entry["Value"]
		}
	}
	return out, true
}
