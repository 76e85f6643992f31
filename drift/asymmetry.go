package drift

import "fmt"

// lostAsymmetry finds switches that the templates set differently on purpose
// and that live stand alike: somebody switched the standby on by hand, so that
// both Regions do the work, or the primary off, so that none does. Live values
// alone look equal then.
func (c *comparer) lostAsymmetry(p *couple) {
	for _, rule := range c.book[p.primary.Type] {
		if rule.Relation != MayBeOff || c.primary.unread.hides(p.key, rule.Property) || c.standby.unread.hides(p.key, rule.Property) {
			continue
		}
		left, right, ok := c.declared(p)
		if !ok {
			return
		}
		declaredLeft, declaredRight := left.at(rule.Property), right.at(rule.Property)
		if declaredLeft == nil || declaredRight == nil || declaredRight.kind == kindNull || isOff(declaredLeft) || !isOff(declaredRight) {
			continue
		}
		if on, off := p.left.at(rule.Property), p.right.at(rule.Property); on != nil && off != nil && same(on, off) {
			f := c.asymmetryFinding(p, rule, on, off)
			f.Message += p.note()
			c.add(f)
		}
	}
}

// switchedOff reports whether somebody switched the standby off although its
// template has it on: what may be off on purpose is off by the template.
func (c *comparer) switchedOff(p *couple, d difference) bool {
	left, right, ok := c.declared(p)
	return ok && c.standing(p, d, left, right).changed == c.standby.region()
}

// asymmetryFinding says which Region left its template: the standby when both
// are on, the primary when both are off.
func (c *comparer) asymmetryFinding(p *couple, rule Rule, left, right *node) Finding {
	changed, effect := c.standby.region(), "it acts in both"
	if isOff(left) {
		changed, effect = c.primary.region(), "it acts in none"
	}
	return Finding{Resource: p.key, Type: p.primary.Type, Property: rule.Property, Region: c.standby.region(),
		Primary: left.raw, Standby: right.raw, Relation: rule.Relation, Severity: rule.Severity,
		Cause: OutOfBand, ChangedIn: changed, Location: p.standby.Location,
		Message: fmt.Sprintf("%s: %s is %s in both Regions, although the templates switch it on in %s and off in %s: it was changed by hand in %s, so that %s.",
			p.key, rule.Property, brief(left.raw), c.primary.region(), c.standby.region(), changed, effect),
		Fix: "redeploy with `lockstep deploy --revert-drift`, or bring the change into the template"}
}
