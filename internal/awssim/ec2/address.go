package ec2

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of addresses and what has them.
const (
	EIPType            = "AWS::EC2::EIP"
	EIPAssociationType = "AWS::EC2::EIPAssociation"
	NATType            = "AWS::EC2::NatGateway"
)

const (
	noAddress = "InvalidAllocationID.NotFound"
	noNAT     = "NatGatewayNotFound"
)

func addressKinds() []core.Kind {
	return []core.Kind{
		{
			Type:       EIPType,
			Identifier: []string{"PublicIp", "AllocationId"},
			Ref:        "{PublicIp}",
			Replace:    []string{"NetworkBorderGroup", "Address"},
			Create: func(c *core.Change) error {
				r := c.Resource
				octets := c.World.IDs.Bytes(3, r.Account, r.Region, r.Type, c.Origin.StackID, c.Origin.Logical)
				r.Attributes["PublicIp"] = strings.Join([]string{"52", wire.Text(int(octets[0])), wire.Text(int(octets[1])), wire.Text(int(octets[2]))}, ".")
				r.Attributes["AllocationId"] = "eipalloc-" + digest(17, r.Account, r.Region, wire.Text(r.Attributes["PublicIp"]))
				return nil
			},
		},
		{
			Type:       EIPAssociationType,
			Identifier: []string{"Id"},
			Ref:        "{Id}",
			Replace:    []string{"AllocationId", "NetworkInterfaceId", "InstanceId", "PrivateIpAddress", "EIP"},
			Create:     numbered("eipassoc"),
		},
		{
			Type:       NATType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"NatGatewayId": "{Id}"},
			Ref:        "{Id}",
			Replace:    []string{"SubnetId", "ConnectivityType", "AllocationId", "PrivateIpAddress", "VpcId"},
			Defaults:   map[string]any{"ConnectivityType": "public"},
			Schema:     core.Schema{Allowed: map[string][]string{"ConnectivityType": {"public", "private"}}},
			Create:     after(needs("SubnetId", SubnetType, noSubnet), numbered("nat")),
		},
	}
}

func addressOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeAddresses": describeAddresses, "AllocateAddress": allocate, "ReleaseAddress": release, "AssociateAddress": associateAddress,
		"DisassociateAddress": deleting(EIPAssociationType, "AssociationId", noTableAssociation), "DescribeNatGateways": natView().describe,
		"CreateNatGateway": creating(natView(), "natgateway", "natGateway", "SubnetId", "AllocationId", "ConnectivityType", "PrivateIpAddress"),
		"DeleteNatGateway": deleteNAT,
	}
}

// holder is what an address is associated with.
func holder(c *core.Call, allocation string) core.Out {
	for _, n := range c.List(NATType) {
		if n.Properties["AllocationId"] == allocation {
			return core.Out{"associationId": "eipassoc-" + digest(17, n.ID), "networkInterfaceId": "eni-" + digest(17, n.ID), "networkInterfaceOwnerId": c.Account,
				"privateIpAddress": "10.0.0.9"}
		}
	}
	for _, a := range c.List(EIPAssociationType) {
		p := wire.Object(a.Properties)
		if p.String("AllocationId") != allocation {
			continue
		}
		eni := p.Or("NetworkInterfaceId", "eni-"+digest(17, p.String("InstanceId")))
		return core.Out{"associationId": a.ID, "instanceId": p["InstanceId"], "networkInterfaceId": eni, "networkInterfaceOwnerId": c.Account,
			"privateIpAddress": p.Or("PrivateIpAddress", "10.0.0.8")}
	}
	return core.Out{}
}

func addressView() view {
	return view{
		typ: EIPType, set: "addressesSet", ids: "AllocationId", missing: noAddress,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			at := holder(c, wire.Text(r.Attributes["AllocationId"]))
			return map[string][]string{"public-ip": {wire.Text(r.Attributes["PublicIp"])}, "allocation-id": {wire.Text(r.Attributes["AllocationId"])},
				"association-id": {at.String("associationId")}, "domain": {"vpc"}, "instance-id": {at.String("instanceId")}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			out := holder(c, wire.Text(r.Attributes["AllocationId"]))
			out["publicIp"], out["allocationId"] = r.Attributes["PublicIp"], r.Attributes["AllocationId"]
			out["domain"], out["networkBorderGroup"], out["publicIpv4Pool"] = "vpc", c.Region, wire.Object(r.Properties).Or("PublicIpv4Pool", "amazon")
			if id := r.Properties["InstanceId"]; id != nil && out["instanceId"] == nil {
				out["instanceId"], out["associationId"] = id, "eipassoc-"+digest(17, r.ID)
			}
			return out
		},
	}
}

