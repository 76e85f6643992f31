package drift

import (
	"cmp"
	"fmt"
	"regexp"
)

// kindImage is the kind of a fact about an Amazon Machine Image.
const kindImage = "AMI"

// edition is what changes in an image's name from one build to the next: dates,
// versions, build numbers.
var edition = regexp.MustCompile(`[0-9][0-9._:T-]*`)

// imageAgainst compares two images. Builds of one line are told by age: an
// older one in the standby misses what was patched since. Images of different
// lines are different software, and so is one that bears the other's name and
// was copied from something else.
func imageAgainst(ours, theirs content) (note string, severity Severity) {
	if ours.line() != theirs.line() {
		return fmt.Sprintf("They are images of different lines: %s and %s.", brief(ours.name), brief(theirs.name)), Block
	}
	if ours.apart != theirs.apart {
		return fmt.Sprintf("Both are called %s, and the standby's is no copy of the primary's: what is in it, the name does not say.", brief(ours.name)), Block
	}
	switch age := theirs.builtAfter(ours); {
	case age < 0:
		return fmt.Sprintf("The standby starts from an older image: %s instead of %s.", brief(theirs.name), brief(ours.name)), Warn
	case age > 0:
		return fmt.Sprintf("The standby starts from a newer image: %s instead of %s.", brief(theirs.name), brief(ours.name)), Info
	}
	return fmt.Sprintf("The images are called %s and %s, and nothing shows which is newer.", brief(ours.name), brief(theirs.name)), Warn
}

// line is what all builds of an image have in common.
func (c content) line() string {
	rest := &node{kind: kindObject}
	for i, key := range c.tree.keys {
		if key != "Name" {
			rest.put(key, c.tree.kids[i])
		}
	}
	return edition.ReplaceAllString(c.name, "*") + "\n" + string(rest.encode(nil))
}

// builtAfter compares two builds by the day they were made or, where that is
// not known, by the versions in their names.
func (c content) builtAfter(other content) int {
	mine, _ := c.fact["CreationDate"].(string)
	yours, _ := other.fact["CreationDate"].(string)
	if mine != "" && yours != "" {
		return cmp.Compare(mine, yours)
	}
	return compareVersions(numbersIn(c.name), numbersIn(other.name))
}

var digits = regexp.MustCompile(`[0-9]+`)

func numbersIn(name string) []string { return digits.FindAllString(name, -1) }
