package drift

import (
	"regexp"
	"slices"
	"strings"
)

// generatedID finds ids that AWS made: vpc-0a1b2c3d, and UUIDs. Ids of
// multi-Region keys (mrk-…) are equal everywhere and take no part.
var generatedID = regexp.MustCompile(`\b(?:[a-z][a-z0-9]{0,11}-[0-9a-f]{8,17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b`)

// external is a value that names something outside the application by a
// generated id, which is another one in every Region: a VPC of another stack.
type external struct {
	left, right      []string
	finding          Finding
	confirmed, wrong bool
}

// externals collects them, because only together they show whether each id of
// the primary always stands beside the same id of the standby.
type externals []external

// note takes a difference that consists of such ids only, and says so.
func (e *externals) note(c *comparer, p *couple, d difference, f Finding) bool {
	skeletonLeft, left := skeleton(d.primary)
	skeletonRight, right := skeleton(d.standby)
	if left == nil || len(left) != len(right) || skeletonLeft != skeletonRight {
		return false
	}
	next := external{left: left, right: right, finding: f}
	switch cause, _ := c.cause(p, d); {
	case cause == Unknown:
		next.confirmed = c.primary.shapes.of(p.primary.Type).fixed(d.path)
	case cause == OutOfBand && !c.declaresAnything(p, d):
		next.confirmed = true // neither template sets it: AWS chose, in each Region
	case cause == OutOfBand:
		next.wrong = true
	default:
		next.confirmed = c.liveIsDeclared(p, d)
		next.wrong = !next.confirmed
	}
	*e = append(*e, next)
	return true
}

// skeleton is a canonical value with its generated ids taken out.
func skeleton(n *node) (string, []string) {
	if n == nil || n.kind != kindText && n.kind != kindSet && n.kind != kindList || !n.scalar() && !n.atomic() || n.free {
		return "", nil
	}
	text := n.text
	if !n.scalar() {
		parts := make([]string, len(n.kids))
		for i, kid := range n.kids {
			parts[i] = kid.text
		}
		if n.kind == kindSet {
			slices.Sort(parts)
		}
		text = strings.Join(parts, "\n")
	}
	ids := generatedID.FindAllString(text, -1)
	if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "mrk-") }) {
		return "", nil
	}
	return generatedID.ReplaceAllStringFunc(text, func(id string) string {
		prefix, _, _ := strings.Cut(id, "-")
		if len(prefix) == 8 {
			prefix = "uuid"
		}
		return "${external:" + prefix + "}"
	}), ids
}

// settle reports the ids that do not belong together: those a template
// contradicts, and those that stand beside several others.
func (e externals) settle(c *comparer) {
	partner, uses := map[string]map[string]bool{}, map[[2]string]int{}
	meet := func(a, b string) {
		if partner[a] == nil {
			partner[a] = map[string]bool{}
		}
		partner[a][b] = true
	}
	for _, x := range e {
		if len(x.left) > 1 {
			continue // a set of ids says nothing about which belongs to which
		}
		meet("p:"+x.left[0], x.right[0])
		meet("s:"+x.right[0], x.left[0])
		uses[[2]string{x.left[0], x.right[0]}]++
	}
	for _, x := range e {
		if x.confirmed {
			continue
		}
		consistent := !x.wrong && len(x.left) == 1 && len(partner["p:"+x.left[0]]) == 1 &&
			len(partner["s:"+x.right[0]]) == 1 && uses[[2]string{x.left[0], x.right[0]}] > 1
		if !consistent {
			c.add(x.finding)
		}
	}
}

// declaresAnything reports whether a template sets the property.
func (c *comparer) declaresAnything(p *couple, d difference) bool {
	declaredLeft, declaredRight, _ := c.declared(p)
	left, _ := declaredLeft.reach(d.path)
	right, _ := declaredRight.reach(d.path)
	return left != nil || right != nil
}

// liveIsDeclared reports whether both Regions have what their templates say.
func (c *comparer) liveIsDeclared(p *couple, d difference) bool {
	declaredLeft, declaredRight, ok := c.declared(p)
	if !ok {
		return false
	}
	left, depth := declaredLeft.reach(d.path)
	right, depthRight := declaredRight.reach(d.path)
	liveLeft, _ := p.left.reach(d.path[:depth])
	liveRight, _ := p.right.reach(d.path[:depthRight])
	return alike(left, liveLeft) && alike(right, liveRight)
}

// fixed reports whether a path cannot change after creation.
func (s *shape) fixed(p path) bool {
	for _, at := range p {
		if s.has(traitFixed) {
			return true
		}
		if at.element {
			s = s.at("*")
		} else {
			s = s.at(at.name)
		}
	}
	return s.has(traitFixed)
}
