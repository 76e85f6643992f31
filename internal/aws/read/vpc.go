package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func vpcReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::EC2::VPC",
				Properties: []string{"CidrBlock", "InstanceTenancy", "EnableDnsHostnames", "EnableDnsSupport", "Tags"},
				Actions:    []string{"ec2:DescribeVpcs", "ec2:DescribeVpcAttribute", "ec2:DescribeSecurityGroups"},
				Batch:      perCall(perFilter) + ", and three calls for the DNS settings and the default security group of each",
				Identities: []string{"VpcId", "Ipv6CidrBlocks", "DefaultSecurityGroup"},
			},
			{
				Type:       "AWS::EC2::VPCCidrBlock",
				Properties: []string{"VpcId", "CidrBlock", "Ipv6CidrBlock", "AmazonProvidedIpv6CidrBlock", "Ipv6Pool", "Ipv6CidrBlockNetworkBorderGroup"},
				Actions:    []string{"ec2:DescribeVpcs"},
				Batch:      "with their VPCs",
				Identities: []string{"Ipv6CidrBlock"},
			},
			{
				Type:       "AWS::EC2::VPCDHCPOptionsAssociation",
				Properties: []string{"VpcId", "DhcpOptionsId"},
				Actions:    []string{"ec2:DescribeVpcs"},
				Batch:      "with their VPCs",
			},
		},
		read: readVPCs,
	}
}

// readVPCs reads VPCs and what is only described together with them.
func readVPCs(ctx context.Context, r *run, items []inventory.Item) {
	readListed(ctx, r, items, listVPCs(r, firstOf(ownVPC, ownerNamed("VpcId"), vpcInID)), func(item inventory.Item, v types.Vpc) {
		switch item.Type {
		case "AWS::EC2::VPC":
			r.vpc(ctx, item, v)
		case "AWS::EC2::VPCCidrBlock":
			r.vpcRange(item, v)
		default:
			r.found(item, newObject().take(v, "VpcId", "DhcpOptionsId"))
		}
	})
}

// vpcInID is the VPC in a composite physical id; an association of an address
// range has an id that begins alike.
func vpcInID(item inventory.Item) string {
	for part := range strings.SplitSeq(item.ID, "|") {
		if strings.HasPrefix(part, "vpc-") && !strings.HasPrefix(part, "vpc-cidr-assoc-") {
			return part
		}
	}
	return ""
}

// ownVPC is the id of an item that is a VPC itself.
func ownVPC(item inventory.Item) string {
	if item.Type == "AWS::EC2::VPC" {
		return item.ID
	}
	return ""
}

func listVPCs(r *run, ask func(inventory.Item) string) listing[types.Vpc] {
	return listing[types.Vpc]{
		filter: "vpc-id",
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.Vpc, *string, error) {
			out, err := r.clients.ec2.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.Vpcs, out.NextToken, nil
		},
		names: func(v types.Vpc) []string { return []string{aws.ToString(v.VpcId)} },
	}
}

func (r *run) vpc(ctx context.Context, item inventory.Item, v types.Vpc) {
	o := newObject().take(v, "CidrBlock", "InstanceTenancy").
		identity("VpcId", aws.ToString(v.VpcId)).
		tagList(v.Tags, "Key", "Value")
	for _, a := range v.Ipv6CidrBlockAssociationSet {
		if stateOf(a.Ipv6CidrBlockState) == types.VpcCidrBlockStateCodeAssociated {
			o.identity("Ipv6CidrBlocks", aws.ToString(a.Ipv6CidrBlock)) // what the template takes from the list with Fn::Select
			break
		}
	}
	for property, attribute := range map[string]types.VpcAttributeName{
		"EnableDnsHostnames": types.VpcAttributeNameEnableDnsHostnames, "EnableDnsSupport": types.VpcAttributeNameEnableDnsSupport,
	} {
		out, err := r.clients.ec2.DescribeVpcAttribute(ctx, &ec2.DescribeVpcAttributeInput{VpcId: v.VpcId, Attribute: attribute})
		if err != nil {
			r.partial(item, property, err)
			continue
		}
		for _, value := range []*types.AttributeBooleanValue{out.EnableDnsHostnames, out.EnableDnsSupport} {
			if value != nil {
				o.set(property, value.Value)
			}
		}
	}
	r.defaultGroup(ctx, item, o, v)
	r.found(item, o)
}

