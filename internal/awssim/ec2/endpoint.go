package ec2

import (
	"slices"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// EndpointType is the type of VPC endpoints.
const EndpointType = "AWS::EC2::VPCEndpoint"

const noEndpoint = "InvalidVpcEndpointId.NotFound"

func endpointKind() core.Kind {
	return core.Kind{
		Type:       EndpointType,
		Identifier: []string{"Id"},
		Ref:        "{Id}",
		Replace:    []string{"ServiceName", "VpcEndpointType", "VpcId", "ServiceRegion"},
		Defaults: map[string]any{"VpcEndpointType": "Gateway", "PrivateDnsEnabled": false, "IpAddressType": "ipv4", "PolicyDocument": map[string]any{
			"Version": "2008-10-17", "Statement": []any{map[string]any{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}}},
		Schema: core.Schema{Required: []string{"VpcId"}, Booleans: []string{"PrivateDnsEnabled"},
			Allowed: map[string][]string{"VpcEndpointType": {"Gateway", "Interface", "GatewayLoadBalancer", "Resource", "ServiceNetwork"}}},
		Create: after(needs("VpcId", VPCType, noVPC), numbered("vpce"), func(c *core.Change) error {
			r := c.Resource
			interfaces, names := []any{}, []any{}
			if r.Properties["VpcEndpointType"] == "Interface" {
				for _, subnet := range wire.Object(r.Properties).Strings("SubnetIds") {
					interfaces = append(interfaces, "eni-"+digest(17, wire.Text(r.Attributes["Id"]), subnet))
				}
				names = append(names, "Z7HUB22UULQXV:"+wire.Text(r.Attributes["Id"])+"."+r.Region+".vpce.amazonaws.com")
			}
			r.Attributes["NetworkInterfaceIds"], r.Attributes["DnsEntries"] = interfaces, names
			return nil
		}),
	}
}

func endpointOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeVpcEndpoints": endpointView().describe, "CreateVpcEndpoint": createEndpoint, "ModifyVpcEndpoint": modifyEndpoint,
		"DeleteVpcEndpoints": deleteEndpoints,
	}
}

func endpointView() view {
	return view{
		typ: EndpointType, set: "vpcEndpointSet", ids: "VpcEndpointId", missing: noEndpoint,
		filters: func(_ *core.Call, r store.Resource) map[string][]string {
			p := wire.Object(r.Properties)
			return map[string][]string{"vpc-endpoint-id": {r.ID}, "vpc-id": {p.String("VpcId")}, "service-name": {p.String("ServiceName")},
				"vpc-endpoint-type": {p.String("VpcEndpointType")}, "vpc-endpoint-state": {"available"}}
		},
		show: func(c *core.Call, r store.Resource) core.Out {
			p := wire.Object(r.Properties)
			groups := []any{}
			for _, id := range p.Strings("SecurityGroupIds") {
				groups = append(groups, core.Out{"groupId": id, "groupName": id})
			}
			out := core.Out{"vpcEndpointId": r.ID, "vpcEndpointType": p["VpcEndpointType"], "vpcId": p["VpcId"], "serviceName": p["ServiceName"],
				"state": "available", "policyDocument": shape.Document(p["PolicyDocument"]), "routeTableIdSet": append([]any{}, p.List("RouteTableIds")...),
				"subnetIdSet": append([]any{}, p.List("SubnetIds")...), "groupSet": groups, "privateDnsEnabled": p["PrivateDnsEnabled"],
				"requesterManaged": false, "networkInterfaceIdSet": r.Attributes["NetworkInterfaceIds"], "creationTimestamp": r.Created, "ownerId": c.Account,
				"ipAddressType": p["IpAddressType"], "serviceRegion": p.Or("ServiceRegion", c.Region)}
			if p.Has("DnsOptions") {
				out["dnsOptions"] = shape.Lower(p["DnsOptions"])
			}
			return out
		},
	}
}

// createEndpoint takes lists whose members in requests are in the singular.
func createEndpoint(c *core.Call) (any, error) {
	properties := shape.Pick(c.In, "VpcId", "ServiceName", "VpcEndpointType", "PolicyDocument", "PrivateDnsEnabled", "IpAddressType")
	for list, member := range endpointLists() {
		if c.In.Has(member) {
			properties[list] = c.In.List(member)
		}
	}
	if doc, ok := shape.ParseDocument(c.In.String("PolicyDocument")); ok {
		properties["PolicyDocument"] = doc
	}
	r, err := c.Create(EndpointType, properties, specTags(c.In, "vpc-endpoint"))
	if err != nil {
		return nil, err
	}
	return core.Out{"vpcEndpoint": endpointView().show(c, r)}, nil
}

func endpointLists() map[string]string {
	return map[string]string{"RouteTableIds": "RouteTableId", "SubnetIds": "SubnetId", "SecurityGroupIds": "SecurityGroupId"}
}

func modifyEndpoint(c *core.Call) (any, error) {
	r, err := one(c, EndpointType, "VpcEndpointId", noEndpoint)
	if err != nil {
		return nil, err
	}
	patch := shape.Pick(c.In, "PrivateDnsEnabled", "IpAddressType")
	for list, member := range endpointLists() {
		removed := c.In.Strings("Remove" + member)
		if len(removed) == 0 && !c.In.Has("Add"+member) {
			continue
		}
		kept := slices.DeleteFunc(wire.Object(r.Properties).List(list), func(v any) bool { return slices.Contains(removed, wire.Text(v)) })
		patch[list] = append(kept, c.In.List("Add"+member)...)
	}
	if doc, ok := shape.ParseDocument(c.In.String("PolicyDocument")); ok {
		patch["PolicyDocument"] = doc
	}
	if c.In.Bool("ResetPolicy") {
		patch["PolicyDocument"] = nil
	}
	_, err = c.Update(EndpointType, r.ID, patch)
	return core.Out{"return": true}, err
}

func deleteEndpoints(c *core.Call) (any, error) {
	failed := []any{}
	for _, id := range c.In.Strings("VpcEndpointId") {
		if err := c.Delete(EndpointType, id); err != nil {
			failed = append(failed, core.Out{"resourceId": id, "error": core.Out{"code": noEndpoint, "message": "The Vpc Endpoint Id '" + id + "' does not exist"}})
		}
	}
	return core.Out{"unsuccessful": failed}, nil
}
