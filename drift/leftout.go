package drift

// leftOutOfBoth makes a gap of every resource that a template declares and that
// neither Region's list of resources names: it is in no pair, so that nobody else
// would speak of it. What one Region has is missing in the other, as always.
func (c *comparer) leftOutOfBoth() {
	told := map[string]bool{}
	for _, s := range []*side{c.primary, c.standby} {
		for _, f := range s.snapshot.Facts {
			key := s.of(f.Subject)
			typeName, _ := dig(f.Value, "Type").(string)
			if f.Kind != FactUnlisted || isSilent(typeName) || c.primary.lists(key) || c.standby.lists(key) {
				continue
			}
			if s.moves(key) || s.unread.covers(key, typeName) != nil {
				continue // a gap says so already
			}
			if !told[key] {
				c.notCompared()
			}
			told[key] = true
			c.out.Gaps = append(c.out.Gaps, Gap{Region: s.region(), Resource: key, Type: typeName, Operation: "cloudformation:ListStackResources", Reason: "Unresolved",
				Message: "the template declares it, and the list of the stack's resources does not name it"})
		}
	}
}

// lists reports whether the Region's sources say that there is something under a key.
func (s *side) lists(key string) bool {
	return s.resources[key] != nil || s.listed[key] || s.stacks[key] != nil
}
