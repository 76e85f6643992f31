package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// checker holds a tree of nodes against the table. Whatever it reports it
// marks as bad, so that later steps see only values they can trust.
type checker struct{ *problems }

// check reports what is wrong with n. path names it in messages; example is
// what a right value looks like.
func (c checker) check(n *node, s *shape, path, example string) {
	switch {
	case n.bad:
	case n.kind == kindNull:
		n.bad = true
		c.add(n.pos, "give it a value such as "+example, "%s has no value", label(path))
	case n.scalar() && s.scalar != nil:
		c.scalar(n, s.scalar, path, example)
	case n.kind == kindSequence && s.list != nil:
		c.list(n, s, path, example)
	case n.kind == kindMapping && s.keys != nil:
		c.object(n, s, path)
	case n.kind == kindMapping && s.values != nil:
		c.names(n, s, path, example)
	default:
		n.bad = true
		suggestion := "write " + example
		if path == "" {
			suggestion = "begin with " + example
		}
		c.add(n.pos, suggestion, "%s must be %s, not %s", label(path), s.describe(), n.describe())
	}
}

func label(path string) string {
	if path == "" {
		return "the file"
	}
	return path
}

func (n *node) describe() string {
	if n.scalar() && n.kind != kindString {
		return kindNames[n.kind] + " " + n.text
	}
	if n.scalar() {
		return shown(n.text)
	}
	return kindNames[n.kind]
}

func (c checker) scalar(n *node, f *format, path, example string) {
	message, suggestion := f.judge(n)
	if message == "" {
		return
	}
	n.bad = true
	if suggestion == "" {
		suggestion = "write " + example
	}
	c.add(n.pos, suggestion, "%s %s", path, message)
}

// judge says what is wrong with a scalar, "" if nothing.
func (f *format) judge(n *node) (message, suggestion string) {
	length := utf8.RuneCountInString(n.text)
	switch {
	case !slices.Contains(f.kinds, n.kind), !f.fits(n.text), f.minLength > 0 && length == 0:
		return "must be " + f.noun + ", not " + n.describe(), f.suggest(n)
	case length < f.minLength:
		return shown(n.text) + " is too short", "at least " + strconv.Itoa(f.minLength) + " characters"
	case f.maxLength > 0 && length > f.maxLength:
		return shown(n.text) + " is too long", "at most " + strconv.Itoa(f.maxLength) + " characters"
	case f.verify != nil:
		return f.verify(n)
	}
	return "", ""
}

// fits reports whether a text is one of the values or matches the pattern.
func (f *format) fits(text string) bool {
	return (len(f.enum) == 0 || slices.Contains(f.enum, text)) && (f.pattern == nil || f.pattern.MatchString(text))
}

// suggest says what to write instead of a scalar that does not fit; "" leaves
// it to an example.
func (f *format) suggest(n *node) string {
	if n.kind != kindString && slices.Contains(f.kinds, kindString) && f.fits(n.text) {
		return "quote it: " + strconv.Quote(n.text)
	}
	if f.hint != nil {
		if hint := f.hint(n.text); hint != "" {
			return hint
		}
	}
	if len(f.enum) > 0 {
		if near := nearest(n.text, f.enum); near != "" {
			return "did you mean " + near + "?"
		}
		return "choose one of these"
	}
	return ""
}

func (c checker) list(n *node, s *shape, path, example string) {
	if len(n.items) < s.least {
		n.bad = true
		c.add(n.pos, "write "+example, "%s is an empty list", path)
	}
	for i, item := range n.items {
		c.check(item, s.list, path+"["+strconv.Itoa(i)+"]", s.list.example)
	}
}

func (c checker) object(n *node, s *shape, path string) {
	seen := map[string]Position{}
	meant := map[string]bool{} // keys that an unknown one was probably meant to be
	for _, e := range n.entries {
		k := s.find(e.key)
		switch first, twice := seen[e.key]; {
		case twice:
			e.value.bad = true
			c.add(e.pos, "the first is on line "+strconv.Itoa(first.Line)+"; keep one", "key %s is given twice%s", shown(e.key), within(path))
			continue
		case k == nil && s.free && strings.HasPrefix(e.key, "x-"):
			continue
		case k == nil:
			e.value.bad = true
			c.add(e.pos, unknownKey(e.key, s), "unknown key %s%s", shown(e.key), within(path))
			meant[nearest(e.key, s.keyNames())] = true
			continue
		}
		seen[e.key] = e.pos
		example := k.example
		if e.value.kind == kindNull && !k.required {
			example += ", or remove it"
		}
		c.check(e.value, &k.shape, join(path, e.key), example)
	}
	if s.oneOf && len(seen) != 1 {
		n.bad = true
		switch {
		case len(seen) > 1:
			c.add(n.pos, "make each an item of its own", "%s holds %s", path, strings.Join(sortedKeys(seen), " and "))
		case len(n.entries) == 0:
			c.add(n.pos, "begin it with one of "+strings.Join(s.keyNames(), ", "), "%s is empty", path)
		}
		return
	}
	for _, k := range s.keys {
		if _, ok := seen[k.name]; !ok && k.required && !meant[k.name] {
			c.add(n.pos, "add "+k.name+": "+k.example, "%s lacks %s", label(path), shown(k.name))
		}
	}
}

func (c checker) names(n *node, s *shape, path, example string) {
	if len(n.entries) < s.least {
		n.bad = true
		c.add(n.pos, "write "+example, "%s is empty", path)
	}
	seen := map[string]Position{}
	for _, e := range n.entries {
		if first, twice := seen[e.key]; twice {
			e.value.bad = true
			c.add(e.pos, "the first is on line "+strconv.Itoa(first.Line)+"; keep one", "%s %s is given twice%s", s.names.name, shown(e.key), within(path))
			continue
		}
		seen[e.key] = e.pos
		name := &node{kind: kindString, text: e.key, pos: e.pos, quoted: true}
		if message, suggestion := s.names.judge(name); message != "" {
			e.value.bad = true
			c.add(e.pos, suggestion, "a name in %s %s", label(path), message)
			continue
		}
		c.check(e.value, s.values, join(path, e.key), s.values.example)
	}
}

func unknownKey(name string, s *shape) string {
	if place, ok := s.elsewhere[name]; ok {
		return place
	}
	if near := nearest(name, s.keyNames()); near != "" {
		return "did you mean " + strconv.Quote(near) + "?"
	}
	return "known keys: " + strings.Join(s.keyNames(), ", ")
}

func within(path string) string {
	if path == "" {
		return ""
	}
	return " in " + path
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
