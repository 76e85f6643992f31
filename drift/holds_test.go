package drift

import (
	"slices"
	"testing"
)

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

// A part that nobody knows takes nothing from what is known of the others: the Region
// whose rules are not those of its template is told.
func TestAListIsHeldAgainstItsDeclarationPartByPart(t *testing.T) {
	rule := func(port float64, name, value string) props {
		return props{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, name: value}
	}
	declared := list(rule(443, "SourcePrefixListId", "{{resolve:ssm:/offices}}"), rule(80, "CidrIpv6", "${Fn::Select:0:${Net.Ipv6CidrBlocks}}"), rule(22, "SourceSecurityGroupId", "${Bastion.GroupId}"))
	group := func(p testPlace, rules ...any) *Snapshot {
		return region(p, Resource{Key: "s/Bastion", Type: "AWS::EC2::SecurityGroup", ID: "sg-0000000" + p.salt[:1] + "b", Properties: props{}, Declared: props{}, Identities: map[string]string{"GroupId": "sg-0000000" + p.salt[:1] + "b"}},
			Resource{Key: "s/Net", Type: "AWS::EC2::VPC", ID: "vpc-0000000" + p.salt[:1], Properties: props{}, Declared: props{}, Identities: map[string]string{"Ipv6CidrBlocks": "2600:1f00:" + p.salt[:1] + "::/56"}},
			Resource{Key: "s/Web", Type: "AWS::EC2::SecurityGroup", ID: "sg-0000000" + p.salt[:1], Properties: props{"SecurityGroupIngress": rules}, Declared: props{"SecurityGroupIngress": declared}})
	}
	own := func(p testPlace) []any {
		return list(rule(443, "SourcePrefixListId", "pl-0a1b2c3d4e5f60718"), rule(80, "CidrIpv6", "2600:1f00:"+p.salt[:1]+"::/56"), rule(22, "SourceSecurityGroupId", "sg-0000000"+p.salt[:1]+"b"))
	}
	more := rule(8080, "CidrIp", "0.0.0.0/0")
	for _, test := range []struct {
		name        string
		here, there []any
		found       int
		changed     string
	}{
		{"as declared", own(east), own(west), 0, ""},
		{"one more in the standby", own(east), append(own(west), more), 1, west.region},
		{"one more in the primary", append(own(east), more), own(west), 1, east.region},
		{"another group in the standby", own(east), append(own(west)[:2:2], rule(22, "SourceSecurityGroupId", "sg-0000000"+west.salt[:1])), 1, west.region},
		{"one fewer in the standby", own(east), own(west)[:2], 1, west.region},
	} {
		found := Compare(group(east, test.here...), group(west, test.there...), options).Findings
		found = slices.DeleteFunc(found, func(f Finding) bool { return f.Severity != Block })
		if len(found) != test.found || len(found) > 0 && (found[0].ChangedIn != test.changed || found[0].Cause != OutOfBand) {
			t.Errorf("%s: want %q, have%s", test.name, test.changed, show(found))
		}
	}
}
