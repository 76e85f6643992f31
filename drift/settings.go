package drift

import "fmt"

// settings compares what accounts have for a whole Region and no stack says:
// quotas, which the standby needs in full when it takes over, and settings that
// change how everything in the Region behaves. A Region is asked for what its
// own resources draw on: what it was asked for and did not tell is a gap, and
// what it has nothing for is no difference.
func (c *comparer) settings() {
	for i := range c.primary.snapshot.Facts {
		f := &c.primary.snapshot.Facts[i]
		there, ok := c.standby.facts[factKey{f.Kind, f.Subject}]
		switch {
		case !ok:
		case f.Kind == FactQuota:
			c.quota(f.Subject, f.Value, there)
		case f.Kind == FactSetting:
			c.setting(f.Subject, f.Value, there)
		}
	}
}

// quota wants the standby's no lower: at the moment of a takeover it needs what
// the primary uses, and AWS raises a quota in hours or days, not minutes.
func (c *comparer) quota(subject string, here, there any) {
	name, _ := dig(here, "Name").(string)
	if name == "" {
		name = subject
	}
	ours, ok1 := dig(here, "Value").(float64)
	theirs, ok2 := dig(there, "Value").(float64)
	if !ok1 || !ok2 || theirs >= ours {
		return
	}
	c.add(Finding{Resource: "quota/" + subject, Type: "AWS::ServiceQuotas::Quota", Property: "Value", Region: c.standby.region(), Primary: ours, Standby: theirs,
		Relation: AtLeast, Severity: Warn, Cause: Unknown,
		Message: fmt.Sprintf("The quota %s is %s in %s and %s in %s: what the primary may use, the standby may not.", brief(name), number(ours), c.primary.region(), number(theirs), c.standby.region()),
		Fix:     fmt.Sprintf("ask AWS to raise it to %s in %s, before it is needed", number(ours), c.standby.region())})
}

func (c *comparer) setting(subject string, here, there any) {
	switch subject {
	case PublicAccess:
		var ok bool
		if here, there, ok = c.openNetworks(here, there); !ok || same(c.primary.value(nil, 0, dig(here, "Networks"), document), c.primary.value(nil, 0, dig(there, "Networks"), document)) {
			return
		}
	case PublicBuckets:
		here, there = c.decisiveFlags(here), c.decisiveFlags(there)
	}
	left, right := c.primary.value(nil, 0, here, document), c.standby.value(nil, 0, there, document)
	if same(left, right) {
		return
	}
	severity := settingSeverity(subject, here, there)
	if subject == PublicBuckets && !c.shutsPublicOut(here, there) {
		severity = Warn // no bucket lets anybody in whom it could keep out
	}
	note := ""
	if ours, theirs := described(left), described(right); len(ours) == 1 && len(theirs) == 1 {
		note, _ = c.primary.contents[ours[0]].against(c.standby.contents[theirs[0]], Warn)
		note = " " + note
	}
	c.add(Finding{Resource: "account/" + subject, Type: "AWS::Account::Setting", Region: c.standby.region(), Primary: here, Standby: there,
		Property: "Value", Relation: Equal, Severity: severity, Cause: Unknown,
		Message: fmt.Sprintf("The account's setting %s is %s in %s and %s in %s: no stack says it, and everything in the Region follows it.%s",
			subject, brief(here), c.primary.region(), brief(there), c.standby.region(), note),
		Fix: "set it alike in both Regions; it is a setting of the account, which no deploy of the application changes"})
}
