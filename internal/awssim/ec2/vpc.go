package ec2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of VPCs and of what belongs to them.
const (
	VPCType             = "AWS::EC2::VPC"
	VPCRangeType        = "AWS::EC2::VPCCidrBlock"
	DHCPType            = "AWS::EC2::DHCPOptions"
	DHCPAssociationType = "AWS::EC2::VPCDHCPOptionsAssociation"
)

const (
	noVPC  = "InvalidVpcID.NotFound"
	noDHCP = "InvalidDhcpOptionID.NotFound"
)

// mainGroup is the security group that every VPC comes with: its members reach each
// other, and everything. Source: Amazon VPC user guide, Default security groups.
func mainGroup(vpc store.Resource) store.Resource {
	id := "sg-" + wire.Text(vpc.Attributes["Main"])
	return store.Resource{Scope: vpc.Scope, Type: Type, ID: id, Attributes: map[string]any{"Id": id}, Properties: map[string]any{
		"GroupName": "default", "GroupDescription": "default VPC security group", "VpcId": vpc.Attributes["Id"],
		"SecurityGroupIngress": []any{map[string]any{"IpProtocol": "-1", "SourceSecurityGroupId": id}},
		"SecurityGroupEgress":  []any{map[string]any{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}},
	}}
}

func vpcKinds() []core.Kind {
	return []core.Kind{
		{
			Type:       VPCType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"VpcId": "{Id}", "DefaultNetworkAcl": "acl-{Main}", "DefaultSecurityGroup": "sg-{Main}"},
			Ref:        "{Id}",
			Replace:    []string{"CidrBlock"},
			Defaults:   map[string]any{"EnableDnsSupport": true, "EnableDnsHostnames": false, "InstanceTenancy": "default"},
			Schema: core.Schema{Required: []string{"CidrBlock"}, Booleans: []string{"EnableDnsSupport", "EnableDnsHostnames"},
				Allowed: map[string][]string{"InstanceTenancy": {"default", "dedicated", "host"}}},
			Create: after(numbered("vpc"), func(c *core.Change) error {
				c.Resource.Attributes["Main"] = digest(17, wire.Text(c.Resource.Attributes["Id"]), "main")
				c.Resource.Attributes["CidrBlockAssociations"] = []any{rangeID(wire.Text(c.Resource.Attributes["Id"]), "first")}
				c.Resource.Attributes["Ipv6CidrBlocks"] = []any{}
				c.World.Store.Put(mainGroup(*c.Resource))
				return nil
			}),
			Delete: func(c *core.Change) error {
				c.World.Store.Delete(c.Resource.Scope, Type, mainGroup(*c.Resource).ID)
				return nil
			},
		},
		{
			Type:       VPCRangeType,
			Identifier: []string{"Id"},
			Ref:        "{Id}",
			Replace:    []string{"VpcId", "CidrBlock", "Ipv6CidrBlock", "AmazonProvidedIpv6CidrBlock", "Ipv6Pool"},
			Schema:     core.Schema{Required: []string{"VpcId"}, Booleans: []string{"AmazonProvidedIpv6CidrBlock"}},
			Create: after(needs("VpcId", VPCType, noVPC), numbered("vpc-cidr-assoc"), func(c *core.Change) error {
				if shape.Bool(c.Resource.Properties["AmazonProvidedIpv6CidrBlock"]) {
					vpc := wire.Text(c.Resource.Properties["VpcId"])
					block := "2600:1f00:" + digest(4, c.Resource.Region, vpc) + "::/56"
					c.Resource.Private["Ipv6"] = block
					return setAttribute(c, vpc, "Ipv6CidrBlocks", []any{block})
				}
				return nil
			}),
		},
		{
			Type:       DHCPType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"DhcpOptionsId": "{Id}"},
			Ref:        "{Id}",
			Replace:    []string{"DomainName", "DomainNameServers", "NtpServers", "NetbiosNameServers", "NetbiosNodeType"},
			Schema:     core.Schema{Numbers: []string{"NetbiosNodeType"}},
			Create:     numbered("dopt"),
		},
		{
			Type:       DHCPAssociationType,
			Identifier: []string{"DhcpOptionsId", "VpcId"},
			Replace:    []string{"VpcId", "DhcpOptionsId"},
			Schema:     core.Schema{Required: []string{"VpcId", "DhcpOptionsId"}},
			Create:     after(needs("VpcId", VPCType, noVPC), useDHCP),
			Delete: func(c *core.Change) error {
				return setPrivate(c, wire.Text(c.Resource.Properties["VpcId"]), "Dhcp", "")
			},
		},
	}
}