// describeAddresses takes allocations and addresses, and knows no pages.
func describeAddresses(c *core.Call) (any, error) {
	v := addressView()
	if ips := c.In.Strings("PublicIp"); len(ips) > 0 {
		filter := core.Out{"Name": "public-ip", "Value": ips}
		c.In["Filter"] = append(c.In.List("Filter"), filter)
	}
	allocations := c.In.Strings("AllocationId")
	if len(allocations) > 0 {
		c.In["Filter"] = append(c.In.List("Filter"), core.Out{"Name": "allocation-id", "Value": allocations})
		delete(c.In, "AllocationId")
	}
	out, err := v.describe(c)
	if o := wire.AsObject(out); err == nil && len(o.List("addressesSet")) == 0 && len(allocations) > 0 {
		return nil, wire.Errorf(400, noAddress, "The allocation ID '%s' does not exist", allocations[0])
	}
	return out, err
}

// addressOf finds an address by its allocation.
func addressOf(c *core.Call) (store.Resource, error) {
	for _, r := range c.List(EIPType) {
		if r.Attributes["AllocationId"] == c.In.String("AllocationId") {
			return r, nil
		}
	}
	return store.Resource{}, wire.Errorf(400, noAddress, "The allocation ID '%s' does not exist", c.In.String("AllocationId"))
}

func allocate(c *core.Call) (any, error) {
	r, err := c.Create(EIPType, map[string]any{"Domain": "vpc"}, specTags(c.In, "elastic-ip"))
	if err != nil {
		return nil, err
	}
	return core.Out{"publicIp": r.Attributes["PublicIp"], "allocationId": r.Attributes["AllocationId"], "domain": "vpc", "networkBorderGroup": c.Region}, nil
}

func release(c *core.Call) (any, error) {
	r, err := addressOf(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"return": true}, c.Delete(EIPType, r.ID)
}

func associateAddress(c *core.Call) (any, error) {
	if _, err := addressOf(c); err != nil {
		return nil, err
	}
	r, err := c.Create(EIPAssociationType, shape.Pick(c.In, "AllocationId", "InstanceId", "NetworkInterfaceId", "PrivateIpAddress"), nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"return": true, "associationId": r.ID}, nil
}

func natView() view {
	return view{
		typ: NATType, set: "natGatewaySet", ids: "NatGatewayId", missing: noNAT,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"nat-gateway-id": {r.ID}, "subnet-id": {wire.Text(r.Properties["SubnetId"])}, "state": {"available"},
				"vpc-id": {vpcOf(c, wire.Text(r.Properties["SubnetId"]))}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			p := wire.Object(r.Properties)
			address := core.Out{"networkInterfaceId": "eni-" + digest(17, r.ID), "privateIp": p.Or("PrivateIpAddress", "10.0.0.9"), "isPrimary": true,
				"status": "succeeded"}
			for _, a := range c.List(EIPType) {
				if a.Attributes["AllocationId"] == p["AllocationId"] {
					address["allocationId"], address["publicIp"], address["associationId"] = p["AllocationId"], a.Attributes["PublicIp"], "eipassoc-"+digest(17, r.ID)
				}
			}
			return core.Out{"natGatewayId": r.ID, "subnetId": p["SubnetId"], "vpcId": vpcOf(c, p.String("SubnetId")), "state": "available",
				"connectivityType": p["ConnectivityType"], "createTime": r.Created, "natGatewayAddressSet": []any{address}}
		},
	}
}

func vpcOf(c *core.Call, subnet string) string {
	r, _ := c.Get(SubnetType, subnet)
	return wire.Text(r.Properties["VpcId"])
}

func deleteNAT(c *core.Call) (any, error) {
	r, err := one(c, NATType, "NatGatewayId", noNAT)
	if err != nil {
		return nil, err
	}
	return core.Out{"natGatewayId": r.ID}, c.Delete(NATType, r.ID)
}
