package ec2

import (
	"regexp"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
)

// NotOfferedType scripts that a Region does not offer an instance type: a resource of it whose id is that type's name.
const NotOfferedType = "sim::EC2::NotOffered"

var instanceTypeName = regexp.MustCompile(`^[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|[0-9]*xlarge|metal(?:-[0-9a-z]+)?)$`)

// common are the instance types of a list that nobody filters.
func common() []string {
	return []string{"t3.micro", "t3.medium", "m5.large", "m7g.large", "c7g.large", "r7g.large"}
}

// describeOfferings says that a Region offers every instance type that is asked for and has the form of one, unless it is
// scripted not to.
func describeOfferings(c *core.Call) (any, error) {
	places := []string{c.Region}
	kind := c.In.Or("LocationType", "region")
	if kind == "availability-zone" {
		places = []string{c.Region + "a", c.Region + "b", c.Region + "c"}
	}
	list := []any{}
	for _, name := range askedTypes(c) {
		for _, place := range places {
			list = append(list, core.Out{"instanceType": name, "locationType": kind, "location": place})
		}
	}
	return core.Out{"instanceTypeOfferingSet": list}, nil
}
