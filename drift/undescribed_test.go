package drift

import "testing"

// Subnets that something else names are described, and in how many zones they are is
// counted. Where one Region described fewer of them, they are ids again, and no count
// of zones is left to differ.
func TestSubnetsThatOneRegionDescribesInPartAreIdsInBoth(t *testing.T) {
	side := func(p testPlace, described ...string) *Snapshot {
		ids := list("subnet-0000000"+p.salt[:1]+"a", "subnet-0000000"+p.salt[:1]+"b")
		if p == west {
			ids = list("subnet-00000002a", "subnet-00000002b")
		}
		s := region(p, Resource{Key: "s/Groups", Type: "AWS::RDS::DBSubnetGroup", ID: "g-" + p.salt, Properties: props{"SubnetIds": ids}, Declared: props{"SubnetIds": ids}})
		for i, id := range described {
			s.Facts = append(s.Facts, Fact{Kind: FactContent, Subject: id, Value: props{"Kind": "Subnet", "Content": props{"Tier": "private", "AvailabilityZone": p.region + string(rune('a'+i))}}})
		}
		return s
	}
	here := side(east, "subnet-00000001a", "subnet-00000001b")
	for name, standby := range map[string]*Snapshot{"both": side(west, "subnet-00000002a", "subnet-00000002b"), "one": side(west, "subnet-00000002a"), "none": side(west)} {
		if found := Compare(here, standby, options).Findings; len(found) != 0 {
			t.Errorf("%s described:%s", name, show(found))
		}
	}
	byHand := side(west, "subnet-00000002a")
	byHand.Resources[0].Properties = props{"SubnetIds": list("subnet-00000002a", "subnet-00000003c")}
	if found := Compare(here, byHand, options).Findings; len(found) != 1 || found[0].ChangedIn != west.region {
		t.Errorf("another subnet by hand:%s", show(found))
	}
}
