package drift

import (
	"maps"
	"slices"
	"strings"
)

// ownExclusions leaves of what a Region excludes from its block of public access the
// networks that the application is in, each with its mode and by what it stands for:
// "allow-egress" of its own VPC is the same in both Regions, and what other
// applications of the account have excluded is theirs.
func (s *side) ownExclusions(value any) any {
	setting, _ := value.(map[string]any)
	list, told := setting["Exclusions"].([]any)
	if !told {
		return value
	}
	named := s.networksNamed()
	texts := []any{}
	for _, e := range list {
		id, _ := dig(e, "Resource").(string)
		mode, _ := dig(e, "Mode").(string)
		covers := append(textsOf(dig(e, "Subnets")), id)
		if slices.ContainsFunc(covers, func(id string) bool { return named[id] }) {
			stands, _ := skeleton(s.value(nil, 0, id, document))
			texts = append(texts, mode+" "+stands)
		}
	}
	slices.SortFunc(texts, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	out := maps.Clone(setting)
	out["Exclusions"] = slices.Compact(texts)
	return out
}

// networksNamed are the ids of the VPCs and subnets that the application has or names.
func (s *side) networksNamed() map[string]bool {
	named := map[string]bool{}
	var note func(value any)
	note = func(value any) {
		switch v := value.(type) {
		case string:
			for _, id := range generatedID.FindAllString(v, -1) {
				if strings.HasPrefix(id, "vpc-") || strings.HasPrefix(id, "subnet-") {
					named[id] = true
				}
			}
		case []any:
			for _, element := range v {
				note(element)
			}
		case map[string]any:
			for _, member := range v {
				note(member)
			}
		}
	}
	for _, r := range s.snapshot.Resources {
		note(r.ID)
		note(r.Properties)
	}
	return named
}

// excludesLess reports whether a network that the primary's block leaves open is not,
// or not as far, left open by the standby's.
func excludesLess(here, there any) bool {
	open := textsOf(dig(there, "Exclusions"))
	return slices.ContainsFunc(textsOf(dig(here, "Exclusions")), func(e string) bool {
		mode, network, _ := strings.Cut(e, " ")
		return !slices.Contains(open, e) && !(mode == "allow-egress" && slices.Contains(open, "allow-bidirectional "+network))
	})
}
