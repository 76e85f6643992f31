package drift

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/drift/availability"
)

// onlyInPrimary judges a resource without a sibling in the standby.
func (c *comparer) onlyInPrimary(p pair) {
	r := p.primary
	if c.standby.unread.covers(p.key, r.Type) != nil {
		c.notCompared()
		return
	}
	c.compared()
	if !c.standby.lost(p.key) && (existsOnce(r) || replicatedTo(r, c.standby.region()) || c.primary.copied(r, c.standby)) {
		return // one for all Regions, or a copy kept by AWS: this stack happens to own it
	}
	c.add(Finding{Resource: p.key, Type: r.Type, Region: c.standby.region(), Primary: r.ID, Relation: Equal,
		Severity: missingSeverity(r.Type), Cause: c.causeOfAbsence(p.key, c.primary, c.standby), Location: r.Location,
		ChangedIn: c.changedWhere(p.key, c.primary, c.standby),
		Message:   c.missingMessage(p), Fix: c.missingFix(p)})
}

// onlyInStandby judges a resource that only the standby has.
func (c *comparer) onlyInStandby(p pair) {
	r := p.standby
	if c.primary.unread.covers(p.key, r.Type) != nil {
		c.notCompared()
		return
	}
	c.compared()
	if !c.primary.lost(p.key) && (existsOnce(r) || replicatedTo(r, c.primary.region()) || c.standby.copied(r, c.primary)) {
		return
	}
	c.add(Finding{Resource: p.key, Type: r.Type, Region: c.standby.region(), Standby: r.ID, Relation: Equal,
		Severity: Warn, Cause: c.causeOfAbsence(p.key, c.standby, c.primary), Location: r.Location,
		ChangedIn: c.changedWhere(p.key, c.standby, c.primary),
		Message:   c.extraMessage(p),
		Fix:       fmt.Sprintf("%s, or remove %s from %s if it is a leftover", c.sourceOf(p.key).oneSource(), p.key, c.standby.region())})
}

func (c *comparer) otherType(p pair) Finding {
	return Finding{Resource: p.key, Type: p.primary.Type, Property: "Type", Region: c.standby.region(),
		Primary: p.primary.Type, Standby: p.standby.Type, Relation: Equal, Severity: Block,
		Cause: c.releaseCause(), Location: p.standby.Location,
		Message: fmt.Sprintf("%s is a %s in %s and a %s in %s: the Regions run different templates.",
			p.key, p.primary.Type, c.primary.region(), p.standby.Type, c.standby.region()),
		Fix: "deploy one release to both Regions with `lockstep deploy`"}
}

// releaseCause is the cause of a difference that only code can make.
func (c *comparer) releaseCause() Cause {
	if c.releasesDiffer() {
		return NotYetDeployed
	}
	return Declared
}

func (c *comparer) releasesDiffer() bool {
	return c.primary.release != "" && c.standby.release != "" && c.primary.release != c.standby.release
}

// declares reports whether a Region's deployed template has a resource there,
// and whether that is certain: the template is known and so is its condition.
func (s *side) declares(key string) (declared, certain bool) {
	stack := s.stackOf(key)
	if stack == nil {
		return false, false
	}
	if stack.absent() {
		return false, true
	}
	template, _ := stack.Template.(map[string]any)
	resources, ok := template["Resources"].(map[string]any)
	if !ok {
		return false, false
	}
	body, ok := resources[logicalOf(s.ownOf(key))].(map[string]any)
	if !ok {
		return false, !generates(template)
	}
	condition, conditional := body["Condition"].(string)
	if !conditional {
		return true, true
	}
	holds, decided := stack.Conditions[condition]
	return !decided || holds, decided
}

// generates reports whether a template makes resources that it does not spell
// out: by a loop, by a module, or by a macro whose result is not at hand.
func generates(template map[string]any) bool {
	resources, _ := template["Resources"].(map[string]any)
	for name, body := range resources {
		kind, _ := dig(body, "Type").(string)
		if strings.HasPrefix(name, "Fn::") || strings.HasSuffix(kind, "::MODULE") {
			return true
		}
	}
	return template["Transform"] != nil
}

