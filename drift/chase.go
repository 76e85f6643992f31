package drift

// pointers are properties that hold a number or a name of an edition whose
// content matters and not its count: version 7 here may be version 3 there.
// The fact says what the edition contains.
var pointers = []struct{ Type, Property, Fact, Content, Operation string }{
	{"AWS::Lambda::Alias", "FunctionVersion", FactLambdaAlias, "CodeSha256", "lambda:GetAlias"},
}

// chased brings a pair into canonical form and follows its pointers to what
// they point at, in both Regions or in none.
func (c *comparer) chased(p pair) (left, right *node) {
	left, right = c.primary.resource(p.primary), c.standby.resource(p.standby)
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
