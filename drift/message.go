package drift

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// finding describes a difference for a person.
func (c *comparer) finding(p *couple, d difference, rule Rule, j judgement) Finding {
	cause, changed := c.cause(p, d)
	f := Finding{Resource: p.key, Type: p.primary.Type, Property: d.path.String(), Region: c.standby.region(),
		Primary: d.shown(d.primary), Standby: d.shown(d.standby), Relation: rule.Relation, Severity: j.severity,
		Cause: cause, ChangedIn: changed, Location: p.standby.Location}
	by := c.declaredAt(p, d)
	switch cause {
	case Unknown:
		by.why = c.whyUnknown(p)
	case Declared, NotYetDeployed:
		c.explainBy(&by, c.because(p.key, d.path, d.hidden()))
	}
	by.epoch = cause == OutOfBand && c.differentEpoch(p, d)
	by.ofTheDay = cause == OutOfBand && c.ofTheDay(p, d)
	f.Message = c.sentence(f, d, j, by)
	f.Fix = c.advice(f, rule, by)
	switch {
	case f.Type == typeVersion && f.Property == codeHash:
		f.Fix = "publish a new version in every Region: a version keeps the code it was published with, so give it a new logical id with every change of the code"
	case cause == OutOfBand && c.undeclared(p, d):
		f.Fix = c.byHand(f, rule)
	}
	return f
}

// shown is a value as read, or the mark of a secret.
func (d difference) shown(n *node) any {
	if d.hidden() {
		return Redacted
	}
	if n == nil {
		return nil
	}
	if list, ok := n.raw.([]any); ok && n.kind == kindSet && n.atomic() {
		list = slices.Clone(list)
		slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		return list
	}
	return n.raw
}

func (c *comparer) sentence(f Finding, d difference, j judgement, by declaredBy) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s ", f.Resource, f.Property)
	switch {
	case d.hidden():
		b.WriteString("holds a secret that differs between " + c.primary.region() + " and " + f.Region)
	case d.standby == nil:
		fmt.Fprintf(&b, "is %s in %s and not set in %s", brief(f.Primary), c.primary.region(), f.Region)
	case d.primary == nil:
		fmt.Fprintf(&b, "is %s in %s and not set in %s", brief(f.Standby), f.Region, c.primary.region())
	case reflect.DeepEqual(d.primary.raw, d.standby.raw):
		fmt.Fprintf(&b, "is %s in both Regions, which is not the same thing in %s and in %s", brief(f.Primary), c.primary.region(), f.Region)
	default:
		fmt.Fprintf(&b, "is %s in %s and %s in %s", brief(f.Primary), c.primary.region(), brief(f.Standby), f.Region)
	}
	if f.Relation == AtLeast && j.want != "" {
		fmt.Fprintf(&b, "; at least %s is required", j.want)
	}
	b.WriteString(". ")
	if j.note != "" {
		b.WriteString(j.note + " ")
	}
	b.WriteString(c.explain(f, by))
	return b.String()
}

