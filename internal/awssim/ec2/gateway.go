package ec2

import (
	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of gateways.
const (
	GatewayType    = "AWS::EC2::InternetGateway"
	AttachmentType = "AWS::EC2::VPCGatewayAttachment"
	EgressOnlyType = "AWS::EC2::EgressOnlyInternetGateway"
)

const (
	noGateway    = "InvalidInternetGatewayID.NotFound"
	noEgressOnly = "InvalidGatewayID.NotFound"
)

func gatewayKinds() []core.Kind {
	return []core.Kind{
		{
			Type: GatewayType, Identifier: []string{"Id"}, Attributes: map[string]string{"InternetGatewayId": "{Id}"}, Ref: "{Id}",
			Create: numbered("igw"),
		},
		{
			Type:       AttachmentType,
			Identifier: []string{"AttachmentType", "VpcId"},
			Replace:    []string{"VpcId"},
			Schema:     core.Schema{Required: []string{"VpcId"}},
			Create: after(needs("VpcId", VPCType, noVPC), func(c *core.Change) error {
				c.Resource.Attributes["AttachmentType"] = "IGW"
				if c.Resource.Properties["InternetGatewayId"] == nil {
					c.Resource.Attributes["AttachmentType"] = "VGW"
					return nil
				}
				return needs("InternetGatewayId", GatewayType, noGateway)(c)
			}),
		},
		{
			Type: EgressOnlyType, Identifier: []string{"Id"}, Ref: "{Id}", Replace: []string{"VpcId"},
			Schema: core.Schema{Required: []string{"VpcId"}},
			Create: after(needs("VpcId", VPCType, noVPC), numbered("eigw")),
		},
	}
}

func gatewayOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeInternetGateways": gatewayView().describe, "CreateInternetGateway": creating(gatewayView(), "internet-gateway", "internetGateway"),
		"DeleteInternetGateway": deleting(GatewayType, "InternetGatewayId", noGateway), "AttachInternetGateway": attach, "DetachInternetGateway": detach,
		"DescribeEgressOnlyInternetGateways": egressOnlyView().describe,
		"DeleteEgressOnlyInternetGateway":    deleting(EgressOnlyType, "EgressOnlyInternetGatewayId", noEgressOnly),
	}
}

func gatewayView() view {
	attached := func(c *core.Call, r store.Resource) []string {
		var list []string
		for _, a := range c.List(AttachmentType) {
			if a.Properties["InternetGatewayId"] == r.ID {
				list = append(list, wire.Text(a.Properties["VpcId"]))
			}
		}
		return list
	}
	return view{
		typ: GatewayType, set: "internetGatewaySet", ids: "InternetGatewayId", missing: noGateway,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			return map[string][]string{"internet-gateway-id": {r.ID}, "attachment.vpc-id": attached(c, r), "owner-id": {c.Account}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			set := []any{}
			for _, vpc := range attached(c, r) {
				set = append(set, core.Out{"vpcId": vpc, "state": "available"})
			}
			return core.Out{"internetGatewayId": r.ID, "ownerId": c.Account, "attachmentSet": set}
		},
	}
}

func attach(c *core.Call) (any, error) {
	_, err := c.Create(AttachmentType, shape.Pick(c.In, "InternetGatewayId", "VpcId"), nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "Resource.AlreadyAssociated", "resource %s is already attached to network %s", c.In.String("InternetGatewayId"), c.In.String("VpcId"))
	}
	return core.Out{"return": true}, err
}

func detach(c *core.Call) (any, error) {
	r, ok := c.World.Store.Get(c.Scope, AttachmentType, "IGW|"+c.In.String("VpcId"))
	if !ok || r.Properties["InternetGatewayId"] != c.In.String("InternetGatewayId") {
		return nil, wire.Errorf(400, "Gateway.NotAttached", "resource %s is not attached to network %s", c.In.String("InternetGatewayId"), c.In.String("VpcId"))
	}
	return core.Out{"return": true}, c.Delete(AttachmentType, r.ID)
}

func egressOnlyView() view {
	return view{
		typ: EgressOnlyType, set: "egressOnlyInternetGatewaySet", ids: "EgressOnlyInternetGatewayId", missing: noEgressOnly,
		filters: func(*core.Call, store.Resource) map[string][]string { return nil },
		show: func(_ *core.Call, r store.Resource) core.Out {
			return core.Out{"egressOnlyInternetGatewayId": r.ID,
				"attachmentSet": []any{core.Out{"vpcId": r.Properties["VpcId"], "state": "attached"}}}
		},
	}
}
