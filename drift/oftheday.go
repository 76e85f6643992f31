package drift

import "slices"

// givenThatDay are versions that AWS chooses where no template does: what was
// current on the day a resource was made, or last updated. Two Regions of one
// source have their own days. Source: "AddonVersion" and "ReleaseVersion" in the
// CloudFormation resource reference of AWS::EKS::Addon and AWS::EKS::Nodegroup.
var givenThatDay = []struct{ Type, Property string }{
	{"AWS::EKS::Addon", "AddonVersion"},
	{"AWS::EKS::Nodegroup", "ReleaseVersion"},
}

// ofTheDay reports whether a difference is one of versions that AWS chose, or may
// have chosen: of what CloudFormation did not make, nobody says whether its source
// names a version, and two days tell as little about it.
func (c *comparer) ofTheDay(p *couple, d difference) bool {
	return (c.undeclared(p, d) || withoutTemplate(p)) && slices.ContainsFunc(givenThatDay, func(t struct{ Type, Property string }) bool {
		return t.Type == p.primary.Type && d.path.equals(t.Property)
	})
}

// withoutTemplate reports whether neither resource has a template that could say
// anything. One that could not be read might name a version, and does not count.
func withoutTemplate(p *couple) bool {
	bare := func(r *Resource) bool { return r.Declared == nil && r.Undeclared == "" }
	return bare(p.primary) && bare(p.standby)
}

// judgeThatDay wants a version no older than the primary's: the standby that was
// made later has the newer one and is no worse for it.
func judgeThatDay(rule Rule, d difference) judgement {
	if d.primary == nil {
		return judgement{}
	}
	older := d.standby == nil || compareVersions(numbersIn(d.standby.text), numbersIn(d.primary.text)) < 0
	return judgement{differs: older, severity: rule.Severity, note: "The standby's is the older one."}
}