// lost reports whether the Region is to have a resource of its own there, and
// the service says that it does not exist.
func (s *side) lost(key string) bool {
	_, gone := s.facts[factKey{FactGone, key}]
	return gone
}

// causeOfAbsence says why a resource that one Region has is not in the other.
func (c *comparer) causeOfAbsence(key string, has, lacks *side) Cause {
	declared, certain := lacks.declares(key)
	switch {
	case lacks.lost(key):
		return OutOfBand
	case !certain:
		return Unknown
	case declared:
		return OutOfBand
	case c.releasesDiffer() || lacks.stackOf(key).absent():
		return NotYetDeployed
	}
	return Declared
}

func (c *comparer) changedWhere(key string, has, lacks *side) string {
	if c.causeOfAbsence(key, has, lacks) == OutOfBand {
		return lacks.region()
	}
	return ""
}

func (c *comparer) missingMessage(p pair) string {
	region, stack := c.standby.region(), c.standby.stackOf(p.key)
	head := fmt.Sprintf("%s (%s) is missing in %s", p.key, p.primary.Type, region)
	switch {
	case availability.Lacks(region, p.primary.Type):
		return head + ": AWS does not offer the type there (" + availability.Source() + "). A takeover would have to do without it."
	case stack != nil && stack.absent():
		return head + ": the whole stack " + stack.Key + " does not exist there."
	case c.causeOfAbsence(p.key, c.primary, c.standby) == OutOfBand:
		return head + " although " + c.sourceOf(p.key).witness() + ": it was deleted by hand, and a takeover would have to do without it."
	}
	why := c.byCondition(p.key, c.standby)
	if why == "" && c.standby.silentAbout(p.key) {
		why = ", whose template does not declare it"
	}
	return head + why + ": a takeover would have to do without it."
}

// silentAbout reports whether the Region's template is known and certainly says
// nothing of a resource.
func (s *side) silentAbout(key string) bool {
	stack := s.stackOf(key)
	if stack == nil || stack.absent() {
		return false
	}
	if _, certain := s.declares(key); !certain {
		return false
	}
	return dig(stack.Template, "Resources."+logicalOf(s.ownOf(key))) == nil
}

// byCondition says why a template has a resource in one Region only.
func (c *comparer) byCondition(key string, lacks *side) string {
	has := c.primary
	if lacks == c.primary {
		has = c.standby
	}
	if c.causeOfAbsence(key, has, lacks) != Declared {
		return ""
	}
	if why := c.because(key, nil, false).sentence(); why != "" {
		return ", as the templates say (" + why + ")"
	}
	return ""
}

func (c *comparer) extraMessage(p pair) string {
	head := fmt.Sprintf("%s (%s) exists in %s and not in %s: ", p.key, p.standby.Type, c.standby.region(), c.primary.region())
	if stack := c.primary.stackOf(p.key); stack != nil && stack.absent() {
		return head + "the whole stack " + stack.Key + " does not exist there."
	}
	if why := c.byCondition(p.key, c.primary); why != "" {
		return head + strings.TrimPrefix(why, ", ") + "."
	}
	return head + "the Regions were not built from one source, or it was removed from " + c.primary.region() + " alone."
}

// absent reports whether CloudFormation has no resources under the stack's
// name: it was never created, only planned, or is deleted.
func (s *Stack) absent() bool {
	switch s.Status {
	case "":
		return s.ID == ""
	case "REVIEW_IN_PROGRESS", "DELETE_COMPLETE":
		return true
	}
	return false
}

func (c *comparer) missingFix(p pair) string {
	if availability.Lacks(c.standby.region(), p.primary.Type) {
		return "choose a standby Region that offers " + p.primary.Type + ", or build the standby without it; if AWS has brought it to " + c.standby.region() + " since, deploy it there"
	}
	source := c.sourceOf(p.key)
	if source == fromStack && c.causeOfAbsence(p.key, c.primary, c.standby) == OutOfBand {
		return "recreate it with `lockstep deploy --revert-drift`"
	}
	if source == fromStack && c.causeOfAbsence(p.key, c.primary, c.standby) == Declared {
		return "declare it for " + c.standby.region() + " too: deploy the same template there, with no condition that leaves it out; or " +
			acceptIt(Finding{Resource: p.key, Property: "*"})
	}
	return source.makeThere(c.standby.region())
}
