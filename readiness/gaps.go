package readiness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/lockstep-dr/lockstep/drift"
)

// stackType is the type of a gap that hides a whole stack.
const stackType = "AWS::CloudFormation::Stack"

// absentReasons are the reasons of a gap that mean "it is not there" and not
// "it could not be read". Source: the error codes of the services' own APIs.
var absentReasons = []string{"NotFound", "NoSuchKey", "NoSuchBucket", "NoSuchEntity", "404",
	"ResourceNotFoundException", "NotFoundException", "ParameterNotFound", "QueueDoesNotExist"}

// collectGaps is the union of the gaps of both snapshots and the comparison,
// sorted, each with the type that the snapshots know for its resource.
func collectGaps(e Evidence) []drift.Gap {
	var all []drift.Gap
	for _, snapshot := range []*drift.Snapshot{e.Primary, e.Standby} {
		if snapshot != nil {
			for _, gap := range snapshot.Gaps {
				gap.Region = cmp.Or(gap.Region, snapshot.Region.Name)
				all = append(all, gap)
			}
		}
	}
	if e.Comparison != nil {
		all = append(all, e.Comparison.Gaps...)
	}
	for i := range all {
		all[i].NeededBy = nil
		if e.Standby != nil && all[i].Region == e.Standby.Region.Name {
			all[i].Resource = commonKey(e.Comparison, all[i].Resource)
		}
	}
	slices.SortFunc(all, compareGaps)
	return slices.CompactFunc(all, sameGap)
}

func compareGaps(a, b drift.Gap) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Operation, b.Operation), cmp.Compare(a.Fact, b.Fact), cmp.Compare(a.Property, b.Property), cmp.Compare(a.Type, b.Type),
		cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Message, b.Message))
}

func sameGap(a, b drift.Gap) bool { return compareGaps(a, b) == 0 }

// hides reports whether the gap could hide evidence that the rule needs.
func (s *scene) hides(gap drift.Gap, rule Rule) bool {
	if rule.own != nil {
		return s.hidesOwn(gap, rule.own)
	}
	return slices.ContainsFunc(rule.Needs, func(need Need) bool { return s.hidesNeed(gap, need) })
}

func (s *scene) hidesNeed(gap drift.Gap, need Need) bool {
	if gap.Fact != "" {
		return gap.Fact == need.Fact
	}
	kind := s.typeOf(gap)
	if gap.Property != "" {
		return hidesProperty(gap, need, kind)
	}
	if kind == "" || kind == stackType {
		return true // a stack, a Region, or a resource of unknown type: anything may be behind it
	}
	return slices.Contains(need.Types, kind) || slices.Contains(need.Types, "*") && MattersForTakeover(kind)
}

// hidesProperty judges a gap in a resource, or in a stack, that was read but
// for one property. Tags decide no takeover.
func hidesProperty(gap drift.Gap, need Need, kind string) bool {
	if kind == "" && !strings.Contains(gap.Resource, "/") {
		kind = stackType
	}
	wanted := kind == "" || slices.Contains(need.Types, kind)
	if slices.Contains(need.Types, "*") {
		wanted = wanted || kind != stackType && MattersForTakeover(kind)
	}
	if len(need.Properties) == 0 {
		return wanted && need.Fact == "" && !within(gap.Property, "Tags")
	}
	return wanted && slices.ContainsFunc(need.Properties, func(p string) bool {
		return within(gap.Property, p) || within(p, gap.Property)
	})
}

// typeOf is the resource type behind a gap, empty if nobody knows it.
func (s *scene) typeOf(gap drift.Gap) string {
	if gap.Type != "" {
		return gap.Type
	}
	if !strings.Contains(gap.Resource, "/") {
		return ""
	}
	for _, v := range []*view{s.primary, s.standby} {
		if r := v.byKey[gap.Resource]; r != nil {
			return r.Type
		}
	}
	for _, other := range s.gaps {
		if other.Resource == gap.Resource && other.Type != "" {
			return other.Type
		}
	}
	return ""
}

// gapsAbout finds the gaps that explain why something about a resource is not known.
func (s *scene) gapsAbout(region, resource, fact string) []drift.Gap {
	var found []drift.Gap
	for _, gap := range s.gaps {
		if gap.Region == region && gap.Resource == resource && gap.Fact == fact {
			found = append(found, gap)
		}
	}
	return found
}

// hidden reports whether the absence of a resource's sibling from a Region's snapshot may be
// a failure to read: of itself, of its type, its stack or one that this is nested in, or the whole Region.
func (s *scene) hidden(region string, r *drift.Resource) bool {
	return slices.ContainsFunc(s.gaps, func(gap drift.Gap) bool {
		if gap.Region != region || gap.Fact != "" || gap.Property != "" {
			return false
		}
		aboutAll := gap.Type == "" || gap.Type == r.Type
		return gap.Resource == r.Key || gap.Resource == "" && aboutAll ||
			strings.HasPrefix(r.Key, gap.Resource+"/") && (aboutAll || gap.Type == stackType)
	})
}

// gone reports whether a gap says that the thing does not exist.
func gone(gap drift.Gap) bool { return slices.Contains(absentReasons, gap.Reason) }

func gapEvidence(gap drift.Gap) string {
	what := cmp.Or(gap.Resource, "the Region")
	if gap.Fact != "" {
		what += " (" + gap.Fact + ")"
	}
	if gap.Property != "" {
		what += "." + gap.Property
	}
	if gap.Moved() {
		return fmt.Sprintf("%s was being changed in %s while it was read", what, gap.Region)
	}
	if gap.Unevaluated() {
		return fmt.Sprintf("%s could not be evaluated for %s: %s", what, gap.Region, cmp.Or(gap.Message, "no reason given"))
	}
	return fmt.Sprintf("%s could not be read in %s: %s needed, %s", what, gap.Region, cmp.Or(gap.Operation, "a read"), cmp.Or(gap.Reason, "no reason given"))
}
