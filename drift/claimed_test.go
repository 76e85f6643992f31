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

func TestWhatAnotherResourceDeclaresOfAGroupAUserOrAClusterIsSaidOnce(t *testing.T) {
	policy := func(action string) props {
		return props{"PolicyName": "own", "PolicyDocument": props{"Statement": list(props{"Effect": "Allow", "Action": action, "Resource": "*"})}}
	}
	inline := func(typ, by, link string) func(testPlace, string) *Snapshot {
		return func(p testPlace, action string) *Snapshot {
			own := policy(action)
			own[link] = any(p.salt + "-owner")
			if by == "AWS::IAM::Policy" {
				own[link] = list(p.salt + "-owner")
			}
			return region(p, Resource{Key: "s/Owner", Type: typ, ID: p.salt + "-owner", Properties: props{"Policies": list(policy(action))}},
				Resource{Key: "s/Own", Type: by, ID: p.salt + "-own", Properties: own})
		}
	}
	providers := func(p testPlace, provider string) *Snapshot {
		return region(p, Resource{Key: "s/Owner", Type: "AWS::ECS::Cluster", ID: p.salt + "-owner", Properties: props{"CapacityProviders": list(provider)}},
			Resource{Key: "s/Own", Type: "AWS::ECS::ClusterCapacityProviderAssociations", ID: p.salt + "-owner|x", Properties: props{"Cluster": p.salt + "-owner", "CapacityProviders": list(provider)}})
	}
	for name, build := range map[string]func(testPlace, string) *Snapshot{
		"a group and a policy of its own":      inline("AWS::IAM::Group", "AWS::IAM::GroupPolicy", "GroupName"),
		"a group and a policy of many":         inline("AWS::IAM::Group", "AWS::IAM::Policy", "Groups"),
		"a user and a policy of its own":       inline("AWS::IAM::User", "AWS::IAM::UserPolicy", "UserName"),
		"a user and a policy of many":          inline("AWS::IAM::User", "AWS::IAM::Policy", "Users"),
		"a cluster and its capacity providers": providers,
	} {
		if found := Compare(build(east, "FARGATE"), build(west, "FARGATE"), options).Findings; len(found) > 0 {
			t.Errorf("%s, alike:%s", name, show(found))
		}
		if found := Compare(build(east, "FARGATE"), build(west, "FARGATE_SPOT"), options).Findings; len(found) != 1 || found[0].Resource != "s/Own" {
			t.Errorf("%s, another in the standby:%s", name, show(found))
		}
	}
}

// What the other Region could not read answers for nothing, whatever the gap is of:
// the resource, its stack, its type, its link or everything.
func TestWhatTheOtherRegionCouldNotReadAnswersForNothing(t *testing.T) {
	const by = "AWS::ECS::ClusterCapacityProviderAssociations"
	cluster := func(p testPlace) *Snapshot {
		return region(p, Resource{Key: "s/Cluster", Type: "AWS::ECS::Cluster", ID: p.salt + "-cluster", Properties: props{"CapacityProviders": list("FARGATE")}})
	}
	group := func(p testPlace) *Snapshot {
		return region(p, Resource{Key: "s/Group", Type: "AWS::EC2::SecurityGroup", ID: "sg-" + p.salt, Properties: props{"SecurityGroupIngress": list(props{"IpProtocol": "-1"})}})
	}
	for name, test := range map[string]struct {
		build func(testPlace) *Snapshot
		own   func(testPlace) Resource
	}{
		"a whole": {cluster, func(p testPlace) Resource {
			return Resource{Key: "s/Own", Type: by, ID: p.salt + "-own", Properties: props{"Cluster": p.salt + "-cluster", "CapacityProviders": list("FARGATE")}}
		}},
		"an element": {group, func(p testPlace) Resource {
			return Resource{Key: "s/Own", Type: "AWS::EC2::SecurityGroupIngress", ID: p.salt + "-own", Properties: props{"GroupId": "sg-" + p.salt, "IpProtocol": "-1"}}
		}},
	} {
		own := test.own(west)
		for what, gap := range map[string]Gap{"the resource": {Resource: own.Key, Type: own.Type}, "its type": {Type: own.Type}, "its stack": {Resource: "s", Type: "AWS::CloudFormation::Stack"}, "everything": {}} {
			gap.Region, gap.Reason = west.region, "AccessDenied"
			primary, standby := test.build(east), test.build(west)
			primary.Resources = append(primary.Resources, test.own(east))
			standby.Gaps = []Gap{gap}
			if found := Compare(primary, standby, options).Findings; len(found) != 0 {
				t.Errorf("%s, %s unread in the standby:%s", name, what, show(found))
			}
			if found := Compare(standby, primary, options).Findings; len(found) != 0 {
				t.Errorf("%s, %s unread in the reference:%s", name, what, show(found))
			}
		}
		link := map[bool]string{true: "Cluster", false: "GroupId"}[own.Type == by]
		half := test.own(west)
		delete(half.Properties, link)
		primary, standby := test.build(east), test.build(west)
		primary.Resources, standby.Resources = append(primary.Resources, test.own(east)), append(standby.Resources, half)
		standby.Gaps = []Gap{{Region: west.region, Resource: own.Key, Type: own.Type, Property: link, Reason: "AccessDenied"}}
		if found := Compare(primary, standby, options).Findings; len(found) != 0 {
			t.Errorf("%s, its link unread:%s", name, show(found))
		}
		gone := test.build(west)
		gone.Resources[0].Properties = props{}
		if found := Compare(primary, gone, options).Findings; len(found) != 1 || found[0].Resource != own.Key {
			t.Errorf("%s, gone where everything was read:%s", name, show(found))
		}
	}
}

// A statement that a resource of its own declares is said once, of that resource;
// one that somebody put beside it stays with the bus.
func TestAStatementOfAPolicyIsSaidOfTheResourceThatDeclaresIt(t *testing.T) {
	statement := func(sid string) props {
		return props{"Sid": sid, "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "*"}
	}
	bus := func(p testPlace, policy bool, listed ...any) *Snapshot {
		s := region(p, Resource{Key: "s/Bus", Type: "AWS::Events::EventBus", ID: "orders", Identities: map[string]string{"Name": "orders"}, Properties: props{"Name": "orders"}})
		if len(listed) > 0 {
			s.Resources[0].Properties["Policy"] = props{"Version": "2012-10-17", "Statement": listed}
		}
		if policy {
			s.Resources = append(s.Resources, Resource{Key: "s/Partner", Type: "AWS::Events::EventBusPolicy", ID: "orders|partner", Properties: props{"EventBusName": "orders", "StatementId": "partner", "Statement": statement("partner")}})
		}
		return s
	}
	for _, test := range []struct {
		name    string
		standby *Snapshot
		found   []string
	}{
		{"as in the primary", bus(west, true, statement("partner")), nil},
		{"gone", bus(west, false), []string{"s/Partner "}},
		{"one more, by hand", bus(west, true, statement("partner"), statement("byhand")), []string{"s/Bus Policy"}},
		{"gone, and another by hand", bus(west, false, statement("byhand")), []string{"s/Bus Policy", "s/Partner "}},
	} {
		var found []string
		for _, f := range Compare(bus(east, true, statement("partner")), test.standby, options).Findings {
			found = append(found, f.Resource+" "+f.Property)
		}
		if !reflect.DeepEqual(found, test.found) {
			t.Errorf("%s: %q, want %q", test.name, found, test.found)
		}
	}
}
