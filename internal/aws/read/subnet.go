package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func subnetReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::EC2::Subnet",
				Properties: append([]string{"Ipv6CidrBlock", "Tags"}, subnetProperties()...),
				Actions:    []string{"ec2:DescribeSubnets"},
				Batch:      perCall(perFilter),
				Identities: []string{"SubnetId"},
				Facts:      []string{drift.FactSubnetAddresses},
			},
			{
				Type:       "AWS::EC2::SubnetCidrBlock",
				Properties: []string{"SubnetId", "Ipv6CidrBlock"},
				Actions:    []string{"ec2:DescribeSubnets"},
				Batch:      "with their subnets",
			},
		},
		read: readSubnets,
	}
}

func subnetProperties() []string {
	return []string{"VpcId", "CidrBlock", "AvailabilityZone", "AvailabilityZoneId", "MapPublicIpOnLaunch", "AssignIpv6AddressOnCreation", "EnableDns64",
		"Ipv6Native", "OutpostArn", "PrivateDnsNameOptionsOnLaunch"}
}

func listSubnets(r *run, filter string, ask func(inventory.Item) string) listing[types.Subnet] {
	return listing[types.Subnet]{
		filter: filter,
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.Subnet, *string, error) {
			out, err := r.clients.ec2.DescribeSubnets(ctx, &ec2.DescribeSubnetsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.Subnets, out.NextToken, nil
		},
		names: func(s types.Subnet) []string { return []string{aws.ToString(s.SubnetId)} },
	}
}

func readSubnets(ctx context.Context, r *run, items []inventory.Item) {
	own := func(item inventory.Item) string {
		if item.Type == "AWS::EC2::Subnet" {
			return item.ID
		}
		return ""
	}
	readListed(ctx, r, items, listSubnets(r, "subnet-id", firstOf(own, ownerNamed("SubnetId"))), func(item inventory.Item, s types.Subnet) {
		if item.Type == "AWS::EC2::Subnet" {
			r.subnet(item, s)
			return
		}
		r.subnetRange(item, s)
	})
}

func (r *run) subnet(item inventory.Item, s types.Subnet) {
	o := newObject().take(s, subnetProperties()...).
		identity("SubnetId", aws.ToString(s.SubnetId)).
		tagList(s.Tags, "Key", "Value")
	if (item.Declared == nil || item.Declared["Ipv6CidrBlock"] != nil) && len(s.Ipv6CidrBlockAssociationSet) > 0 {
		o.set("Ipv6CidrBlock", s.Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock)
	}
	// Names and ids of zones do not count in one order, so that one of them can
	// say that two subnets correspond and the other that they do not.
	if item.Declared["AvailabilityZoneId"] == nil {
		delete(o.properties, "AvailabilityZoneId")
	} else if item.Declared["AvailabilityZone"] == nil {
		delete(o.properties, "AvailabilityZone")
	}
	if aws.ToString(s.CidrBlock) == "" {
		delete(o.properties, "CidrBlock") // a subnet of IPv6 alone
	}
	r.fact(item, drift.FactSubnetAddresses, map[string]any{"AvailableIpAddressCount": s.AvailableIpAddressCount, "State": s.State})
	r.found(item, o)
}

func (r *run) subnetRange(item inventory.Item, s types.Subnet) {
	id, declared := partOfID("subnet-cidr-assoc-")(item), text(item.Resolved, "Ipv6CidrBlock")
	for _, a := range s.Ipv6CidrBlockAssociationSet {
		if aws.ToString(a.AssociationId) == id || id == "" && aws.ToString(a.Ipv6CidrBlock) == declared {
			state := ""
			if a.Ipv6CidrBlockState != nil {
				state = string(a.Ipv6CidrBlockState.State)
			}
			r.rangeState(item, newObject().set("SubnetId", s.SubnetId).set("Ipv6CidrBlock", a.Ipv6CidrBlock), state)
			return
		}
	}
	r.gone(item)
}
