package ec2_test

import (
	"testing"

	"github.com/lockstep-dr/lockstep/internal/awssim/coretest"
	"github.com/lockstep-dr/lockstep/internal/awssim/ec2"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// network is a VPC with a subnet, made as CloudFormation makes them.
func network(t *testing.T) (b *coretest.Bench, vpc, subnet store.Resource) {
	b = coretest.New(t, ec2.Service())
	vpc = b.Made(coretest.East, "Vpc", ec2.VPCType, map[string]any{"CidrBlock": "10.1.0.0/16"})
	return b, vpc, b.Made(coretest.East, "Subnet", ec2.SubnetType, map[string]any{"VpcId": vpc.ID, "CidrBlock": "10.1.1.0/28"})
}

// described is what a describe call answers for a filter.
func described(b *coretest.Bench, operation, set, filter, value string) []wire.Object {
	b.Helper()
	return b.Call(coretest.East, "ec2."+operation, wire.Object{"Filter": []any{wire.Object{"Name": filter, "Value": []any{value}}}}).Objects(set)
}

func TestAVPCHasAMainTableAndADefaultList(t *testing.T) {
	b, vpc, subnet := network(t)
	tables := described(b, "DescribeRouteTables", "routeTableSet", "vpc-id", vpc.ID)
	if len(tables) != 1 || !tables[0].Objects("associationSet")[0].Bool("main") || tables[0].Objects("routeSet")[0].String("gatewayId") != "local" {
		t.Errorf("tables %v", tables)
	}
	lists := described(b, "DescribeNetworkAcls", "networkAclSet", "association.subnet-id", subnet.ID)
	if len(lists) != 1 || !lists[0].Bool("default") || len(lists[0].Objects("entrySet")) != 4 {
		t.Errorf("lists %v", lists)
	}
	if vpcs := b.Call(coretest.East, "ec2.DescribeVpcs", nil).Objects("vpcSet"); len(vpcs) != 2 {
		t.Errorf("%d VPCs, want the default one and this one", len(vpcs))
	}
}

func TestWhatDoesNotExistIsRefusedByItsOwnCode(t *testing.T) {
	b, vpc, _ := network(t)
	for operation, c := range map[string]struct {
		in   wire.Object
		code string
	}{
		"DescribeVpcs":                   {wire.Object{"VpcId": []any{vpc.ID, "vpc-0"}}, "InvalidVpcID.NotFound"},
		"DescribeSubnets":                {wire.Object{"SubnetId": []any{"subnet-0"}}, "InvalidSubnetID.NotFound"},
		"DescribeLaunchTemplates":        {wire.Object{"LaunchTemplateId": []any{"lt-0"}}, "InvalidLaunchTemplateId.NotFound"},
		"DescribeLaunchTemplateVersions": {wire.Object{"LaunchTemplateId": "lt-0", "LaunchTemplateVersion": []any{"$Latest"}}, "InvalidLaunchTemplateId.NotFound"},
		"CreateRoute":                    {wire.Object{"RouteTableId": "rtb-0", "DestinationCidrBlock": "0.0.0.0/0"}, "InvalidRouteTableID.NotFound"},
		"DisassociateRouteTable":         {wire.Object{"AssociationId": "rtbassoc-0"}, "InvalidAssociationID.NotFound"},
		"DeleteNetworkAclEntry":          {wire.Object{"NetworkAclId": "acl-0", "RuleNumber": "100"}, "InvalidNetworkAclEntry.NotFound"},
		"DetachInternetGateway":          {wire.Object{"InternetGatewayId": "igw-0", "VpcId": vpc.ID}, "Gateway.NotAttached"},
		"ReleaseAddress":                 {wire.Object{"AllocationId": "eipalloc-0"}, "InvalidAllocationID.NotFound"},
		"ModifyVpcEndpoint":              {wire.Object{"VpcEndpointId": "vpce-0"}, "InvalidVpcEndpointId.NotFound"},
		"TerminateInstances":             {wire.Object{"InstanceId": []any{"i-0"}}, "InvalidInstanceID.NotFound"},
		"DeregisterImage":                {wire.Object{"ImageId": "ami-0"}, "InvalidAMIID.NotFound"},
		"CreateSubnet":                   {wire.Object{"VpcId": "vpc-0", "CidrBlock": "10.0.0.0/24"}, "InvalidVpcID.NotFound"},
	} {
		b.Refused(c.code, coretest.East, "ec2."+operation, c.in)
	}
}

func TestRoutesAreCreatedReplacedAndDeleted(t *testing.T) {
	b, vpc, _ := network(t)
	table := b.Made(coretest.East, "Table", ec2.TableType, map[string]any{"VpcId": vpc.ID})
	gateway := b.Made(coretest.East, "Gateway", ec2.GatewayType, map[string]any{})
	to := func(more wire.Object) wire.Object {
		in := wire.Object{"RouteTableId": table.ID, "DestinationCidrBlock": "0.0.0.0/0"}
		for k, v := range more {
			in[k] = v
		}
		return in
	}
	b.Call(coretest.East, "ec2.CreateRoute", to(wire.Object{"GatewayId": gateway.ID}))
	b.Refused("RouteAlreadyExists", coretest.East, "ec2.CreateRoute", to(wire.Object{"GatewayId": gateway.ID}))
	route := func() wire.Object {
		for _, r := range described(b, "DescribeRouteTables", "routeTableSet", "route-table-id", table.ID)[0].Objects("routeSet") {
			if r.String("destinationCidrBlock") == "0.0.0.0/0" {
				return r
			}
		}
		return nil
	}
	if r := route(); r.String("gatewayId") != gateway.ID || r.String("state") != "active" {
		t.Errorf("%v", r)
	}
	b.Call(coretest.East, "ec2.ReplaceRoute", to(wire.Object{"NatGatewayId": "nat-0"}))
	if r := route(); r.Has("gatewayId") || r.String("natGatewayId") != "nat-0" || r.String("state") != "blackhole" {
		t.Errorf("through a gateway that is gone: %v", r)
	}
	b.Call(coretest.East, "ec2.DeleteRoute", to(nil))
	b.Refused("InvalidRoute.NotFound", coretest.East, "ec2.DeleteRoute", to(nil))
	if r := route(); r != nil {
		t.Errorf("still %v", r)
	}
}

func TestASubnetMovesBetweenTablesAndLists(t *testing.T) {
	b, vpc, subnet := network(t)
	one := b.Made(coretest.East, "One", ec2.TableType, map[string]any{"VpcId": vpc.ID})
	two := b.Made(coretest.East, "Two", ec2.TableType, map[string]any{"VpcId": vpc.ID})
	a := b.Made(coretest.East, "A", ec2.TableAssociationType, map[string]any{"RouteTableId": one.ID, "SubnetId": subnet.ID})
	out := b.Call(coretest.East, "ec2.ReplaceRouteTableAssociation", wire.Object{"AssociationId": a.ID, "RouteTableId": two.ID})
	found := described(b, "DescribeRouteTables", "routeTableSet", "association.subnet-id", subnet.ID)
	if len(found) != 1 || found[0].String("routeTableId") != two.ID || out.String("newAssociationId") == a.ID {
		t.Errorf("%v, %v", out, found)
	}
	acl := b.Made(coretest.East, "Acl", ec2.ACLType, map[string]any{"VpcId": vpc.ID})
	before := described(b, "DescribeNetworkAcls", "networkAclSet", "association.subnet-id", subnet.ID)[0].Objects("associationSet")[0]
	b.Call(coretest.East, "ec2.ReplaceNetworkAclAssociation", wire.Object{"AssociationId": before.String("networkAclAssociationId"), "NetworkAclId": acl.ID})
	if found := described(b, "DescribeNetworkAcls", "networkAclSet", "association.subnet-id", subnet.ID); len(found) != 1 || found[0].String("networkAclId") != acl.ID {
		t.Errorf("%v", found)
	}
}

func TestAddressesRunOut(t *testing.T) {
	b, _, subnet := network(t) // a /28 has 11 addresses to give
	left := func() int {
		return described(b, "DescribeSubnets", "subnetSet", "subnet-id", subnet.ID)[0].Int("availableIpAddressCount", -1)
	}
	if left() != 11 {
		t.Errorf("%d addresses", left())
	}
	b.Call(coretest.East, "ec2.RunInstances", wire.Object{"SubnetId": subnet.ID, "ImageId": "ami-0", "MinCount": "2", "MaxCount": "2"})
	if left() != 9 {
		t.Errorf("%d addresses left by two instances", left())
	}
}

func TestZonesHaveIdsInAnOrderOfTheirOwn(t *testing.T) {
	b := coretest.New(t, ec2.Service())
	ids := map[string]string{}
	for _, region := range []string{coretest.East, coretest.West} {
		vpc := b.Made(region, "Vpc", ec2.VPCType, map[string]any{"CidrBlock": "10.1.0.0/16"})
		for _, letter := range "abc" {
			s := b.Made(region, "S"+string(letter), ec2.SubnetType, map[string]any{"VpcId": vpc.ID, "CidrBlock": "10.1.1.0/24", "AvailabilityZone": region + string(letter)})
			ids[region+string(letter)] = wire.Text(s.Attributes["AvailabilityZoneId"])
		}
	}
	if len(ids) != 6 || ids["us-east-1a"][:len("use1-az")] != "use1-az" || ids["us-west-2a"][:len("usw2-az")] != "usw2-az" || ids["us-east-1a"] == ids["us-east-1b"] {
		t.Errorf("%v", ids)
	}
}

func TestLaunchTemplatesKeepTheirVersions(t *testing.T) {
	b := coretest.New(t, ec2.Service())
	r := b.Made(coretest.East, "Template", ec2.TemplateType, map[string]any{"LaunchTemplateData": map[string]any{"InstanceType": "t3.small", "ImageId": "ami-1"}})
	version := func(name string) wire.Object {
		out := b.Call(coretest.East, "ec2.DescribeLaunchTemplateVersions", wire.Object{"LaunchTemplateId": r.ID, "LaunchTemplateVersion": []any{name}})
		return out.Objects("launchTemplateVersionSet")[0]
	}
	b.Call(coretest.East, "ec2.CreateLaunchTemplateVersion", wire.Object{"LaunchTemplateId": r.ID, "SourceVersion": "1", "LaunchTemplateData": wire.Object{"InstanceType": "t3.large"}})
	latest, standard := version("$Latest"), version("$Default")
	if latest.Int("versionNumber", 0) != 2 || latest.Object("launchTemplateData").String("instanceType") != "t3.large" || latest.Object("launchTemplateData").String("imageId") != "ami-1" {
		t.Errorf("latest %v", latest)
	}
	if standard.Int("versionNumber", 0) != 1 || standard.Object("launchTemplateData").String("instanceType") != "t3.small" {
		t.Errorf("default %v", standard)
	}
	b.Call(coretest.East, "ec2.ModifyLaunchTemplate", wire.Object{"LaunchTemplateId": r.ID, "SetDefaultVersion": "2"})
	if standard = version("$Default"); standard.Int("versionNumber", 0) != 2 {
		t.Errorf("default %v", standard)
	}
	b.Refused("InvalidLaunchTemplateId.VersionNotFound", coretest.East, "ec2.ModifyLaunchTemplate", wire.Object{"LaunchTemplateId": r.ID, "SetDefaultVersion": "9"})
	all := b.Call(coretest.East, "ec2.DescribeLaunchTemplateVersions", wire.Object{"LaunchTemplateVersion": []any{"$Latest"}}).Objects("launchTemplateVersionSet")
	if len(all) != 1 || all[0].Int("versionNumber", 0) != 2 {
		t.Errorf("all %v", all)
	}
}

func TestAnImageIsCopiedFromAnotherRegion(t *testing.T) {
	b := coretest.New(t, ec2.Service())
	made := b.Call(coretest.East, "ec2.RegisterImage", wire.Object{"Name": "web-7", "Architecture": "arm64"}).String("imageId")
	copied := b.Call(coretest.West, "ec2.CopyImage", wire.Object{"Name": "web-7", "SourceImageId": made, "SourceRegion": coretest.East}).String("imageId")
	b.Refused("InvalidAMIID.NotFound", coretest.West, "ec2.CopyImage", wire.Object{"Name": "x", "SourceImageId": "ami-0", "SourceRegion": coretest.East})
	image := b.Call(coretest.West, "ec2.DescribeImages", wire.Object{"ImageId": []any{copied}}).Objects("imagesSet")[0]
	if copied == made || image.String("architecture") != "arm64" || image.String("sourceImageId") != made || image.String("sourceImageRegion") != coretest.East {
		t.Errorf("%v", image)
	}
	published := func(region string) wire.Object {
		return b.Call(region, "ec2.DescribeImages", wire.Object{"Filter": []any{wire.Object{"Name": "owner-alias", "Value": []any{"amazon"}}}}).Objects("imagesSet")[0]
	}
	if e, w := published(coretest.East), published(coretest.West); e["name"] != w["name"] || e["imageId"] == w["imageId"] {
		t.Errorf("%v and %v", e, w)
	}
}

func TestTagsAreSetOnWhateverEC2Knows(t *testing.T) {
	b, vpc, subnet := network(t)
	b.Call(coretest.East, "ec2.CreateTags", wire.Object{"ResourceId": []any{vpc.ID, subnet.ID}, "Tag": []any{wire.Object{"Key": "team", "Value": "shop"}}})
	if found := described(b, "DescribeSubnets", "subnetSet", "tag:team", "shop"); len(found) != 1 {
		t.Errorf("%v", found)
	}
	b.Refused("InvalidID", coretest.East, "ec2.CreateTags", wire.Object{"ResourceId": []any{"vpc-0"}, "Tag": []any{wire.Object{"Key": "a", "Value": "b"}}})
}
