package read

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func routeReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::EC2::RouteTable",
				Properties: []string{"VpcId", "Main", "Routes", "Subnets", "Tags"},
				Actions:    []string{"ec2:DescribeRouteTables"},
				Batch:      perCall(perFilter),
				Identities: []string{"RouteTableId"},
			},
			{
				Type:       "AWS::EC2::Route",
				Properties: append(append([]string{"RouteTableId", "VpcEndpointId", "State"}, destinations...), routeTargets()...),
				Actions:    []string{"ec2:DescribeRouteTables"},
				Batch:      "with their route tables",
				Facts:      []string{drift.FactRouteState},
			},
			{
				Type:       "AWS::EC2::SubnetRouteTableAssociation",
				Properties: []string{"RouteTableId", "SubnetId"},
				Actions:    []string{"ec2:DescribeRouteTables"},
				Batch:      perCall(perFilter),
			},
		},
		read: readRoutes,
	}
}

// destinations are the properties that say where a route leads to; within a
// table no two routes have the same.
var destinations = []string{"DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"}

// routeTargets are the properties that say through what a route leads.
func routeTargets() []string {
	return []string{"GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "TransitGatewayId", "VpcPeeringConnectionId", "InstanceId",
		"NetworkInterfaceId", "CarrierGatewayId", "LocalGatewayId", "CoreNetworkArn"}
}

func readRoutes(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	routes := sorted["AWS::EC2::Route"]
	tables := listTables(r, "route-table-id", firstOf(ownTable, ownerNamed("RouteTableId"), partOfID("rtb-")))
	readListed(ctx, r, append(sorted["AWS::EC2::RouteTable"], routes...), tables, func(item inventory.Item, t types.RouteTable) {
		if item.Type == "AWS::EC2::RouteTable" {
			r.routeTable(item, t, routes, sorted["AWS::EC2::SubnetRouteTableAssociation"])
			return
		}
		r.route(item, t)
	})
	// A subnet that was moved to another table by hand has another association:
	// it is looked for by the subnet, and by its own id only when that is not known.
	bySubnet := listTables(r, "association.subnet-id", ownerNamed("SubnetId"))
	byID := listTables(r, "association.route-table-association-id", physicalID)
	known, rest := apart(sorted["AWS::EC2::SubnetRouteTableAssociation"], bySubnet.ask)
	readListed(ctx, r, known, bySubnet, r.tableAssociation)
	readListed(ctx, r, rest, byID, r.tableAssociation)
}

func ownTable(item inventory.Item) string {
	if item.Type == "AWS::EC2::RouteTable" {
		return item.ID
	}
	return ""
}

// apart divides items into those for which a way of asking knows a value, and the others.
func apart(items []inventory.Item, ask func(inventory.Item) string) (known, rest []inventory.Item) {
	for _, item := range items {
		if value := ask(item); value != "" && !unresolved(value) {
			known = append(known, item)
		} else {
			rest = append(rest, item)
		}
	}
	return known, rest
}

func listTables(r *run, filter string, ask func(inventory.Item) string) listing[types.RouteTable] {
	return listing[types.RouteTable]{
		filter: filter,
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.RouteTable, *string, error) {
			out, err := r.clients.ec2.DescribeRouteTables(ctx, &ec2.DescribeRouteTablesInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.RouteTables, out.NextToken, nil
		},
		names: func(t types.RouteTable) []string {
			list := []string{aws.ToString(t.RouteTableId)}
			for _, a := range t.Associations {
				list = append(list, aws.ToString(a.SubnetId), aws.ToString(a.RouteTableAssociationId))
			}
			return list
		},
	}
}