func rangeID(owner, which string) string { return "vpc-cidr-assoc-" + digest(17, owner, which) }

func useDHCP(c *core.Change) error {
	return setPrivate(c, wire.Text(c.Resource.Properties["VpcId"]), "Dhcp", wire.Text(c.Resource.Properties["DhcpOptionsId"]))
}

// setPrivate notes something about the VPC that another resource decides.
func setPrivate(c *core.Change, vpc, name, v string) error {
	_, _, err := c.World.Store.Update(c.Resource.Scope, VPCType, vpc, func(r *store.Resource) error {
		r.Private[name] = v
		return nil
	})
	return err
}

// setAttribute is setPrivate for what Fn::GetAtt returns.
func setAttribute(c *core.Change, vpc, name string, v any) error {
	_, _, err := c.World.Store.Update(c.Resource.Scope, VPCType, vpc, func(r *store.Resource) error {
		r.Attributes[name] = v
		return nil
	})
	return err
}

func vpcOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeVpcs": vpcView().describe, "DescribeVpcAttribute": describeVPCAttribute, "ModifyVpcAttribute": modifyVPCAttribute,
		"CreateVpc": creating(vpcView(), "vpc", "vpc", "CidrBlock", "InstanceTenancy"), "DeleteVpc": deleting(VPCType, "VpcId", noVPC),
		"DescribeDhcpOptions": dhcpView().describe, "AssociateDhcpOptions": associateDHCP,
		"AssociateVpcCidrBlock": associateRange, "DisassociateVpcCidrBlock": deleting(VPCRangeType, "AssociationId", "InvalidVpcCidrBlockAssociationID.NotFound"),
	}
}

// defaultVPCResource is the VPC that is there from the start.
func defaultVPCResource(c *core.Call) []store.Resource {
	id := defaultVPC(c.Scope)
	return []store.Resource{{
		Scope: c.Scope, Type: VPCType, ID: id, Attributes: map[string]any{"Id": id, "Main": digest(17, id, "main")},
		Properties: map[string]any{"CidrBlock": "172.31.0.0/16", "InstanceTenancy": "default", "EnableDnsSupport": true, "EnableDnsHostnames": true},
		Private:    map[string]any{}, Tags: map[string]string{},
	}}
}

func vpcView() view {
	return view{
		typ: VPCType, set: "vpcSet", ids: "VpcId", missing: noVPC, more: defaultVPCResource, show: showVPC,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			isDefault := wire.Text(r.ID == defaultVPC(c.Scope))
			ranges := []string{rangeID(r.ID, "first")}
			for _, extra := range c.List(VPCRangeType) {
				if extra.Properties["VpcId"] == r.ID {
					ranges = append(ranges, extra.ID)
				}
			}
			return map[string][]string{"vpc-id": {r.ID}, "is-default": {isDefault}, "isDefault": {isDefault}, "state": {"available"}, "owner-id": {c.Account},
				"cidr": {wire.Text(r.Properties["CidrBlock"])}, "cidr-block-association.association-id": ranges}
		},
	}
}

