package drift

import "fmt"

// goneInBoth reports what both stacks list and neither Region has: the Regions
// are alike, and neither is what was deployed. It is also how a reader that
// looks in the wrong place would show.
func (c *comparer) goneInBoth() {
	for _, f := range c.primary.snapshot.Facts {
		if f.Kind != FactGone {
			continue
		}
		if _, too := c.standby.facts[factKey{FactGone, f.Subject}]; !too {
			continue
		}
		typeName, _ := dig(f.Value, "Type").(string)
		if isSilent(typeName) {
			continue
		}
		c.compared()
		c.add(Finding{Resource: f.Subject, Type: typeName, Region: c.standby.region(), Relation: Equal, Severity: missingSeverity(typeName),
			Cause: OutOfBand, Message: fmt.Sprintf("%s (%s) is gone in %s and in %s although %s: it was deleted by hand in both.",
				f.Subject, typeName, c.primary.region(), c.standby.region(), c.sourceOf(f.Subject).witness()),
			Fix: "recreate it in both Regions with `lockstep deploy --revert-drift`, or take it out of the template"})
	}
}