// defaultGroup names the security group that the VPC came with, which templates
// take as an attribute of it.
func (r *run) defaultGroup(ctx context.Context, item inventory.Item, o *object, v types.Vpc) {
	out, err := r.clients.ec2.DescribeSecurityGroups(ctx, &ec2.DescribeSecurityGroupsInput{Filters: []types.Filter{
		{Name: aws.String("vpc-id"), Values: []string{aws.ToString(v.VpcId)}}, {Name: aws.String("group-name"), Values: []string{"default"}}}})
	if err != nil {
		r.partial(item, "DefaultSecurityGroup", err)
		return
	}
	for _, g := range out.SecurityGroups {
		o.identity("DefaultSecurityGroup", aws.ToString(g.GroupId))
	}
}

// vpcRange finds a further address range of a VPC: by its association, or,
// where the stack names no such, by the range it declares.
func (r *run) vpcRange(item inventory.Item, v types.Vpc) {
	id, declared := partOfID("vpc-cidr-assoc-")(item), text(item.Resolved, "CidrBlock")
	for _, a := range v.CidrBlockAssociationSet {
		if aws.ToString(a.AssociationId) == id || id == "" && aws.ToString(a.CidrBlock) == declared {
			r.rangeState(item, newObject().set("VpcId", v.VpcId).set("CidrBlock", a.CidrBlock), string(stateOf(a.CidrBlockState)))
			return
		}
	}
	for _, a := range v.Ipv6CidrBlockAssociationSet {
		if aws.ToString(a.AssociationId) != id {
			continue
		}
		o := newObject().set("VpcId", v.VpcId).identity("Ipv6CidrBlock", aws.ToString(a.Ipv6CidrBlock))
		if aws.ToString(a.Ipv6Pool) == "Amazon" {
			o.set("AmazonProvidedIpv6CidrBlock", true)
		} else {
			o.take(a, "Ipv6Pool", "Ipv6CidrBlock")
		}
		r.rangeState(item, o, string(stateOf(a.Ipv6CidrBlockState)))
		return
	}
	r.gone(item)
}

func stateOf(s *types.VpcCidrBlockState) types.VpcCidrBlockStateCode {
	if s == nil {
		return ""
	}
	return s.State
}

// rangeState reports a range that is in use; one that is being given up, or
// never came to be, is none.
func (r *run) rangeState(item inventory.Item, o *object, state string) {
	if strings.HasPrefix(state, "disassociat") || strings.HasPrefix(state, "fail") {
		r.gone(item)
		return
	}
	r.found(item, o)
}

// dhcpReader reads sets of DHCP options, which carry no ids.
func dhcpReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::EC2::DHCPOptions",
			Properties: []string{"DomainName", "DomainNameServers", "NtpServers", "NetbiosNameServers", "NetbiosNodeType", "Ipv6AddressPreferredLeaseTime", "Tags"},
			Actions:    []string{"ec2:DescribeDhcpOptions"},
			Batch:      perCall(perFilter),
			Identities: []string{"DhcpOptionsId"},
		}},
		read: readDHCPOptions,
	}
}

// dhcpNames are CloudFormation's names of the options and whether they are lists.
// Source: AWS::EC2::DHCPOptions; DhcpConfiguration, EC2 API reference.
var dhcpNames = map[string]struct {
	property string
	list     bool
}{
	"domain-name": {"DomainName", false}, "domain-name-servers": {"DomainNameServers", true}, "ntp-servers": {"NtpServers", true},
	"netbios-name-servers": {"NetbiosNameServers", true}, "netbios-node-type": {"NetbiosNodeType", false},
	"ipv6-address-preferred-lease-time": {"Ipv6AddressPreferredLeaseTime", false},
}

func readDHCPOptions(ctx context.Context, r *run, items []inventory.Item) {
	readListed(ctx, r, items, listing[types.DhcpOptions]{
		filter: "dhcp-options-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.DhcpOptions, *string, error) {
			out, err := r.clients.ec2.DescribeDhcpOptions(ctx, &ec2.DescribeDhcpOptionsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.DhcpOptions, out.NextToken, nil
		},
		names: func(d types.DhcpOptions) []string { return []string{aws.ToString(d.DhcpOptionsId)} },
	}, func(item inventory.Item, d types.DhcpOptions) {
		o := newObject().identity("DhcpOptionsId", aws.ToString(d.DhcpOptionsId)).tagList(d.Tags, "Key", "Value")
		for _, option := range d.DhcpConfigurations {
			values := []string{}
			for _, v := range option.Values {
				values = append(values, aws.ToString(v.Value))
			}
			switch name, known := dhcpNames[aws.ToString(option.Key)]; {
			case !known:
				o.set(aws.ToString(option.Key), values)
			case name.list:
				o.set(name.property, values)
			case len(values) > 0:
				o.set(name.property, values[0])
			}
		}
		r.found(item, o)
	})
}