// routeTable reports a table. Routes that no resource of the application
// declares are listed with it: those somebody added by hand would show nowhere else.
// So is that the table is its network's main one, which no template can say: it
// is that of every subnet without one of its own. And so are subnets that were given
// the table by hand.
func (r *run) routeTable(item inventory.Item, t types.RouteTable, declared, associations []inventory.Item) {
	o := newObject().take(t, "VpcId").identity("RouteTableId", aws.ToString(t.RouteTableId)).tagList(t.Tags, "Key", "Value")
	own := map[string]bool{}
	for _, route := range declared {
		if tableOf(route) == aws.ToString(t.RouteTableId) {
			own[destinationOf(route)] = true
		}
	}
	var others []map[string]any
	for _, route := range t.Routes {
		if route.Origin == types.RouteOriginCreateRoute && !throughEndpoint(route) && !own[destination(route)] {
			others = append(others, routeObject(route).properties)
		}
	}
	if slices.ContainsFunc(t.Associations, func(a types.RouteTableAssociation) bool { return aws.ToBool(a.Main) }) {
		o.set("Main", true)
	}
	if byHand := subnetsBut(t, associations); len(byHand) > 0 && !item.FromTags() { // associations have no tags
		o.set("Subnets", byHand)
	}
	if len(others) > 0 {
		sortObjects(others, destinations[0])
		o.set("Routes", others)
	}
	r.found(item, o)
}

// subnetsBut are the subnets of a table that no association of the application gives it.
// Where one of these does not say which it is, nobody can tell.
func subnetsBut(t types.RouteTable, associations []inventory.Item) []string {
	var list []string
	for _, a := range t.Associations {
		subnet := aws.ToString(a.SubnetId)
		if subnet != "" && !slices.ContainsFunc(associations, func(item inventory.Item) bool {
			of := text(item.Resolved, "SubnetId")
			return of == subnet || item.ID == aws.ToString(a.RouteTableAssociationId) || of == "" && item.ID == "" || unresolved(of) && item.ID == ""
		}) {
			list = append(list, subnet)
		}
	}
	slices.Sort(list)
	return list
}

// throughEndpoint tells the routes that AWS adds for a gateway endpoint, which
// is a resource of its own.
func throughEndpoint(route types.Route) bool {
	return strings.HasPrefix(aws.ToString(route.GatewayId), "vpce-") && aws.ToString(route.DestinationPrefixListId) != ""
}

func tableOf(route inventory.Item) string {
	return firstOf(ownerNamed("RouteTableId"), partOfID("rtb-"))(route)
}

// destinationOf is where a route of a stack leads to, as declared or as its
// physical id says.
func destinationOf(route inventory.Item) string {
	for _, name := range destinations {
		if to := text(route.Resolved, name); to != "" && !unresolved(to) {
			return to
		}
	}
	_, to, _ := strings.Cut(route.ID, "|")
	return to
}

func destination(route types.Route) string {
	return cmp.Or(aws.ToString(route.DestinationCidrBlock), aws.ToString(route.DestinationIpv6CidrBlock), aws.ToString(route.DestinationPrefixListId))
}

func (r *run) route(item inventory.Item, t types.RouteTable) {
	to := destinationOf(item)
	if to == "" {
		r.unaddressable(item, "a destination")
		return
	}
	for _, route := range t.Routes {
		if destination(route) == to {
			r.fact(item, drift.FactRouteState, map[string]any{"State": route.State})
			r.found(item, routeObject(route).set("RouteTableId", t.RouteTableId))
			return
		}
	}
	r.gone(item)
}

// routeObject is a route as CloudFormation writes it. A route that leads
// nowhere any more says so: AWS calls it a blackhole.
func routeObject(route types.Route) *object {
	o := newObject().take(route, destinations...).take(route, routeTargets()...)
	if endpoint := aws.ToString(route.GatewayId); strings.HasPrefix(endpoint, "vpce-") {
		delete(o.properties, "GatewayId")
		o.set("VpcEndpointId", endpoint)
	}
	if o.properties["InstanceId"] != nil {
		delete(o.properties, "NetworkInterfaceId") // the instance's own
	}
	if route.State != types.RouteStateActive && route.State != "" {
		o.set("State", route.State)
	}
	return o
}

func (r *run) tableAssociation(item inventory.Item, t types.RouteTable) {
	subnet := text(item.Resolved, "SubnetId")
	for _, a := range t.Associations {
		if id := aws.ToString(a.SubnetId); id != "" && (id == subnet || aws.ToString(a.RouteTableAssociationId) == item.ID) {
			r.found(item, newObject().set("RouteTableId", t.RouteTableId).set("SubnetId", a.SubnetId))
			return
		}
	}
	r.gone(item)
}
