package drift

// pendingAgrees reports whether the repository says the same for both Regions
// where what is deployed differs.
func (c *comparer) pendingAgrees(p *couple, d difference) bool {
	if p.primary.Pending == nil && p.standby.Pending == nil {
		return false
	}
	left, right := c.primary.pending(p.primary), c.standby.pending(p.standby)
	_, depth := left.reach(d.path)
	_, depthRight := right.reach(d.path)
	where := d.path[:min(depth, depthRight)]
	l, _ := left.reach(where)
	r, _ := right.reach(where)
	return alike(l, r) || literalAlike(l, r)
}

// pending is the canonical form of what a deploy of the repository would declare.
func (s *side) pending(r *Resource) *node {
	if r.Pending == nil {
		return s.declared(r)
	}
	next := *r
	next.Declared = r.Pending
	return s.declared(&next)
}

// explainPending says that a deploy of what the repository has would settle it.
func (c *comparer) explainPending(by declaredBy) string {
	const settled = "The repository says the same for both Regions: it is not deployed everywhere yet, or a stack was updated past it"
	if by.why != "" {
		return settled + ". " + upperFirst(by.why) + "."
	}
	return settled + "."
}
