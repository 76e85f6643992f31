package read

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func natGatewayReader() reader {
	return reader{
		specs: []Spec{
			{
				Type: "AWS::EC2::NatGateway",
				Properties: []string{"SubnetId", "VpcId", "ConnectivityType", "AllocationId", "PrivateIpAddress", "SecondaryAllocationIds",
					"SecondaryPrivateIpAddresses", "SecondaryPrivateIpAddressCount", "AvailabilityMode", "Tags"},
				Actions:    []string{"ec2:DescribeNatGateways"},
				Batch:      perCall(perFilter),
				Identities: []string{"NatGatewayId"},
				Facts:      []string{drift.FactNatGatewayState},
			},
			{
				Type:       "AWS::EC2::EIP",
				Properties: []string{"Domain", "InstanceId", "NetworkBorderGroup", "PublicIpv4Pool", "Tags"},
				Actions:    []string{"ec2:DescribeAddresses"},
				Batch:      perCall(perFilter),
				Identities: []string{"AllocationId", "PublicIp"},
				Facts:      []string{drift.FactAddressState},
			},
			{
				Type:       "AWS::EC2::EIPAssociation",
				Properties: []string{"AllocationId", "EIP", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"},
				Actions:    []string{"ec2:DescribeAddresses"},
				Batch:      perCall(perFilter),
			},
		},
		read: readAddresses,
	}
}

func readAddresses(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	r.natGateways(ctx, sorted["AWS::EC2::NatGateway"])
	// CloudFormation calls an address by its digits, others by its allocation.
	allocated, addresses := apart(sorted["AWS::EC2::EIP"], partOfID("eipalloc-"))
	readListed(ctx, r, allocated, listAddresses(r, "allocation-id", partOfID("eipalloc-")), r.address)
	readListed(ctx, r, addresses, listAddresses(r, "public-ip", physicalID), r.address)
	readListed(ctx, r, sorted["AWS::EC2::EIPAssociation"], listAddresses(r, "association-id", physicalID), r.addressAssociation)
}

func (r *run) natGateways(ctx context.Context, items []inventory.Item) {
	readListed(ctx, r, items, listing[types.NatGateway]{
		filter: "nat-gateway-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.NatGateway, *string, error) {
			out, err := r.clients.ec2.DescribeNatGateways(ctx, &ec2.DescribeNatGatewaysInput{Filter: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.NatGateways, out.NextToken, nil
		},
		names: func(g types.NatGateway) []string { return []string{aws.ToString(g.NatGatewayId)} },
	}, r.natGateway)
}

// natGateway reports a gateway; one that was deleted is still described for an hour.
func (r *run) natGateway(item inventory.Item, g types.NatGateway) {
	if g.State == types.NatGatewayStateDeleted || g.State == types.NatGatewayStateDeleting {
		r.gone(item)
		return
	}
	o := newObject().take(g, "SubnetId", "ConnectivityType", "AvailabilityMode").
		identity("NatGatewayId", aws.ToString(g.NatGatewayId)).
		tagList(g.Tags, "Key", "Value")
	withoutBlanks(o.properties)
	if item.Declared["VpcId"] != nil {
		o.set("VpcId", g.VpcId)
	}
	var allocations, addresses []string
	for i, a := range g.NatGatewayAddresses {
		if aws.ToBool(a.IsPrimary) || a.IsPrimary == nil && i == 0 {
			o.set("AllocationId", a.AllocationId)
			if item.Declared["PrivateIpAddress"] != nil {
				o.set("PrivateIpAddress", a.PrivateIp)
			}
			continue
		}
		allocations, addresses = appendSet(allocations, a.AllocationId), appendSet(addresses, a.PrivateIp)
	}
	o.set("SecondaryAllocationIds", allocations)
	if item.Declared["SecondaryPrivateIpAddresses"] != nil {
		o.set("SecondaryPrivateIpAddresses", addresses)
	} else if item.Declared["SecondaryPrivateIpAddressCount"] != nil {
		o.set("SecondaryPrivateIpAddressCount", len(addresses))
	}
	r.fact(item, drift.FactNatGatewayState, map[string]any{"State": g.State, "FailureCode": g.FailureCode, "FailureMessage": g.FailureMessage})
	r.found(item, o)
}

func appendSet(list []string, value *string) []string {
	if aws.ToString(value) == "" {
		return list
	}
	return append(list, *value)
}

func listAddresses(r *run, filter string, ask func(inventory.Item) string) listing[types.Address] {
	return listing[types.Address]{
		filter: filter,
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, _ *string) ([]types.Address, *string, error) {
			out, err := r.clients.ec2.DescribeAddresses(ctx, &ec2.DescribeAddressesInput{Filters: filters})
			if err != nil {
				return nil, nil, err
			}
			return out.Addresses, nil, nil
		},
		names: func(a types.Address) []string {
			return []string{aws.ToString(a.PublicIp), aws.ToString(a.AllocationId), aws.ToString(a.AssociationId)}
		},
	}
}

func (r *run) address(item inventory.Item, a types.Address) {
	o := newObject().take(a, "Domain", "NetworkBorderGroup", "PublicIpv4Pool").
		identity("AllocationId", aws.ToString(a.AllocationId)).identity("PublicIp", aws.ToString(a.PublicIp)).
		tagList(a.Tags, "Key", "Value")
	if item.Declared["InstanceId"] != nil && aws.ToString(a.InstanceId) != "" {
		o.set("InstanceId", a.InstanceId)
	}
	r.fact(item, drift.FactAddressState, map[string]any{"Associated": aws.ToString(a.AssociationId) != ""})
	r.found(item, o)
}

// addressAssociation reports what was declared of an association; the rest of
// it AWS chooses.
func (r *run) addressAssociation(item inventory.Item, a types.Address) {
	o := newObject().take(a, "AllocationId", "InstanceId")
	if aws.ToString(a.InstanceId) == "" {
		delete(o.properties, "InstanceId")
		o.take(a, "NetworkInterfaceId")
	}
	if item.Declared["EIP"] != nil {
		o.set("EIP", a.PublicIp)
	}
	if item.Declared["PrivateIpAddress"] != nil {
		o.set("PrivateIpAddress", a.PrivateIpAddress)
	}
	r.found(item, o)
}
