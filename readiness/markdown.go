package readiness

import (
	"fmt"
	"strings"

	"github.com/lockstep-dr/lockstep/topology"
)

// RulesMarkdown is docs/rules.md: an index, then one section per rule and guard.
func RulesMarkdown() string {
	var b strings.Builder
	b.WriteString("# Rules\n\nGenerated from the code of package readiness: do not edit.\n\n" +
		"A rule passes, fails, is unknown (its evidence could not be read), or does not apply (the primary does not use the feature).\n" +
		"A failing or unknown rule of level block closes the gate; of level warn it is reported.\n" +
		"The policy in the configuration changes a level or turns a rule off: `gate: {rules: {OBS-02: warn}}`.\n\n" +
		"The strategy decides how hard a rule bites by itself; off: it does not apply. Under `active-active` each Region is judged\n" +
		"as the one that takes over from the others.\n\n" + strategyTable())
	all := append(Rules(), Guards()...)
	for _, r := range all {
		b.WriteString("\n" + r.Markdown())
	}
	return b.String()
}

// strategyTable says of every rule whether it applies under each strategy, and how
// hard.
func strategyTable() string {
	var b strings.Builder
	b.WriteString("| rule | what must hold |")
	for _, strategy := range topology.Strategies() {
		fmt.Fprintf(&b, " %s |", strategy)
	}
	b.WriteString("\n|---|---|" + strings.Repeat("---|", len(topology.Strategies())) + "\n")
	for _, r := range append(Rules(), Guards()...) {
		fmt.Fprintf(&b, "| [%s](#%s) | %s |", r.ID, strings.ToLower(r.ID), r.Title)
		for _, strategy := range topology.Strategies() {
			fmt.Fprintf(&b, " %s |", r.Level(strategy))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// Markdown documents one rule: what, why, evidence, permissions, repair.
func (r Rule) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n**%s.**\n\n%s\n\n", r.ID, r.Title, r.Why)
	fmt.Fprintf(&b, "- Severity: %s%s\n", r.Severity, r.strategyText())
	if evidence := r.evidenceText(); evidence != "" {
		fmt.Fprintf(&b, "- Evidence: %s\n", evidence)
	}
	if actions := r.Actions(); len(actions) > 0 {
		fmt.Fprintf(&b, "- Permissions: `%s`\n", strings.Join(actions, "`, `"))
	}
	fmt.Fprintf(&b, "- Repair: %s\n- Accept: `gate: {waivers: [{rule: %s, reason: why, until: the last day}]}`\n", r.Fix, r.ID)
	fmt.Fprintf(&b, "- Source: %s\n", r.Source)
	return b.String()
}

func (r Rule) strategyText() string {
	var b strings.Builder
	for _, strategy := range topology.Strategies() {
		if level, ok := r.Strategies[strategy]; ok && level != levelOf(r.Severity) {
			fmt.Fprintf(&b, "; %s with strategy %s", level, strategy)
		}
	}
	return b.String()
}

// evidenceText lists resource types and facts in the order of the needs.
func (r Rule) evidenceText() string {
	var parts []string
	seen := map[string]bool{}
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			parts = append(parts, s)
		}
	}
	if r.compares {
		add("the comparison of the Regions")
	}
	for _, need := range r.Needs {
		for _, kind := range need.Types {
			if kind == "*" {
				add("every resource that matters for a takeover")
				continue
			}
			add("`" + kind + "`")
		}
		if need.Fact != "" {
			add("fact `" + need.Fact + "`")
		}
	}
	return strings.Join(parts, ", ")
}

// RuleIDs lists the ids that a policy or a waiver may name, rules before guards.
func RuleIDs() []string {
	var ids []string
	for _, r := range append(Rules(), Guards()...) {
		ids = append(ids, r.ID)
	}
	return ids
}

// WaiverProperty is how a waiver names a rule: "rule:CFG-03".
func WaiverProperty(id string) string { return rulePrefix + id }
