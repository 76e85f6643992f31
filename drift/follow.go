package drift

import (
	"regexp"
	"slices"
	"strings"
)

// uuid is one random word, although parts of it are too short to tell.
var uuid = regexp.MustCompile(`\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b`)

// follows reports whether a difference only follows from a resource that one
// snapshot lacks: where the queue is gone, or was not read, its name is no
// longer known, so a value that names it cannot be recognised. The values must
// be alike in everything but what AWS generates. The lost resource has a
// finding or a gap of its own; when it was not read, this value has one too.
func (c *comparer) follows(p *couple, d difference) bool {
	if d.primary == nil || d.standby == nil {
		return false
	}
	left, right := lost(d.primary, c.standby), lost(d.standby, c.primary)
	if left == "" && right == "" {
		left = c.nowhereRead(p, d)
	}
	mask := func(text string) string { return text }
	if c.unlisted(left, c.primary, c.standby) || c.unlisted(right, c.standby, c.primary) {
		mask = func(text string) string { return uuid.ReplaceAllString(text, "*") }
	}
	if left == "" && right == "" || c.outline(c.primary, d.primary, mask) != c.outline(c.standby, d.standby, mask) {
		return false
	}
	for _, at := range []struct {
		key        string
		has, lacks *side
	}{{left, c.primary, c.standby}, {right, c.standby, c.primary}} {
		if at.key == "" || at.lacks.unread.covers(at.key, at.has.typeOf(at.key)) == nil {
			continue
		}
		c.out.Gaps = append(c.out.Gaps, Gap{Region: at.lacks.region(), Resource: p.key, Type: p.primary.Type,
			Operation: "lockstep:Compare", Reason: "Unresolved",
			Message: d.path.String() + " refers to " + at.key + ", which was not read: whether it is the right one is not known"})
	}
	return true
}

// unlisted reports whether nobody knows what a resource is called: not it could
// not be read, but the stack that would have listed it.
func (c *comparer) unlisted(key string, has, lacks *side) bool {
	return key != "" && lacks.unread.resources[key] == nil && lacks.unread.covers(key, has.typeOf(key)) != nil
}

// lost is the first resource a value names of its own Region that the other
// Region's snapshot does not have.
func lost(n *node, other *side) string {
	for _, m := range n.mentions() {
		if !m.peer && m.key != "" && !other.known[m.key] {
			return m.key
		}
	}
	return ""
}

// nowhereRead is the first resource that the templates let the value name and
// that neither Region could read: the value then names something unknown in both.
func (c *comparer) nowhereRead(p *couple, d difference) string {
	left, _, ok := c.declared(p)
	if !ok {
		return ""
	}
	n, _ := left.reach(d.path)
	for _, key := range references(n, stackOf(p.key)) {
		if c.primary.unread.covers(key, "") != nil && c.standby.unread.covers(key, "") != nil {
			return key
		}
	}
	return ""
}

// references are the keys of the resources that a declared value refers to.
func references(declared *node, stack string) []string {
	var keys []string
	if declared == nil {
		return nil
	}
	declared.walk(func(x *node) {
		text, _ := x.raw.(string)
		for _, m := range declaredSymbol.FindAllStringSubmatch(text, -1) {
			keys = append(keys, inStack(stack+"/", m[1]))
		}
	})
	return keys
}

// outline is a value's text without places and without what AWS generates.
func (c *comparer) outline(s *side, n *node, mask func(string) string) string {
	var lines []string
	n.walk(func(x *node) {
		text, ok := x.raw.(string)
		if !ok {
			lines = append(lines, string(x.kind)+x.text)
			return
		}
		if x.scalar() {
			lines = append(lines, s.masked(mask(text)))
		}
	})
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// masked replaces a Region's own names by symbols, and random words by "*".
func (s *side) masked(text string) string {
	text, _ = s.places.rewrite(s.side, text)
	var b strings.Builder
	for i := 0; i < len(text); {
		end := wordEnd(text, i)
		if strengthOf(text[i:end]) == unmistake || end-i > 5 && strings.ContainsAny(text[i:end], "0123456789") {
			b.WriteByte('*')
		} else {
			b.WriteString(text[i:end])
		}
		i = end
	}
	return b.String()
}
