package drift

import (
	"strings"
	"testing"
)

// AWS chooses where a database runs, and many of them outvote no subnet.
func TestWhereAWSChoosesTheZoneItSaysNothing(t *testing.T) {
	app := func(p testPlace, subnets, databases string) *Snapshot {
		s := region(p)
		for i, letter := range subnets {
			s.Resources = append(s.Resources, Resource{Key: "net/Subnet" + string(rune('A'+i)), Type: "AWS::EC2::Subnet", ID: p.hex("subnet-0", string(rune('A'+i))), Properties: props{"AvailabilityZone": p.region + string(letter)}})
		}
		for i, letter := range databases {
			s.Resources = append(s.Resources, Resource{Key: "net/Db" + string(rune('A'+i)), Type: "AWS::RDS::DBInstance", ID: p.hex("db-", string(rune('A'+i))), Properties: props{"AvailabilityZone": p.region + string(letter)}})
		}
		return s
	}
	if c := Compare(app(east, "ab", "aaaa"), app(west, "ca", "aaaa"), options); len(c.Findings) > 0 {
		t.Errorf("databases are where they happen to be:%s", show(c.Findings))
	}
	if c := Compare(app(east, "ab", "aaaa"), app(west, "aa", "bbbb"), options); len(c.Findings) != 1 {
		t.Errorf("both subnets are in one zone:%s", show(c.Findings))
	}
}

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
