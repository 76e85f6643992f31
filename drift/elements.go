package drift

import (
	"slices"
	"strconv"
)

// elementNames name the elements of a set, which have no position, for paths:
// by what they are, or by their rank among all elements of both sides. The
// names depend neither on the order as read nor on which Region comes first.
type elementNames struct{ codes []string }

func newElementNames(p, s *node) elementNames {
	codes := slices.Concat(p.sortedCodes(), s.sortedCodes())
	slices.Sort(codes)
	return elementNames{slices.Compact(codes)}
}

// of names a pair of elements, or one that only one side has.
func (e elementNames) of(p, s *node) string {
	best := ""
	rank := len(e.codes)
	for _, n := range []*node{p, s} {
		if n == nil {
			continue
		}
		if name := describe(n); name != "" && (best == "" || name < best) {
			best = name
		}
		if i, ok := slices.BinarySearch(e.codes, string(n.encode(nil))); ok {
			rank = min(rank, i)
		}
	}
	if best != "" {
		return best
	}
	return strconv.Itoa(rank)
}

// describe says in a few words what an element is: the label a person gave a
// statement, what it allows, the ports a rule is about; "" when nothing fits.
func describe(n *node) string {
	if sid := n.child("Sid"); sid != nil && sid.text != "" {
		return sid.text
	}
	if effect, action := n.child("Effect"), n.child("Action"); effect != nil && action != nil && len(action.kids) > 0 {
		names := make([]string, len(action.kids))
		for i, kid := range action.kids {
			names[i] = kid.text
		}
		return effect.text + " " + slices.Min(names)
	}
	if protocol := n.child("IpProtocol"); protocol != nil {
		return ports(protocol, n.child("FromPort"), n.child("ToPort"))
	}
	return ""
}

func ports(protocol, from, to *node) string {
	switch {
	case protocol.text == "-1":
		return "all traffic"
	case from == nil || to == nil:
		return protocol.text
	case from.text == to.text:
		return protocol.text + " " + from.text
	}
	return protocol.text + " " + from.text + "-" + to.text
}
