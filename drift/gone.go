package drift

import "fmt"

// goneInBoth reports what both stacks list and neither Region has: the Regions
// are alike, and neither is what was deployed. It is also how a reader that
// looks in the wrong place would show.
func (c *comparer) goneInBoth() {
	c.goneWhereOwned(c.primary, c.standby)
	c.goneWhereOwned(c.standby, c.primary)
	for _, f := range c.primary.snapshot.Facts {
		if f.Kind != FactGone {
			continue
		}
		if _, too := c.standby.facts[factKey{FactGone, f.Subject}]; !too {
			continue
		}
		typeName, _ := dig(f.Value, "Type").(string)
		if isSilent(typeName) || c.moves(f.Subject) {
			continue
		}
		c.compared()
		c.add(Finding{Resource: f.Subject, Type: typeName, Region: c.standby.region(), Relation: Equal, Severity: missingSeverity(typeName),
			Cause: OutOfBand, Message: fmt.Sprintf("%s (%s) is gone in %s and in %s although %s: it was deleted by hand in both.",
				f.Subject, typeName, c.primary.region(), c.standby.region(), c.sourceOf(f.Subject).witness()),
			Fix: "recreate it in both Regions with `lockstep deploy --revert-drift`, or take it out of the template"})
	}
}

// goneWhereOwned reports what the stack of one Region alone declares, for both or for
// itself, and what is gone there: no sibling in the other Region tells of it.
func (c *comparer) goneWhereOwned(s, other *side) {
	for _, f := range s.snapshot.Facts {
		typeName, _ := dig(f.Value, "Type").(string)
		if f.Kind != FactGone || isSilent(typeName) || c.moves(f.Subject) || other.lost(f.Subject) || other.resources[f.Subject] != nil {
			continue
		}
		if declared, certain := s.declares(f.Subject); certain && !declared {
			continue // its stack is about to let go of it
		}
		if declared, certain := other.declares(f.Subject); declared || !certain || other.unread.covers(f.Subject, typeName) != nil {
			continue
		}
		severity := missingSeverity(typeName)
		if s == c.primary && !isGlobal(typeName) {
			severity = Warn // what the primary lost the standby need not have
		}
		c.compared()
		c.add(Finding{Resource: f.Subject, Type: typeName, Region: c.standby.region(), Relation: Equal, Severity: severity,
			Cause: OutOfBand, ChangedIn: s.region(), Message: fmt.Sprintf("%s (%s) is gone in %s although %s: it was deleted by hand, and the stack of %s declares none.",
				f.Subject, typeName, s.region(), c.sourceOf(f.Subject).witness(), other.region()),
			Fix: "recreate it with `lockstep deploy --revert-drift`, or take it out of the template"})
	}
}
