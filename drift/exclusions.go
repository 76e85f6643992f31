package drift

import (
	"fmt"
	"slices"
	"strings"
)

// PublicAccess is the setting that cuts the VPCs of a Region off from the internet.
const PublicAccess = "ec2.VpcBlockPublicAccess"

// openness are the words for how far a network is open to the internet, from none to
// all. A mode that nobody knows counts as stricter than all.
var openness = []string{"unknown", "closed", "egress", "open"}

// modeOpens and exclusionOpens are what a mode, and an exclusion from it, leave open.
// Source: Amazon VPC user guide, Block public access to VPCs and subnets.
var (
	modeOpens      = map[string]string{"off": "open", "block-ingress": "egress", "block-bidirectional": "closed"}
	exclusionOpens = map[string]string{"allow-bidirectional": "open", "allow-egress": "egress"}
)

// exclusion leaves a VPC, with the subnets in it, or a subnet out of the block.
type exclusion struct {
	network, mode, state string
	subnets              []string
}

// exclusionsOf are those of a fact.
func exclusionsOf(value any) []exclusion {
	list, _ := dig(value, "Exclusions").([]any)
	var out []exclusion
	for _, e := range list {
		network, _ := dig(e, "Resource").(string)
		mode, _ := dig(e, "Mode").(string)
		state, _ := dig(e, "State").(string)
		out = append(out, exclusion{network, mode, state, textsOf(dig(e, "Subnets"))})
	}
	return out
}

// openAt is how far the block leaves a network open: by the network's own exclusion,
// else by that of the VPC around it, else by the mode; an exclusion only ever opens.
func openAt(value any, network string) int {
	mode, _ := dig(value, "InternetGatewayBlockMode").(string)
	level := max(slices.Index(openness, modeOpens[mode]), 0)
	exclusions := exclusionsOf(value)
	at := slices.IndexFunc(exclusions, func(e exclusion) bool { return e.network == network })
	if at < 0 {
		at = slices.IndexFunc(exclusions, func(e exclusion) bool { return slices.Contains(e.subnets, network) })
	}
	if at >= 0 {
		level = max(level, slices.Index(openness, exclusionOpens[exclusions[at].mode]))
	}
	return level
}

// openNetworks are two blocks by what they do to the application's own networks: what
// other applications of the account have left out is theirs. ok is false where an
// own exclusion is on its way, which is a gap, or where there is nothing to compare.
func (c *comparer) openNetworks(here, there any) (left, right any, ok bool) {
	if !c.settled(c.primary, here) || !c.settled(c.standby, there) {
		return nil, nil, false
	}
	kind := "vpc-"
	if c.primary.namesNetwork("subnet-") && c.standby.namesNetwork("subnet-") {
		kind = "subnet-" // a VPC is as open as the subnets in it
	}
	ours, theirs := c.primary.openByName(here, kind), c.standby.openByName(there, kind)
	if len(ours)+len(theirs) == 0 && !c.primary.facesInternet() && !c.standby.facesInternet() {
		return nil, nil, false
	}
	shown, seen := map[string]any{}, map[string]any{}
	for name := range ours {
		if _, both := theirs[name]; both {
			shown[name], seen[name] = twoOf(ours[name], theirs[name])
			delete(ours, name)
			delete(theirs, name)
		}
	}
	if len(shown) == 0 || len(ours) > 0 && len(theirs) > 0 { // those without a sibling: all of a Region's together
		shown["*"], seen["*"] = twoOf(allLevels(ours, here), allLevels(theirs, there))
	}
	return opened(here, shown), opened(there, seen), true
}

// settled reports whether no exclusion of an own network is on its way, and tells of one that is.
func (c *comparer) settled(s *side, value any) bool {
	named := s.networksNamed()
	for _, e := range exclusionsOf(value) {
		if e.state == "" || !slices.ContainsFunc(append(e.subnets, e.network), func(id string) bool { return named[id] }) {
			continue
		}
		c.out.Gaps = append(c.out.Gaps, Gap{Region: s.region(), Resource: PublicAccess, Fact: FactSetting, Operation: "ec2:DescribeVpcBlockPublicAccessExclusions",
			Reason: "Unsupported", Message: fmt.Sprintf("the exclusion of %s is in the state %s", e.network, e.state)})
		return false
	}
	return true
}

