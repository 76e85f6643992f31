package drift

import "strings"

// companions are values that AWS sets and clears along with a switch: the
// switch says it all, and the Region that lost its companion did not lose it
// by hand.
var companions = []struct{ Type, Property, Switch string }{
	{"AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.RecoveryPeriodInDays", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"},
	{"AWS::KMS::Key", "RotationPeriodInDays", "EnableKeyRotation"},
}

// accompanies reports whether a value is there in one Region alone because
// its switch differs, which is a difference of its own.
func accompanies(p *couple, d difference) bool {
	if d.primary != nil && d.standby != nil {
		return false
	}
	property := d.path.String()
	for _, t := range companions {
		if t.Type == p.primary.Type && t.Property == property {
			return !alike(p.left.at(t.Switch), p.right.at(t.Switch))
		}
	}
	return false
}

// at follows a dotted path of names; nil where it leads nowhere.
func (n *node) at(property string) *node {
	for name := range strings.SplitSeq(property, ".") {
		if n == nil {
			return nil
		}
		n = n.child(name)
	}
	return n
}
