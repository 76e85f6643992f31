package drift

import (
	"slices"
	"strings"
)

// pointers are properties that hold a number or a name of an edition whose
// content matters and not its count: version 7 here may be version 3 there.
// The fact says what the edition contains.
var pointers = []struct{ Type, Property, Fact, Content, Operation string }{
	{"AWS::Lambda::Alias", "FunctionVersion", FactLambdaAlias, "CodeSha256", "lambda:GetAlias"},
}

// revisions are properties that end in the number of a revision. What runs is
// what the revision says; two Regions count their own.
var revisions = []struct{ Type, Property, Operation string }{
	{"AWS::ECS::Service", "TaskDefinition", "ecs:DescribeTaskDefinition"},
}

// requireRevisions turns revisions of one name that nothing describes into a
// gap: whether :17 here is :9 there, or :17, the numbers do not say.
func (c *comparer) requireRevisions(p pair, left, right *node) {
	for _, t := range revisions {
		l, r := left.child(t.Property), right.child(t.Property)
		if t.Type != p.primary.Type || l == nil || r == nil {
			continue
		}
		name, number, ok1 := cutRevision(l)
		other, number2, ok2 := cutRevision(r)
		if !ok1 || !ok2 || name != other {
			continue
		}
		c.out.Gaps = append(c.out.Gaps, Gap{Region: c.standby.region(), Resource: p.key, Type: t.Type, Operation: t.Operation, Reason: "NotRead", Property: t.Property,
			Message: "revision " + number + " in the primary and " + number2 + " in the standby are only numbers: what they hold was not read"})
		l.text, r.text = name, name
	}
}

// cutRevision splits a text that ends in a revision, unless it names something
// that is compared itself.
func cutRevision(n *node) (name, number string, ok bool) {
	for _, m := range n.names {
		if m.place == placeResource || m.place == placeContent {
			return "", "", false
		}
	}
	at := strings.LastIndexByte(n.text, ':')
	if n.kind != kindText || at < 0 || !isInteger(n.text[at+1:]) {
		return "", "", false
	}
	return n.text[:at], n.text[at+1:], true
}

// evidence are properties without which nothing can be said about what a
// resource really runs: where a Region lacks all of them, that was not read.
var evidence = []struct {
	Type       string
	Properties []string
	Operation  string
}{
	{"AWS::Lambda::Function", []string{"CodeSha256", "ImageDigest"}, "lambda:GetFunction"},
}

// requireEvidence turns a lack of evidence into a gap, and takes what only one
// Region has out of the comparison.
func (c *comparer) requireEvidence(p pair, left, right *node) {
	for _, t := range evidence {
		if t.Type != p.primary.Type {
			continue
		}
		lacking := false
		for _, at := range []struct {
			n *node
			s *side
		}{{left, c.primary}, {right, c.standby}} {
			if slices.ContainsFunc(t.Properties, func(name string) bool { return at.n.child(name) != nil && !at.n.child(name).off }) {
				continue
			}
			lacking = true
			c.out.Gaps = append(c.out.Gaps, Gap{Region: at.s.region(), Resource: p.key, Type: t.Type, Operation: t.Operation,
				Reason: "NotRead", Message: "none of " + strings.Join(t.Properties, ", ") + " was read: what it runs is not known"})
		}
		for _, name := range t.Properties {
			for _, n := range []*node{left.child(name), right.child(name)} {
				if lacking && n != nil {
					n.kind, n.text, n.off = kindNull, "", true
				}
			}
		}
	}
}

// chased brings a pair into canonical form and follows its pointers to what
// they point at, in both Regions or in none.
func (c *comparer) chased(p pair) (left, right *node) {
	left, right = c.primary.resource(p.primary), c.standby.resource(p.standby)
	c.requireEvidence(p, left, right)
	c.requireRevisions(p, left, right)
	bareRanges(p.primary.Type, left, right)
	for _, t := range pointers {
		if t.Type != p.primary.Type {
			continue
		}
		l, r := left.child(t.Property), right.child(t.Property)
		if l == nil || r == nil || same(l, r) && !isInteger(l.text) {
			continue
		}
		contentLeft, ok1 := c.primary.content(t.Fact, p.key, t.Content)
		contentRight, ok2 := c.standby.content(t.Fact, p.key, t.Content)
		switch {
		case ok1 && ok2:
			l.kind, l.text, l.names = kindText, contentLeft, nil
			r.kind, r.text, r.names = kindText, contentRight, nil
		case isInteger(l.text) && isInteger(r.text):
			c.out.Gaps = append(c.out.Gaps, Gap{Region: c.unknownSide(ok1), Resource: p.key, Type: t.Type, Operation: t.Operation,
				Reason: "NotRead", Fact: t.Fact,
				Message: "version " + l.text + " in the primary and " + r.text + " in the standby are only numbers: what code they hold was not read"})
			l.text, r.text = "", ""
		}
	}
	return left, right
}

// chases reports whether a property was replaced by what it points at.
func (c *comparer) chases(typeName string, where path) bool {
	return slices.ContainsFunc(pointers, func(t struct{ Type, Property, Fact, Content, Operation string }) bool {
		return t.Type == typeName && where.equals(t.Property)
	})
}

// pointsAsDeclared reports whether what a property points at is the content of
// the edition that its template names.
func (s *side) pointsAsDeclared(live, declared *node) bool {
	if live == nil || declared == nil {
		return alike(live, declared)
	}
	named, ok := strings.CutSuffix(declared.text, ".Version}")
	if r := s.resources[strings.TrimPrefix(named, "${")]; ok && r != nil {
		return r.Properties[codeHash] == live.text
	}
	return alike(live, declared)
}

func (c *comparer) unknownSide(primaryKnown bool) string {
	if primaryKnown {
		return c.standby.region()
	}
	return c.primary.region()
}

// content reads one field of a fact about a resource.
func (s *side) content(fact, subject, field string) (string, bool) {
	object, _ := s.facts[factKey{fact, subject}].(map[string]any)
	text, _ := object[field].(string)
	return text, text != ""
}
