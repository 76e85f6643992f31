package drift

import (
	"strings"
	"testing"
)

// Only which subnets share a zone counts, never what the zones are called.
func TestZonesBelongTogetherByWhatIsInThem(t *testing.T) {
	subnets := func(p testPlace, letters string) *Snapshot {
		s := region(p)
		for i, letter := range letters {
			s.Resources = append(s.Resources, Resource{Key: "net/Subnet" + string(rune('A'+i)), Type: "AWS::EC2::Subnet", ID: p.hex("subnet-0", string(rune('A'+i))),
				Properties: props{"AvailabilityZone": p.region + string(letter), "AvailabilityZoneId": shortZonePrefix(p.region) + "-az" + string('1'+letter-'a')}})
		}
		return s
	}
	for _, test := range []struct{ name, left, right, differs string }{
		{"in the same order", "abc", "abc", ""},
		{"in another order", "abc", "cab", ""},
		{"by other letters", "abc", "bdf", ""},
		{"two subnets in one zone", "abc", "aac", "net/SubnetB"},
		{"a zone for each where two share one", "aac", "abc", "net/SubnetB"},
		{"more of the same", "ababab", "bababa", ""},
		{"one that moved", "ababab", "babaab", "net/SubnetE net/SubnetF"},
		{"only one Region has the first", "abc", "_bc", "net/SubnetA"},
	} {
		primary, standby := subnets(east, test.left), subnets(west, test.right)
		if strings.HasPrefix(test.right, "_") {
			standby.Resources = standby.Resources[1:]
		}
		for _, both := range [][2]*Snapshot{{primary, standby}, {standby, primary}} {
			c := Compare(both[0], both[1], options)
			differs := map[string]bool{}
			for _, f := range c.Findings {
				differs[f.Resource] = true
			}
			want := strings.Fields(test.differs)
			for _, key := range want {
				if !differs[key] {
					t.Errorf("%s: %s goes unnoticed:%s", test.name, key, show(c.Findings))
				}
			}
			if len(differs) != len(want) {
				t.Errorf("%s: want %v, have:%s", test.name, want, show(c.Findings))
			}
		}
	}
}
