package config

import (
	"cmp"
	"fmt"
	"strconv"
	"time"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/readiness"
)

func (b *builder) drift(n *node, c *Config) {
	c.FailOn = "warn"
	if failOn := n.get("fail-on").value(); failOn != "" {
		c.FailOn = failOn
	}
	for i, item := range n.get("accept").itemsOf() {
		w, ok := b.waiver(item, "drift.accept["+strconv.Itoa(i)+"]")
		w.Property = item.get("property").value()
		if ok {
			b.sort(w, &c.Accept, &c.Expired)
		}
	}
}

func (b *builder) gate(n *node, c *Config) {
	c.Gate.Block, c.Gate.ForkPolicy = "any", cmp.Or(n.get("fork-policy").value(), "fail")
	if block := n.get("block").value(); block != "" {
		c.Gate.Block = block
	}
	c.Gate.MaxAge, _ = parseDuration(n.get("max-age").value()) // the format was checked
	c.Gate.BreakGlass = n.get("break-glass").value()
	c.Gate.BreakGlassAuthor = n.get("break-glass-author").value() == "allow"
	c.Policy = readiness.Policy{Unknown: readiness.LevelBlock, Rules: map[string]readiness.Level{}}
	if unknown := n.get("unknown").value(); unknown != "" {
		c.Policy.Unknown = readiness.Level(unknown)
	}
	for _, e := range n.get("rules").goodEntries() {
		c.Policy.Rules[e.key] = readiness.Level(e.value.text)
		c.seen(e.key, e.pos)
	}
	for _, item := range n.get("own").goodItems() {
		c.Gate.Own = append(c.Gate.Own, ownRule(item))
	}
	for i, item := range n.get("waivers").itemsOf() {
		w, ok := b.waiver(item, "gate.waivers["+strconv.Itoa(i)+"]")
		rule := item.get("rule")
		if !ok || rule == nil {
			continue
		}
		if w.Resource == "" {
			w.Resource = "*"
		}
		w.Property = "rule:" + rule.text
		c.seen(rule.text, rule.pos)
		b.sort(w, &c.Policy.Waivers, &c.Expired)
	}
}

// ownRule reads one item of gate.own.
func ownRule(n *node) OwnRule {
	rule := OwnRule{ID: n.get("id").value(), Severity: drift.Block, Message: n.get("message").value(), Fix: n.get("fix").value(),
		Expression: n.get("expression").value()}
	rule.MayBeEmpty = n.get("may-be-empty").value() == "true"
	if n.get("severity").value() == "warn" {
		rule.Severity = drift.Warn
	}
	for _, item := range n.get("reads").goodItems() {
		rule.Reads = append(rule.Reads, item.text)
	}
	if id := n.get("id"); id != nil {
		rule.Pos = id.pos
	}
	if expression := n.get("expression"); expression != nil {
		rule.value, rule.body = expression.pos, expression.body
	}
	return rule
}

// seen keeps the first place a rule is named at.
func (c *Config) seen(rule string, at Position) {
	if first, ok := c.RulePositions[rule]; !ok || at.compare(first) < 0 {
		c.RulePositions[rule] = at
	}
}

// sort puts a waiver where it belongs on this day.
func (b *builder) sort(w drift.Waiver, holding, expired *[]drift.Waiver) {
	list := holding
	if w.Until.Expired(b.now) {
		list = expired
	}
	*list = append(*list, w)
}

// waiver reads what all waivers share and holds its last day against now. One that
// has expired accepts nothing and is no error: on the day after nothing could be
// merged any more, not even the change that mends what it covered.
func (b *builder) waiver(n *node, path string) (drift.Waiver, bool) {
	w := drift.Waiver{
		Resource: n.get("resource").value(),
		Region:   n.get("region").value(),
		Reason:   n.get("reason").value(),
	}
	if w.Region != "" {
		region := n.get("region")
		if b.known(entry{key: w.Region, pos: region.pos}, path+".region") && w.Region == b.reference {
			b.warnings.add(region.pos, "name a standby, or remove region", "%s never matches: differences are reported on the Regions compared with %s", path, w.Region)
		}
	}
	until := n.get("until")
	if until == nil {
		return w, false
	}
	day, err := drift.ParseDate(until.text)
	if err != nil {
		return w, false // the format was checked: it was reported there
	}
	w.Until = day
	if day.Expired(b.now) {
		b.warnings.add(until.pos, "fix what it covers, or give it a new reason and a later day", "%s expired %s, on %s, and accepts nothing", path, daysAgo(day, b.now), day)
	}
	if day.After(b.now.AddDate(1, 0, 0)) {
		b.warnings.add(until.pos, "choose a day within a year, so that somebody looks again", "%s holds until %s, more than a year", path, day)
	}
	return w, true
}

// daysAgo counts calendar days in UTC between a day and now.
func daysAgo(day drift.Date, now time.Time) string {
	today := now.UTC().Truncate(24 * time.Hour)
	switch days := int(today.Sub(day.Time).Hours() / 24); days {
	case 1:
		return "yesterday"
	default:
		return fmt.Sprintf("%d days ago", days)
	}
}

// Rules lists the ids of the rules the file names, sorted.
func (c *Config) Rules() []string { return sortedKeys(c.RulePositions) }

// Problem words a problem that the caller found at a place of the file, such
// as a rule that does not exist or a template that cannot be read.
func (c *Config) Problem(at Position, message, suggestion string) Problem {
	return Problem{File: c.File, Line: at.Line, Column: at.Column, Message: message, Suggestion: suggestion}
}
