package read

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"github.com/lockstep-dr/lockstep/drift"
	"github.com/lockstep-dr/lockstep/internal/aws/inventory"
)

func vpcEndpointReader() reader {
	return reader{
		specs: []Spec{{
			Type:       "AWS::EC2::VPCEndpoint",
			Properties: append([]string{"PolicyDocument", "SecurityGroupIds", "DnsOptions", "Tags"}, vpcEndpointProperties()...),
			Actions:    []string{"ec2:DescribeVpcEndpoints"},
			Batch:      perCall(perFilter),
			Identities: []string{"Id", "DnsNameId"},
			Facts:      []string{drift.FactVPCEndpointState},
		}},
		read: readVPCEndpoints,
	}
}

func vpcEndpointProperties() []string {
	return []string{"VpcId", "ServiceName", "VpcEndpointType", "ServiceRegion", "ServiceNetworkArn", "ResourceConfigurationArn", "PrivateDnsEnabled",
		"IpAddressType", "RouteTableIds", "SubnetIds"}
}

func readVPCEndpoints(ctx context.Context, r *run, items []inventory.Item) {
	readListed(ctx, r, items, listing[types.VpcEndpoint]{
		filter: "vpc-endpoint-id",
		ask:    physicalID,
		page: func(ctx context.Context, filters []types.Filter, token *string) ([]types.VpcEndpoint, *string, error) {
			out, err := r.clients.ec2.DescribeVpcEndpoints(ctx, &ec2.DescribeVpcEndpointsInput{Filters: filters, NextToken: token})
			if err != nil {
				return nil, nil, err
			}
			return out.VpcEndpoints, out.NextToken, nil
		},
		names: func(e types.VpcEndpoint) []string { return []string{aws.ToString(e.VpcEndpointId)} },
	}, r.vpcEndpoint)
}

func (r *run) vpcEndpoint(item inventory.Item, e types.VpcEndpoint) {
	// The reference writes the states with a capital letter, the service without.
	if state := strings.ToLower(string(e.State)); state == "deleted" || state == "deleting" {
		r.gone(item)
		return
	}
	o := newObject().take(e, vpcEndpointProperties()...).
		identity("Id", aws.ToString(e.VpcEndpointId)).
		tagList(e.Tags, "Key", "Value")
	if len(e.DnsEntries) > 0 { // vpce-0a1b-x7y8.sqs.…, and with a zone vpce-0a1b-x7y8-us-east-1a.sqs.…
		label, _, _ := strings.Cut(aws.ToString(e.DnsEntries[0].DnsName), ".")
		o.identity("DnsNameId", label)
	}
	withoutBlanks(o.properties)
	o.document("PolicyDocument", aws.ToString(e.PolicyDocument))
	var groups []string
	for _, g := range e.Groups {
		groups = append(groups, aws.ToString(g.GroupId))
	}
	o.set("SecurityGroupIds", groups)
	if item.Declared["DnsOptions"] != nil {
		o.set("DnsOptions", e.DnsOptions) // AWS fills it in when nobody does, differently over the years
	}
	var last any
	if e.LastError != nil {
		last = map[string]any{"Code": e.LastError.Code, "Message": e.LastError.Message}
	}
	r.fact(item, drift.FactVPCEndpointState, map[string]any{"State": e.State, "LastError": last})
	r.found(item, o)
}
