package readiness

import (
	"path"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

func organizationRules() []Rule {
	return []Rule{{
		ID: "SEC-06", Severity: drift.Warn, check: organizationAllows,
		Title:  "No service control policy denies in the standby Region what it allows in the primary's",
		Why:    "Organizations close the Regions they do not use. A standby that was closed runs what it has, and is denied everything on the day it has to grow.",
		Source: "AWS Fault Isolation Boundaries, global services; AWS Organizations user guide, Service control policies",
		Needs: []Need{{Fact: drift.FactControlPolicies, Actions: []string{"organizations:ListPoliciesForTarget", "organizations:ListParents",
			"organizations:DescribePolicy"}}},
		Fix:    "Add the standby's Region to the Regions that the policy allows.",
		unused: "the organization's policies are not asked for (`takeover.organization`)",
	}}
}

// organizationAllows judges statements whose condition names Regions. What a
// statement denies in both Regions, the primary does without as well.
func organizationAllows(h *hearing) {
	if !h.Takeover.Organization {
		return
	}
	fact, read := h.standby.object(drift.FactControlPolicies, "")
	if !read {
		h.used = true
		h.unknown(h.standby.region(), "", drift.FactControlPolicies, "the service control policies were not read for the account of %s", h.standby.region())
		return
	}
	policies := objects(fact["Policies"])
	h.applies(len(policies), "policy", "alike in both Regions")
	allowed := map[string]*allowances{}
	for _, policy := range policies {
		target := text(policy, "Target")
		if allowed[target] == nil {
			allowed[target] = &allowances{}
		}
		content, _ := policy["Content"].(map[string]any)
		for _, statement := range statementsOf(content) {
			here, there := coversRegion(statement, h.primary.region()), coversRegion(statement, h.standby.region())
			switch {
			case text(statement, "Effect") == "Allow":
				allowed[target].add(here, there)
			case there && !here:
				h.fail("", "", "", "policy %s (%s on %s) denies %s in %s", show(policy["Name"]), text(policy, "Id"), target, deniedBy(statement), h.standby.region())
			}
		}
	}
	for target, a := range allowed {
		if a.here && !a.there {
			h.fail("", "", "", "no policy on %s allows anything in %s, and one does in %s", target, h.standby.region(), h.primary.region())
		}
	}
}

// allowances say whether any statement of a target allows something in the Regions.
type allowances struct{ here, there bool }

func (a *allowances) add(here, there bool) { a.here, a.there = a.here || here, a.there || there }

// deniedBy names what a statement is about.
func deniedBy(statement map[string]any) string {
	if exempt := oneOrMore(statement["NotAction"]); len(exempt) > 0 {
		return "all but " + shorten(strings.Join(exempt, ", "))
	}
	return shorten(strings.Join(oneOrMore(statement["Action"]), ", "))
}

func statementsOf(document map[string]any) []map[string]any {
	if one, ok := document["Statement"].(map[string]any); ok {
		return []map[string]any{one}
	}
	return objects(document["Statement"])
}

func oneOrMore(v any) []string {
	if s, ok := v.(string); ok {
		return []string{s}
	}
	return stringsOf(v)
}

// coversRegion reports whether a statement applies to requests in a Region, as far
// as its conditions on aws:RequestedRegion say. Others are taken to hold.
func coversRegion(statement map[string]any, region string) bool {
	conditions, _ := statement["Condition"].(map[string]any)
	for operator, tests := range conditions {
		keys, _ := tests.(map[string]any)
		for key, values := range keys {
			if strings.EqualFold(key, "aws:RequestedRegion") && !operatorHolds(operator, oneOrMore(values), region) {
				return false
			}
		}
	}
	return true
}

// operatorHolds evaluates a string operator of IAM. One that is not known is taken
// to hold in every Region.
func operatorHolds(operator string, values []string, region string) bool {
	name := strings.TrimSuffix(operator[strings.LastIndexByte(operator, ':')+1:], "IfExists")
	matches := func(match func(value string) bool) bool { return slices.ContainsFunc(values, match) }
	equal := func(value string) bool { return value == region }
	fold := func(value string) bool { return strings.EqualFold(value, region) }
	like := func(value string) bool { ok, err := path.Match(value, region); return err == nil && ok }
	switch name {
	case "StringEquals":
		return matches(equal)
	case "StringNotEquals":
		return !matches(equal)
	case "StringEqualsIgnoreCase":
		return matches(fold)
	case "StringNotEqualsIgnoreCase":
		return !matches(fold)
	case "StringLike":
		return matches(like)
	case "StringNotLike":
		return !matches(like)
	default:
		return true
	}
}
