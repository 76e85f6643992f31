package drift

import (
	"fmt"
	"slices"
	"strings"
)

// existsOnce reports whether a resource exists once for all Regions.
func existsOnce(r *Resource) bool {
	if isGlobal(r.Type) {
		return true
	}
	scope, _ := r.Properties["Scope"].(string)
	return strings.HasPrefix(r.Type, "AWS::WAFv2::") && scope == "CLOUDFRONT"
}

// oneForAll reports whether two resources are one that was read in both Regions:
// it is the same for both, and cannot differ from itself.
func (c *comparer) oneForAll(p pair) bool {
	return existsOnce(p.primary) && p.primary.Type == p.standby.Type && p.primary.ID != "" && sameID(p.primary, p.standby) &&
		c.primary.snapshot.Account == c.standby.snapshot.Account
}

// sameID reports whether two resources that exist once are one. Records of one
// name share their physical id, and are told apart by their zone, which may be a
// private one of each Region, their type and their set.
func sameID(a, b *Resource) bool {
	for _, property := range []string{"HostedZoneId", "HostedZoneName", "Type", "SetIdentifier"} {
		mine, _ := a.Properties[property].(string)
		other, _ := b.Properties[property].(string)
		if mine != other {
			return false
		}
	}
	return a.ID == b.ID
}

// spanning are properties of resources that exist once and lead traffic: they
// must lead to the standby too. Together says by which properties several
// resources are one answer: the records of one name.
var spanning = []struct {
	Type       string
	Properties []string
	Together   []string
}{
	{"AWS::CloudFront::Distribution", []string{"DistributionConfig.Origins"}, nil},
	{"AWS::GlobalAccelerator::EndpointGroup", []string{"EndpointGroupRegion"}, []string{"ListenerArn"}},
	{"AWS::Route53::RecordSet", []string{"AliasTarget", "ResourceRecords"}, []string{"HostedZoneId", "HostedZoneName", "Name", "Type"}},
}

// reach is where one answer leads.
type reach struct {
	first         *Resource
	property      string
	value         *node
	here, there   bool
	ofPrimaryOnly bool
}

// oneSided finds what leads traffic and leads to the primary alone.
func (c *comparer) oneSided() {
	for _, t := range spanning {
		if c.standby.unread.covers("", t.Type) != nil {
			continue // there may be more of it; a gap says so
		}
		found := map[string]*reach{}
		for _, r := range c.primary.ofType(t.Type) {
			c.reaches(c.primary, r, t.Properties, t.Together, found)
		}
		for _, r := range c.standby.ofType(t.Type) {
			c.reaches(c.standby, r, t.Properties, t.Together, found)
		}
		var all []*reach
		for _, r := range found {
			all = append(all, r)
		}
		slices.SortFunc(all, func(a, b *reach) int { return strings.Compare(a.first.Key, b.first.Key) })
		for _, r := range all {
			if r.ofPrimaryOnly && r.here && !r.there {
				c.add(c.oneSidedFinding(r))
			}
		}
	}
}

// reaches adds one resource to the answer it is part of.
func (c *comparer) reaches(s *side, r *Resource, properties, by []string, found map[string]*reach) {
	tree := s.resource(r)
	name := s.of(r.Key)
	key := name
	if len(by) > 0 {
		name = ""
		for _, property := range by {
			if kid := tree.child(property); kid != nil {
				name += strings.ToLower(strings.TrimSuffix(c.nameOfAnswer(property, kid), ".")) + "\n"
			}
		}
	}
	answer := found[name]
	if answer == nil {
		answer = &reach{first: r, ofPrimaryOnly: true}
		found[name] = answer
	}
	sibling := c.primary.resources[s.of(r.Key)]
	if s == c.primary {
		sibling = c.standby.resources[r.Key]
	}
	if sibling != nil && sameID(sibling, r) && s == c.standby {
		return // the primary's, read again
	}
	if sibling != nil && !sameID(sibling, r) || s == c.primary && c.standby.lost(key) {
		answer.ofPrimaryOnly = false // each Region has its own, or had
	}
	for _, property := range properties {
		value := tree.at(property)
		for _, m := range value.mentions() {
			if m.vague || m.place == placeAccount || m.place == placeCode {
				continue
			}
			if (m.peer) == (s == c.primary) {
				answer.there = true
				continue
			}
			answer.here = true
			if answer.value == nil {
				answer.property, answer.value = property, value
			}
		}
	}
}

// nameOfAnswer is a property by which several resources are one answer. A name
// says the same whichever Region stands in it.
func (c *comparer) nameOfAnswer(property string, n *node) string {
	if property != "Name" {
		return n.text
	}
	name := textOf(n)
	bare, _ := c.primary.places.rewrite(0, name)
	bare, _ = c.standby.places.rewrite(1, bare)
	return withoutPlaces(name, bare)
}

func (c *comparer) oneSidedFinding(r *reach) Finding {
	here, there := c.primary.region(), c.standby.region()
	d := difference{primary: r.value}
	return Finding{Resource: r.first.Key, Type: r.first.Type, Property: r.property, Region: there, Primary: d.shown(r.value),
		Relation: Superset, Severity: Warn, Cause: Declared, Location: r.first.Location,
		Message: fmt.Sprintf("%s exists once for both Regions and leads to %s alone: %s is %s. When %s is lost, somebody has to change it by hand.",
			r.first.Key, here, r.property, brief(d.shown(r.value)), here),
		Fix: fmt.Sprintf("let it lead to %s too: a second record, origin or endpoint group with a health check", there)}
}
