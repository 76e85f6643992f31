package ec2

import (
	"strings"

	"github.com/lockstep-dr/lockstep/internal/awssim/core"
	"github.com/lockstep-dr/lockstep/internal/awssim/shape"
	"github.com/lockstep-dr/lockstep/internal/awssim/store"
	"github.com/lockstep-dr/lockstep/internal/awssim/wire"
)

// Types of routing.
const (
	TableType            = "AWS::EC2::RouteTable"
	RouteType            = "AWS::EC2::Route"
	TableAssociationType = "AWS::EC2::SubnetRouteTableAssociation"
)

const (
	noTable            = "InvalidRouteTableID.NotFound"
	noTableAssociation = "InvalidAssociationID.NotFound"
)

func routeKinds() []core.Kind {
	return []core.Kind{
		{
			Type:       TableType,
			Identifier: []string{"Id"},
			Attributes: map[string]string{"RouteTableId": "{Id}"},
			Ref:        "{Id}",
			Replace:    []string{"VpcId"},
			Schema:     core.Schema{Required: []string{"VpcId"}},
			Create:     after(needs("VpcId", VPCType, noVPC), numbered("rtb")),
			Delete: func(c *core.Change) error {
				for _, r := range c.World.Store.List(c.Resource.Scope, RouteType) {
					if r.Properties["RouteTableId"] == c.Resource.ID {
						c.World.Store.Delete(r.Scope, RouteType, r.ID)
					}
				}
				return nil
			},
		},
		{
			Type:       RouteType,
			Identifier: []string{"RouteTableId", "CidrBlock"},
			Replace:    append([]string{"RouteTableId"}, destinations()...),
			Schema:     core.Schema{Required: []string{"RouteTableId"}},
			Create: after(needs("RouteTableId", TableType, noTable), func(c *core.Change) error {
				c.Resource.Attributes["CidrBlock"] = destination(c.Resource.Properties)
				return nil
			}),
		},
		{
			Type:       TableAssociationType,
			Identifier: []string{"Id"},
			Ref:        "{Id}",
			Replace:    []string{"RouteTableId", "SubnetId"},
			Schema:     core.Schema{Required: []string{"RouteTableId", "SubnetId"}},
			Create:     after(needs("RouteTableId", TableType, noTable), needs("SubnetId", SubnetType, noSubnet), numbered("rtbassoc")),
		},
	}
}

func destinations() []string {
	return []string{"DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"}
}

func destination(p wire.Object) string {
	for _, name := range destinations() {
		if p.Has(name) {
			return p.String(name)
		}
	}
	return ""
}

// targets are what a route may lead through: the member of requests and of
// properties, the member of answers, and the type it is of.
func targets() [][3]string {
	return [][3]string{
		{"GatewayId", "gatewayId", ""}, {"VpcEndpointId", "gatewayId", EndpointType}, {"NatGatewayId", "natGatewayId", NATType},
		{"EgressOnlyInternetGatewayId", "egressOnlyInternetGatewayId", EgressOnlyType}, {"TransitGatewayId", "transitGatewayId", ""},
		{"VpcPeeringConnectionId", "vpcPeeringConnectionId", ""}, {"InstanceId", "instanceId", InstanceType}, {"NetworkInterfaceId", "networkInterfaceId", ""},
		{"CarrierGatewayId", "carrierGatewayId", ""}, {"LocalGatewayId", "localGatewayId", ""}, {"CoreNetworkArn", "coreNetworkArn", ""},
	}
}

func routeOperations() map[string]core.Handler {
	return map[string]core.Handler{
		"DescribeRouteTables": tableView().describe, "CreateRouteTable": creating(tableView(), "route-table", "routeTable", "VpcId"),
		"DeleteRouteTable": deleting(TableType, "RouteTableId", noTable), "CreateRoute": createRoute, "ReplaceRoute": replaceRoute, "DeleteRoute": deleteRoute,
		"AssociateRouteTable": associateTable, "DisassociateRouteTable": deleting(TableAssociationType, "AssociationId", noTableAssociation),
		"ReplaceRouteTableAssociation": replaceTableAssociation,
	}
}

// mainTables are the tables that every VPC has from the start.
func mainTables(c *core.Call) []store.Resource {
	var list []store.Resource
	for _, vpc := range vpcView().all(c) {
		id := "rtb-" + wire.Text(vpc.Attributes["Main"])
		list = append(list, store.Resource{Scope: c.Scope, Type: TableType, ID: id, Attributes: map[string]any{"Id": id},
			Properties: map[string]any{"VpcId": vpc.ID}, Private: map[string]any{"Main": true}, Tags: map[string]string{}})
	}
	return list
}

func tableView() view {
	return view{
		typ: TableType, set: "routeTableSet", ids: "RouteTableId", missing: noTable, more: mainTables, show: showTable,
		filters: func(c *core.Call, r store.Resource) map[string][]string {
			have := map[string][]string{"route-table-id": {r.ID}, "vpc-id": {wire.Text(r.Properties["VpcId"])}, "owner-id": {c.Account},
				"association.main": {wire.Text(r.Private["Main"] == true)}, "association.subnet-id": nil, "association.route-table-association-id": nil}
			for _, a := range associations(c, r) {
				have["association.subnet-id"] = append(have["association.subnet-id"], wire.Text(a.Properties["SubnetId"]))
				have["association.route-table-association-id"] = append(have["association.route-table-association-id"], a.ID)
			}
			return have
		},
	}
}

