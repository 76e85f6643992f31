package ec2

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of subnets and of their further address ranges.
const (
	SubnetType      = "AWS::EC2::Subnet"
	SubnetRangeType = "AWS::EC2::SubnetCidrBlock"
)

const noSubnet = "InvalidSubnetID.NotFound"

func subnetKinds() []core.Kind {
	return []core.Kind{
		{
			Type:       SubnetType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"SubnetId": "{Id}"},
			Ref:        "{Id}",
			Replace:    []string{"VpcId", "AvailabilityZone", "AvailabilityZoneId", "CidrBlock", "Ipv6Native", "OutpostArn"},
			Defaults:   map[string]any{"MapPublicIpOnLaunch": false, "AssignIpv6AddressOnCreation": false, "EnableDns64": false, "Ipv6Native": false},
			Schema: core.Schema{Required: []string{"VpcId"},
				Booleans: []string{"MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64", "Ipv6Native"}},
			Create: after(needs("VpcId", VPCType, noVPC), numbered("subnet"), placed),
		},
		{
			Type:       SubnetRangeType,
			Identifier: []string{"Id"},
			Ref:        "{Id}",
			Replace:    []string{"SubnetId", "Ipv6CidrBlock"},
			Schema:     core.Schema{Required: []string{"SubnetId"}},
			Create:     after(needs("SubnetId", SubnetType, noSubnet), numbered("subnet-cidr-assoc")),
		},
	}
}

// placed gives a subnet its zone, and the properties that come with it.
func placed(c *core.Change) error {
	p := c.Resource.Properties
	zone := wire.Text(p["AvailabilityZone"])
	if zone == "" {
		zone = c.Resource.Region + "a"
		for _, letter := range "abc" {
			if name := c.Resource.Region + string(letter); wire.Text(p["AvailabilityZoneId"]) == zoneID(name) {
				zone = name
			}
		}
	}
	p["AvailabilityZone"] = zone
	c.Resource.Attributes["AvailabilityZoneId"] = zoneID(zone)
	c.Resource.Attributes["NetworkAclAssociationId"] = "aclassoc-" + digest(17, wire.Text(c.Resource.Attributes["Id"]))
	c.Resource.Attributes["Ipv6CidrBlocks"] = []any{}
	return nil
}

// zoneID is the id of a zone. As on AWS its number has nothing to do with the
// letter of its name, and differs from Region to Region.
func zoneID(zone string) string {
	region, letter := zone[:max(len(zone)-1, 0)], zone[max(len(zone)-1, 0):]
	short := ""
	for i, word := range strings.Split(region, "-") {
		switch {
		case i == 0, len(word) == 1:
			short += word
		default:
			short += word[:1]
			if rest := strings.TrimPrefix(strings.TrimPrefix(word, "north"), "south"); rest != word && rest != "" {
				short += rest[:1]
			}
		}
	}
	if letter == "" {
		return short
	}
	n := (int(letter[0]-'a')+len(region))%3 + 1
	return short + "-az" + strconv.Itoa(n)
}

func subnetOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeSubnets": subnetView().describe, "ModifySubnetAttribute": modifySubnet,
		"CreateSubnet": creating(subnetView(), "subnet", "subnet", "VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "Ipv6CidrBlock"),
		"DeleteSubnet": deleting(SubnetType, "SubnetId", noSubnet),
	}
}

func subnetView() view {
	return view{
		typ: SubnetType, set: "subnetSet", ids: "SubnetId", missing: noSubnet, show: showSubnet,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			p := wire.Object(r.Properties)
			return map[string][]string{"subnet-id": {r.ID}, "vpc-id": {p.String("VpcId")}, "availability-zone": {p.String("AvailabilityZone")},
				"cidr-block": {p.String("CidrBlock")}, "state": {"available"}, "owner-id": {c.Account}, "default-for-az": {"false"}}
		},
	}
}

func showSubnet(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	ipv6 := []any{}
	add := func(id string, cidr any) {
		ipv6 = append(ipv6, core.Out{"associationId": id, "ipv6CidrBlock": cidr, "ipv6CidrBlockState": core.Out{"state": "associated"}})
	}
	if p.Has("Ipv6CidrBlock") {
		add("subnet-cidr-assoc-"+digest(17, r.ID, "first"), p["Ipv6CidrBlock"])
	}
	for _, extra := range c.List(SubnetRangeType) {
		if extra.Properties["SubnetId"] == r.ID {
			add(extra.ID, extra.Properties["Ipv6CidrBlock"])
		}
	}
	options := core.Out{"hostnameType": "ip-name", "enableResourceNameDnsARecord": false, "enableResourceNameDnsAAAARecord": false}
	if given := p.Object("PrivateDnsNameOptionsOnLaunch"); given != nil {
		options["hostnameType"] = given.Or("HostnameType", "ip-name")
		options["enableResourceNameDnsARecord"] = given.Bool("EnableResourceNameDnsARecord")
		options["enableResourceNameDnsAAAARecord"] = given.Bool("EnableResourceNameDnsAAAARecord")
	}
	zone := p.String("AvailabilityZone")
	return core.Out{
		"subnetId": r.ID, "subnetArn": "arn:aws:ec2:" + c.Region + ":" + c.Account + ":subnet/" + r.ID, "ownerId": c.Account, "vpcId": p["VpcId"],
		"state": "available", "cidrBlock": p["CidrBlock"], "availabilityZone": zone, "availabilityZoneId": zoneID(zone), "defaultForAz": false,
		"availableIpAddressCount": free(c, r), "mapPublicIpOnLaunch": p["MapPublicIpOnLaunch"], "assignIpv6AddressOnCreation": p["AssignIpv6AddressOnCreation"],
		"enableDns64": p["EnableDns64"], "ipv6Native": p["Ipv6Native"], "outpostArn": p["OutpostArn"], "ipv6CidrBlockAssociationSet": ipv6,
		"privateDnsNameOptionsOnLaunch": options,
	}
}

// free counts the addresses of a subnet that nothing has: AWS keeps five.
func free(c *core.Call, r store.Resource) int {
	prefix, err := netip.ParsePrefix(wire.Text(r.Properties["CidrBlock"]))
	if err != nil || !prefix.Addr().Is4() {
		return 0
	}
	n := 1<<(32-prefix.Bits()) - 5
	for _, typ := range []string{NATType, InstanceType} {
		for _, used := range c.List(typ) {
			if used.Properties["SubnetId"] == r.ID {
				n--
			}
		}
	}
	return max(n, 0)
}

// modifySubnet changes one attribute, as a call of EC2 does.
func modifySubnet(c *core.Call) (any, error) {
	r, err := one(c, SubnetType, "SubnetId", noSubnet)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range []string{"MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64"} {
		if v := value(c.In, name); v != nil {
			patch[name] = v
		}
	}
	if kind := c.In.String("PrivateDnsHostnameTypeOnLaunch"); kind != "" {
		patch["PrivateDnsNameOptionsOnLaunch"] = map[string]any{"HostnameType": kind}
	}
	_, err = c.Update(SubnetType, r.ID, patch)
	return core.Out{"return": true}, err
}
