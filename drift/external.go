package drift

import (
	"regexp"
	"slices"
	"strings"
)

// generatedID finds ids that AWS made: vpc-0a1b2c3d, UUIDs, and the last part of
// the issuer of a Kubernetes cluster. Ids of multi-Region keys (mrk-…) are equal
// everywhere and take no part.
var generatedID = regexp.MustCompile(`\b(?:[a-z][a-z0-9]{0,11}-[0-9a-f]{8,17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|id/[0-9A-F]{32})\b`)

// external is a value that names something outside the application by a
// generated id, which is another one in every Region: a VPC of another stack.
type external struct {
	left, right      string
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
	slices.Sort(left)
	slices.Sort(right)
	next := external{left: strings.Join(left, " "), right: strings.Join(right, " "), finding: f}
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
	text, plain := plainText(n)
	if !plain {
		return "", nil
	}
	ids := generatedID.FindAllString(text, -1)
	if slices.ContainsFunc(ids, func(id string) bool { return strings.HasPrefix(id, "mrk-") }) {
		return "", nil
	}
	return generatedID.ReplaceAllStringFunc(text, func(id string) string {
		prefix, _, dashed := strings.Cut(id, "-")
		switch {
		case !dashed:
			prefix = "issuer"
		case len(prefix) == 8:
			prefix = "uuid"
		}
		return "${external:" + prefix + "}"
	}), ids
}

// plainText is a text, several of them, or such by kind as one differs as a whole:
// the principals of a statement. Nothing else is taken apart.
func plainText(n *node) (string, bool) {
	switch {
	case n == nil || n.free:
		return "", false
	case n.kind == kindText:
		return n.text, true
	case n.kind == kindObject && n.whole:
		var parts []string
		for i, kid := range n.kids {
			text, plain := plainText(kid)
			if !plain {
				return "", false
			}
			parts = append(parts, n.keys[i]+": "+text)
		}
		return strings.Join(parts, "\n"), true
	case n.kind != kindSet && n.kind != kindList || !n.atomic():
		return "", false
	}
	parts := make([]string, len(n.kids))
	for i, kid := range n.kids {
		parts[i] = kid.text
	}
	if n.kind == kindSet {
		slices.Sort(parts)
	}
	return strings.Join(parts, "\n"), true
}

// settle reports the ids that do not belong together: those a template
// contradicts, and those that stand beside several others. What no template
// confirms and nothing repeats is possible drift, not proven drift.
func (e externals) settle(c *comparer) {
	partners, times := map[string]map[string]bool{}, map[[2]string]int{}
	meet := func(a, b string) {
		if partners[a] == nil {
			partners[a] = map[string]bool{}
		}
		partners[a][b] = true
	}
	for i := range e {
		x := &e[i]
		meet("p:"+x.left, x.right)
		meet("s:"+x.right, x.left)
		times[[2]string{x.left, x.right}]++
	}
	for _, x := range e {
		single := len(partners["p:"+x.left]) == 1 && len(partners["s:"+x.right]) == 1
		switch {
		case x.confirmed:
		case x.wrong || !single:
			c.add(x.finding)
		case times[[2]string{x.left, x.right}] == 1:
			if x.finding.Severity == Block {
				x.finding.Severity = Warn
			}
			x.finding.Message += " Both are ids from outside of the application, and nothing shows whether they belong together."
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
