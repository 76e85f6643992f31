package drift

// sealedApart is the gap of a secret whose two digests have two keys.
func (c *comparer) sealedApart(key, typeName string, where path) {
	c.out.Gaps = append(c.out.Gaps, Gap{Region: c.standby.region(), Resource: key, Type: typeName,
		Operation: "lockstep:CompareSecrets", Reason: "DifferentRun",
		Message: "the secret at " + where.String() + " was sealed by two runs and is not comparable across runs; take both snapshots in one run"})
}

// weigh turns a difference into a finding, a gap, or nothing.
func (c *comparer) weigh(p *couple, d difference) {
	typeName := p.primary.Type
	if d.primary == nil {
		typeName = p.standby.Type // of twins, the one that has the property says what it means
	}
	if incomparable(d.primary, d.standby) {
		c.sealedApart(p.key, typeName, d.path)
		return
	}
	peers := mayNamePeer(typeName, d.path) && !p.onlyAnswer(typeName, d)
	if c.meantAlike(p, typeName, d, peers) {
		return
	}
	rule := c.relationOf(p, typeName, d)
	j := c.judgeOf(p, rule, d)
	if c.byContent(p, &d, &j) {
		return
	}
	if j.differs && c.decisive(d.path) {
		j.severity, j.note = Block, "A policy looks at this tag: it decides who may do what."
	}
	leak, points := c.pointerIn(d)
	if points && saysNothing(d.path) && j.severity != Block {
		if d.asWritten() && !c.leftAlone(p, d) {
			return // both Regions say the same words, and nothing acts on them
		}
		points = false
	}
	if points && !peers {
		c.weighPointer(p, d, rule, j, leak)
		return
	}
	if j.differs {
		c.weighValue(p, d, rule, j)
	}
}

// meantAlike reports whether the two sides mean the same, or whether their gap
// is in the result already. peers: the values may name each other's Region.
func (c *comparer) meantAlike(p *couple, typeName string, d difference, peers bool) bool {
	if p.leftToItsTwin(d) || c.leftToItsOriginal(p, d) || c.asPlanned(p, d) || unlistedDefault(typeName, d) || c.addedByAWS(p, d) {
		return true
	}
	if property := d.path.String(); c.primary.unread.hides(p.key, property) || c.standby.unread.hides(p.key, property) {
		return true
	}
	if c.sameByIntent(d.primary, d.standby, peers) && !c.leftAlone(p, d) {
		return true
	}
	return accompanies(p, d) || c.scaledLive(p, d) || c.ofTheFunction(p, d)
}

// relationOf is the rule for a difference. What may be off by its template has
// to be equal where somebody switched it off by hand.
func (c *comparer) relationOf(p *couple, typeName string, d difference) Rule {
	rule := c.ruleOf(p, typeName, d.path)
	if rule.Relation == MayBeOff && c.switchedOff(p, d) {
		return rule.mustBeOn()
	}
	return rule
}

// judgeOf is what the rule says of two values.
func (c *comparer) judgeOf(p *couple, rule Rule, d difference) judgement {
	switch {
	case c.ofTheDay(p, d):
		return judgeThatDay(rule, d)
	case rule.Relation == ReplicaShape && c.cutOff(p, d):
		return cutOff(d)
	}
	return c.judge(rule, d)
}

// weighPointer tells of a value of one Region that points to the other.
func (c *comparer) weighPointer(p *couple, d difference, rule Rule, j judgement, leak pointer) {
	if !j.differs && rule.Relation == Ignore {
		return
	}
	f := c.finding(p, d, rule, j)
	c.pointsBack(&f, d, leak)
	if rule.Severity == Info {
		f.Severity = Warn // what only tells people does not keep the standby from taking over
	}
	f.Message += p.note()
	c.add(f)
}

// weighValue tells of a value that is another, unless it follows from a finding
// that is told, or rests on what was not read.
func (c *comparer) weighValue(p *couple, d difference, rule Rule, j judgement) {
	if c.follows(p, d) || c.restsOnUnread(p, d) || c.restsOnUnnamed(p, d) {
		return
	}
	f := c.finding(p, d, rule, j)
	f.Message += p.note()
	if !c.externals.note(c, p, d, f) {
		c.add(f)
	}
}
