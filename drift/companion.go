package drift

import "strings"

// companions are values that AWS sets and clears along with a switch: the
// switch says it all, and the Region that lost its companion did not lose it
// by hand.
var companions = []struct{ Type, Property, Switch string }{
	{"AWS::DynamoDB::Table", "PointInTimeRecoverySpecification.RecoveryPeriodInDays", "PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled"},
	{"AWS::DynamoDB::Table", "ProvisionedThroughput", "BillingMode"},
	{"AWS::DynamoDB::Table", "GlobalSecondaryIndexes.*.ProvisionedThroughput", "BillingMode"},
	// Only what a key or an index uses is defined.
	{"AWS::DynamoDB::Table", "AttributeDefinitions.*", "GlobalSecondaryIndexes"},
	{"AWS::DynamoDB::Table", "AttributeDefinitions.*", "LocalSecondaryIndexes"},
	{"AWS::DynamoDB::Table", "AttributeDefinitions.*", "KeySchema"},
	{"AWS::KMS::Key", "RotationPeriodInDays", "EnableKeyRotation"},
	// A disabled key is not rotated, whatever was asked for.
	{"AWS::KMS::Key", "EnableKeyRotation", "Enabled"},
	{"AWS::KMS::Key", "RotationPeriodInDays", "Enabled"},
}

// accompanies reports whether a value is there in one Region alone because
// its switch differs, which is a difference of its own.
func accompanies(p *couple, d difference) bool {
	if (d.path.equals(codeHash) || d.path.equals("ImageDigest")) && p.primary.Type == "AWS::Lambda::Function" && !alike(p.left.at("Code.ImageUri"), p.right.at("Code.ImageUri")) {
		return true // the hash of an image's code is the digest that its URI names
	}
	if d.primary != nil && d.standby != nil {
		return false
	}
	for _, t := range companions {
		if t.Type == p.primary.Type && d.path.equals(t.Property) && !alike(p.left.at(t.Switch), p.right.at(t.Switch)) {
			return true
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
