package drift

import (
	"cmp"
	"slices"
	"time"

	"github.com/lockstep-dr/lockstep/topology"
)

// Options are what the team declared; they never hold what was read.
type Options struct {
	Topology   topology.Topology
	Objectives topology.Objectives
	Accept     []Waiver
	// Now decides which waivers still hold.
	Now time.Time
}

// Compare holds one Region against the reference Region. Snapshots are left
// as they are. The result depends on nothing but the arguments, and not on
// the order of anything in them.
//
// What could not be read is never equal and never missing: it is counted as
// not compared, and its gap is in the result.
func Compare(primary, standby *Snapshot, o Options) Comparison {
	if primary == nil || standby == nil {
		return nothingToCompare(primary, standby, o)
	}
	primary, standby = unclaimed(primary, standby), unclaimed(standby, primary)
	m := matchUp(primary, standby)
	c := newComparer(primary, standby, m, o)
	for m.children(c) { // each pair may be the parent of another
		c = newComparer(primary, standby, m, o)
	}
	p := pairUp(primary, standby, m)
	for _, next := range p.pairs {
		c.pair(next)
	}
	for _, next := range p.ambiguous {
		c.ambiguous(next)
	}
	c.goneInBoth()
	c.leftOutOfBoth()
	c.unreadPairs(p)
	c.out.Aliases = m.aliases.key
	return c.finish()
}

func nothingToCompare(primary, standby *Snapshot, o Options) Comparison {
	c := Comparison{Waivers: uses(o.Accept)}
	for _, s := range []*Snapshot{primary, standby} {
		if s != nil {
			c.Region = s.Region.Name
			c.Gaps = append(c.Gaps, s.Gaps...)
		}
	}
	c.Gaps = append(c.Gaps, Gap{Operation: "lockstep:Snapshot", Reason: "NotRead", Message: "a Region has no snapshot: nothing was compared"})
	return c
}

// comparer is one comparison under way.
type comparer struct {
	o                Options
	primary, standby *side
	book             ruleBook
	// externals are the pairs of ids from outside the application, judged together.
	externals externals
	// policyTags are the tags that policies look at, collected when a tag differs.
	policyTags map[string]bool
	out        Comparison
}

// side is one Region: its snapshot, what its texts mean, what is missing of it.
type side struct {
	*view
	canoniser
	unread    *unread
	moving    map[string]bool
	resources map[string]*Resource // by key
	byType    map[string][]*Resource
	places    *index // the Region's own names only
	facts     map[factKey]any
	stacks    map[string]*Stack
	release   string
	// symbols are those that live values are rewritten to; made on first use.
	symbols map[string]bool
}

func newComparer(primary, standby *Snapshot, m *matching, o Options) *comparer {
	c := &comparer{o: o, book: newRuleBook(), externals: externals{}}
	c.out = Comparison{Region: standby.Region.Name, Waivers: uses(o.Accept)}
	left, right := newView(primary, 0, newAliases()), newView(standby, 1, m.aliases)
	left.shareGlobals(right)
	right.shareGlobals(left)
	left.shareReplicas(right)
	right.shareReplicas(left)
	numberZones(left, right)
	names := newClasses()
	names.joinAll(left.owners)
	names.joinAll(right.owners)
	x := newIndex(len(left.owners) + len(right.owners))
	x.regions = [2]string{primary.Region.Name, standby.Region.Name}
	left.addTo(x, names)
	right.addTo(x, names)
	known := shapes{}
	c.primary = newSide(left, canoniser{view: left, index: x, shapes: known, classes: names, parts: partitionFacts(primary.Region.Name, standby.Region.Name)})
	c.standby = newSide(right, canoniser{view: right, index: x, shapes: known, classes: names, parts: partitionFacts(standby.Region.Name, primary.Region.Name)})
	c.primary.networks, c.standby.networks = left.networksOf(names), right.networksOf(names)
	c.primary.peers, c.standby.peers = c.standby.networks, c.primary.networks
	ours, theirs := c.primary.describe(), c.standby.describe()
	c.relate(ours, theirs)
	c.primary.contents, c.primary.others = ours, theirs
	c.standby.contents, c.standby.others = theirs, ours
	for _, s := range []*Snapshot{primary, standby} {
		c.out.Gaps = append(c.out.Gaps, s.Gaps...)
		c.out.Gaps = append(c.out.Gaps, moving(s)...)
	}
	return c
}

type factKey struct{ kind, subject string }

func newSide(v *view, n canoniser) *side {
	s := &side{view: v, canoniser: n, unread: newUnread(v.snapshot, v.aliases), moving: map[string]bool{}, stacks: map[string]*Stack{}}
	s.resources, s.facts = make(map[string]*Resource, len(v.snapshot.Resources)), map[factKey]any{}
	s.places = newIndex(0)
	v.addPlaces(s.places)
	for i := range v.snapshot.Resources {
		r := &v.snapshot.Resources[i]
		s.resources[v.of(r.Key)] = r
	}
	for _, f := range v.snapshot.Facts {
		s.facts[factKey{f.Kind, v.of(f.Subject)}] = f.Value
	}
	for i := range v.snapshot.Stacks {
		stack := &v.snapshot.Stacks[i]
		s.stacks[stack.Key] = stack
	}
	for _, gap := range moving(v.snapshot) {
		s.moving[gap.Resource] = true
	}
	if v.snapshot.Release != nil {
		s.release = v.snapshot.Release.ID
	}
	return s
}

