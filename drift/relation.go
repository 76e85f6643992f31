package drift

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// Share says which declared objective scales the primary's value before the
// standby's is held against it.
type Share string

// The shares.
const (
	Whole   Share = ""        // all of it
	Floor   Share = "floor"   // the objective "floor": capacity that runs now
	Ceiling Share = "ceiling" // the objective "ceiling": capacity it can grow to
)

// Scale says what makes one value more than another.
type Scale string

// The scales.
const (
	Number  Scale = ""        // the number itself
	Class   Scale = "class"   // the size within a family: db.r6g.large < db.r6g.xlarge
	Version Scale = "version" // the minor version within one major version
	Count   Scale = "count"   // how many elements a list has
	Range   Scale = "range"   // how many addresses a CIDR block has
	Switch  Scale = "switch"  // on is more than off
	Payer   Scale = "payer"   // an owner who pays lets everybody read who was let in
)

// Rule says how one property of a type must relate in two Regions, and how
// bad it is when it does not.
type Rule struct {
	// Type is the CloudFormation type, "*" for any.
	Type string
	// Property is a dotted path, "*" standing for any element; the rule holds
	// for everything below it. "" is the whole resource; "**.Name" any
	// property of that name at any depth.
	Property string
	Relation Relation
	Severity Severity
	// Off is for MayBeOff: the severity of what is off where it may not be, by
	// hand or where every Region is active; empty: Severity.
	Off   Severity
	Share Share
	// Scale says how two values are held against each other: for AtLeast, and for Equal
	// where it depends on which Region has which.
	Scale Scale
	// Fix says what a person does about it; empty: the usual advice.
	Fix string
}

// ruleFor finds the rule for a path: the type's own rule with the longest
// path, a general rule for the name, the type's default, the default.
func (b ruleBook) ruleFor(typeName string, p path) Rule {
	best := Rule{Type: "*", Relation: Equal, Severity: Warn}
	rank := -1
	consider := func(rules []Rule, bonus int) {
		for _, r := range rules {
			if !p.matches(r.Property) {
				continue
			}
			score := bonus
			switch {
			case r.Property == "":
			case strings.HasPrefix(r.Property, "**."):
				score += 2
			default:
				score += 4 + 2*strings.Count(r.Property, ".")
			}
			if score > rank {
				best, rank = r, score
			}
		}
	}
	consider(b["*"], 0)
	consider(b[typeName], 1)
	return best
}

// ruleBook holds the rules by type.
type ruleBook map[string][]Rule

func newRuleBook() ruleBook {
	b := ruleBook{}
	all := Rules()
	for _, r := range append(all, heldRules(all)...) {
		b[r.Type] = append(b[r.Type], r)
	}
	return b
}

// mustBeOn is the rule where nothing may be off on purpose.
func (r Rule) mustBeOn() Rule {
	r.Relation, r.Severity = Equal, cmp.Or(r.Off, r.Severity)
	return r
}

// judgement is what a rule makes of a difference.
type judgement struct {
	differs  bool
	severity Severity
	// want is the least number that satisfies the rule, where it is a number.
	want string
	// note says more about the difference, for the message.
	note string
}

// judge decides whether a difference breaks the rule.
func (r Rule) judge(d difference, o topology.Objectives) judgement {
	switch r.Relation {
	case Ignore, ReplicaShape:
		return judgement{}
	case Present:
		return judgement{differs: d.primary == nil || d.standby == nil || d.primary.off != d.standby.off, severity: r.Severity}
	case Superset:
		return judgement{differs: !contains(d.standby, d.primary), severity: r.Severity}
	case MayBeOff:
		return judgement{differs: !isOff(d.standby), severity: r.Severity}
	case AtLeast:
		return r.judgeScale(d, o)
	}
	if r.Scale == Payer {
		return r.judgePayer(d)
	}
	return judgement{differs: true, severity: r.Severity}
}

// judgeNumber holds the standby's number against its share of the primary's.
// A larger standby is never a fault. A smaller maximum within the objective is
// the team's own decision and worth a line.
func (r Rule) judgeNumber(d difference, o topology.Objectives) judgement {
	have, ok1 := numeric(d.standby)
	want, ok2 := numeric(d.primary)
	if r.Share == Ceiling && ok1 && have == 0 {
		return judgement{differs: true, severity: Block} // a limit of nothing lets nothing through
	}
	if !ok1 || !ok2 {
		severity := r.Severity
		if d.standby == nil && r.Share == Ceiling {
			severity = Warn // no limit of its own: the account's limit holds
		}
		return judgement{differs: true, severity: severity}
	}
	if have >= want {
		return judgement{}
	}
	switch r.Share {
	case Floor:
		want = math.Ceil(want*o.Floor - 1e-9)
		if have >= want {
			return judgement{}
		}
	case Ceiling:
		ceiling := o.Ceiling
		if ceiling == 0 {
			ceiling = 1
		}
		want = math.Ceil(want*ceiling - 1e-9)
		if have >= want {
			return judgement{differs: true, severity: Info, want: number(want)}
		}
	}
	return judgement{differs: true, severity: r.Severity, want: number(want)}
}

func numeric(n *node) (float64, bool) {
	if n == nil || n.kind != kindNumber && n.kind != kindText {
		return 0, false
	}
	f, err := strconv.ParseFloat(n.text, 64)
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}

// isOff reports whether a switch is off or not set.
func isOff(n *node) bool {
	if n == nil || n.kind == kindNull {
		return true
	}
	switch strings.ToLower(n.text) {
	case "false", "disabled", "off", "suspended", "0":
		return n.scalar()
	}
	return false
}

// contains reports whether everything in part is in whole.
func contains(whole, part *node) bool {
	if part == nil || same(whole, part) {
		return true
	}
	if whole == nil || part.scalar() || whole.scalar() {
		return false
	}
	if part.kind == kindObject || part.kind == kindKeyed {
		for i, key := range part.keys {
			if !part.kids[i].off && !contains(whole.child(key), part.kids[i]) {
				return false
			}
		}
		return true
	}
	left, _ := unmatched(part, whole)
	return len(left) == 0
}
