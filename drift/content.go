package drift

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// content is what an id from outside of the application stands for: an image,
// a key, a certificate, a parameter group. Values that name it are compared by
// it, so that only equal content makes two ids equal.
type content struct {
	kind, name, symbol string
	tree               *node
	// zone is the Availability Zone it is in, if it is in one.
	zone string
	// apart says that it is no copy of the image it is called like.
	apart bool
	// fact is the whole fact; what stands beside the content is for judging age.
	fact map[string]any
}

// contents are the ids that a Region's facts describe, by id.
type contents map[string]content

// describe reads the facts about ids. An id that belongs to a resource of the
// application is compared as that, and a fact that does not say what makes a
// thing this thing and no other proves nothing.
func (s *side) describe() contents {
	all := contents{}
	for _, f := range s.snapshot.Facts {
		value, _ := f.Value.(map[string]any)
		tree, ok := value["Content"].(map[string]any)
		if f.Kind != FactContent || !ok || len(tree) == 0 || len(s.owners[f.Subject]) > 0 {
			continue
		}
		c := content{fact: value}
		c.kind, _ = value["Kind"].(string)
		c.name, _ = value["Name"].(string)
		if generatedID.MatchString(c.name) && strings.Contains(f.Subject, c.name) {
			continue // a name that AWS made up: two strangers may have like settings
		}
		c.tree = s.value(nil, 0, tree, document)
		c.zone = takeZone(c.tree)
		digest := c.tree.digest()
		c.symbol = c.kind + ":" + hex.EncodeToString(digest[:8])
		all[f.Subject] = c
	}
	return all
}

// takeZone makes all zones of a content one, and says which it was. Nothing
// tells which zones of two Regions belong together where no resource of the
// application is in them; how many a set spans is counted (zoneCount).
func takeZone(tree *node) string {
	zone := ""
	tree.walk(func(n *node) {
		for _, m := range n.names {
			if m.place == placeZone && !m.peer {
				n.text, zone = strings.ReplaceAll(n.text, m.token(), "${Zone}"), m.text
			}
		}
	})
	return zone
}

// zonesPrefix begins what stands in a set for the zones of its elements.
const zonesPrefix = "${Zones:"

// zoneCount is how many zones the described elements of an array are in; nil
// when they are in none.
func (c *canoniser) zoneCount(kids []*node) *node {
	zones := map[string]bool{}
	for _, kid := range kids {
		if zone := c.contents[textOf(kid)].zone; zone != "" {
			zones[zone] = true
		}
	}
	if len(zones) == 0 {
		return nil
	}
	return &node{kind: kindText, text: zonesPrefix + strconv.Itoa(len(zones)) + "}"}
}

// standsFor finds what a whole value stands for in the own Region or, for an id
// that exists in one Region only, in the other.
func (c *canoniser) standsFor(v string, how reading) (mention, bool) {
	if len(c.contents) == 0 && len(c.others) == 0 {
		return mention{}, false
	}
	own, mine := c.contents[v]
	other, theirs := c.others[v]
	if !mine && !theirs {
		return mention{}, false
	}
	regional := generatedID.MatchString(v) && !strings.HasPrefix(v, "mrk-")
	switch {
	case how == verbatim && !regional: // a word of the user's own
	case mine:
		return mention{place: placeContent, symbol: own.symbol, text: v}, true
	case regional && len(c.view.owners[v]) == 0:
		return mention{place: placeContent, symbol: other.kind + ":" + v, text: v, peer: true}, true
	}
	return mention{}, false
}

// described lists the ids of a value that a fact of its Region describes.
func described(n *node) []string {
	var ids []string
	for _, m := range n.mentions() {
		if m.place == placeContent && !m.peer {
			ids = append(ids, m.text)
		}
	}
	return ids
}

// undescribed is a value as it is read, where only one of two values is
// described: a fact of one Region alone proves nothing. The value itself stays,
// because against what its own template says it is held as it is described.
func undescribed(n *node) *node {
	out := *n
	out.kids = nil
	for i, kid := range n.kids {
		if n.kind == kindSet && kid.raw == nil && strings.HasPrefix(kid.text, zonesPrefix) {
			continue // how many zones the described ones are in
		}
		out.kids = append(out.kids, undescribed(n.kids[i]))
	}
	if len(n.names) == 1 && n.names[0].place == placeContent && !n.names[0].peer {
		out.text, out.names = textOf(n), nil
	}
	return &out
}

// byContent looks at two values that differ and whose ids are described. It
// reports whether the difference is settled: nothing to say, or a gap.
func (c *comparer) byContent(p *couple, d *difference, j *judgement) (settled bool) {
	if d.primary == nil || d.standby == nil {
		return false
	}
	left, right := described(d.primary), described(d.standby)
	if len(left) == 0 && len(right) == 0 {
		return false
	}
	if len(left) != len(right) {
		d.primary, d.standby = undescribed(d.primary), undescribed(d.standby)
		if same(d.primary, d.standby) {
			return true
		}
		return c.contentUnread(p, d)
	}
	if len(left) == 1 {
		ours, theirs := c.primary.contents[left[0]], c.standby.contents[right[0]]
		j.note, j.severity = ours.against(theirs, j.severity)
	}
	return false
}

// contentUnread turns a difference into a gap where a gap says that what an id
// stands for could not be read.
func (c *comparer) contentUnread(p *couple, d *difference) bool {
	texts := append(scalars(d.primary), scalars(d.standby)...)
	for _, s := range []*side{c.primary, c.standby} {
		i := slices.IndexFunc(s.snapshot.Gaps, func(g Gap) bool {
			return g.Fact == FactContent && (g.Resource == "" || s.of(g.Resource) == p.key || slices.Contains(texts, g.Resource))
		})
		if i >= 0 {
			c.out.Gaps = append(c.out.Gaps, Gap{Region: s.region(), Resource: p.key, Type: p.primary.Type, Operation: "lockstep:Compare", Reason: "Unresolved",
				Message: d.path.String() + " is another id in each Region, and what it stands for in " + s.region() + " was not read"})
			return true
		}
	}
	return false
}

func scalars(n *node) []string {
	var all []string
	n.walk(func(x *node) {
		if x.scalar() {
			all = append(all, textOf(x))
		}
	})
	return all
}

// against says how two contents differ, and how bad that is.
func (c content) against(other content, usual Severity) (note string, severity Severity) {
	if c.kind == kindImage && other.kind == kindImage {
		return imageAgainst(c, other)
	}
	var parts []string
	for _, d := range differences(c.tree, other.tree) {
		parts = append(parts, fmt.Sprintf("%s is %s and %s", d.path.String(), brief(d.shown(d.primary)), brief(d.shown(d.standby))))
	}
	const most = 3
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", len(parts)-most))
	}
	return fmt.Sprintf("What they stand for differs: %s.", strings.Join(parts, ", ")), usual
}
