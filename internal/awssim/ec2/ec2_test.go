package ec2_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

func rule(port any, more ...string) map[string]any {
	r := map[string]any{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "CidrIp": "10.0.0.0/8"}
	for i := 0; i < len(more); i += 2 {
		r[more[i]] = more[i+1]
	}
	return r
}

func bench(t *testing.T) (*coretest.Bench, store.Resource) {
	b := coretest.New(t, ec2.Service())
	return b, b.Made(coretest.East, "Callers", ec2.Type, map[string]any{"GroupDescription": "d", "SecurityGroupIngress": []any{rule("443", "Description", "office")}})
}

func permission(port int, cidr string) wire.Object {
	return wire.Object{"IpPermissions": []any{wire.Object{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": []any{wire.Object{"CidrIp": cidr}}}}}
}

func to(g store.Resource, in wire.Object) wire.Object {
	in["GroupId"] = g.ID
	return in
}

func ingress(b *coretest.Bench, g store.Resource) int {
	b.Helper()
	rules := b.Call(coretest.East, "ec2.DescribeSecurityGroupRules", wire.Object{"Filter": []any{wire.Object{"Name": "group-id", "Value": []any{g.ID}}}})
	n := 0
	for _, r := range rules.Objects("securityGroupRuleSet") {
		if !r.Bool("isEgress") {
			n++
		}
	}
	return n
}

func TestRulesComeAndGoByHand(t *testing.T) {
	b, g := bench(t)
	b.Call(coretest.East, "ec2.AuthorizeSecurityGroupIngress", to(g, permission(22, "0.0.0.0/0")))
	b.Refused("InvalidPermission.Duplicate", coretest.East, "ec2.AuthorizeSecurityGroupIngress", to(g, permission(22, "0.0.0.0/0")))
	if n := ingress(b, g); n != 2 {
		t.Errorf("%d rules", n)
	}
	b.Call(coretest.East, "ec2.RevokeSecurityGroupIngress", to(g, permission(443, "10.0.0.0/8"))) // whatever its description
	if n := ingress(b, g); n != 1 {
		t.Errorf("%d rules", n)
	}
	b.Refused("InvalidPermission.NotFound", coretest.East, "ec2.RevokeSecurityGroupIngress", to(g, permission(443, "10.0.0.0/8")))
	everything := wire.Object{"IpPermissions": []any{wire.Object{"IpProtocol": "-1", "IpRanges": []any{wire.Object{"CidrIp": "0.0.0.0/0"}}}}}
	b.Call(coretest.East, "ec2.RevokeSecurityGroupEgress", to(g, everything))
	if got := b.Live(g).Properties["SecurityGroupEgress"]; len(got.([]any)) != 0 {
		t.Errorf("egress %v", got)
	}
}

func TestARuleOfItsOwnBelongsToItsGroup(t *testing.T) {
	b, g := bench(t)
	one := rule("80")
	one["GroupId"] = g.ID
	b.Made(coretest.East, "Rule", ec2.IngressType, one)
	if n := ingress(b, g); n != 2 {
		t.Errorf("%d rules", n)
	}
	twice := rule("443")
	twice["GroupId"] = g.ID
	_, err := b.Make(coretest.East, "Again", ec2.IngressType, twice)
	b.Code("InvalidPermission.Duplicate", err)
	b.Call(coretest.East, "ec2.RevokeSecurityGroupIngress", to(g, permission(80, "10.0.0.0/8")))
	if left := b.World.Store.List(g.Scope, ec2.IngressType); len(left) != 0 {
		t.Errorf("%v", left)
	}
}

func TestAGroupThatAnotherNamesCannotGo(t *testing.T) {
	b, g := bench(t)
	peer := map[string]any{"IpProtocol": "tcp", "FromPort": 1.0, "ToPort": 1.0, "SourceSecurityGroupId": g.ID}
	other := b.Made(coretest.East, "Other", ec2.Type, map[string]any{"GroupDescription": "d", "SecurityGroupIngress": []any{peer}})
	b.Refused("DependencyViolation", coretest.East, "ec2.DeleteSecurityGroup", wire.Object{"GroupId": g.ID})
	b.Call(coretest.East, "ec2.DeleteSecurityGroup", wire.Object{"GroupId": other.ID})
	b.Call(coretest.East, "ec2.DeleteSecurityGroup", wire.Object{"GroupId": g.ID})
	_, err := b.Make(coretest.East, "Other", ec2.Type, map[string]any{"GroupDescription": "d", "SecurityGroupIngress": []any{peer}})
	b.Code("InvalidGroup.NotFound", err)
}

func TestGroupsAreFilteredAndUnknownFiltersRefused(t *testing.T) {
	b, g := bench(t)
	b.Made(coretest.East, "Other", ec2.Type, map[string]any{"GroupDescription": "d", "Tags": []any{map[string]any{"Key": "team", "Value": "x"}}})
	find := func(name, value string) []wire.Object {
		return b.Call(coretest.East, "ec2.DescribeSecurityGroups", wire.Object{"Filter": []any{wire.Object{"Name": name, "Value": []any{value}}}}).Objects("securityGroupInfo")
	}
	if got := find("group-name", "app-Callers-*"); len(got) != 1 || got[0]["groupId"] != g.ID {
		t.Errorf("%v", got)
	}
	if got := find("tag:team", "x"); len(got) != 1 || got[0]["groupId"] == g.ID {
		t.Errorf("%v", got)
	}
	if got := find("vpc-id", "vpc-0"); len(got) != 0 {
		t.Errorf("%v", got)
	}
	b.Refused("InvalidParameterValue", coretest.East, "ec2.DescribeSecurityGroups", wire.Object{"Filter": []any{wire.Object{"Name": "colour", "Value": []any{"x"}}}})
	vpc := b.Call(coretest.East, "ec2.DescribeVpcs", nil).Objects("vpcSet")[0]
	west := b.Call(coretest.West, "ec2.DescribeVpcs", nil).Objects("vpcSet")[0]
	if vpc["vpcId"] != g.Properties["VpcId"] || vpc["vpcId"] == west["vpcId"] {
		t.Errorf("%v and %v", vpc["vpcId"], west["vpcId"])
	}
}

func TestARegionOffersTheInstanceTypesItIsNotScriptedToLack(t *testing.T) {
	b := coretest.New(t, ec2.Service())
	asked := wire.Object{"Filter": []any{map[string]any{"Name": "instance-type", "Value": []any{"m7g.large", "m7g.xlarge", "no type"}}}}
	b.World.Store.Put(store.Resource{Scope: coretest.Scope(coretest.West), Type: ec2.NotOfferedType, ID: "m7g.large"})
	for region, want := range map[string]int{coretest.East: 2, coretest.West: 1} {
		if got := b.Call(region, "ec2.DescribeInstanceTypeOfferings", asked).List("instanceTypeOfferingSet"); len(got) != want {
			t.Errorf("%s offers %v", region, got)
		}
	}
}
