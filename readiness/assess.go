package readiness

import (
	"cmp"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// Assess judges one standby: every rule, then the two guards. It never says
// Ready of evidence that was not read.
func Assess(e Evidence, policy Policy) Assessment {
	s := newScene(e)
	a := Assessment{Gaps: slices.Clone(s.gaps)}
	accepted := collectWaivers(e, policy)
	taken := map[*drift.Finding]bool{}
	for _, rule := range policy.rules() {
		if policy.Rules[rule.ID] == "" && rule.Level(s.Strategy) == LevelOff {
			a.Checks = append(a.Checks, s.off(rule, policy)) // what differs is not this rule's to judge
			continue
		}
		h := s.judge(rule)
		for _, f := range h.blocked() {
			taken[f] = true
		}
		a.Checks = append(a.Checks, s.conclude(h, policy, accepted)...)
	}
	s.leftover = slices.DeleteFunc(slices.Clone(s.findings), func(f *drift.Finding) bool { return taken[f] })
	for _, guard := range Guards() {
		a.Checks = append(a.Checks, s.conclude(s.judge(guard), policy, accepted)...)
	}
	s.fillNeededBy(a.Gaps, a.Checks, policy)
	a.Waivers = accepted.list
	sortChecks(a.Checks)
	a.Verdict = verdict(a.Checks, policy)
	return a
}

// blocked lists the findings that the rule has dealt with: judged harmless, or
// failed at blocking severity. A finding that only led to a warning is left to
// the DRIFT guard.
func (h *hearing) blocked() []*drift.Finding {
	soft := map[*drift.Finding]bool{}
	for _, o := range h.outcomes {
		if o.finding != nil && o.severity != drift.Block {
			soft[o.finding] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(h.consumed), func(f *drift.Finding) bool { return soft[f] })
}

// conclude turns the outcomes of a rule into checks: one or, where outcomes
// differ in status, severity or waiver, one for each kind.
func (s *scene) conclude(h *hearing, policy Policy, accepted *waivers) []Check {
	strategy, decided := h.rule.Level(s.Strategy), policy.Rules[h.rule.ID]
	if decided == LevelOff {
		return []Check{s.off(h.rule, policy)}
	}
	var order []group
	groups := map[group][]outcome{}
	for _, o := range h.outcomes {
		waiver := accepted.accept(o, h.rule.ID, s.standby.region(), s.Now)
		if waiver != nil {
			o.status, o.waived = Waived, waiver
		}
		g := group{status: o.status, severity: severityUnder(o.severity, strategy, decided)}
		if waiver != nil {
			g.waiver = *waiver
		}
		if _, seen := groups[g]; !seen {
			order = append(order, g)
		}
		groups[g] = append(groups[g], o)
	}
	checks := make([]Check, 0, len(order))
	for _, g := range order {
		checks = append(checks, s.check(h.rule, g.status, g.severity, groups[g]))
	}
	return checks
}

type group struct {
	status   Status
	severity drift.Severity
	waiver   drift.Waiver
}

// off is the check of a rule that the policy or the strategy takes out.
func (s *scene) off(rule Rule, policy Policy) Check {
	why := "does not apply to strategy " + string(s.Strategy)
	if policy.Rules[rule.ID] == LevelOff {
		why = "turned off by the policy"
	}
	return s.check(rule, Off, rule.Severity, []outcome{{evidence: why}})
}

func (s *scene) check(rule Rule, status Status, severity drift.Severity, outcomes []outcome) Check {
	c := Check{Rule: rule.ID, Title: rule.Title, Status: status, Severity: severity,
		Region: s.standby.region(), Resources: []string{}}
	slices.SortStableFunc(outcomes, func(a, b outcome) int {
		return cmp.Or(cmp.Compare(a.resource, b.resource), cmp.Compare(a.property, b.property), cmp.Compare(a.evidence, b.evidence))
	})
	var lines, fixes []string
	for _, o := range outcomes {
		if o.resource != "" {
			c.Resources = append(c.Resources, o.resource)
		}
		line := o.evidence
		if o.resource != "" && !strings.HasPrefix(line, o.resource) {
			line = o.resource + ": " + line
		}
		lines = append(lines, strings.ReplaceAll(line, "\n", " ")) // a value's own lines are none of the evidence's
		fixes = append(fixes, o.fix)
		c.Missing = append(c.Missing, o.missing...)
		c.Waived = o.waived
	}
	c.Resources = slices.Compact(c.Resources)
	slices.SortFunc(c.Missing, compareGaps)
	c.Missing = slices.CompactFunc(c.Missing, sameGap)
	c.Evidence = strings.Join(slices.Compact(lines), "\n")
	if status == Fail {
		c.Why = rule.Why
	}
	if status == Fail || status == Undetermined {
		c.Fix = fixText(rule, status, fixes, c.Missing)
	}
	return c
}

// fixText is what to do: the fixes of the outcomes where they have their own,
// the rule's otherwise; for an unknown, the permissions that are missing.
func fixText(rule Rule, status Status, fixes []string, missing []drift.Gap) string {
	seen := map[string]bool{"": true}
	var own []string
	for _, fix := range fixes {
		if !seen[fix] {
			seen[fix] = true
			own = append(own, fix)
		}
	}
	if status == Undetermined && (len(own) == 0 || len(missing) > 0) {
		return grantText(missing, rule)
	}
	if len(own) == 0 || slices.Contains(fixes, "") {
		own = append(own, rule.Fix)
	}
	return strings.Join(own, "\n")
}

func grantText(missing []drift.Gap, rule Rule) string {
	grants := map[string][]string{}
	var regions, lines []string
	for _, gap := range missing {
		if gap.Operation == "" {
			continue
		}
		if remedy := gap.Remedy(); remedy != "" {
			if !slices.Contains(lines, remedy) {
				lines = append(lines, remedy)
			}
			continue
		}
		if _, seen := grants[gap.Region]; !seen {
			regions = append(regions, gap.Region)
		}
		grants[gap.Region] = append(grants[gap.Region], gap.Operation)
	}
	slices.Sort(regions)
	for _, region := range regions {
		actions := grants[region]
		slices.Sort(actions)
		lines = append(lines, "Make "+strings.Join(slices.Compact(actions), ", ")+" succeed in "+region+".")
	}
	if len(lines) == 0 {
		return rule.Fix
	}
	return strings.Join(lines, "\n")
}

// verdict is not-ready with any blocking failure, else unknown with any
// blocking unknown that the policy does not tolerate, else ready. Without a
// single check it is unknown.
func verdict(checks []Check, policy Policy) Verdict {
	v := Ready
	if len(checks) == 0 {
		v = Unknown
	}
	for _, c := range checks {
		if c.Severity != drift.Block {
			continue
		}
		switch {
		case c.Status == Fail:
			return NotReady
		case c.Status == Undetermined && policy.Unknown != LevelWarn:
			v = Unknown
		}
	}
	return v
}

func sortChecks(checks []Check) {
	slices.SortStableFunc(checks, func(a, b Check) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Status, b.Status),
			cmp.Compare(a.Severity, b.Severity), slices.Compare(a.Resources, b.Resources), cmp.Compare(a.Evidence, b.Evidence))
	})
}

// fillNeededBy names, for every gap, the rules that wait for it.
func (s *scene) fillNeededBy(gaps []drift.Gap, checks []Check, policy Policy) {
	rules := append(policy.rules(), Guards()...)
	for i := range gaps {
		for _, rule := range rules {
			decided := policy.Rules[rule.ID]
			if decided == LevelOff || decided == "" && rule.Level(s.Strategy) == LevelOff {
				continue
			}
			waits := func(c Check) bool {
				return c.Rule == rule.ID && slices.ContainsFunc(c.Missing, func(g drift.Gap) bool { return sameGap(g, gaps[i]) })
			}
			if s.hides(gaps[i], rule) || slices.ContainsFunc(checks, waits) {
				gaps[i].NeededBy = append(gaps[i].NeededBy, rule.ID)
			}
		}
		slices.Sort(gaps[i].NeededBy)
	}
}
