package readiness

import (
	"cmp"
	"slices"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/topology"
)

// Rule is one readiness predicate: what must hold, why, what has to be read to
// decide it, and how to repair it. Everything but the predicate is data.
type Rule struct {
	ID    string
	Title string // what must hold, as a sentence
	Why   string // what happens on the day of the takeover otherwise
	// Source names where the rule comes from: a page, a post-event summary.
	Source string
	// Severity is the hardest the rule bites by itself. Single outcomes may be
	// softer, never harder.
	Severity drift.Severity
	// Strategies says how the rule changes under a strategy; a strategy that is
	// not listed leaves the rule at its own severity.
	Strategies strategyLevels
	Needs      []Need
	Fix        string

	// unused is what is said where there is nothing to judge; empty: that the
	// primary does not use it.
	unused string
	// compares is set when the rule reads the comparison's findings.
	compares bool
	check    func(*hearing)
	// own is set for a rule of the team.
	own *Own
}

// strategyLevels says how a rule changes under some strategies.
type strategyLevels = map[topology.Strategy]Level

// Need is evidence a rule waits for: resources of some types or a kind of
// fact, and the IAM actions that read it.
type Need struct {
	// Types are CloudFormation types; "*" stands for every type that matters
	// for a takeover (see MattersForTakeover), stackType for the inventory of a
	// stack.
	Types []string
	// Properties are the properties of those types that the rule reads. Without
	// any it reads all of them or, when it needs a fact, none.
	Properties []string
	// Fact is a kind of drift.Fact, empty when the resources themselves suffice.
	Fact    string
	Actions []string
}

// Rules lists every rule, sorted by id.
func Rules() []Rule {
	rules := slices.Concat(releaseRules(), configurationRules(),
		capacityRules(), groupRules(), machineCapacityRules(), fullScaleRules(), accountLimitRules(), serviceRules(), clusterRules(), databaseCapacityRules(),
		dataRules(), replicationRules(), storeRules(), arrivalRules(), lagRules(), serverRules(), partitionRules(), writeRules(), networkRules(), pathRules(), connectionRules(), settingRules(), securityRules(), certificateRules(),
		artifactRules(), imageRules(), machineRules(), availabilityRules(), handMadeRules(), quotaRules(), routingRules(), healthRules(), recordRules(), backupRules(), recoveryRules(), observabilityRules(), worldRules())
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(a.ID, b.ID) })
	return rules
}

// Guards lists the checks that are no rules of the catalogue but keep it
// honest: DRIFT and COVERAGE. A policy addresses them by id like rules.
func Guards() []Rule { return []Rule{coverageGuard(), driftGuard()} }

// Find returns the rule or guard with the id.
func Find(id string) (Rule, bool) {
	for _, rule := range append(Rules(), Guards()...) {
		if rule.ID == id {
			return rule, true
		}
	}
	return Rule{}, false
}

// Level is how hard the rule bites under a strategy before any policy.
func (r Rule) Level(strategy topology.Strategy) Level {
	if level, ok := r.Strategies[strategy]; ok {
		return level
	}
	return levelOf(r.Severity)
}

// Actions lists the IAM actions that the rule's evidence needs, sorted.
func (r Rule) Actions() []string {
	var actions []string
	for _, need := range r.Needs {
		actions = append(actions, need.Actions...)
	}
	slices.Sort(actions)
	return slices.Compact(actions)
}

func levelOf(s drift.Severity) Level {
	if s == drift.Block {
		return LevelBlock
	}
	return LevelWarn
}

// severityUnder applies a strategy's and a policy's level to the severity of
// one outcome. The strategy only softens; the policy, which a person wrote
// down, decides.
func severityUnder(own drift.Severity, strategy, policy Level) drift.Severity {
	if strategy == LevelWarn {
		own = drift.Warn
	}
	switch policy {
	case LevelBlock:
		return drift.Block
	case LevelWarn:
		return drift.Warn
	default:
		return own
	}
}
