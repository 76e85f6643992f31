package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func internetGatewayReader() reader {
	return reader{
		specs: []Spec{
			{
				Type:       "AWS::EC2::InternetGateway",
				Properties: []string{"Tags"},
				Actions:    []string{"ec2:DescribeInternetGateways"},
				Batch:      perCall(perFilter),
				Identities: []string{"InternetGatewayId"},
			},
			{
				Type:       "AWS::EC2::VPCGatewayAttachment",
				Properties: []string{"VpcId", "InternetGatewayId", "VpnGatewayId"},
				Actions:    []string{"cloudformation:GetResource", "ec2:DescribeInternetGateways", "ec2:DescribeVpnGateways"},
				Batch:      perCall(perFilter),
			},
			{
				Type:       "AWS::EC2::EgressOnlyInternetGateway",
				Properties: []string{"VpcId", "Tags"},
				Actions:    []string{"ec2:DescribeEgressOnlyInternetGateways"},
				Batch:      "all of the Region in one list",
				Identities: []string{"Id"},
			},
		},
		read: readInternetGateways,
	}
}

func readInternetGateways(ctx context.Context, r *run, items []inventory.Item) {
	sorted := sortedByType(items)
	readListed(ctx, r, sorted["AWS::EC2::InternetGateway"], listInternetGateways(r, "internet-gateway-id", physicalID), func(item inventory.Item, g types.InternetGateway) {
		r.found(item, newObject().identity("InternetGatewayId", aws.ToString(g.InternetGatewayId)).tagList(g.Tags, "Key", "Value"))
	})
	var private, public []inventory.Item
	for _, item := range sorted["AWS::EC2::VPCGatewayAttachment"] {
		if attachesVPN(item) {
			private = append(private, item)
		} else {
			public = append(public, item)
		}
	}
	readCloudControl(ctx, r, private) // rare, and among no internet gateways
	// A VPC has at most one internet gateway: the attachment is what is attached now.
	byVPC := listInternetGateways(r, "attachment.vpc-id", firstOf(ownerNamed("VpcId"), vpcInID))
	readListed(ctx, r, public, byVPC, func(item inventory.Item, g types.InternetGateway) {
		if g.InternetGatewayId == nil {
			r.gone(item)
			return
		}
		r.found(item, newObject().set("VpcId", byVPC.ask(item)).set("InternetGatewayId", g.InternetGatewayId))
	})
	r.egressOnlyGateways(ctx, sorted["AWS::EC2::EgressOnlyInternetGateway"])
}

// attachesVPN reports whether an attachment is that of a VPN gateway: by its
// physical id or, where that does not tell, by what its template declares.
func attachesVPN(item inventory.Item) bool {
	return strings.HasPrefix(item.ID, "VGW|") || !strings.HasPrefix(item.ID, "IGW|") && member(item.Resolved, "VpnGatewayId") != nil
}

func listInternetGateways(r *run, filter string, ask func(inventory.Item) string) listing[types.InternetGateway] {
	return listing[types.InternetGateway]{
		filter: filter,
		ask:    ask,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.InternetGateway, *string, error) {
			out, err := r.clients.ec2.DescribeInternetGateways(ctx, &ec2.DescribeInternetGatewaysInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.InternetGateways, out.NextToken, nil
		},
		names: func(g types.InternetGateway) []string {
			list := []string{aws.ToString(g.InternetGatewayId)}
			for _, a := range g.Attachments {
				list = append(list, aws.ToString(a.VpcId))
			}
			return list
		},
	}
}

// egressOnlyGateways are listed without a filter, which EC2 does not offer for
// their ids: a list that names one that is gone would fail as a whole.
func (r *run) egressOnlyGateways(ctx context.Context, items []inventory.Item) {
	l := listing[types.EgressOnlyInternetGateway]{
		ask: physicalID,
		page: func(ctx context.Context, _ []types.Filter, token *string) ([]types.EgressOnlyInternetGateway, *string, error) {
			out, err := r.clients.ec2.DescribeEgressOnlyInternetGateways(ctx, &ec2.DescribeEgressOnlyInternetGatewaysInput{NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.EgressOnlyInternetGateways, out.NextToken, nil
		},
		names: func(g types.EgressOnlyInternetGateway) []string {
			return []string{aws.ToString(g.EgressOnlyInternetGatewayId)}
		},
	}
	readListed(ctx, r, items, l, func(item inventory.Item, g types.EgressOnlyInternetGateway) {
		o := newObject().identity("Id", aws.ToString(g.EgressOnlyInternetGatewayId)).tagList(g.Tags, "Key", "Value")
		for _, a := range g.Attachments {
			if !strings.HasPrefix(string(a.State), "detach") {
				o.set("VpcId", a.VpcId)
			}
		}
		r.found(item, o)
	})
}
