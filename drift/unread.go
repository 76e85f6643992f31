package drift

import (
	"cmp"
	"slices"
	"strings"
)

// unread says what of a Region could not be read, so that nothing of it is
// ever taken for missing.
type unread struct {
	region    string
	everybody *Gap
	types     map[string]*Gap
	stacks    map[string]*Gap
	resources map[string]*Gap
	// properties that could not be read, by resource.
	properties map[string][]string
}

func newUnread(s *Snapshot, a aliases) *unread {
	u := &unread{region: s.Region.Name, types: map[string]*Gap{}, stacks: map[string]*Gap{}, resources: map[string]*Gap{}, properties: map[string][]string{}}
	stacks := map[string]bool{}
	for i := range s.Stacks {
		stacks[s.Stacks[i].Key] = true
	}
	for i := range s.Gaps {
		gap := &s.Gaps[i]
		switch {
		case gap.Fact != "":
		case gap.Property != "":
			u.properties[a.of(gap.Resource)] = append(u.properties[a.of(gap.Resource)], gap.Property)
		case gap.Resource != "" && (stacks[gap.Resource] || !strings.Contains(gap.Resource, "/")):
			u.stacks[gap.Resource] = gap
		case gap.Resource != "":
			u.resources[a.of(gap.Resource)] = gap
		case gap.Type != "":
			u.types[gap.Type] = gap
		default:
			u.everybody = gap
		}
	}
	return u
}

// covers returns the gap because of which a resource may exist although the
// snapshot does not have it; nil when it was looked for and is not there.
func (u *unread) covers(key, typeName string) *Gap {
	if gap := u.resources[key]; gap != nil {
		return gap
	}
	for stack := stackOf(key); stack != ""; stack = stackOf(stack) {
		if gap := cmp.Or(u.stacks[stack], u.resources[stack]); gap != nil {
			return gap // of the stack, or of a stack or a source inside of another
		}
	}
	if gap := u.types[typeName]; gap != nil {
		return gap
	}
	return u.everybody
}

// hides reports whether a property, something above it or something inside it
// could not be read, so that nothing may be concluded about it.
func (u *unread) hides(key, property string) bool {
	return slices.ContainsFunc(u.properties[key], func(p string) bool { return covers(p, property) || covers(property, p) })
}

// inProgress is the reason of a gap over a stack that changed while it was read.
const inProgress = "InProgress"

// moving are the stacks that were being changed while they were read: those that
// said so when they were listed, and those that were not the same afterwards.
func moving(s *Snapshot) []Gap {
	var gaps []Gap
	for _, gap := range s.Gaps {
		if gap.Reason == inProgress && gap.Type == "AWS::CloudFormation::Stack" {
			gaps = append(gaps, gap)
		}
	}
	for _, stack := range s.Stacks {
		if strings.HasSuffix(stack.Status, "_IN_PROGRESS") && stack.Status != "REVIEW_IN_PROGRESS" {
			gaps = append(gaps, Gap{Region: s.Region.Name, Resource: stack.Key, Type: "AWS::CloudFormation::Stack",
				Operation: "cloudformation:DescribeStacks", Reason: inProgress,
				Message: "stack " + stack.Name + " was " + stack.Status + " while it was read; run again when it has settled"})
		}
	}
	return gaps
}

func sortGaps(gaps []Gap) []Gap {
	slices.SortFunc(gaps, func(a, b Gap) int {
		return cmp.Or(strings.Compare(a.Region, b.Region), strings.Compare(a.Resource, b.Resource),
			strings.Compare(a.Operation, b.Operation), strings.Compare(a.Fact, b.Fact), strings.Compare(a.Property, b.Property), strings.Compare(a.Reason, b.Reason),
			strings.Compare(a.Type, b.Type), strings.Compare(a.Message, b.Message))
	})
	return slices.CompactFunc(gaps, func(a, b Gap) bool {
		return a.Region == b.Region && a.Resource == b.Resource && a.Operation == b.Operation && a.Fact == b.Fact &&
			a.Property == b.Property && a.Reason == b.Reason && a.Type == b.Type && a.Message == b.Message
	})
}
