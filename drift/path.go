package drift

import (
	"cmp"
	"strings"
)

// step is one step of a path: a property, or an element of an array.
type step struct {
	name    string
	element bool
	// label is what people read in place of a canonical name.
	label string
}

// path leads from a resource to one of its values.
type path []step

// with returns the path extended by a step; the receiver stays as it is.
func (p path) with(s step) path {
	longer := make(path, len(p), len(p)+1)
	copy(longer, p)
	return append(longer, s)
}

// String writes the path in CloudFormation's names: "Policies[app].PolicyDocument".
// A name that would be ambiguous stands in brackets.
func (p path) String() string {
	var b strings.Builder
	for _, s := range p {
		name := cmp.Or(s.label, s.name)
		switch {
		case s.element || strings.ContainsAny(name, ".[] "):
			b.WriteString("[" + name + "]")
		case b.Len() > 0:
			b.WriteString("." + name)
		default:
			b.WriteString(name)
		}
	}
	return b.String()
}

// last is the name of the innermost property.
func (p path) last() string {
	for i := len(p) - 1; i >= 0; i-- {
		if !p[i].element {
			return p[i].name
		}
	}
	return ""
}

// matches reports whether a dotted pattern ("ContainerDefinitions.*.Image", "*"
// for any step) leads to the path or to something above it. "**.Name" matches
// any path whose innermost property is Name.
func (p path) matches(pattern string) bool {
	if name, ok := strings.CutPrefix(pattern, "**."); ok {
		return p.last() == name
	}
	i := 0
	for want := range strings.SplitSeq(pattern, ".") {
		if pattern == "" {
			return true
		}
		if i >= len(p) || want != "*" && want != p[i].name {
			return false
		}
		i++
	}
	return true
}

// equals reports whether a dotted pattern leads to the path itself.
func (p path) equals(pattern string) bool {
	return len(p) == strings.Count(pattern, ".")+1 && p.matches(pattern)
}

// covers reports whether a path written by String lies at or below prefix.
func covers(prefix, property string) bool {
	rest, ok := strings.CutPrefix(property, prefix)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}
