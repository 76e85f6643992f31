package drift

import "slices"

// A record may name hosts of every Region where it is one of several answers to
// a name: with a set identifier, Route 53 chooses between them. The one answer
// there is, in a zone of the standby's own, leads wherever it says: to the
// primary's database, also on the day the primary is lost.

// onlyAnswer reports whether a difference lies in a record that is the only
// answer to its name and leads to the other Region.
func (p *couple) onlyAnswer(typeName string, d difference) bool {
	switch typeName {
	case "AWS::Route53::RecordSet":
		return len(d.path) > 0 && isOnlyAnswer(p.left, p.right) && (leadsAway(d.path[0].name, d.primary) || leadsAway(d.path[0].name, d.standby))
	case "AWS::Route53::RecordSetGroup":
		return isGroupOnlyAnswer(p.left) || isGroupOnlyAnswer(p.right)
	}
	return false
}

func isOnlyAnswer(records ...*node) bool {
	return !slices.ContainsFunc(records, func(r *node) bool { return isSet(r.child("SetIdentifier")) })
}

// isGroupOnlyAnswer reports whether a group has such a record.
func isGroupOnlyAnswer(group *node) bool {
	records := group.child("RecordSets")
	return records != nil && slices.ContainsFunc(records.kids, func(r *node) bool {
		return isOnlyAnswer(r) && (leadsAway(answerTexts, r.child(answerTexts)) || leadsAway(answerAlias, r.child(answerAlias)))
	})
}

const answerTexts, answerAlias = "ResourceRecords", "AliasTarget"

// leadsAway reports whether an answer is of the other Region. A text may name
// anybody's host, and some exist in one Region alone (SES receives mail at them):
// it leads away where the host is one of the application's. An alias always
// names something of AWS.
func leadsAway(property string, n *node) bool {
	return n != nil && (property == answerTexts || property == answerAlias) && slices.ContainsFunc(n.mentions(), func(m mention) bool {
		return m.points() && (m.place == placeResource || property == answerAlias)
	})
}