// openByName is how far each own network of a kind is left open, by what it stands for.
// Networks of another stack stand for the same: each of them counts.
func (s *side) openByName(value any, kind string) map[string][]int {
	open := map[string][]int{}
	for id := range s.networksNamed() {
		if strings.HasPrefix(id, kind) {
			name, _ := skeleton(s.value(nil, 0, id, document))
			open[name] = append(open[name], openAt(value, id))
		}
	}
	return open
}

// allLevels are the levels of all networks of a Region; of one without any, its mode's.
func allLevels(open map[string][]int, value any) []int {
	var all []int
	for _, levels := range open {
		all = append(all, levels...)
	}
	if len(all) == 0 {
		return []int{openAt(value, "")}
	}
	return all
}

// twoOf puts two lists of levels into words that can be held against each other: network
// by network or, where the Regions have another number of them, by which levels there are.
func twoOf(here, there []int) (left, right any) {
	slices.Sort(here)
	slices.Sort(there)
	if len(here) != len(there) {
		here, there = slices.Compact(here), slices.Compact(there)
	}
	words := func(levels []int) any {
		list := make([]any, len(levels))
		for i, level := range levels {
			list[i] = openness[level]
		}
		return list
	}
	return words(here), words(there)
}

// opened is the value that is compared and shown. The mode is the account's: what it
// does to the networks is what must be alike.
func opened(value any, networks map[string]any) any {
	mode, _ := dig(value, "InternetGatewayBlockMode").(string)
	return map[string]any{"InternetGatewayBlockMode": mode, "Networks": networks}
}

// opensLess reports whether the standby's block leaves a network less open than the primary's.
func opensLess(here, there any) bool {
	ours, _ := dig(here, "Networks").(map[string]any)
	theirs, _ := dig(there, "Networks").(map[string]any)
	for name := range ours {
		left, right := levelsOf(ours[name]), levelsOf(theirs[name])
		if len(left) == 0 || len(right) == 0 {
			continue
		}
		if len(left) != len(right) {
			left, right = []int{left[0], left[len(left)-1]}, []int{right[0], right[len(right)-1]}
		}
		for i := range left {
			if right[i] < left[i] {
				return true
			}
		}
	}
	return false
}

func levelsOf(words any) []int {
	var levels []int
	for _, word := range textsOf(words) {
		levels = append(levels, slices.Index(openness, word))
	}
	return levels
}

// facesInternet reports whether the Region has what the block is about, whatever network it is in.
func (s *side) facesInternet() bool {
	return slices.ContainsFunc(s.snapshot.Resources, func(r Resource) bool { return slices.Contains(facesInternet, r.Type) })
}

// namesNetwork reports whether the application has or names a network of a kind.
func (s *side) namesNetwork(kind string) bool {
	for id := range s.networksNamed() {
		if strings.HasPrefix(id, kind) {
			return true
		}
	}
	return false
}

// networksNamed are the ids of the VPCs and subnets that the application has or names.
func (s *side) networksNamed() map[string]bool {
	named := map[string]bool{}
	for i := range s.snapshot.Resources {
		r := &s.snapshot.Resources[i]
		noteNetworks(r.ID, named)
		noteNetworks(r.Properties, named)
	}
	return named
}

// namesSubnet reports whether a resource is in a subnet.
func namesSubnet(r *Resource) bool {
	named := map[string]bool{}
	noteNetworks(r.Properties, named)
	for id := range named {
		if strings.HasPrefix(id, "subnet-") {
			return true
		}
	}
	return false
}

// noteNetworks adds the ids of VPCs and subnets in a value.
func noteNetworks(value any, named map[string]bool) {
	switch v := value.(type) {
	case string:
		for _, id := range generatedID.FindAllString(v, -1) {
			if strings.HasPrefix(id, "vpc-") || strings.HasPrefix(id, "subnet-") {
				named[id] = true
			}
		}
	case []any:
		for _, element := range v {
			noteNetworks(element, named)
		}
	case map[string]any:
		for _, member := range v {
			noteNetworks(member, named)
		}
	}
}