// explain says where the difference comes from.
func (c *comparer) explain(f Finding, by declaredBy) string {
	switch f.Cause {
	case Declared:
		if by.why != "" && (!by.known || by.parameter != "") {
			return upperFirst(by.why) + "."
		}
		if by.why != "" {
			return fmt.Sprintf("The template says %s in %s and %s in %s: %s.", brief(by.primary), c.primary.region(), brief(by.standby), f.Region, by.why)
		}
		if by.parameter != "" {
			return fmt.Sprintf("Parameter %s is %s in %s and %s in %s.", by.parameter, brief(by.primary), c.primary.region(), brief(by.standby), f.Region)
		}
		if by.known {
			return fmt.Sprintf("The template says %s in %s and %s in %s.", brief(by.primary), c.primary.region(), brief(by.standby), f.Region)
		}
		return "The deployed templates or their parameters differ between the Regions."
	case NotYetDeployed:
		if !c.releasesDiffer() {
			return c.explainPending(by)
		}
		return fmt.Sprintf("%s runs release %s, %s runs %s.", c.primary.region(), c.primary.release, f.Region, c.standby.release)
	case OutOfBand:
		if by.epoch {
			return "No template declares it, and one Region has it off or not at all: AWS's default may have changed between the days the two were created (a different default epoch), or it was set by hand."
		}
		if by.ofTheDay {
			return "No template declares it: each Region has what was current on the day it was made or last updated, or it was set by hand."
		}
		if f.ChangedIn != "" && by.known && reflect.DeepEqual(by.primary, by.standby) {
			return "Both templates say " + brief(by.primary) + ": it was changed by hand in " + f.ChangedIn + "."
		}
		if f.ChangedIn != "" {
			return "Both templates agree: it was changed by hand in " + f.ChangedIn + "."
		}
		return "Both templates agree: one Region was changed by hand."
	}
	if by.why != "" {
		return strings.TrimSuffix(c.sourceOf(f.Resource).silence(), ".") + ": " + by.why + "."
	}
	return c.sourceOf(f.Resource).silence()
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (c *comparer) advice(f Finding, rule Rule, by declaredBy) string {
	usual := ""
	switch f.Cause {
	case OutOfBand:
		usual = "redeploy with `lockstep deploy --revert-drift`, or bring the change into the template"
	case NotYetDeployed:
		usual = "deploy the same release to " + f.Region + " with `lockstep deploy`"
	case Declared:
		agree := "make the template or its parameters agree"
		if by.parameter != "" {
			agree = "give parameter " + by.parameter + " the same value in both Regions"
		}
		usual = agree + ", or " + acceptIt(f)
	default:
		usual = c.sourceOf(f.Resource).agree() + ", or " + acceptIt(f)
	}
	if rule.Fix == "" || f.Cause == OutOfBand || f.Cause == NotYetDeployed {
		return usual
	}
	return rule.Fix + "; " + usual
}

// acceptIt says where a difference that is meant is written down.
func acceptIt(f Finding) string {
	return "accept it under drift.accept in the configuration (resource " + f.Resource + ", property " + f.Property + ")"
}

// byHand is the advice for a property that no template declares: CloudFormation
// never looks at it, so no deploy brings it back.
func (c *comparer) byHand(f Finding, rule Rule) string {
	if f.Property == codeHash {
		return "upload the code of the release to " + f.Resource + " by hand, or release a change of the code: CloudFormation does not look at what a function runs, so a deploy of the same release leaves it"
	}
	where := cmp.Or(f.ChangedIn, "the Region where it was changed")
	usual := "set it back by hand in " + where + " (the template does not declare it, so a deploy leaves it as it is), or declare it in the template"
	if rule.Fix != "" {
		return rule.Fix + "; " + usual
	}
	return usual
}

// pointer is a value of one Region that names the other.
type pointer struct {
	from, to *side
	node     *node
	mention  mention
}

// pointerIn finds what ties a difference to the other Region: the standby to
// the primary or, where both are active, either to the other.
func (c *comparer) pointerIn(d difference) (pointer, bool) {
	if m, ok := d.standby.pointer(); ok {
		return pointer{from: c.standby, to: c.primary, node: d.standby, mention: m}, true
	}
	if c.primary.snapshot.Region.Role == topology.Active {
		if m, ok := d.primary.pointer(); ok {
			return pointer{from: c.primary, to: c.standby, node: d.primary, mention: m}, true
		}
	}
	return pointer{}, false
}

// pointsBack turns a finding into the report of a value that ties a Region to
// the one it is there to replace.
func (c *comparer) pointsBack(f *Finding, d difference, p pointer) {
	f.Severity, f.Relation = Block, Equal
	m, here, there := p.mention, p.from.region(), p.to.region()
	what, back := m.text, "back at the primary"
	if p.to.snapshot.Region.Role == topology.Active {
		back = "at " + there
	}
	if d.hidden() && m.place != placeRegion {
		what = "something of " + there
	}
	subject := fmt.Sprintf("%s: %s in %s points %s: it names %s", f.Resource, f.Property, here, back, what)
	if m.place == placeResource && m.key != "" {
		is, names := "is", "let it name "
		if m.within {
			is, names = "is in", "let it name the same place in "
		}
		f.Message = fmt.Sprintf("%s, which %s %s in %s. When %s is lost, this stops working.", subject, is, m.key, there, there)
		f.Fix = names + m.key + " of " + here
		if own := p.from.resources[m.key]; own != nil && own.ID != "" && !d.hidden() {
			f.Fix += " (" + own.ID + ")"
		}
	} else if m.place == placeContent {
		f.Message = fmt.Sprintf("%s, which exists in %s alone. When %s is lost, this stops working.", subject, there, there)
		f.Fix = "let it name its counterpart in " + here + "; find it by name instead of writing its id down"
	} else {
		f.Message = fmt.Sprintf("%s%s. When %s is lost, this stops working.", subject, p.placeNote(d), there)
		f.Fix = "derive the Region from the stack (AWS::Region) instead of writing it down"
		if p.namesZone() {
			f.Fix = "take a zone of the stack's own Region (Fn::GetAZs) instead of writing one down"
		}
	}
	if f.Cause == OutOfBand {
		f.Message += " " + c.explain(*f, declaredBy{})
		f.Fix += "; redeploy with `lockstep deploy --revert-drift`"
	}
}

// namesZone reports whether the value is a zone of the other Region, such as us-east-1a.
func (p pointer) namesZone() bool {
	text, _ := p.node.raw.(string)
	letter, ok := strings.CutPrefix(text, p.to.region())
	return ok && len(letter) == 1 && letter >= "a" && letter <= "z"
}

// placeNote says what kind of value names the other Region.
func (p pointer) placeNote(d difference) string {
	text, _ := p.node.raw.(string)
	switch {
	case d.hidden():
		return ""
	case strings.Contains(text, ".dkr.ecr."):
		return " as the registry of an image"
	case strings.HasPrefix(text, "arn:"):
		return " in an ARN"
	case strings.Contains(text, "://"):
		return " in a URL"
	}
	return ""
}