// typeOf is the type of a resource; "" when the Region does not have it.
func (s *side) typeOf(key string) string {
	if r := s.resources[key]; r != nil {
		return r.Type
	}
	return ""
}

// stackOf is the stack that owns a resource; nil when it is not known.
func (s *side) stackOf(key string) *Stack { return s.stacks[stackOf(s.ownOf(key))] }

// moves reports whether the resource's stack was being changed while it was read.
func (s *side) moves(key string) bool { return s.moving[stackOf(s.ownOf(key))] }

// moves reports whether the resource's stack was being changed in either Region
// while it was read.
func (c *comparer) moves(key string) bool { return c.primary.moves(key) || c.standby.moves(key) }

// region is the name of the Region.
func (s *side) region() string { return s.snapshot.Region.Name }

// pair compares one resource with its sibling, if it has one.
func (c *comparer) pair(p pair) {
	switch {
	case silent(p):
	case c.moves(p.key):
		c.notCompared()
	case p.standby == nil:
		c.onlyInPrimary(p)
	case p.primary == nil:
		c.onlyInStandby(p)
	default:
		c.compared()
		c.both(p)
	}
}

func silent(p pair) bool {
	return (p.primary == nil || isSilent(p.primary.Type)) && (p.standby == nil || isSilent(p.standby.Type))
}

func (c *comparer) compared() {
	c.out.Coverage.Pairs++
	c.out.Coverage.Compared++
}

func (c *comparer) notCompared() {
	c.out.Coverage.Pairs++
	c.out.Coverage.NotCompared++
}

// both compares two resources that were read in full.
func (c *comparer) both(p pair) {
	if p.primary.Type != p.standby.Type && !areTwins(p.primary.Type, p.standby.Type) {
		c.add(c.otherType(p))
		return
	}
	if c.oneForAll(p) {
		return // what pins it to one Region is looked for in finish
	}
	both := &couple{pair: p}
	both.left, both.right = c.chased(p)
	c.lostAsymmetry(both)
	if both.left.digest() == both.right.digest() {
		return
	}
	for _, d := range differences(both.left, both.right) {
		c.weigh(both, d)
	}
}

// ruleFor is the rule of the book. Only a standby may be switched off on
// purpose: where every Region is active, what is off is missing.
func (c *comparer) ruleFor(typeName string, p path) Rule {
	rule := c.book.ruleFor(typeName, p)
	if !c.bothActive() {
		return rule
	}
	switch rule.Relation {
	case MayBeOff:
		return rule.mustBeOn()
	case Superset:
		rule.Relation = Equal
	}
	return rule
}

// bothActive reports whether each of the two Regions may have to take over from
// the other: then the first of them must not be the weaker one either.
func (c *comparer) bothActive() bool { return c.standby.snapshot.Region.Role == topology.Active }

// judge holds the standby against the rule and, where both Regions are active,
// the reference too.
func (c *comparer) judge(rule Rule, d difference) judgement {
	j := rule.judge(d, c.o.Objectives)
	if j.differs || rule.Relation != AtLeast || !c.bothActive() {
		return j
	}
	mirrored := d
	mirrored.primary, mirrored.standby = d.standby, d.primary
	j = rule.judge(mirrored, c.o.Objectives)
	j.want = ""
	if j.differs {
		j.note = "Both Regions are active, and " + c.primary.region() + " could not take over from " + c.standby.region() + "."
	}
	return j
}

// ruleOf is the rule for a place of a pair: what a replica has by design is
// asked of all others.
func (c *comparer) ruleOf(p *couple, typeName string, at path) Rule {
	rule := c.ruleFor(typeName, at)
	if rule.Relation == ReplicaShape && rule.Severity != "" && !c.replicates(p.pair) {
		rule.Relation = Equal
	}
	return rule
}

func (c *comparer) add(f Finding) { c.out.Findings = append(c.out.Findings, f) }

// ambiguous reports what could be paired in more than one way.
func (c *comparer) ambiguous(a ambiguity) {
	c.notCompared()
	c.out.Gaps = append(c.out.Gaps, Gap{Region: c.standby.region(), Resource: a.key, Type: a.typeName, Operation: "lockstep:Pair",
		Reason: "Ambiguous", Message: a.why})
}

// unreadPairs counts what neither snapshot has because it could not be read.
func (c *comparer) unreadPairs(p pairing) {
	have := map[string]bool{}
	for _, next := range p.pairs {
		have[next.key] = true
	}
	for _, next := range p.ambiguous {
		have[next.key] = true
	}
	for _, s := range []*side{c.primary, c.standby} {
		for key := range s.unread.resources {
			if !have[key] {
				have[key] = true
				c.notCompared()
			}
		}
	}
}

// finish settles what needed the whole picture, and puts it in order.
func (c *comparer) finish() Comparison {
	c.externals.settle(c)
	c.settings()
	if c.primary.region() != c.standby.region() {
		c.sharedPins()
		c.oneSided()
	}
	c.out.Gaps = sortGaps(c.out.Gaps)
	waive(&c.out, c.o)
	sortFindings(c.out.Findings)
	return c.out
}

// With adds findings that were made without Compare: waived and in order as its own.
func (c Comparison) With(findings []Finding, o Options) Comparison {
	c.Findings = append(slices.Clone(c.Findings), findings...)
	c.Waivers = slices.Clone(c.Waivers)
	waive(&c, o)
	sortFindings(c.Findings)
	return c
}

func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Severity.rank(), b.Severity.rank()), cmp.Compare(a.Resource, b.Resource),
			cmp.Compare(a.Property, b.Property), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Message, b.Message))
	})
}