func associations(c *core.Call, table store.Resource) []store.Resource {
	var list []store.Resource
	for _, a := range c.List(TableAssociationType) {
		if a.Properties["RouteTableId"] == table.ID {
			list = append(list, a)
		}
	}
	return list
}

func showTable(c *core.Call, r store.Resource) core.Out {
	associated := []any{}
	state := core.Out{"state": "associated"}
	if r.Private["Main"] == true {
		associated = append(associated, core.Out{"routeTableAssociationId": "rtbassoc-" + strings.TrimPrefix(r.ID, "rtb-"), "routeTableId": r.ID,
			"main": true, "associationState": state})
	}
	for _, a := range associations(c, r) {
		associated = append(associated, core.Out{"routeTableAssociationId": a.ID, "routeTableId": r.ID, "subnetId": a.Properties["SubnetId"], "main": false,
			"associationState": state})
	}
	routes := []any{}
	for _, vpc := range vpcView().all(c) {
		if vpc.ID == wire.Text(r.Properties["VpcId"]) {
			routes = append(routes, core.Out{"destinationCidrBlock": vpc.Properties["CidrBlock"], "gatewayId": "local", "state": "active", "origin": "CreateRouteTable"})
		}
	}
	for _, route := range c.List(RouteType) {
		if route.Properties["RouteTableId"] == r.ID {
			routes = append(routes, showRoute(c, route.Properties))
		}
	}
	for _, e := range c.List(EndpointType) {
		p := wire.Object(e.Properties)
		for _, table := range p.Strings("RouteTableIds") {
			if table == r.ID {
				routes = append(routes, core.Out{"destinationPrefixListId": awsListID(c.Region, p.String("ServiceName")), "gatewayId": e.ID, "state": "active", "origin": "CreateRoute"})
			}
		}
	}
	return core.Out{"routeTableId": r.ID, "vpcId": r.Properties["VpcId"], "ownerId": c.Account, "associationSet": associated, "routeSet": routes,
		"propagatingVgwSet": []any{}}
}

// showRoute is a route as EC2 describes it: a blackhole when what it leads
// through is gone.
func showRoute(c *core.Call, p wire.Object) core.Out {
	out := core.Out{"state": "active", "origin": "CreateRoute"}
	for _, name := range destinations() {
		if p.Has(name) {
			out["d"+name[1:]] = p[name]
		}
	}
	for _, target := range targets() {
		id := p.String(target[0])
		if id == "" {
			continue
		}
		out[target[1]] = id
		typ := target[2]
		if strings.HasPrefix(id, "igw-") {
			typ = GatewayType
		}
		if _, there := c.Get(typ, id); typ != "" && !there {
			out["state"] = "blackhole"
		}
	}
	return out
}

func routeMembers() []string {
	members := append([]string{"RouteTableId"}, destinations()...)
	for _, target := range targets() {
		members = append(members, target[0])
	}
	return members
}

func createRoute(c *core.Call) (any, error) {
	if _, err := one(c, TableType, "RouteTableId", noTable); err != nil {
		return nil, err
	}
	_, err := c.Create(RouteType, shape.Pick(c.In, routeMembers()...), nil)
	if core.Code(err) == "AlreadyExists" {
		return nil, wire.Errorf(400, "RouteAlreadyExists", "The route identified by %s already exists.", destination(c.In))
	}
	return core.Out{"return": true}, err
}

// routeOf finds the route of the request.
func routeOf(c *core.Call) (store.Resource, error) {
	table, err := one(c, TableType, "RouteTableId", noTable)
	if err != nil {
		return table, err
	}
	r, ok := c.World.Store.Get(c.Scope, RouteType, table.ID+"|"+destination(c.In))
	if !ok {
		return r, wire.Errorf(400, "InvalidRoute.NotFound", "no route with destination-cidr-block %s in route table %s", destination(c.In), table.ID)
	}
	return r, nil
}

func replaceRoute(c *core.Call) (any, error) {
	r, err := routeOf(c)
	if err != nil {
		return nil, err
	}
	patch := map[string]any{}
	for _, target := range targets() {
		patch[target[0]] = c.In[target[0]] // a route has one target: the others go
	}
	_, err = c.Update(RouteType, r.ID, patch)
	return core.Out{"return": true}, err
}

func deleteRoute(c *core.Call) (any, error) {
	r, err := routeOf(c)
	if err != nil {
		return nil, err
	}
	return core.Out{"return": true}, c.Delete(RouteType, r.ID)
}

func associateTable(c *core.Call) (any, error) {
	r, err := c.Create(TableAssociationType, shape.Pick(c.In, "RouteTableId", "SubnetId"), nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"associationId": r.ID, "associationState": core.Out{"state": "associated"}}, nil
}

// replaceTableAssociation gives a subnet another table. The association gets
// another id, which the stack that made it does not know.
func replaceTableAssociation(c *core.Call) (any, error) {
	old, err := one(c, TableAssociationType, "AssociationId", noTableAssociation)
	if err != nil {
		return nil, err
	}
	if _, err := one(c, TableType, "RouteTableId", noTable); err != nil {
		return nil, err
	}
	if err := c.Delete(TableAssociationType, old.ID); err != nil {
		return nil, err
	}
	r, err := c.Create(TableAssociationType, map[string]any{"RouteTableId": c.In.String("RouteTableId"), "SubnetId": old.Properties["SubnetId"]}, nil)
	if err != nil {
		return nil, err
	}
	return core.Out{"newAssociationId": r.ID, "associationState": core.Out{"state": "associated"}}, nil
}
