package drift

// cutOff reports whether what belongs to replication is gone from one Region
// although both templates declare it: replicas differ by design, and a
// replication that was removed by hand is none.
func (c *comparer) cutOff(p *couple, d difference) bool {
	left, right, ok := c.declared(p)
	if !ok || len(d.path) == 0 || (d.primary == nil) == (d.standby == nil) {
		return false
	}
	name := d.path[0].name
	said := func(n *node) bool { return n.child(name) != nil && !n.child(name).off }
	return len(d.path) == 1 && said(left) && said(right)
}

// cutOff is worst where the primary no longer sends: the standby's data ages
// from then on. The way back is needed after a takeover only.
func cutOff(d difference) judgement {
	if d.primary == nil {
		return judgement{differs: true, severity: Block}
	}
	return judgement{differs: true, severity: Warn}
}
