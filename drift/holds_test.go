package drift

import "testing"

// What a symbol stands for is not always known; the text around it is.
func TestALiveValueIsHeldAgainstWhatIsKnownOfItsDeclaration(t *testing.T) {
	for _, test := range []struct {
		name, declared, primary, standby, changed string
	}{
		{"a port that nobody knows", "${R.Address}:${R.Port}", "db.east:5432", "db.else:5432", "us-west-2"},
		{"another host in the primary", "${R.Address}:${R.Port}", "db.else:5432", "db.west:5432", "us-east-1"},
		{"another port may be either's", "${R.Address}:${R.Port}", "db.east:5432", "db.west:5433", ""},
		{"a dynamic reference may be anything", "{{resolve:ssm:/x}}", "1", "2", ""},
		{"text around a dynamic reference", "v-{{resolve:ssm:/x}}", "v-1", "w-1", "us-west-2"},
	} {
		region := func(p testPlace, address, live string) *Snapshot {
			s := lonely(p, "AWS::RDS::DBInstance", props{})
			s.Resources[0].Identities = map[string]string{"Address": address}
			s.Resources = append(s.Resources, Resource{Key: "s/P", Type: "AWS::SSM::Parameter", ID: "/p",
				Properties: props{"Value": live}, Declared: props{"Value": test.declared}})
			return s
		}
		c := Compare(region(east, "db.east", test.primary), region(west, "db.west", test.standby), options)
		if len(c.Findings) != 1 || c.Findings[0].Cause != OutOfBand || c.Findings[0].ChangedIn != test.changed {
			t.Errorf("%s: want %q, have%s", test.name, test.changed, show(c.Findings))
		}
	}
}
