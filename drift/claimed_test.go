package drift

import (
	"reflect"
	"testing"
)

func TestWhatAResourceOfItsOwnDeclaresIsSaidOnce(t *testing.T) {
	rule := func(cidr string) props {
		return props{"IpProtocol": "tcp", "FromPort": 5432.0, "ToPort": 5432.0, "CidrIp": cidr}
	}
	region := func(p testPlace, standalone bool, listed ...any) *Snapshot {
		s := lonely(p, "AWS::EC2::SecurityGroup", props{"SecurityGroupIngress": listed})
		s.Resources[0].ID, s.Resources[0].Declared = "sg-"+p.salt, props{}
		s.Stacks = []Stack{{Key: "s", Name: "s", ID: "s", Status: "CREATE_COMPLETE", Template: map[string]any{"Resources": map[string]any{"R": map[string]any{}, "Rule": map[string]any{}}}}}
		if standalone {
			own := rule("10.0.0.0/8")
			own["GroupId"] = s.Resources[0].ID
			s.Resources = append(s.Resources, Resource{Key: "s/Rule", Type: "AWS::EC2::SecurityGroupIngress", ID: "sgr-" + p.salt, Properties: own})
		}
		return s
	}
	without := func(s *Snapshot) *Snapshot {
		s.Gaps = []Gap{{Region: s.Region.Name, Resource: "s/Rule", Type: "AWS::EC2::SecurityGroupIngress", Reason: "AccessDenied"}}
		return s
	}
	for _, test := range []struct {
		name             string
		primary, standby *Snapshot
		findings         []string
	}{
		{"a rule of its own in both", region(east, true, rule("10.0.0.0/8")), region(west, true, rule("10.0.0.0/8")), nil},
		{"the rule is gone in the standby", region(east, true, rule("10.0.0.0/8")), region(west, false), []string{"s/Rule "}},
		{"a rule beside it that nobody declares", region(east, true, rule("10.0.0.0/8"), rule("0.0.0.0/0")), region(west, true, rule("10.0.0.0/8")),
			[]string{"s/R SecurityGroupIngress us-east-1"}},
		{"the rule cannot be read in the standby", region(east, true, rule("10.0.0.0/8")), without(region(west, false, rule("10.0.0.0/8"))), nil},
		{"the rule cannot be read in the standby, and one beside it is in the primary alone", region(east, true, rule("10.0.0.0/8"), rule("0.0.0.0/0")),
			without(region(west, false, rule("10.0.0.0/8"))), []string{"s/R SecurityGroupIngress "}},
	} {
		before := *test.primary
		var got []string
		for _, f := range Compare(test.primary, test.standby, options).Findings {
			if f.Property != "" {
				f.Property = "SecurityGroupIngress " + f.ChangedIn
			}
			got = append(got, f.Resource+" "+f.Property)
		}
		if !reflect.DeepEqual(got, test.findings) {
			t.Errorf("%s: %q, want %q", test.name, got, test.findings)
		}
		if !reflect.DeepEqual(before, *test.primary) {
			t.Errorf("%s: the snapshot was changed", test.name)
		}
	}
}