func showVPC(c *core.Call, r store.Resource) core.Out {
	p := wire.Object(r.Properties)
	associated := core.Out{"state": "associated"}
	ranges := []any{core.Out{"cidrBlock": p["CidrBlock"], "associationId": rangeID(r.ID, "first"), "cidrBlockState": associated}}
	ipv6 := []any{}
	for _, extra := range c.List(VPCRangeType) {
		switch {
		case extra.Properties["VpcId"] != r.ID:
		case extra.Properties["CidrBlock"] != nil:
			ranges = append(ranges, core.Out{"cidrBlock": extra.Properties["CidrBlock"], "associationId": extra.ID, "cidrBlockState": associated})
		default:
			one := core.Out{"associationId": extra.ID, "ipv6CidrBlockState": associated, "networkBorderGroup": c.Region}
			one["ipv6CidrBlock"], one["ipv6Pool"] = extra.Properties["Ipv6CidrBlock"], extra.Properties["Ipv6Pool"]
			if given := extra.Private["Ipv6"]; given != nil {
				one["ipv6CidrBlock"], one["ipv6Pool"] = given, "Amazon"
			}
			ipv6 = append(ipv6, one)
		}
	}
	dhcp := wire.Text(r.Private["Dhcp"])
	if dhcp == "" {
		dhcp = "dopt-" + digest(17, c.Account, c.Region, "dhcp")
	}
	return core.Out{"vpcId": r.ID, "ownerId": c.Account, "state": "available", "cidrBlock": p["CidrBlock"], "isDefault": r.ID == defaultVPC(c.Scope),
		"instanceTenancy": p["InstanceTenancy"], "dhcpOptionsId": dhcp, "cidrBlockAssociationSet": ranges, "ipv6CidrBlockAssociationSet": ipv6}
}

func describeVPCAttribute(c *core.Call) (any, error) {
	id, name := c.In.String("VpcId"), c.In.String("Attribute")
	for _, r := range vpcView().all(c) {
		if r.ID == id {
			property := map[string]string{"enableDnsSupport": "EnableDnsSupport", "enableDnsHostnames": "EnableDnsHostnames"}[name]
			if property == "" {
				return nil, wire.Errorf(400, "InvalidParameterValue", "Value (%s) for parameter attribute is invalid.", name)
			}
			return core.Out{"vpcId": id, name: core.Out{"value": r.Properties[property]}}, nil
		}
	}
	return nil, wire.Errorf(400, noVPC, "The vpc ID '%s' does not exist", id)
}

func modifyVPCAttribute(c *core.Call) (any, error) {
	r, err := one(c, VPCType, "VpcId", noVPC)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, name := range []string{"EnableDnsSupport", "EnableDnsHostnames"} {
		if v := value(c.In, name); v != nil {
			patch[name] = v
		}
	}
	_, err = c.Update(VPCType, r.ID, patch)
	return core.Out{"return": true}, err
}

func associateRange(c *core.Call) (any, error) {
	r, err := c.Create(VPCRangeType, shape.Pick(c.In, "VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock"), nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"vpcId": r.Properties["VpcId"], "cidrBlockAssociation": core.Out{"associationId": r.ID, "cidrBlock": r.Properties["CidrBlock"],
		"cidrBlockState": core.Out{"state": "associating"}}}, nil
}

func dhcpView() view {
	return view{
		typ: DHCPType, set: "dhcpOptionsSet", ids: "DhcpOptionsId", missing: noDHCP,
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"dhcp-options-id": {r.ID}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			p, list := wire.Object(r.Properties), []any{}
			for _, option := range [][2]string{{"DomainName", "domain-name"}, {"DomainNameServers", "domain-name-servers"}, {"NtpServers", "ntp-servers"},
				{"NetbiosNameServers", "netbios-name-servers"}, {"NetbiosNodeType", "netbios-node-type"}} {
				values := p.Strings(option[0])
				if len(values) == 0 && p.Has(option[0]) {
					values = []string{p.String(option[0])}
				}
				set := []any{}
				for _, v := range values {
					set = append(set, core.Out{"value": v})
				}
				if len(set) > 0 {
					list = append(list, core.Out{"key": option[1], "valueSet": set})
				}
			}
			return core.Out{"dhcpOptionsId": r.ID, "ownerId": c.Account, "dhcpConfigurationSet": list}
		},
	}
}

func associateDHCP(c *core.Call) (any, error) {
	vpc, err := one(c, VPCType, "VpcId", noVPC)
	if err != nil {
		return nil, err
	}
	_, _, err = c.World.Store.Update(vpc.Scope, VPCType, vpc.ID, func(r *store.Resource) error {
		r.Private["Dhcp"] = c.In.String("DhcpOptionsId")
		return nil
	})
	return core.Out{"return": true}, err
}
