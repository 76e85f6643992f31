package read

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// describeSubnets says what subnets of other stacks are good for: how far their
// addresses reach, and in which zone they are. Their ranges and names are the
// network's own affair in each Region.
func (r *run) describeSubnets(ctx context.Context, ids []string) ([]content, error) {
	found, err := listSubnets(r, "subnet-id", nil).all(ctx, ids)
	if err != nil {
		return nil, err
	}
	tables, err := r.tablesOf(ctx, found)
	if err != nil {
		return nil, err
	}
	var list []content
	var unknown error
	for _, id := range ids {
		s, ok := found[id]
		if !ok {
			list = append(list, content{id: id, kind: "Subnet", beside: map[string]any{"State": "gone"}})
			continue
		}
		if tables[id].RouteTableId == nil { // every subnet has one: how far it reaches is not known
			unknown = incomplete(ec2.ServiceID, "DescribeRouteTables", "the route table of "+id)
			continue
		}
		list = append(list, content{
			id: id, kind: "Subnet", name: newObject().tagList(s.Tags, "Key", "Value").tags["Name"],
			alike: map[string]any{"Tier": tier(tables[id]), "MapPublicIpOnLaunch": aws.ToBool(s.MapPublicIpOnLaunch),
				"AvailabilityZone": aws.ToString(s.AvailabilityZone), "Ipv6Native": aws.ToBool(s.Ipv6Native)},
			beside: map[string]any{"State": s.State, "VpcId": aws.ToString(s.VpcId), "CidrBlock": aws.ToString(s.CidrBlock),
				"AvailableIpAddressCount": s.AvailableIpAddressCount},
		})
	}
	return list, unknown
}

// tablesOf finds the route table of every subnet: its own, or else the main one
// of its VPC.
func (r *run) tablesOf(ctx context.Context, subnets map[string]types.Subnet) (map[string]types.RouteTable, error) {
	own, err := listTables(r, "association.subnet-id", nil).all(ctx, keysOf(subnets))
	if err != nil {
		return nil, err
	}
	of := map[string]types.RouteTable{}
	vpcs := map[string]bool{}
	for id, s := range subnets {
		if table, ok := own[id]; ok {
			of[id] = table
		} else {
			vpcs[aws.ToString(s.VpcId)] = true
		}
	}
	if len(vpcs) == 0 {
		return of, nil
	}
	mains, err := r.mainTables(ctx, keysOf(vpcs))
	if err != nil {
		return nil, err
	}
	for id, s := range subnets {
		if _, ok := of[id]; !ok {
			of[id] = mains[aws.ToString(s.VpcId)]
		}
	}
	return of, nil
}

func (r *run) mainTables(ctx context.Context, vpcs []string) (map[string]types.RouteTable, error) {
	l := listTables(r, "vpc-id", nil)
	l.names = func(t types.RouteTable) []string {
		if slices.ContainsFunc(t.Associations, func(a types.RouteTableAssociation) bool { return aws.ToBool(a.Main) }) {
			return []string{aws.ToString(t.VpcId)}
		}
		return nil
	}
	return l.all(ctx, vpcs)
}

// tier says how far a subnet reaches: to the internet and back, out through
// something, or nowhere beyond its network.
func tier(table types.RouteTable) string {
	reach := "isolated"
	for _, route := range table.Routes {
		if to := destination(route); to != "0.0.0.0/0" && to != "::/0" || route.State == types.RouteStateBlackhole {
			continue
		}
		if strings.HasPrefix(aws.ToString(route.GatewayId), "igw-") {
			return "public"
		}
		reach = "private"
	}
	return reach
}
